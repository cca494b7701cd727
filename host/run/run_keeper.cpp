#include "run/run_keeper.hpp"

#include <algorithm>
#include <utility>

#include "observe/time_text.hpp"
#include "run/interrupt.hpp"
#include "run/rejects_file.hpp"
#include "state/places.hpp"

namespace weir::run {

using recovery::KeptRun;
using recovery::RunState;

void RunKeeper::note() {
  checkpoints_.note(
      {state::kept_key(kept_.pipeline, kept_.run), recovery::text_of(recovery::redacted(kept_, redactor_))});
}

void RunKeeper::stamp() {
  kept_.ended_ns = observe::now_ns();
  kept_.duration_ns = earlier_ns_ + kept_.ended_ns - start_ns_;
}

base::Result<void> RunKeeper::begin(KeptRun run, const manifest::Keep& keep) {
  if (is_open()) {
    kept_.state = RunState::given_up;
    note();
  }
  kept_ = std::move(run);
  for (const auto& load : kept_.loads) sent_[load.link] = load.schema;
  kept_.began_ns = start_ns_ = kept_.ended_ns = observe::now_ns();
  earlier_ns_ = 0;
  kept_.starts = 1;
  WEIR_TRY(drop_old(keep));
  note();
  return {};
}

base::Result<void> RunKeeper::go_on(KeptRun run) {
  WEIR_TRY_ASSIGN(auto before, history_.run(run.pipeline, run.run));
  kept_ = std::move(run);
  for (const auto& load : kept_.loads) sent_[load.link] = load.schema;
  start_ns_ = observe::now_ns();
  kept_.began_ns = before ? before->began_ns : start_ns_;
  earlier_ns_ = before ? before->duration_ns : 0;
  kept_.starts = before ? before->starts + 1 : 1;
  if (before) {
    kept_.rejects.begin = before->rejects.begin;
    kept_.epochs = before->epochs;
    kept_.ledger = std::move(before->ledger);
    for (const auto& load : before->loads) {
      auto* const now = load_of(load.link);
      if (now == nullptr) continue;
      now->holds = load.holds;
      now->schema = load.schema;  // another, if the first epoch is yet to be stored: holds()
    }
  }
  stamp();
  note();
  return {};
}

recovery::PruneRule prune_rule_of(const manifest::Keep& keep, std::int64_t now_ns) {
  constexpr std::int64_t kDayNs = 86'400'000'000'000;
  recovery::PruneRule rule{keep.runs.value_or(keep.days ? 0 : recovery::RunHistory::kMostKept)};
  const auto since_1970 = static_cast<std::uint64_t>(now_ns / kDayNs);
  if (keep.days) rule.before_ns = now_ns - static_cast<std::int64_t>(std::min(*keep.days, since_1970)) * kDayNs;
  return rule;
}

// The one that begins is among those that stay.
base::Result<void> RunKeeper::drop_old(const manifest::Keep& keep) {
  recovery::PruneRule rule = prune_rule_of(keep, start_ns_);
  rule.keep -= rule.keep > 0 ? 1 : 0;
  WEIR_TRY_ASSIGN(auto old, history_.keys_of_old(kept_.pipeline, rule, replayed_ ? replayed_->run : std::string()));
  for (auto& key : old) checkpoints_.note({std::move(key), std::nullopt});
  return {};
}

base::Result<void> keep_whole(state::Store& store, const KeptRun& run, const manifest::Keep& keep,
                              const observe::Redactor& redactor) {
  const std::string key = state::kept_key(run.pipeline, run.run);
  WEIR_TRY_ASSIGN(const auto before, store.get(key));
  WEIR_TRY(store.put(key, recovery::text_of(recovery::redacted(run, redactor)), before ? before->version : 0));
  WEIR_TRY_ASSIGN(const auto old,
                  recovery::RunHistory(store).keys_of_old(run.pipeline, prune_rule_of(keep, observe::now_ns())));
  for (const auto& one : old) WEIR_TRY(store.remove(one));
  return {};
}

recovery::KeptLoad* RunKeeper::load_of(const std::string& link) {
  const auto found = std::find_if(kept_.loads.begin(), kept_.loads.end(),
                                  [&link](const recovery::KeptLoad& load) { return load.link == link; });
  return found == kept_.loads.end() ? nullptr : &*found;
}

void RunKeeper::holds(const std::string& link, integrity::Holds holds, const std::string& stored) {
  auto* const load = load_of(link);
  if (load == nullptr || !is_open()) return;
  const std::string& schema = stored.empty() ? sent_[link] : stored;
  if (load->holds == holds && load->schema == schema) return;
  load->holds = holds;
  load->schema = schema;
  note();
}

void RunKeeper::wrote(const std::string& link, const std::vector<integrity::WrittenObject>& objects) {
  if (!is_open()) return;
  for (const auto& object : objects) {
    checkpoints_.note(
        {state::object_key(kept_.pipeline, kept_.run, link, object.name), integrity::to_json(object).dump()});
  }
}

void RunKeeper::committed(std::uint64_t epoch, const integrity::Ledger& ledger) {
  if (!is_open()) return;
  kept_.epochs = epoch;
  if (!ledger.lines.empty()) kept_.ledger = ledger;
  stamp();
  note();
}

void RunKeeper::complete() {
  if (!is_open()) return;
  kept_.state = RunState::complete;
  if (!kept_.rejects.path.empty() && kept_.ledger.rejected() > 0) measure(kept_.rejects);
  stamp();
  note();
  if (!replayed_) return;
  replayed_->replayed_by = kept_.run;
  checkpoints_.note({state::kept_key(replayed_->pipeline, replayed_->run), recovery::text_of(*replayed_)});
}

base::Result<void> RunKeeper::failed(const base::Error& error) {
  if (!is_open()) return {};
  const bool drained = error.code == interrupted().code;
  kept_.state = drained ? RunState::drained : RunState::failed;
  if (!drained) {
    kept_.error_code = error.code;
    kept_.error_message = error.message;
  }
  stamp();
  note();
  return checkpoints_.write_notes();
}

}  // namespace weir::run
