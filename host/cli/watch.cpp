#include "cli/watch.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "cli/folder_watch.hpp"
#include "cli/run_supervisor.hpp"
#include "cli/watched_files.hpp"

namespace weir::cli {
namespace {

using Clock = RunSupervisor::Clock;

constexpr std::chrono::milliseconds kQuiet{100};  // what changes in one go is taken together

class Watch {
 public:
  Watch(const run::RunOptions& options, Output& output, RunSupervisor& supervisor, FolderWatch folders)
      : options_(options), output_(output), supervisor_(supervisor), folders_(std::move(folders)) {}

  // Gives the signal that ended it.
  base::Result<int> run() {
    WEIR_TRY_ASSIGN(seen_, watched());
    WEIR_TRY(supervisor_.start());
    while (supervisor_.asked() == 0 || supervisor_.running()) {
      if (const auto code = supervisor_.wait(folders_.descriptor(), look_at_)) WEIR_TRY(ended(*code));
      if (folders_.take()) look_at_ = Clock::now() + kQuiet;
      if (supervisor_.asked() == 0 && due(look_at_)) WEIR_TRY(look());
    }
    return supervisor_.asked();
  }

 private:
  void tell(const std::string& text) { output_.tell_aside("watch  " + text + "\n"); }

  base::Result<void> ended(int code) {
    if (supervisor_.asked() != 0) return {};
    if (restarts_) {
      restarts_ = false;
      return supervisor_.start();
    }
    tell(code == 0    ? "the run has ended: waits for a change"
         : code > 128 ? "the run was ended by signal " + std::to_string(code - 128) + ": waits for a change"
                      : "the run has failed: waits for a change");
    return {};
  }

  // Watches first and looks then, so that nothing is missed between the two.
  base::Result<WatchedFiles> watched() {
    for (;;) {
      WatchedFiles files = watched_files(options_);
      WEIR_TRY_ASSIGN(const bool more, folders_.watch(files));
      if (!more) return files;
    }
  }

  base::Result<void> look() {
    WEIR_TRY_ASSIGN(WatchedFiles now, watched());
    const std::string changed = what_changed(seen_, now);
    if (changed.empty()) return {};
    if (const std::string problem = not_whole(seen_, now); !problem.empty()) {
      if (problem != told_) tell(problem + ": waits until it is there");
      told_ = problem;
      return {};
    }
    told_.clear();
    tell(changed + " changed: the pipeline starts anew");
    seen_ = std::move(now);
    if (!supervisor_.running()) return supervisor_.start();
    if (!restarts_) supervisor_.stop();
    restarts_ = true;
    return {};
  }

  const run::RunOptions& options_;
  Output& output_;
  RunSupervisor& supervisor_;
  FolderWatch folders_;
  WatchedFiles seen_;                         // when the run was started last, or told to stop for another
  std::string told_;                          // what is waited for
  std::optional<Clock::time_point> look_at_;  // when it has been quiet long enough
  bool restarts_ = false;                     // once the run has ended
};

}  // namespace

int watch_run(const run::RunOptions& options, Output& output) {
  RunSupervisor supervisor(arguments_of_a_run({"--watch", "--fresh"}, {}, {"--fresh"}));
  if (supervisor.problem() != 0) return output.fail(cannot_watch("files", supervisor.problem()));
  auto folders = FolderWatch::open();
  if (!folders) return output.fail(folders.error());
  auto watched = Watch(options, output, supervisor, std::move(*folders)).run();
  return watched ? 128 + *watched : output.fail(watched.error());
}

}  // namespace weir::cli
