#include "run/expected_rows.hpp"

#include <algorithm>

namespace weir::run {
namespace {

using recovery::KeptLoad;
using recovery::KeptRun;

bool is_into(const KeptLoad& load, const KeptLoad& other) {
  return !load.destination.empty() && load.destination == other.destination;
}

bool begins_anew(const KeptRun& run, const KeptLoad& into) {
  return std::any_of(run.loads.begin(), run.loads.end(), [&into](const KeptLoad& load) {
    return is_into(load, into) && load.holds == integrity::Holds::run;
  });
}

bool loads_into(const KeptRun& run, const KeptLoad& into) {
  return run.epochs > 0 &&
         std::any_of(run.loads.begin(), run.loads.end(), [&into](const KeptLoad& load) { return is_into(load, into); });
}

void add_load(ExpectedRows& expected, const KeptRun& run, const KeptLoad& into) {
  const std::string name = "run " + run.run;
  if (run.state != recovery::RunState::complete)
    expected.unsure = name + ", which is not at its end, loads into it too";
  for (const auto& load : run.loads) {
    if (!is_into(load, into)) continue;
    const auto sent = sent_to(run, load.link);
    expected.merged |= load.holds == integrity::Holds::merged;
    if (load.schema != into.schema && expected.unsure.empty())
      expected.unsure = "rows of other columns were loaded into it too: load '" + load.link + "' of " + name;
    if (sent) expected.rows.add(*sent);
  }
}

}  // namespace

std::optional<RowsAndDigest> sent_to(const KeptRun& run, const std::string& link) {
  for (const auto& line : run.ledger.lines) {
    if (line.role == integrity::Role::load && line.link == link && line.account.digest)
      return RowsAndDigest{line.account.rows_out, *line.account.digest};
  }
  return std::nullopt;
}

ExpectedRows expected_rows(const std::vector<KeptRun>& runs, const KeptRun& run, const KeptLoad& load) {
  ExpectedRows expected;
  std::vector<const KeptRun*> into;  // the first first
  for (const auto& one : runs) {
    if (loads_into(one, load)) into.insert(into.begin(), &one);
  }
  const auto own = std::find_if(into.begin(), into.end(), [&run](const KeptRun* one) { return one->run == run.run; });
  if (own == into.end()) {  // where it went is not known
    expected.rows = sent_to(run, load.link).value_or(RowsAndDigest{});
    expected.loads_of_run = 1;
    return expected;
  }
  auto first = own;
  while (first != into.begin() && !begins_anew(**first, load)) --first;
  expected.alone = begins_anew(**first, load);
  for (auto one = first; one != into.end(); ++one) {
    if (one > own && begins_anew(**one, load)) {
      expected.replaced_by = (*one)->run;
      break;
    }
    add_load(expected, **one, load);
    if (one != own) expected.with.push_back((*one)->run);
  }
  expected.loads_of_run = static_cast<std::size_t>(
      std::count_if(run.loads.begin(), run.loads.end(), [&load](const KeptLoad& one) { return is_into(one, load); }));
  return expected;
}

}  // namespace weir::run
