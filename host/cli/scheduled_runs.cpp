#include "cli/scheduled_runs.hpp"

#include <sys/timerfd.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include "base/units.hpp"
#include "cli/run_supervisor.hpp"
#include "observe/time_text.hpp"

namespace weir::cli {
namespace {

constexpr int kManifestIsWrong = 2;  // the exit code of a run

// A descriptor that is readable from an instant of the system's clock on, and when that clock is set.
class WallTimer {
 public:
  WallTimer() : descriptor_(::timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC)), problem_(errno) {}
  WallTimer(const WallTimer&) = delete;
  WallTimer& operator=(const WallTimer&) = delete;
  ~WallTimer() { ::close(descriptor_); }

  int descriptor() const { return descriptor_; }
  // Why there is none.
  int problem() const { return descriptor_ < 0 ? problem_ : 0; }
  void set(Instant instant) const {
    itimerspec at{};
    at.it_value = {instant / kSecond, instant % kSecond};
    ::timerfd_settime(descriptor_, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &at, nullptr);
  }

 private:
  int descriptor_;
  int problem_;
};

class ScheduledRuns {
 public:
  ScheduledRuns(RunSchedule schedule, Output& output, RunSupervisor& supervisor, const WallTimer& timer)
      : schedule_(std::move(schedule)), output_(output), supervisor_(supervisor), timer_(timer) {}

  // Gives the exit code.
  base::Result<int> run() {
    tell("");
    while (supervisor_.asked() == 0) {
      WEIR_TRY(begin_what_is_due());
      timer_.set(schedule_.next());
      const auto code = supervisor_.wait(supervisor_.running() ? -1 : timer_.descriptor(), std::nullopt);
      if (code && (supervisor_.asked() != 0 || (*code == kManifestIsWrong && runs_ == 1))) return *code;
      if (code) tell(how_it_ended(*code));
    }
    while (supervisor_.running()) {
      if (const auto code = supervisor_.wait(-1, std::nullopt)) return *code;
    }
    return 0;
  }

 private:
  void tell(const std::string& what) {
    output_.tell_aside("schedule  " + what + "next run " + schedule_.times().text(schedule_.next()) + "\n");
  }

  static std::string how_it_ended(int code) {
    if (code == 0) return "the run has ended: ";
    return code > 128 ? "the run was ended by signal " + std::to_string(code - 128) + ": "
                      : "the run has failed with exit code " + std::to_string(code) + ": ";
  }

  base::Result<void> begin_what_is_due() {
    if (supervisor_.running()) return {};
    const auto due = schedule_.due(observe::now_ns());
    if (!due) return {};
    if (due->times > 1) {
      const std::string since = schedule_.times().text(due->first);
      const std::uint64_t missed = due->times - 1;
      output_.log().warning("schedule.missed",
                            "missed " + base::format_count(missed) + (missed == 1 ? " time" : " times") + " since " +
                                since + ": this run is for all of them",
                            {{"missed", missed}, {"since", since}});
    }
    ++runs_;
    return supervisor_.start();
  }

  RunSchedule schedule_;
  Output& output_;
  RunSupervisor& supervisor_;
  const WallTimer& timer_;
  std::uint64_t runs_ = 0;
};

base::Error cannot_wait(int problem) {
  return base::make_error(base::Status::resource_exhausted, base::Fault::host, "run.child",
                          "expected to wait for the time of a run, found: " + std::generic_category().message(problem))
      .with_hint("the system, or this program, may open no more: ulimit -n");
}

base::Result<std::int64_t> duration_of(const std::string& option, const std::string& text) {
  auto duration = base::parse_duration_ns(text);
  if (!duration) {
    base::Error error = std::move(duration).error();
    error.message = option + ": " + error.message;
    return base::unexpected(std::move(error));
  }
  if (*duration >= kSecond) return *duration;
  return base::unexpected(
      base::manifest_error("usage.schedule", option + ": expected a second, or longer, found '" + text + "'")
          .with_hint("write a duration such as 15m, 1h or 1d"));
}

base::Unexpected missing(const std::string& option, const std::string& other) {
  return base::unexpected(
      base::manifest_error("usage.schedule", option + ": expected " + other + " beside it, found none")
          .with_hint("weir run --help tells what there is"));
}

}  // namespace

void add_schedule_arguments(CLI::App& command, ScheduleArguments& arguments, CLI::Option* watch) {
  CLI::Option* const every =
      command
          .add_option("--every", arguments.every,
                      "runs it now and then again and again, so long after: 15m, 1h; until SIGTERM "
                      "or Ctrl-C, one run at a time, each in a process of its own")
          ->type_name("DURATION")
          ->excludes(watch);
  command
      .add_option("--at", arguments.at,
                  "the same at times that an expression of cron names: \"0 3 * * *\" is every "
                  "night at three; @hourly, @daily, @weekly, @monthly")
      ->type_name("CRON")
      ->excludes(watch)
      ->excludes(every);
  command
      .add_option("--zone", arguments.zone, "with --at: by whose clocks, Europe/Rome or UTC (default: the machine's)")
      ->type_name("ZONE");
  command
      .add_option("--jitter", arguments.jitter,
                  "with --every or --at: begins each run later, by a time that is drawn anew, shorter than this: 5m")
      ->type_name("DURATION");
}

base::Result<RunSchedule> schedule_of(const ScheduleArguments& arguments, std::function<double()> draw, Instant now) {
  if (arguments.zone && !arguments.at) return missing("--zone", "--at");
  if (arguments.jitter && !arguments.at && !arguments.every) return missing("--jitter", "--every or --at");
  std::int64_t jitter = 0;
  if (arguments.jitter) {
    WEIR_TRY_ASSIGN(jitter, duration_of("--jitter", *arguments.jitter));
  }
  if (!arguments.at) {
    WEIR_TRY_ASSIGN(const std::int64_t interval, duration_of("--every", *arguments.every));
    return RunSchedule(RunTimes::every(interval, now), jitter, std::move(draw), now);
  }
  WEIR_TRY_ASSIGN(const CronExpression cron, CronExpression::parse(*arguments.at));
  WEIR_TRY_ASSIGN(const cctz::time_zone zone, zone_named(arguments.zone));
  return RunSchedule(RunTimes::at(cron, zone), jitter, std::move(draw), now);
}

int scheduled_runs(RunSchedule schedule, Output& output) {
  RunSupervisor supervisor(arguments_of_a_run({}, {"--every", "--at", "--jitter", "--zone"}, {}));
  const WallTimer timer;
  for (const int problem : {supervisor.problem(), timer.problem()}) {
    if (problem != 0) return output.fail(cannot_wait(problem));
  }
  const auto code = ScheduledRuns(std::move(schedule), output, supervisor, timer).run();
  return code ? *code : output.fail(code.error());
}

}  // namespace weir::cli
