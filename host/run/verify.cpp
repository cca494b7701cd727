#include "run/verifying.hpp"

#include <algorithm>

#include "base/counted.hpp"
#include "base/units.hpp"
#include "integrity/schema_json.hpp"
#include "pipeline/links/bytes.hpp"
#include "run/attempting.hpp"
#include "run/kept_loads.hpp"
#include "run/readback.hpp"

namespace weir::run {
namespace {

using integrity::Verdict;
using recovery::KeptLoad;
using recovery::KeptRun;

// An error on one line.
std::string told_of(const base::Error& error) {
  std::string message = error.message + " (" + error.code + ")";
  if (!error.place.known()) return message;
  const std::string line = error.place.line == 0 ? std::string() : ":" + std::to_string(error.place.line);
  return error.place.file + line + ": " + message;
}

// Of what a run wrote with the same format a minute or a year ago: that it can't be read is a difference.
bool is_difference(const base::Error& error, bool written) {
  using base::Status;
  if (error.status == Status::not_found || error.status == Status::data_loss) return true;
  const bool of_data = error.fault == base::Fault::data || error.fault == base::Fault::source;
  const bool says_so = error.status == Status::invalid_argument || error.status == Status::out_of_range ||
                       error.status == Status::failed_precondition;
  return written && of_data && says_so && error.code != "source.comes_once";
}

std::string difference_of(const RowsAndDigest& wanted, const RowsAndDigest& found, const std::string& by) {
  if (wanted.rows == found.rows) return "as many rows as were sent, of other values";
  return base::counted(wanted.rows, "row") + (wanted.rows == 1 ? " was sent" : " were sent") + by + ", " +
         base::format_count(found.rows) + (found.rows == 1 ? " is there" : " are there");
}

}  // namespace

base::Result<VerifyReport> Verifying::verify() {
  VerifyReport report;
  report.run = run_.run;
  report.name = run_.stream.empty() ? run_.name : run_.name + " " + run_.stream;
  WEIR_TRY_ASSIGN(const auto links, chosen_links());
  for (const auto& link : links) {
    WEIR_TRY_ASSIGN(auto load, verify_load(link));
    const bool worse = load.verdict == Verdict::differs ||
                       (load.verdict == Verdict::not_comparable && report.verdict == Verdict::equal);
    if (worse) report.verdict = load.verdict;
    report.loads.push_back(std::move(load));
  }
  return report;
}

base::Result<std::vector<std::string>> Verifying::chosen_links() const {
  std::vector<std::string> links;
  for (const auto& line : run_.ledger.lines) {
    if (line.role == integrity::Role::load) links.push_back(line.link);
  }
  if (links.empty()) {
    for (const auto& load : run_.loads) links.push_back(load.link);
  }
  for (const auto& link : verify_.loads) {
    if (std::find(links.begin(), links.end(), link) != links.end()) continue;
    std::string listed;
    for (const auto& one : links) listed += (listed.empty() ? "" : ", ") + one;
    return base::unexpected(base::manifest_error("usage.link", "no load '" + link + "' in run " + run_.run)
                                .with_hint(listed.empty() ? "it has none" : "it has " + listed));
  }
  return verify_.loads.empty() ? links : verify_.loads;
}

const KeptLoad* Verifying::kept_load(const std::string& link) const {
  const auto found =
      std::find_if(run_.loads.begin(), run_.loads.end(), [&link](const KeptLoad& load) { return load.link == link; });
  return found == run_.loads.end() ? nullptr : &*found;
}

std::string Verifying::shown_of(const std::string& link) const {
  std::size_t number = 0;
  for (const auto& line : run_.ledger.lines) {
    if (line.role != integrity::Role::load) continue;
    if (line.link == link && number < run_.loads_shown.size()) return run_.loads_shown[number];
    ++number;
  }
  return {};
}

// Why there is nothing to compare with; empty: there is.
std::string Verifying::not_kept(const std::string& link) const {
  if (run_.state != recovery::RunState::complete)
    return "the run is not at its end: " + std::string(state_name(run_.state));
  const auto* const load = kept_load(link);
  if (load == nullptr) return "an earlier weir ran it, which kept nothing to compare with";
  if (!sent_to(run_, link)) return "its destination gives nothing back";
  const auto* const use = find_load(draft_.manifest, link);
  if (use == nullptr) return "the manifest has no load '" + link + "' any more";
  if (said_of(*use) != load->said)
    return "the manifest says something else of '" + link +
           "' than when it ran; --param, --set and --profile count too";
  return {};
}

base::Result<VerifiedLoad> Verifying::verify_load(const std::string& link) {
  VerifiedLoad told;
  told.link = link;
  told.shown = shown_of(link);
  if (auto why = not_kept(link); !why.empty()) return not_comparable(std::move(told), std::move(why));
  const KeptLoad& load = *kept_load(link);
  told.sent = *sent_to(run_, link);
  WEIR_TRY_ASSIGN(Checked checked, checked_load(load));
  told.with = checked.expected.with;
  told.objects = checked.objects.size();
  if (!checked.expected.replaced_by.empty()) {
    return not_comparable(std::move(told),
                          "run " + checked.expected.replaced_by + " has put its rows in their place since");
  }
  if (checked.expected.rows.rows > rows_left()) {
    return not_comparable(std::move(told), base::counted(checked.expected.rows.rows, "row") +
                                               " should be there, more than the " + base::format_count(rows_left()) +
                                               " that --rows leaves to read");
  }
  checked.found = read_back(checked, {});
  WEIR_TRY(take_key(told, checked));
  if (!checked.found->flowed) return unread(std::move(told), checked);
  return compare(std::move(told), checked);
}

base::Result<Verifying::Checked> Verifying::checked_load(const KeptLoad& load) {
  Checked checked{load, expected_rows(history_.runs, run_, load), {}, {}};
  WEIR_TRY_ASSIGN(checked.objects, history_.history.objects(run_, load.link));
  checked.sent = sent_schema(load);
  if (checked.expected.replaced_by.empty() || checked.objects.empty()) return checked;
  WEIR_TRY_ASSIGN(const bool shares, shares_names(checked));
  if (!shares) {
    checked.expected.replaced_by.clear();
    checked.expected.with.clear();
    checked.expected.rows = *sent_to(run_, load.link);
  }
  return checked;
}

// Whether a later run has written a file of one of the same names.
base::Result<bool> Verifying::shares_names(const Checked& checked) {
  const auto later = std::find_if(history_.runs.begin(), history_.runs.end(),
                                  [&checked](const KeptRun& run) { return run.run == checked.expected.replaced_by; });
  for (const auto& load : later->loads) {
    if (load.destination != checked.load.destination) continue;
    WEIR_TRY_ASSIGN(const auto objects, history_.history.objects(*later, load.link));
    for (const auto& object : objects) {
      if (std::any_of(checked.objects.begin(), checked.objects.end(),
                      [&object](const auto& own) { return own.name == object.name; })) {
        return true;
      }
    }
  }
  return false;
}

// Columns may hold nulls that were not sent.
weir::Schema Verifying::sent_schema(const KeptLoad& load) {
  auto value = nlohmann::ordered_json::parse(load.schema, nullptr, false);
  if (value.contains("children")) {
    for (auto& column : value["children"]) column["nullable"] = true;
  }
  return integrity::schema_of(value);
}

base::Result<void> Verifying::take_key(VerifiedLoad& told, const Checked& checked) const {
  const auto is_there = [&checked](const std::string& column) {
    return weir::column_index(checked.sent.get(), column) >= 0;
  };
  told.key = verify_.key.empty() ? checked.found->key : verify_.key;
  if (verify_.key.empty() && !std::all_of(told.key.begin(), told.key.end(), is_there)) told.key.clear();
  for (const auto& column : told.key) {
    if (is_there(column)) continue;
    std::string columns;
    for (std::int64_t i = 0; i < checked.sent->n_children; ++i)
      columns += (i == 0 ? "" : ", ") + std::string(checked.sent->children[i]->name);
    return base::unexpected(
        base::manifest_error("usage.key", "--key: no column '" + column + "' in the rows of load '" + told.link + "'")
            .with_hint("they have " + columns));
  }
  return {};
}

std::shared_ptr<Verifying::Reading> Verifying::reading(const Checked& checked, std::unordered_set<std::uint64_t> picked,
                                                       std::vector<std::string> key) {
  auto made = std::make_shared<Reading>();
  made->examination.sent = weir::Schema::copy_of(checked.sent.get());
  made->examination.picked = std::move(picked);
  made->examination.key = std::move(key);
  made->examination.most_rows = rows_left();
  made->examination.stop = [interrupt = &interrupt_] { interrupt->request(); };
  return made;
}

void Verifying::flow(const std::shared_ptr<Reading>& reading, StandIns stand_ins) {
  struct Nothing {};
  auto flowed = attempt<Nothing>(options_, watch_, draft_,
                                 [reading, stand_ins = std::move(stand_ins)](Attempt& made) -> base::Result<Nothing> {
                                   WEIR_TRY(made.flow_once(stand_ins));
                                   return Nothing{};
                                 });
  if (!flowed) reading->flowed = base::unexpected(interrupt_.told(std::move(flowed).error()));
  if (reading->examined.too_many) reading->flowed = base::unexpected(interrupted());
  rows_read_ += reading->examined.rows_read;
}

std::shared_ptr<Verifying::Reading> Verifying::read_back(const Checked& checked, Picks picks) {
  auto made = reading(checked, std::move(picks.names), std::move(picks.key));
  made->objects = std::make_shared<pipeline::WrittenObjects>();
  for (const auto& object : checked.objects) made->objects->names.push_back(object.name);
  made->objects->sent = weir::Schema::copy_of(checked.sent.get());
  const auto key = std::make_shared<std::vector<std::string>>();
  StandIns stand_ins;
  stand_ins.read_back = {checked.load.link, made->objects, key};
  stand_ins.load = [&made = *made](const manifest::Use& use) {
    return use.name.empty() ? make_reject_counter(made.rejects)
                            : make_examining(use.link, made.examination, made.examined);
  };
  flow(made, std::move(stand_ins));
  made->key = *key;
  return made;
}

std::shared_ptr<Verifying::Reading> Verifying::read_source(const Checked& checked, Picks picks) {
  auto made = reading(checked, std::move(picks.names), std::move(picks.key));
  StandIns stand_ins;
  stand_ins.load = [&made = *made, link = checked.load.link](const manifest::Use& use) {
    return use.link == link ? make_examining(use.link, made.examination, made.examined) : make_forgetting(use.link);
  };
  flow(made, std::move(stand_ins));
  return made;
}

// Why reading did not come to its end, if it was told to stop; an error, if that was a signal.
base::Result<std::string> Verifying::stopped(const Reading& reading) const {
  const base::Error& error = reading.flowed.error();
  if (error.code != interrupted().code) return std::string();
  if (reading.examined.too_many)
    return "--rows allows " + base::format_count(verify_.most_rows) + ", and there were more to read";
  if (!time_.is_over()) return base::unexpected(error);
  return "the time was over, " + base::counted(reading.examined.rows_read, "row") + " had been read";
}

// What was not read to its end.
base::Result<VerifiedLoad> Verifying::unread(VerifiedLoad told, const Checked& checked) {
  const Reading& found = *checked.found;
  const base::Error& error = found.flowed.error();
  WEIR_TRY_ASSIGN(auto why, stopped(found));
  if (!why.empty()) return not_comparable(std::move(told), std::move(why));
  const bool none_there = error.code == "source.nothing";
  if (none_there && checked.objects.empty() && told.sent.rows == 0) {
    told.found = RowsAndDigest{};
    return told;
  }
  if (none_there && !checked.objects.empty()) {
    told.verdict = Verdict::differs;
    add_gone(told, found);
    told.reason = told.objects == 1 ? "the file is gone" : "all " + base::counted(told.objects, "file") + " are gone";
    return told;
  }
  if (error.fault == base::Fault::missing) return base::unexpected(error);
  if (!is_difference(error, !checked.objects.empty())) return not_comparable(std::move(told), told_of(error));
  told.verdict = Verdict::differs;
  told.reason = "it can't be read as it was loaded: " + told_of(error);
  return told;
}

void Verifying::add_gone(VerifiedLoad& told, const Reading& found) {
  for (const auto& name : found.objects->gone) told.differing.push_back({pipeline::shown_name(name), "is gone"});
}

// Files of the run alone are compared one by one.
void Verifying::compare_objects(VerifiedLoad& told, const Checked& checked) const {
  if (!checked.expected.alone || !checked.expected.with.empty()) return;
  add_gone(told, *checked.found);
  std::map<std::string, RowsAndDigest> written;
  for (const auto& object : checked.objects) {
    const auto& gone = checked.found->objects->gone;
    if (std::find(gone.begin(), gone.end(), object.name) == gone.end())
      written[pipeline::shown_name(object.name)].add({object.rows, object.digest});
  }
  const auto& parts = checked.found->examined.parts;
  for (const auto& [name, wanted] : written) {
    const auto part = parts.find(name);
    const RowsAndDigest found = part == parts.end() ? RowsAndDigest{} : part->second;
    if (found != wanted) told.differing.push_back({name, difference_of(wanted, found, "")});
  }
}

base::Result<VerifiedLoad> Verifying::compare(VerifiedLoad told, Checked& checked) {
  const Reading& found = *checked.found;
  const auto& comparison = *found.examined.comparison;
  const auto compared = comparison.end(checked.expected.rows.rows, checked.expected.rows.digest);
  if (!comparison.readable()) return not_comparable(std::move(told), compared.reason);
  told.found = RowsAndDigest{compared.rows_found + found.rejects.count, *compared.found};
  compare_objects(told, checked);
  const bool all_read = found.rejects.count == 0 && found.objects->gone.empty();
  const bool alone = *told.found == told.sent;
  if (alone) told.with.clear();
  if (all_read && (alone || *told.found == checked.expected.rows) && told.differing.empty()) return told;
  if (all_read && compared.verdict == Verdict::not_comparable) return not_comparable(std::move(told), compared.reason);
  if (checked.expected.merged) {
    const std::string difference = difference_of(checked.expected.rows, *told.found, "");
    return not_comparable(std::move(told), difference + ", but its rows may have taken each other's place");
  }
  const bool others = !checked.expected.alone || !checked.expected.unsure.empty();
  if (others && told.found->rows >= told.sent.rows) return look_among_others(std::move(told), checked);
  told.verdict = Verdict::differs;
  told.reason = reason_of(told, checked);
  WEIR_TRY(narrow_down(told, checked));
  return told;
}

std::string Verifying::reason_of(const VerifiedLoad& told, const Checked& checked) {
  const SeenRejects& rejects = checked.found->rejects;
  if (rejects.count > 0)
    return base::counted(rejects.count, "row") + " can't be read as what was sent: " + rejects.first;
  if (told.objects > 1 && !told.differing.empty())
    return base::format_count(told.differing.size()) + " of " + base::counted(told.objects, "file") +
           (told.differing.size() == 1 ? " is" : " are") + " not as written";
  const std::string by =
      told.with.empty() ? std::string() : " by it and " + base::counted(told.with.size(), "other run");
  return difference_of(checked.expected.rows, *told.found, by);
}

// The rows that the source gives, if they are still those that were sent; else why not.
base::Result<std::string> Verifying::ask_source(const VerifiedLoad& told, Checked& checked) {
  if (!verify_.source) return std::string("the source was not to be read again: --no-source");
  if (!checked.found->examined.comparison->doubt().empty()) return checked.found->examined.comparison->doubt();
  if (checked.expected.loads_of_run > 1) return std::string("several loads of the run go there");
  checked.source = read_source(checked, {});
  if (!checked.source->flowed) {
    WEIR_TRY_ASSIGN(auto why, stopped(*checked.source));
    return why.empty() ? "the source can't be read again: " + told_of(checked.source->flowed.error()) : why;
  }
  const auto& examined = checked.source->examined;
  const bool same = examined.comparison && examined.comparison->readable() &&
                    examined.comparison->end(told.sent.rows, told.sent.digest).verdict == Verdict::equal;
  return same ? std::string() : std::string("the source gives other rows than were sent");
}

base::Result<void> Verifying::narrow_down(VerifiedLoad& told, Checked& checked) {
  WEIR_TRY_ASSIGN(told.not_narrowed, ask_source(told, checked));
  if (!told.not_narrowed.empty()) return {};
  integrity::RowSketch left = checked.source->examined.sketch;
  left.subtract(checked.found->examined.sketch);
  auto differences = left.differences();
  const bool others = !checked.expected.alone || !told.with.empty();
  if (others) std::erase_if(differences.rows, [](const auto& row) { return row.count < 0; });
  if (!differences.rows.empty()) return pick(told, checked, differences);
  told.not_narrowed = "the rows of this run are all there";
  return {};
}

// Looks for the rows that differ, which so far are known by their digests alone.
base::Result<void> Verifying::pick(VerifiedLoad& told, Checked& checked, const integrity::RowDifferences& differences) {
  Picks sent{{}, told.key}, found{{}, told.key};
  for (const auto& row : differences.rows) (row.count > 0 ? sent : found).names.insert(row.name);
  std::vector<PickedRow> sent_rows, found_rows;
  const auto look = [&](bool source, Picks picks, std::vector<PickedRow>& rows) -> base::Result<void> {
    if (picks.names.empty() || !told.not_narrowed.empty()) return {};
    auto looked = source ? read_source(checked, std::move(picks)) : read_back(checked, std::move(picks));
    rows = std::move(looked->examined.rows);
    if (looked->flowed) return {};
    WEIR_TRY_ASSIGN(told.not_narrowed, stopped(*looked));
    if (told.not_narrowed.empty()) told.not_narrowed = told_of(looked->flowed.error());
    return {};
  };
  WEIR_TRY(look(true, std::move(sent), sent_rows));
  WEIR_TRY(look(false, std::move(found), found_rows));
  told.narrowed = narrow(differences, sent_rows, found_rows);
  return {};
}

// A destination that may hold other rows too: those that were sent are looked for among them.
base::Result<VerifiedLoad> Verifying::look_among_others(VerifiedLoad told, Checked& checked) {
  const std::string others = checked.expected.unsure.empty() ? difference_of(checked.expected.rows, *told.found, "") +
                                                                   ", and rows of others may be among them"
                                                             : checked.expected.unsure;
  WEIR_TRY_ASSIGN(const auto why, ask_source(told, checked));
  if (!why.empty()) return not_comparable(std::move(told), others + "; " + why);
  integrity::RowSketch left = checked.source->examined.sketch;
  left.subtract(checked.found->examined.sketch);
  auto differences = left.differences();
  if (!differences.all) return not_comparable(std::move(told), others + "; too many to tell them apart");
  std::erase_if(differences.rows, [](const auto& row) { return row.count < 0; });
  told.with.clear();
  if (differences.rows.empty()) {
    const std::uint64_t more = told.found->rows - told.sent.rows;
    told.reason = "all rows that were sent are there, and " + base::counted(more, "other");
    return told;
  }
  told.verdict = Verdict::differs;
  WEIR_TRY(pick(told, checked, differences));
  told.reason = base::counted(told.narrowed->missing, "row") + " of those that were sent " +
                (told.narrowed->missing == 1 ? "is" : "are") + " not among the " +
                base::format_count(told.found->rows) + " that are there";
  return told;
}

VerifiedLoad Verifying::not_comparable(VerifiedLoad told, std::string reason) {
  told.verdict = Verdict::not_comparable;
  told.reason = std::move(reason);
  return told;
}

}  // namespace weir::run
