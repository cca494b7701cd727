#include "run/attempt.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <map>

#include "manifest/diagnostics.hpp"
#include "pipeline/links/bytes.hpp"
#include "run/earlier.hpp"
#include "run/installed.hpp"
#include "run/kept_loads.hpp"
#include "run/loading.hpp"
#include "run/manifest_settings.hpp"
#include "run/output_names.hpp"
#include "run/rejects_file.hpp"

namespace weir::run {
namespace {

namespace fs = std::filesystem;

// Whether an option of both names the same file, as a database's does.
bool share_a_file(const manifest::Use& source, const manifest::Use& load, const fs::path& folder) {
  if (source.name != load.name) return false;
  const auto file = [&folder](const manifest::Node& node) { return node.where.folder_or(folder) / node.text; };
  return std::any_of(source.options.members.begin(), source.options.members.end(), [&](const manifest::Member& option) {
    const auto* other = load.options.find(option.key);
    if (other == nullptr || option.value.kind != manifest::Kind::text || other->kind != manifest::Kind::text)
      return false;
    std::error_code problem;
    return fs::is_regular_file(file(option.value), problem) &&
           fs::equivalent(file(option.value), file(*other), problem);
  });
}

}  // namespace

// A load that changes what is read: then no later run could go on behind what one has committed.
std::optional<OneEpoch> Attempt::loads_what_it_reads() const {
  for (const auto& source : draft_.manifest.extract) {
    for (const manifest::Use* const load : outputs()) {
      if (share_a_file(source, *load, draft_.manifest.folder))
        return OneEpoch{load->link, "it writes to what '" + source.link + "' reads"};
    }
  }
  return std::nullopt;
}

base::Result<void> Attempt::plan(const StandIns& stand_ins) {
  if (!draft_.readable) return base::unexpected(manifest::joined(draft_.errors));
  report_.name = draft_.manifest.name;
  report_.stream = draft_.manifest.part();
  WEIR_TRY(find_parts());
  const auto given = services();
  pipeline::RunIdentity identity;
  identity.run = recovery::new_run_id();
  WEIR_TRY_ASSIGN(plan_, assemble(draft_, *parts_.registry, *parts_.libraries, given, *watch_.redactor,
                                  std::move(identity), options_.settings, stand_ins));
  WEIR_TRY(refuse_rejects_beside_missing());
  plan_->cancelled = &interrupt_.cancelled();
  plan_->budget = &parts_.budget;
  plan_->turns = &parts_.turns;
  plan_->quality = &quality_;
  plan_->settings.checkpoint = checkpoint_rule(draft_.manifest.checkpoint);
  plan_->one_epoch = loads_what_it_reads();
  plan_->redactor = watch_.redactor;
  if (watch_.bus != nullptr) plan_->tell = [this](events::EventDetail detail) { tell(std::move(detail)); };
  plan_->retries->tell = plan_->tell;
  const auto all = outputs();
  const bool stdout_taken = std::any_of(all.begin(), all.end(), [this](const manifest::Use* use) {
    const fs::path file = named_file(*use);
    return file == "-" || file == "/dev/stdout";
  });
  if (watch_.stdout_taken && stdout_taken) watch_.stdout_taken();
  return {};
}

base::Result<void> Attempt::find_parts() {
  if (!parts_.registry) {
    WEIR_TRY_ASSIGN(parts_.registry, find_plugins(draft_.manifest));
  }
  if (parts_.libraries) return {};
  expect_plugins(draft_.manifest, *parts_.registry);
  parts_.libraries.emplace(services());
  return {};
}

plugins::HostServices Attempt::services() {
  plugins::HostServices services;
  services.log = watch_.log;
  services.cancelled = &interrupt_.cancelled();
  services.calls = &parts_.calls;
  services.memory = &parts_.memory;
  services.judged = [this](const std::string& link, const weir_judgement& judgement) {
    quality_.judged(link, judgement);
  };
  services.earlier = [this](const std::string& link, std::size_t most) {
    if (store_ == nullptr) return std::vector<std::uint64_t>();
    return earlier_rows(*store_, pipeline_id(), link, most);
  };
  return services;
}

base::Result<void> Attempt::settle_plan() {
  WEIR_TRY(give_bookmarks());
  WEIR_TRY(settle(*plan_));
  WEIR_TRY(refuse_shared_files());
  leave_out_unread(*plan_);
  return {};
}

// All that the manifest says of where rows go, rejects last.
std::vector<const manifest::Use*> Attempt::outputs() const {
  const auto& manifest = draft_.manifest;
  std::vector<const manifest::Use*> outputs;
  for (const auto& use : manifest.load) outputs.push_back(&use);
  for (const auto& branch : manifest.branches) {
    for (const auto& use : branch.load) outputs.push_back(&use);
  }
  if (manifest.reject) outputs.push_back(&*manifest.reject);
  return outputs;
}

// What a loader's or a storage's schema says of one of its options; null: nothing.
const nlohmann::ordered_json* Attempt::option_schema(const manifest::Use& use, const char* option) const {
  auto found = parts_.registry->find(use_text(use), WEIR_KIND_LOADER);
  if (!found) found = parts_.registry->find(use_text(use), WEIR_KIND_STORAGE);
  const nlohmann::ordered_json::json_pointer pointer(std::string("/properties/") + option);
  return found && found->info->schema.contains(pointer) ? &found->info->schema[pointer] : nullptr;
}

// Whether a loader writes to standard output where its options don't say otherwise.
bool Attempt::writes_there_unasked(const manifest::Use& use) const {
  const auto* path = option_schema(use, "path");
  return path != nullptr && path->value("default", "") == "-";
}

// The file that a path option names, as far as that can be known from here; empty: it has none.
fs::path Attempt::named_file(const manifest::Use& use) const {
  const auto* path = use.options.find("path");
  if (path == nullptr) return writes_there_unasked(use) ? fs::path("-") : fs::path();
  if (path->kind != manifest::Kind::text) return {};
  if (path->text == "-") return "-";
  return (path->where.folder_or(draft_.manifest.folder) / path->text).lexically_normal();
}

// Whoever writes what it reads would lose it, as would two who write one file: names are compared, and the files behind.
base::Result<void> Attempt::refuse_shared_files() const {
  const auto refuse = [](const manifest::Use& use, const char* code, const std::string& what, const char* hint) {
    const auto* path = use.options.find("path");
    return base::unexpected(base::manifest_error(code,
                                                 "expected an output that is not " + what + ", found '" +
                                                     (path == nullptr ? "-" : path->text) + "'",
                                                 path == nullptr ? use.where.place() : path->place())
                                .with_hint(hint));
  };
  const auto all = outputs();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const fs::path file = named_file(*all[i]);
    if (file.empty()) continue;
    const OutputName name(file, is_filled_in(*all[i]));
    for (const auto& input : plan_->inputs()) {
      if (input.name != "-" && same_file(OutputName(fs::path(input.name).lexically_normal(), false), name))
        return refuse(*all[i], "manifest.output_is_input", "an input too",
                      "write to another file, and rename it when the run has succeeded");
    }
    for (std::size_t before = 0; before < i && file != "/dev/null"; ++before) {
      if (!same_file(name, OutputName(named_file(*all[before]), is_filled_in(*all[before])))) continue;
      if (draft_.manifest.reject && all[i] == &*draft_.manifest.reject)
        return refuse(*all[i], "manifest.one_output", "where the rows go too",
                      "keep rejects in a file of their own: path: rejects.ndjson");
      return refuse(*all[i], "manifest.one_output", "where '" + all[before]->link + "' writes too",
                    "give each load a file of its own");
    }
  }
  return {};
}

std::vector<Destination> Attempt::destinations() const {
  std::map<std::string, std::string> shown;
  for (const auto& load : plan_->loads) {
    for (std::size_t i = 0; i < load->inputs(); ++i) shown[load->link(i)] = load->shown(i);
  }
  std::vector<Destination> all;
  for (const auto* use : outputs()) {
    Destination one{{}, shown[use->link], use->where.place(), stands_alone(*use)};
    if (parts_.registry->find(use_text(*use), WEIR_KIND_LOADER)) {
      if (const auto found = plan_->destinations.find(use->link); found != plan_->destinations.end())
        one.text = found->second;
      // Many a database takes two names for one that differ by case only: who has such can name them otherwise.
      for (char& letter : one.text) {
        if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
      }
    } else if (const fs::path file = named_file(*use); file != "/dev/null") {
      one.text = file.string();
    }
    all.push_back(std::move(one));
  }
  return all;
}

std::string Attempt::manifest_digest() const {
  // Without its secrets: a password that is renewed is no reason to repeat a run. Nor is a proxy, who is told, or how long runs are kept.
  manifest::Node tree = manifest::without_secrets(draft_.manifest.tree);
  constexpr std::array<std::string_view, 5> kNoPartOfARun{"tests", "network", "on", "backfill", "state"};
  std::erase_if(tree.members, [&kNoPartOfARun](const manifest::Member& member) {
    return std::find(kNoPartOfARun.begin(), kNoPartOfARun.end(), member.key) != kNoPartOfARun.end();
  });
  std::string text = tree.to_json().dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  for (const auto& [name, version] : plan_->plugin_versions) text += "\n" + name + " " + version;
  for (const auto& [path, version] : plan_->config_files) text += "\n" + path + " " + version;
  for (const auto& input : plan_->side_inputs()) text += "\n" + input.name + " " + input.version;
  return digest_of(text);
}

// Where its rejects can be read again: of a file with one name.
recovery::RejectsFile Attempt::rejects_file() const {
  if (!draft_.manifest.reject || is_filled_in(*draft_.manifest.reject)) return {};
  const auto& use = *draft_.manifest.reject;
  const fs::path file = named_file(use);
  std::error_code problem;
  const bool other = fs::exists(file, problem) && !fs::is_regular_file(file, problem);
  if (file.empty() || file == "-" || other || !parts_.registry->find(use_text(use), WEIR_KIND_STORAGE)) return {};
  return {file.string(), appends(use) ? end_of(file) : 0, 0, {}};
}

// A complete run has nothing to do, but a file of it may be gone since.
void Attempt::tell_nothing_to_do() {
  report_.nothing_to_do = true;
  for (const auto* use : outputs()) {
    report_.appends = report_.appends || appends(*use);
    for (const auto& option : use->options.members) {
      const auto* schema = option_schema(*use, option.key.c_str());
      const bool names_file = schema != nullptr && schema->value("format", "") == "path" && option.value.text != "-";
      if (!names_file || is_filled_in(*use)) continue;
      const fs::path file = option.value.where.folder_or(draft_.manifest.folder) / option.value.text;
      std::error_code problem;
      if (fs::status(file, problem).type() == fs::file_type::not_found)
        report_.gone.push_back(pipeline::shown_name(file.lexically_normal().string()));
    }
  }
}

// What came from standard input can't be read again, what went to standard output can't be taken back.
bool Attempt::uses_standard_streams() const {
  for (const auto& input : plan_->inputs()) {
    if (input.name == "-") return true;
  }
  const auto all = outputs();
  return std::any_of(all.begin(), all.end(), [this](const manifest::Use* use) {
    return use != (draft_.manifest.reject ? &*draft_.manifest.reject : nullptr) && named_file(*use) == "-";
  });
}

// Whether an epoch may be begun again in this process: of rows that come only once, the run would go on without some.
bool Attempt::may_restart() const {
  return !uses_standard_streams() && std::none_of(plan_->sources.begin(), plan_->sources.end(), [](const auto& source) {
    return source->replay() == WEIR_REPLAY_NONE;
  });
}

// Looks up the last run. One that did not end keeps its id, with a higher fence.
base::Result<void> Attempt::grant_lane() {
  WEIR_TRY(take_pipeline());
  WEIR_TRY(check_replays());
  checkpoints_.emplace(*store_, state_id(), plan_->identity.lane);
  keeper_.emplace(*checkpoints_, *store_, *watch_.redactor);
  WEIR_TRY_ASSIGN(const auto last, checkpoints_->last_run());
  if (last && !last->complete) {
    record_ = *last;
    ++record_.fence;
  } else if (last) {
    record_ = *last;
  }
  return {};
}

// Begins another run than the last one, if there was one: with an id of its own.
base::Result<void> Attempt::begin_run() {
  WEIR_TRY(checkpoints_->clear());
  record_ = {recovery::new_run_id(), 1, false, {}};
  if (bookmarks_ && options_.fresh) WEIR_TRY(bookmarks_->forget(*checkpoints_));
  if (keeps()) WEIR_TRY(keeper_->begin(kept_run(), draft_.manifest.keep));
  return checkpoints_->save(record_);
}

recovery::KeptRun Attempt::kept_run() const {
  recovery::KeptRun kept;
  kept.pipeline = pipeline_id();
  kept.stream = draft_.manifest.part();
  if (draft_.manifest.range)
    kept.range = {draft_.manifest.stream, draft_.manifest.range->name, draft_.manifest.range->values};
  kept.whole = parts_.whole;
  kept.run = record_.run;
  kept.name = draft_.manifest.name;
  kept.manifest = draft_.manifest.path;
  kept.manifest_digest = manifest_digest();
  kept.inputs = plan_->inputs().size();
  kept.guarantee = report_.guarantee;
  kept.loads_shown = report_.loads_shown;
  kept.reject_shown = report_.reject_shown;
  kept.rejects = rejects_file();
  if (replayed_) kept.replays = replayed_->run;
  kept.loads = kept_loads(*plan_, draft_.manifest);
  return kept;
}

// What a run comes to is not changed by who fails to keep it.
void Attempt::keep_failure(const base::Error& error) {
  if (!keeper_) return;
  keeper_->judged(quality_.all());
  if (auto kept = keeper_->failed(error); !kept && watch_.log != nullptr)
    watch_.log->warning("run.not_kept", kept.error().message);
}

LaneRun Attempt::lane_run() {
  return LaneRun({*plan_, *checkpoints_, record_, interrupt_, watch_, manifest_digest(), fingerprint(), may_restart(),
                  [this](events::EventDetail detail) { tell(std::move(detail)); }, *keeper_,
                  bookmarks_ ? &*bookmarks_ : nullptr});
}

// Goes on with the run that did not end, or begins one.
base::Result<void> Attempt::run_lane() {
  const bool died = !record_.run.empty() && !record_.complete;
  if (!died) WEIR_TRY(begin_run());
  if (died && keeps()) WEIR_TRY(keeper_->go_on(kept_run()));
  std::optional<LaneRun> lane(lane_run());
  WEIR_TRY_ASSIGN(report_.recovered, lane->recover());
  if (died) tell(events::RunRecovered{report_.recovered});
  report_.run = record_.run;
  if (report_.recovered) report_.ledger = lane->ledger();
  if (report_.recovered && (replayed_ || (!options_.fresh && is_done()))) return {};
  if (report_.recovered || (died && options_.fresh)) {
    if (!report_.recovered) WEIR_TRY(lane->discard());
    report_.recovered = false;
    WEIR_TRY(begin_run());
    lane.emplace(lane_run());
    WEIR_TRY(lane->recover());
  } else if (lane->begun() && !options_.resume) {
    WEIR_TRY(lane->check_unchanged());
  }
  report_.run = record_.run;
  // With --resume other inputs may be gone on with than the run was begun with: what came between is for the next run.
  if (bookmarks_ && (!lane->begun() || !options_.resume)) WEIR_TRY(bookmarks_->wait(*checkpoints_, *plan_));
  flows_ = true;
  auto ended = lane->go_on();
  report_.ledger = lane->ledger();
  report_.judgements = quality_.all();
  if (ended && !*ended)
    return base::unexpected(interrupted().with_hint("what it had read is loaded; run it again to go on behind that"));
  return ended ? base::Result<void>() : base::unexpected(std::move(ended).error());
}

void Attempt::tell(events::EventDetail detail) const {
  if (watch_.bus == nullptr || !watch_.bus->heard()) return;
  watch_.bus->publish(event_of(std::move(detail), record_.run));
}

events::PipelineEvent Attempt::event_of(events::EventDetail detail, std::string run) const {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return {draft_.manifest.name, std::move(run), std::chrono::nanoseconds(now).count(), std::move(detail),
          draft_.manifest.part()};
}

events::RunPlanned Attempt::planned() const {
  events::RunPlanned planned;
  planned.guarantee = report_.guarantee;
  planned.because = report_.promise.reasons();
  for (const auto& source : plan_->sources) {
    planned.links.push_back(source->link());
    planned.splits += source->splits().size();
    for (const auto& split : source->splits()) planned.bytes_expected += std::max<std::int64_t>(split.bytes, 0);
  }
  for (const auto& link : plan_->links) planned.links.push_back(link.component->link);
  for (const auto& end : plan_->ends) planned.links.push_back(plan_->load(end.to).link(end.to.input));
  return planned;
}

base::Result<RunReport> Attempt::run() { return ended(run_to_end()); }

base::Result<RunReport> Attempt::ended(base::Result<RunReport> report) {
  if (!report) {
    base::Error error = fail(std::move(report).error());
    keep_failure(error);
    return base::unexpected(std::move(error));
  }
  const auto& ledger = report->ledger;
  tell(events::RunCompleted{report->nothing_to_do, report->duration_ns, ledger.extracted(), ledger.loaded(),
                            ledger.dropped(), ledger.rejected()});
  return report;
}

base::Error Attempt::fail(base::Error error) const {
  error = interrupt_.told(std::move(error));
  tell(failure_of(error));
  return error;
}

events::RunFailed Attempt::failure_of(const base::Error& error) const {
  const auto& redactor = *watch_.redactor;
  return {error.code,
          redactor.redact(manifest::render(error)),
          base::exit_code(error),
          redactor.redact(error.message),
          error.link,
          error.place.file,
          error.place.line,
          error.place.column};
}

// All that is known before a row flows.
void Attempt::planned_to_the_end() {
  for (const auto& end : plan_->ends) report_.loads_shown.push_back(plan_->load(end.to).shown(end.to.input));
  if (plan_->reject) report_.reject_shown = plan_->load(*plan_->reject).shown(plan_->reject->input);
  report_.promise = guarantee_of(*plan_);
  report_.guarantee = text_of(report_.promise.delivery);
  tell(planned());
}

base::Result<RunReport> Attempt::run_to_end() {
  const std::int64_t begin = plugins::monotonic_ns();
  interrupt_.plan();
  WEIR_TRY(plan());
  if (options_.refresh) WEIR_TRY(refuse_appending());
  WEIR_TRY(grant_lane());
  WEIR_TRY(settle_plan());
  WEIR_TRY(interrupt_.go_on());
  planned_to_the_end();
  // What went to standard output is wanted each time.
  const bool done = record_.complete && record_.fingerprint == fingerprint() && !options_.fresh;
  if (done && !uses_standard_streams()) {
    tell_nothing_to_do();
    report_.run = record_.run;
  } else {
    if (watch_.promise) watch_.promise(report_.name, report_.promise);
    if (has_bookmark_ && record_.complete) WEIR_TRY(refuse_replacing(Added::came_since));
    WEIR_TRY(run_lane());
  }
  report_.duration_ns = plugins::monotonic_ns() - begin;
  return report_;
}

base::Result<PlanReport> Attempt::describe_plan() {
  WEIR_TRY(plan());
  WEIR_TRY(settle_plan());
  WEIR_TRY_ASSIGN(PlanReport report, describe(*plan_));
  report.name = draft_.manifest.name;
  report.stream = draft_.manifest.part();
  report.guarantee = guarantee_of(*plan_);
  report.one_epoch = one_epoch(*plan_);
  for (const auto& [name, version] : plan_->plugin_versions) {
    const auto* const found = parts_.registry->plugin(name);
    report.plugins.push_back({name, version, found == nullptr ? std::string() : found->path.string()});
  }
  return report;
}

base::Result<Preview> Attempt::preview_rows(const PreviewOptions& options) {
  WEIR_TRY(plan());
  WEIR_TRY(settle(*plan_));  // all columns are shown, so all are read
  WEIR_TRY(refuse_shared_files());
  WEIR_TRY_ASSIGN(Preview shown, preview(*plan_, options));
  shown.name = draft_.manifest.name;
  shown.stream = draft_.manifest.part();
  return shown;
}

base::Result<void> Attempt::validate() {
  WEIR_TRY(plan());
  return settle_plan();
}

}  // namespace weir::run
