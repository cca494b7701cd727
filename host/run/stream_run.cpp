#include "run/stream_run.hpp"

#include <algorithm>
#include <map>
#include <thread>

#include "manifest/diagnostics.hpp"
#include "observe/time_text.hpp"
#include "run/manifest_settings.hpp"
#include "run/stream_outcome.hpp"
#include "run/worker.hpp"

namespace weir::run {
namespace {

using recovery::RunState;

// What a stream's own report says, in that of all; of one that failed, what is kept: that was committed.
StreamReport report_of(const base::Result<RunReport>& ran, const recovery::KeptRun* kept) {
  StreamReport report;
  if (ran) {
    report.run = ran->run;
    report.state = ran->nothing_to_do ? "nothing to do" : "complete";
    count_rows(report, ran->ledger);
    return report;
  }
  report.state = ran.error().code == interrupted().code ? "drained" : "failed";
  report.error = ran.error();
  if (kept == nullptr) return report;
  report.run = kept->run;
  count_rows(report, kept->ledger);
  return report;
}

base::Error shared_destination(const Portion& one, const Portion& other, const Destination& destination) {
  return base::manifest_error("streams.destination",
                              "expected a destination of its own for each stream, found '" + one.shown + "' and '" +
                                  other.shown + "' in one: " + destination.shown,
                              destination.place)
      .with_hint(
          "put more of their names into it, {schema} or {stream}, or give one of them another: "
          "streams: { NAME: { load: { … } } }");
}

base::Error replaced_range(const Portion& one, const Portion& other, const Destination& destination) {
  return base::manifest_error("backfill.replaces",
                              "expected a destination that ranges can have together, found '" + one.shown + "' and '" +
                                  other.shown + "' in one that holds one at a time: " + destination.shown,
                              destination.place)
      .with_hint(
          "put {range} into its path, or replace the range alone: within: { column: …, from: \"{from}\", to: "
          "\"{to}\" }");
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

base::Error StreamRun::of_portion(base::Error error, const Portion& portion) const {
  error.message = noun_of(report_) + " '" + portion.shown + "': " + error.message;
  return error;
}

manifest::Draft StreamRun::draft_of(const Portion& portion) {
  const auto& registry = *whole_.parts().registry;
  const auto of_range = [&] { return range_draft(draft_, ranges_[*portion.range], registry); };
  if (!portion.stream) return of_range();
  const auto& name = found_[*portion.stream].name;
  return stream_draft(portion.range ? of_range() : draft_, name, registry);
}

// `locked`: the pipeline is this run's, and its state open.
base::Result<void> StreamRun::find(bool locked) {
  if (!draft_.errors.empty()) return base::unexpected(manifest::joined(draft_.errors));
  report_.name = draft_.manifest.name;
  report_.ranges = options_.ranges.has_value();
  WEIR_TRY(whole_.find_parts());
  if (options_.ranges) {
    const auto* const naive = draft_.manifest.times.find("naive");
    WEIR_TRY_ASSIGN(ranges_, cut_ranges(*options_.ranges, naive == nullptr ? std::string() : naive->text));
  }
  if (draft_.manifest.streams) WEIR_TRY(find_streams_of_source(locked));
  const auto add = [this](std::optional<std::size_t> stream) {
    const std::string name = stream ? found_[*stream].name.stream : std::string();
    if (!options_.ranges) portions_.push_back({name, stream, {}});
    for (std::size_t i = 0; i < ranges_.size(); ++i)
      portions_.push_back({manifest::part_name(name, &ranges_[i]), stream, i});
  };
  for (const std::size_t i : chosen_.taken) add(i);
  if (!draft_.manifest.streams) add(std::nullopt);
  return {};
}

base::Result<void> StreamRun::find_streams_of_source(bool locked) {
  auto& parts = whole_.parts();
  const auto services = whole_.services();
  pipeline::RunIdentity identity;
  identity.run = recovery::new_run_id();
  WEIR_TRY_ASSIGN(found_,
                  find_streams({draft_, *parts.registry, *parts.libraries, services, *watch_.redactor, identity}));
  std::unique_ptr<state::Store> looked_at;
  if (!locked) {
    WEIR_TRY_ASSIGN(looked_at, whole_.look_into_state());
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

// All that the manifest says of each, and that no two of them write to one place: of ranges, where one would replace another.
base::Result<void> StreamRun::check_streams() {
  std::vector<base::Error> errors;
  std::map<std::string, const Portion*> taken;  // by destination
  for (const Portion& portion : portions_) {
    Attempt attempt(options_, stream_watch_, draft_of(portion), parting_, &whole_.parts());
    auto planned = attempt.plan();
    if (planned && (options_.ranges || options_.refresh)) planned = attempt.refuse_appending();
    if (!planned) {  // mostly the same for all, and told once
      errors.push_back(std::move(planned).error());
      continue;
    }
    for (const auto& destination : attempt.destinations()) {
      const auto [other, is_new] = taken.emplace(destination.text, &portion);
      if (is_new || other->second == &portion || destination.text.empty()) continue;
      const bool same_stream = other->second->stream == portion.stream;
      if (!same_stream) errors.push_back(shared_destination(*other->second, portion, destination));
      if (same_stream && destination.alone) errors.push_back(replaced_range(*other->second, portion, destination));
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

base::Result<StreamsReport> StreamRun::list() {
  WEIR_TRY(check());
  std::map<std::string, recovery::KeptRun> last;  // by what runs it
  WEIR_TRY_ASSIGN(const auto store, whole_.look_into_state());
  if (store != nullptr) {
    WEIR_TRY_ASSIGN(auto runs, recovery::RunHistory(*store).runs());
    for (auto& run : runs) {
      std::string pipeline = run.pipeline;
      last.emplace(std::move(pipeline), std::move(run));
    }
  }
  for (const Portion& portion : portions_) {
    const auto found = last.find(portion_id(draft_of(portion).manifest));
    StreamReport& report = report_.streams.emplace_back();
    if (found != last.end())
      report = stream_report_of(found->second);
    else
      report.state = "not loaded";
    report.stream = portion.shown;
  }
  return std::move(report_);
}

std::size_t StreamRun::jobs() const {
  const std::size_t wanted = options_.jobs > 0 ? options_.jobs : std::max(1U, std::thread::hardware_concurrency());
  return std::min(wanted, portions_.size());
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
  if (options_.streams.empty() && !options_.ranges)
    WEIR_TRY(remember_streams(whole_.store(), pipeline_id(), found_, chosen_));
  whole_.parts().store = &whole_.store();
  whole_.parts().whole = recovery::new_run_id();
  report_.streams.resize(portions_.size());
  for (std::size_t i = 0; i < portions_.size(); ++i) {
    report_.streams[i].stream = portions_[i].shown;
    report_.streams[i].state = "not begun";
  }
  interrupt_.write();  // from here on each stream has its own
  // One is planned all the time, so that the plugins stay loaded from one stream to the next.
  Attempt keeps(options_, stream_watch_, draft_of(portions_.front()), parting_, &whole_.parts());
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
  if (stopped_ || interrupt_.requested() || next_ == portions_.size()) return std::nullopt;
  return next_++;
}

void StreamRun::work() {
  while (const auto number = next()) run_one(*number);
}

void StreamRun::run_one(std::size_t number) {
  const Portion& portion = portions_[number];
  Interrupt::Part interrupt(interrupt_);
  RunWatch watch = stream_watch_;
  watch.interrupt = &interrupt.own();
  const std::int64_t begin = plugins::monotonic_ns();
  StreamReport report;
  try {
    auto draft = draft_of(portion);
    if (auto before = loaded_before(draft)) {
      report = std::move(*before);
    } else {
      Attempt attempt(options_, watch, std::move(draft), parting_, &whole_.parts());
      const auto ran = attempt.run();
      report = report_of(ran, attempt.kept());
    }
  } catch (...) {
    report = report_of(base::unexpected(thrown_error(std::current_exception())), nullptr);
  }
  report.stream = portion.shown;
  report.duration_ns = plugins::monotonic_ns() - begin;
  const std::lock_guard lock(mutex_);
  report_.streams[number] = std::move(report);
  ended(report_.streams[number]);
}

// A range that is loaded is not loaded again, whatever came since: --fresh does.
std::optional<StreamReport> StreamRun::loaded_before(const manifest::Draft& draft) {
  if (!options_.ranges || options_.fresh) return std::nullopt;
  const auto last = recovery::Checkpoints(whole_.store(), portion_id(draft.manifest), "").last_run();
  if (!last || !*last || !(*last)->complete) return std::nullopt;
  StreamReport report;
  report.run = (*last)->run;
  report.state = "nothing to do";
  return report;
}

void StreamRun::ended(StreamReport& report) {
  ++ended_;
  if (report.state == "failed" && draft_.manifest.streams && draft_.manifest.streams->stops) stopped_ = true;
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
  kept_.of_ranges = report_.ranges;
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
        kept_.error_message = noun_of(report_) + " '" + one.stream + "': " + one.error->message;
      }
    }
    kept_.streams.push_back(std::move(kept));
  }
  keep();
}

}  // namespace weir::run
