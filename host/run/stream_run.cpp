#include "run/stream_run.hpp"

#include <algorithm>
#include <map>
#include <thread>

#include "manifest/diagnostics.hpp"
#include "observe/time_text.hpp"
#include "run/worker.hpp"

namespace weir::run {
namespace {

using recovery::RunState;

void count(StreamReport& report, const integrity::Ledger& ledger) {
  report.extracted = ledger.extracted();
  report.expanded = ledger.expanded();
  report.merged = ledger.merged();
  report.dropped = ledger.dropped();
  report.rejected = ledger.rejected();
  report.loaded = ledger.loaded();
}

// What a stream's own report says, in that of all; of one that failed, what is kept: that was committed.
StreamReport report_of(const base::Result<RunReport>& ran, const recovery::KeptRun* kept) {
  StreamReport report;
  if (ran) {
    report.run = ran->run;
    report.state = ran->nothing_to_do ? "nothing to do" : "complete";
    count(report, ran->ledger);
    return report;
  }
  report.state = ran.error().code == interrupted().code ? "drained" : "failed";
  report.error = ran.error();
  if (kept == nullptr) return report;
  report.run = kept->run;
  count(report, kept->ledger);
  return report;
}

}  // namespace

StreamRun::StreamRun(const RunOptions& options, const RunWatch& watch, manifest::Draft draft, Parting& parting)
    : options_(options),
      watch_(watch),
      parting_(parting),
      interrupt_(watch.interrupt != nullptr ? *watch.interrupt : own_interrupt_),
      draft_(draft),
      whole_(options, watch, std::move(draft), parting),
      stream_watch_(watch) {
  stream_watch_.begin = nullptr;
  stream_watch_.end = nullptr;
  stream_watch_.promise = [this](const std::string& name, const Guarantee& guarantee) { begin_whole(name, guarantee); };
  stream_watch_.stdout_taken = [this] {
    const std::lock_guard lock(mutex_);
    if (watch_.stdout_taken) watch_.stdout_taken();
  };
}

std::string StreamRun::pipeline_id() const { return state::pipeline_id(draft_.manifest.name, draft_.manifest.path); }

base::Error StreamRun::of_stream(base::Error error, const std::string& stream) {
  error.message = "stream '" + stream + "': " + error.message;
  return error;
}

manifest::Draft StreamRun::draft_of(const FoundStream& stream) {
  return stream_draft(draft_, stream.name, *whole_.parts().registry);
}

// `locked`: the pipeline is this run's, and its state open.
base::Result<void> StreamRun::find(bool locked) {
  if (!draft_.errors.empty()) return base::unexpected(manifest::joined(draft_.errors));
  report_.name = draft_.manifest.name;
  WEIR_TRY(whole_.find_parts());
  auto& parts = whole_.parts();
  const auto services = whole_.services();
  pipeline::RunIdentity identity;
  identity.run = recovery::new_run_id();
  WEIR_TRY_ASSIGN(found_,
                  find_streams({draft_, *parts.registry, *parts.libraries, services, *watch_.redactor, identity}));
  std::unique_ptr<state::Store> looked_at;
  if (!locked) {
    WEIR_TRY_ASSIGN(looked_at, state::open_store_if_there(state::state_folder(draft_.manifest.folder)));
  }
  state::Store* const store = locked ? &whole_.store() : looked_at.get();
  std::optional<std::set<std::string>> known;
  if (store != nullptr) {
    WEIR_TRY_ASSIGN(known, known_streams(*store, pipeline_id()));
  }
  had_runs_ = known.has_value();
  WEIR_TRY_ASSIGN(chosen_, choose_streams(draft_.manifest, found_, known, options_.streams));
  for (const std::size_t i : chosen_.ignored) report_.ignored.push_back(found_[i].name.stream);
  report_.gone = chosen_.gone;
  return {};
}

// All that the manifest says of each, and that no two of them write to one place.
base::Result<void> StreamRun::check_streams() {
  std::vector<base::Error> errors;
  std::map<std::string, std::string> taken;  // destination, stream
  for (const std::size_t i : chosen_.taken) {
    const std::string& stream = found_[i].name.stream;
    Attempt attempt(options_, stream_watch_, draft_of(found_[i]), parting_, &whole_.parts());
    if (auto planned = attempt.plan(); !planned) {  // mostly the same for all, and told once
      errors.push_back(std::move(planned).error());
      continue;
    }
    for (const auto& destination : attempt.destinations()) {
      const auto [other, is_new] = taken.emplace(destination.text, stream);
      if (is_new || other->second == stream || destination.text.empty()) continue;
      errors.push_back(
          base::manifest_error("streams.destination",
                               "expected a destination of its own for each stream, found '" + other->second +
                                   "' and '" + stream + "' in one: " + destination.shown,
                               destination.place)
              .with_hint("put more of their names into it, {schema} or {stream}, or give one of them another: "
                         "streams: { NAME: { load: { … } } }"));
    }
  }
  if (!errors.empty()) return base::unexpected(manifest::joined(std::move(errors)));
  return {};
}

base::Result<void> StreamRun::check() {
  WEIR_TRY(find(false));
  return check_streams();
}

base::Result<void> StreamRun::validate() {
  WEIR_TRY(check());
  const auto settled = each<bool>([](Attempt& attempt) -> base::Result<bool> {
    WEIR_TRY(attempt.validate());
    return true;
  });
  if (!settled) return base::unexpected(settled.error());
  return {};
}

base::Result<StreamsFound> StreamRun::discover() {
  WEIR_TRY(find(false));
  StreamsFound told;
  told.name = draft_.manifest.name;
  told.has_run = had_runs_;
  told.gone = chosen_.gone;
  const auto is_in = [](const std::vector<std::size_t>& numbers, std::size_t i) {
    return std::find(numbers.begin(), numbers.end(), i) != numbers.end();
  };
  for (std::size_t i = 0; i < found_.size(); ++i) {
    auto& found = found_[i];
    StreamsFound::One one;
    one.stream = found.name.stream;
    one.description = std::move(found.description);
    one.columns = std::move(found.columns);
    one.keys = std::move(found.keys);
    one.cursors = std::move(found.cursors);
    one.rows = found.rows;
    one.bytes = found.bytes;
    one.objects = found.objects;
    one.taken = is_in(chosen_.taken, i);
    one.is_new = is_in(chosen_.added, i) || is_in(chosen_.ignored, i);
    told.streams.push_back(std::move(one));
  }
  return told;
}

std::size_t StreamRun::jobs() const {
  const std::size_t wanted = options_.jobs > 0 ? options_.jobs : std::max(1U, std::thread::hardware_concurrency());
  return std::min(wanted, chosen_.taken.size());
}

base::Result<StreamsReport> StreamRun::run() {
  const std::int64_t begin = plugins::monotonic_ns();
  interrupt_.plan();
  if (!draft_.errors.empty()) return base::unexpected(manifest::joined(draft_.errors));
  WEIR_TRY(whole_.take_pipeline());
  WEIR_TRY(find(true));
  WEIR_TRY(check_streams());
  WEIR_TRY(interrupt_.go_on());
  // A run of some that were asked for says nothing of the others, which may be new.
  if (options_.streams.empty()) WEIR_TRY(remember_streams(whole_.store(), pipeline_id(), found_, chosen_));
  whole_.parts().store = &whole_.store();
  whole_.parts().whole = recovery::new_run_id();
  report_.streams.resize(chosen_.taken.size());
  for (std::size_t i = 0; i < chosen_.taken.size(); ++i) {
    report_.streams[i].stream = found_[chosen_.taken[i]].name.stream;
    report_.streams[i].state = "not begun";
  }
  interrupt_.write();  // from here on each stream has its own
  // One is planned all the time, so that the plugins stay loaded from one stream to the next.
  Attempt keeps(options_, stream_watch_, draft_of(found_[chosen_.taken.front()]), parting_, &whole_.parts());
  WEIR_TRY(keeps.plan());
  std::vector<std::thread> workers;
  for (std::size_t i = 1; i < jobs(); ++i) workers.emplace_back([this] { work(); });
  work();
  for (auto& worker : workers) worker.join();
  keep_whole(state_of_whole());
  report_.run = kept_.run;
  report_.guarantee = kept_.guarantee;
  report_.duration_ns = plugins::monotonic_ns() - begin;
  return std::move(report_);
}

std::optional<std::size_t> StreamRun::next() {
  const std::lock_guard lock(mutex_);
  if (stopped_ || interrupt_.requested() || next_ == chosen_.taken.size()) return std::nullopt;
  return next_++;
}

void StreamRun::work() {
  while (const auto number = next()) run_one(*number);
}

void StreamRun::run_one(std::size_t number) {
  const FoundStream& stream = found_[chosen_.taken[number]];
  Interrupt::Part interrupt(interrupt_);
  RunWatch watch = stream_watch_;
  watch.interrupt = &interrupt.own();
  const std::int64_t begin = plugins::monotonic_ns();
  StreamReport report;
  try {
    Attempt attempt(options_, watch, draft_of(stream), parting_, &whole_.parts());
    const auto ran = attempt.run();
    report = report_of(ran, attempt.kept());
  } catch (...) {
    report = report_of(base::unexpected(thrown_error(std::current_exception())), nullptr);
  }
  report.stream = stream.name.stream;
  report.duration_ns = plugins::monotonic_ns() - begin;
  const std::lock_guard lock(mutex_);
  report_.streams[number] = std::move(report);
  ended(report_.streams[number]);
}

void StreamRun::ended(StreamReport& report) {
  ++ended_;
  if (report.state == "failed" && draft_.manifest.streams->stops) stopped_ = true;
  if (watch_.stream_ended) watch_.stream_ended(report, ended_, report_.streams.size());
}

// The first that has something to do makes it a run, which is kept from here on.
void StreamRun::begin_whole(const std::string& name, const Guarantee& guarantee) {
  const std::lock_guard lock(mutex_);
  if (!promised_ || guarantee.delivery > *promised_) {
    promised_ = guarantee.delivery;
    kept_.guarantee = text_of(guarantee.delivery);
    if (watch_.promise) watch_.promise(name, guarantee);
  }
  if (!kept_.run.empty()) return;
  kept_.pipeline = pipeline_id();
  kept_.run = whole_.parts().whole;
  kept_.name = draft_.manifest.name;
  kept_.manifest = draft_.manifest.path;
  kept_.began_ns = kept_.ended_ns = observe::now_ns();
  kept_.starts = 1;
  keep();
}

void StreamRun::keep() {
  if (options_.text) return;
  if (auto kept = run::keep_whole(whole_.store(), kept_, draft_.manifest.keep, *watch_.redactor);
      !kept && watch_.log != nullptr)
    watch_.log->warning("run.not_kept", kept.error().message);
}

RunState StreamRun::state_of_whole() const {
  const auto some = [this](const char* state) {
    return std::any_of(report_.streams.begin(), report_.streams.end(),
                       [state](const StreamReport& one) { return one.state == state; });
  };
  return some("failed")                         ? RunState::failed
         : some("drained") || some("not begun") ? RunState::drained
                                                : RunState::complete;
}

void StreamRun::keep_whole(RunState state) {
  if (kept_.run.empty()) return;
  kept_.state = state;
  kept_.ended_ns = observe::now_ns();
  kept_.duration_ns = kept_.ended_ns - kept_.began_ns;
  for (const auto& one : report_.streams) {
    if (one.state == "nothing to do" || one.state == "not begun") continue;
    recovery::KeptStream kept{one.stream,   one.run, one.state, one.extracted, one.loaded, one.dropped,
                              one.rejected, {},      {}};
    if (one.error) {
      kept.error_code = one.error->code;
      kept.error_message = one.error->message;
      if (kept_.error_code.empty() && state == RunState::failed && one.state == "failed") {
        kept_.error_code = one.error->code;
        kept_.error_message = "stream '" + one.stream + "': " + one.error->message;
      }
    }
    kept_.streams.push_back(std::move(kept));
  }
  keep();
}

}  // namespace weir::run
