#include "run/lane_run.hpp"

#include <algorithm>
#include <chrono>
#include <random>
#include <thread>

#include "run/open_readers.hpp"
#include "run/totals.hpp"

namespace weir::run {
namespace {

constexpr int kMostRestarts = 2;  // of an epoch, in one process
constexpr const char* kSplits = "split";
constexpr const char* kPublished = "published ";  // and the link
constexpr const char* kState = "state ";          // likewise

}  // namespace

bool LaneRun::is_atomic(const Plan& plan) {
  return std::any_of(plan.loads.begin(), plan.loads.end(), [](const auto& load) { return load->atomic(); });
}

LaneRun::LaneRun(LaneParts parts)
    : parts_(std::move(parts)), lane_(is_atomic(parts_.plan)), backoff_(parts_.plan.retrying, std::random_device()()) {}

base::Result<bool> LaneRun::recover() {
  WEIR_TRY(drive(Step::Kind::open_writers));
  const Step step = lane_.next();
  standing_epoch_ = step.kind == Step::Kind::open_writers ? step.epoch : 0;
  return step.kind == Step::Kind::done;
}

base::Result<bool> LaneRun::go_on() {
  std::optional<pipeline::Budget::Part> part;
  if (parts_.plan.budget != nullptr) part.emplace(*parts_.plan.budget);
  WEIR_TRY(drive(Step::Kind::done));
  return !drained_;
}

// Takes steps until one of that kind is next, or the lane is done.
base::Result<void> LaneRun::drive(Step::Kind until) {
  for (;;) {
    const Step step = lane_.next();
    if (step.kind == Step::Kind::done) {
      close();
      if (error_) return base::unexpected(std::move(*error_));
      return {};
    }
    if (step.kind == until) return {};
    if (auto taken = take(step); !taken) failed(step, std::move(taken).error());
  }
}

// What an ABORTED call did is undone, what one with DEADLINE_EXCEEDED or UNKNOWN did is not known: the lane is granted anew,
// the destination asked what it has, and the epoch begun again, after a while.
void LaneRun::failed(const Step& step, base::Error error) {
  if (step.kind == Step::Kind::abort ||
      step.kind == Step::Kind::sweep) {  // what it is about is not hidden by tidying up
    if (parts_.watch.log != nullptr) parts_.watch.log->warning("run.abort", error.message);
    // One that may still go on could take what this fence prepares next.
    const bool ended = error.status != base::Status::deadline_exceeded && error.status != base::Status::unknown;
    if (ended || ++restarts_ > kMostRestarts) return lane_.failed(recovery::Lane::Failing::ends);
    return lane_.failed(recovery::Lane::Failing::restarts);
  }
  const auto again = pipeline::again_after(static_cast<weir_status>(error.status));
  const bool open = again == pipeline::Again::epoch || again == pipeline::Again::if_undone;
  const bool restarts = open && error.fault != base::Fault::host && parts_.restarts && restarts_ < kMostRestarts;
  if (restarts) {
    ++restarts_;
    if (parts_.watch.log != nullptr) parts_.watch.log->warning("run.epoch_restarted", error.message);
  } else if (!error_) {
    error_ = std::move(error);
  }
  lane_.failed(restarts ? recovery::Lane::Failing::restarts : recovery::Lane::Failing::ends);
}

base::Result<void> LaneRun::take(const Step& step) {
  switch (step.kind) {
    case Step::Kind::grant: return grant();
    case Step::Kind::flow: return flow();
    case Step::Kind::ask_committed: {
      WEIR_TRY_ASSIGN(const auto last, committers_->last_committed());
      WEIR_TRY(parts_.checkpoints.confirm());  // what it said is only of use while the lane is ours
      committed_ = last.value_or(0);
      lane_.committed(committed_);
      return {};
    }
    case Step::Kind::stop_foreign:
      error_ = foreign(committed_);
      lane_.done();
      return {};
    default: break;
  }
  WEIR_TRY(take_from_destination(step));
  lane_.done();
  return {};
}

// Of what a committer changes at the destination, where others write too.
base::Result<Turns::Turn> LaneRun::turn() {
  if (parts_.plan.turns == nullptr || parts_.plan.exclusive.empty()) return Turns::Turn();
  return parts_.plan.turns->take(parts_.plan.exclusive, nullptr);
}

base::Result<void> LaneRun::take_from_destination(const Step& step) {
  switch (step.kind) {
    case Step::Kind::open_committers: {
      Turns::Turn own;  // to shut out a dead run is to write
      if (parts_.record.fence > 1) {
        WEIR_TRY_ASSIGN(own, turn());
      }
      WEIR_TRY_ASSIGN(committers_, Committers::open(parts_.plan));
      return {};
    }
    case Step::Kind::abort: return abort(step.epoch);
    case Step::Kind::drop_checkpoint: return parts_.checkpoints.drop(step.epoch);
    case Step::Kind::publish: return publish(step.epoch);
    case Step::Kind::forget: return forget(step.epoch);
    case Step::Kind::sweep: return sweep(step.epoch);
    case Step::Kind::open_writers: return open_writers(step.epoch);
    case Step::Kind::prepare: return prepare(step.epoch);
    case Step::Kind::store: return store();
    case Step::Kind::commit: return execution_->commit(step.epoch);
    case Step::Kind::finish: return finish();
    case Step::Kind::complete: return complete();
    default: return {};
  }
}

// Before an epoch is begun again; shorter if the run is told to stop.
void LaneRun::back_off() {
  constexpr std::chrono::milliseconds kSlice(50);
  auto left = std::chrono::nanoseconds(backoff_.delay());
  for (; left > left.zero() && !parts_.interrupt.requested(); left -= kSlice)
    std::this_thread::sleep_for(std::min<std::chrono::nanoseconds>(left, kSlice));
}

base::Result<void> LaneRun::grant() {
  close();
  committers_.reset();
  if (restarts_ > 0) {
    ++parts_.record.fence;
    back_off();
  }
  parts_.plan.identity.run = parts_.record.run;
  parts_.plan.identity.fence = parts_.record.fence;
  parts_.interrupt.write();
  WEIR_TRY(
      parts_.checkpoints.save(parts_.record));  // the higher fence first: from here on the dead one can't come back
  WEIR_TRY_ASSIGN(const auto left, parts_.checkpoints.left());
  prepared_.reset();
  published_.clear();
  ledger_ = {};
  lane_.granted(left);
  return {};
}

base::Result<recovery::Checkpoint> LaneRun::checkpoint(std::uint64_t epoch) {
  if (epoch == 0) return recovery::Checkpoint{};
  WEIR_TRY_ASSIGN(auto found, parts_.checkpoints.checkpoint(epoch));
  return found ? std::move(*found) : recovery::Checkpoint{};
}

base::Result<void> LaneRun::abort(std::uint64_t epoch) {
  if (error_ && parts_.watch.redactor != nullptr)
    parts_.tell(events::EpochAborted{epoch, parts_.watch.redactor->redact(error_->message)});
  close();
  parts_.interrupt.write();  // what still ran was told to stop; what follows is to be done
  recovery::Checkpoint undone;
  if (prepared_) {
    undone = *prepared_;
  } else {
    WEIR_TRY_ASSIGN(undone, checkpoint(epoch));
  }
  prepared_.reset();
  WEIR_TRY_ASSIGN(const auto kept, checkpoint(epoch - 1));
  WEIR_TRY_ASSIGN(const auto own, turn());
  return committers_->abort(epoch, undone, kept);
}

// Readers are told what is committed before the way back is gone. Of those that are to be opened anew only the splits that
// have nothing left to read: the others are told when they are opened.
base::Result<void> LaneRun::forget(std::uint64_t epoch) {
  const auto& sources = parts_.plan.sources;
  if (std::any_of(sources.begin(), sources.end(), [](const auto& source) { return source->acknowledges(); })) {
    WEIR_TRY_ASSIGN(const Standing decided, standing(epoch + 1));
    WEIR_TRY(execution_ != nullptr ? execution_->acknowledge(decided) : run::acknowledge(parts_.plan, decided));
  }
  return parts_.checkpoints.forget(epoch);
}

base::Result<void> LaneRun::sweep(std::uint64_t epoch) {
  WEIR_TRY_ASSIGN(const auto kept, checkpoint(epoch - 1));
  WEIR_TRY_ASSIGN(const auto own, turn());
  return committers_->abort(epoch, {}, kept);
}

base::Result<void> LaneRun::publish(std::uint64_t epoch) {
  prepared_.reset();
  WEIR_TRY_ASSIGN(const auto decided, checkpoint(epoch));
  {
    WEIR_TRY_ASSIGN(const auto own, turn());
    WEIR_TRY_ASSIGN(published_, committers_->publish(decided));
  }
  parts_.tell(events::EpochCommitted{epoch});
  if (ledger_.lines.empty() && decided.manifest == parts_.manifest) {
    WEIR_TRY_ASSIGN(const Totals totals, totals_of(decided.totals));
    ledger_ = ledger_of(parts_.plan, totals);
  }
  for (const auto& [link, load] : decided.loads) parts_.keeper.wrote(link, load.objects);
  parts_.keeper.committed(epoch, ledger_);
  return {};
}

void LaneRun::name_splits() {
  if (!names_.empty()) return;
  for (const auto& source : parts_.plan.sources) {
    const auto inputs = source->inputs();
    for (std::size_t i = 0; i < source->splits().size(); ++i) {
      names_.push_back(source->link() + "\n" + source->splits()[i].name);
      versions_.push_back(i < inputs.size() ? inputs[i].version : std::string());
    }
  }
}

// The splits of a checkpoint by their numbers in this plan; one that is not there any more has nothing left to give.
base::Result<Standing> LaneRun::standing(std::uint64_t epoch) {
  Standing standing;
  standing.epoch = epoch;
  if (epoch == 0) return standing;
  WEIR_TRY_ASSIGN(const auto from, checkpoint(epoch));
  WEIR_TRY_ASSIGN(const auto items, parts_.checkpoints.items(epoch));
  // Another chain counts other rows: its ledger begins here.
  if (from.manifest == parts_.manifest) {
    WEIR_TRY_ASSIGN(standing.totals, totals_of(from.totals));
  }
  for (const auto& [link, load] : from.loads) standing.resume[link] = load.resume;
  for (const auto& [owner, kept] : items) {
    if (!owner.starts_with(kState)) continue;
    auto& state = standing.state[owner.substr(std::string_view(kState).size())];
    for (const auto& [key, value] : kept) state.push_back({key, value});
  }
  name_splits();
  const auto finished = items.find(kSplits);
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (const auto open = from.open.find(names_[i]); open != from.open.end()) {
      standing.open[i] = open->second.position;
      standing.reached[i] = open->second.bytes;
    }
    if (finished != items.end() && finished->second.contains(names_[i])) standing.finished.push_back(i);
  }
  return standing;
}

base::Result<void> LaneRun::check_unchanged() {
  WEIR_TRY_ASSIGN(const auto from, checkpoint(standing_epoch_));
  WEIR_TRY_ASSIGN(const auto items, parts_.checkpoints.items(standing_epoch_));
  const auto changed = [&](const std::string& what) {
    const std::string epochs = std::to_string(standing_epoch_) + (standing_epoch_ == 1 ? " epoch" : " epochs");
    return base::unexpected(base::manifest_error("run.changed", "expected " + what + " of the unfinished run " +
                                                                    parts_.record.run +
                                                                    ", found another; loaded: " + epochs)
                                .with_hint("--resume goes on with it all the same, --fresh begins another run"));
  };
  if (from.manifest != parts_.manifest) return changed("the manifest and the plugins");
  std::map<std::string, std::string> now;
  name_splits();
  for (std::size_t i = 0; i < names_.size(); ++i) now[names_[i]] = versions_[i];
  const auto shown = [](const std::string& name) { return "the input '" + name.substr(name.find('\n') + 1) + "'"; };
  for (const auto& [name, open] : from.open) {
    const auto found = now.find(name);
    if (found == now.end() || found->second != open.version) return changed(shown(name));
  }
  const auto finished = items.find(kSplits);
  if (finished == items.end()) return {};
  for (const auto& [name, version] : finished->second) {
    if (const auto found = now.find(name); found != now.end() && found->second != version) return changed(shown(name));
  }
  return {};
}

base::Result<void> LaneRun::discard() {
  WEIR_TRY_ASSIGN(const auto own, turn());
  WEIR_TRY(committers_->abort(standing_epoch_ + 1, {}, {}));
  return committers_->finish(false, {});
}

base::Result<void> LaneRun::open_writers(std::uint64_t epoch) {
  WEIR_TRY(parts_.interrupt.go_on());
  WEIR_TRY_ASSIGN(Standing from, standing(epoch));
  parts_.plan.identity.epoch = epoch + 1;
  execution_ = std::make_unique<Execution>(parts_.plan, std::move(from));
  WEIR_TRY(execution_->open());
  tell_one_epoch();
  std::int64_t expected = 0;
  for (const auto& source : parts_.plan.sources) {
    for (const auto& split : source->splits()) expected += std::max<std::int64_t>(split.bytes, 0);
  }
  if (parts_.watch.begin) parts_.watch.begin(*execution_, expected);
  parts_.tell(events::RunStarted{parts_.record.fence});
  return {};
}

// Of a run whose manifest asked for epochs, it is told to who did not ask for a log.
void LaneRun::tell_one_epoch() {
  const auto why = execution_->one_epoch();
  if (!why || parts_.watch.log == nullptr || std::exchange(told_one_epoch_, true)) return;
  observe::LogRecord record;
  record.level = parts_.plan.settings.checkpoint.asked ? observe::Level::warning : observe::Level::info;
  record.event = "run.one_epoch";
  record.message = "the run is one epoch, for nothing is committed before its end: " + why->reason;
  record.link = why->link;
  parts_.watch.log->write(record);
}

base::Result<void> LaneRun::flow() {
  if (drained_) {
    lane_.failed(recovery::Lane::Failing::ends);
    return {};
  }
  parts_.interrupt.flow(*execution_);
  const auto flowed = execution_->flow();
  parts_.interrupt.write();
  if (!flowed) return base::unexpected(flowed.error());
  drained_ = *flowed == Flowed::drained;
  if (drained_ && !execution_->open_epoch())
    lane_.failed(recovery::Lane::Failing::ends);
  else
    lane_.flowed(*flowed == Flowed::end);
  return {};
}

void LaneRun::keep_holds(const std::string& link, const pipeline::Prepared& prepared) const {
  for (const auto& load : parts_.plan.loads) {
    if (load->link(0) != link) continue;
    for (std::size_t i = 0; i < prepared.holds.size(); ++i)
      parts_.keeper.holds(load->link(i), prepared.holds[i],
                          prepared.stored.empty() ? std::string() : prepared.stored[i]);
  }
}

base::Result<void> LaneRun::prepare(std::uint64_t epoch) {
  const bool last = lane_.is_last();
  WEIR_TRY_ASSIGN(Cut cut, execution_->cut(epoch, last));
  recovery::Checkpoint made{epoch, last, parts_.manifest, parts_.fingerprint, text_of(cut.totals), {}, {}};
  name_splits();
  for (const auto& [split, position] : cut.open) {
    const auto reached = cut.reached.find(split);
    made.open[names_[split]] = {position, versions_[split], reached == cut.reached.end() ? 0 : reached->second};
  }
  for (auto& [link, load] : cut.prepared) {
    if (epoch == 1) keep_holds(link, load);
    made.loads[link] = {std::move(load.committables), std::move(load.undo), std::move(load.resume),
                        std::move(load.objects)};
  }
  prepared_ = std::move(made);
  changes_.clear();
  for (const std::size_t split : cut.finished) changes_.push_back({kSplits, names_[split], versions_[split]});
  for (const auto& [link, items] : published_) {
    for (std::size_t i = 0; i < items.size(); ++i)
      changes_.push_back({kPublished + link, std::to_string(epoch - 1) + "/" + std::to_string(i), items[i]});
  }
  for (auto& [link, items] : cut.state) {
    for (auto& item : items) changes_.push_back({kState + link, std::move(item.key), std::move(item.value)});
  }
  ledger_ = ledger_of(parts_.plan, cut.totals);
  return last ? ledger_.balance() : base::Result<void>();
}

base::Result<void> LaneRun::store() {
  WEIR_TRY(parts_.checkpoints.store(*prepared_, changes_));
  parts_.tell(events::EpochPrepared{prepared_->epoch, ledger_.loaded()});
  return {};
}

base::Result<void> LaneRun::finish() {
  const std::uint64_t last = lane_.next().epoch;
  WEIR_TRY_ASSIGN(const auto items, parts_.checkpoints.items(last));
  std::map<std::string, std::vector<std::string>> published;
  for (const auto& [owner, kept] : items) {
    if (!owner.starts_with(kPublished)) continue;
    for (const auto& [key, value] : kept) published[owner.substr(std::string_view(kPublished).size())].push_back(value);
  }
  for (const auto& [link, told] : published_) published[link].insert(published[link].end(), told.begin(), told.end());
  close();
  WEIR_TRY_ASSIGN(const auto own, turn());
  return committers_->finish(true, published);
}

base::Result<void> LaneRun::complete() {
  WEIR_TRY_ASSIGN(const auto last, checkpoint(lane_.next().epoch));
  parts_.record.complete = true;
  parts_.record.fingerprint = last.fingerprint;
  if (parts_.plan.quality != nullptr) parts_.keeper.judged(parts_.plan.quality->all());
  parts_.keeper.complete();
  if (parts_.bookmarks != nullptr) WEIR_TRY(parts_.bookmarks->stand(parts_.checkpoints));
  WEIR_TRY(parts_.checkpoints.save(parts_.record));
  return parts_.checkpoints.clear();
}

void LaneRun::close() {
  if (execution_ == nullptr) return;
  execution_->close_writers();
  if (parts_.watch.end) parts_.watch.end();
  parts_.tell(execution_->spent());
  execution_.reset();
}

base::Error LaneRun::foreign(std::uint64_t epoch) const {
  return base::make_error(base::Status::failed_precondition, base::Fault::integrity, "recovery.foreign_token",
                          "expected the destination to hold an epoch that run " + parts_.record.run +
                              " has a checkpoint of, found epoch " + std::to_string(epoch))
      .with_hint("the state of this pipeline was lost or is another's; look at the destination, then run with --fresh");
}

}  // namespace weir::run
