// StreamRun: a pipeline that is about many streams, or whose ranges are loaded: found, chosen, checked together, then run side by
// side, each by an attempt of its own, with a ledger, a state and a run of its own.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "manifest/diagnostics.hpp"
#include "run/attempt.hpp"
#include "run/find_streams.hpp"

namespace weir::run {

// What one attempt is about: a stream, a range, or a range of a stream.
struct Portion {
  std::string shown;
  std::optional<std::size_t> stream;  // which of those that were found
  std::optional<std::size_t> range;   // which of those that were asked for
};

// Threads: [main].
class StreamRun {
 public:
  // `draft` is the manifest of all of them; all else is lent, and outlives it.
  StreamRun(const RunOptions& options, const RunWatch& watch, manifest::Draft draft, Parting& parting);

  // Runs them all. Errors: what is known before the first is begun; those of single streams stand in the report.
  base::Result<StreamsReport> run();
  // What can be known before a row is read: the streams, and of each all that the manifest says.
  base::Result<void> check();
  // And what the source tells of each.
  base::Result<void> validate();
  base::Result<StreamsFound> discover();
  // What has become of each range by now.
  base::Result<StreamsReport> list();
  // Tells that all of it has failed, before any stream was begun. Gives what is said of that.
  base::Error fail(base::Error error) const { return whole_.fail(std::move(error)); }
  // What `step` gives of each stream's attempt, in the order of names; errors together.
  template <class T>
  base::Result<std::vector<T>> each(const std::function<base::Result<T>(Attempt&)>& step) {
    if (portions_.empty()) WEIR_TRY(find(false));
    std::vector<T> all;
    std::vector<base::Error> errors;
    for (const Portion& portion : portions_) {
      Attempt attempt(options_, watch_, draft_of(portion), parting_, &whole_.parts());
      auto made = step(attempt);
      if (made)
        all.push_back(std::move(*made));
      else
        errors.push_back(of_portion(std::move(made).error(), portion));
    }
    if (!errors.empty()) return base::unexpected(manifest::joined(std::move(errors)));
    return all;
  }

 private:
  base::Result<void> find(bool locked);
  base::Result<void> check_streams();
  base::Result<void> find_streams_of_source(bool locked);
  manifest::Draft draft_of(const Portion& portion);
  base::Error of_portion(base::Error error, const Portion& portion) const;
  std::optional<StreamReport> loaded_before(const manifest::Draft& draft);
  std::string pipeline_id() const;
  std::size_t jobs() const;
  void work();
  std::optional<std::size_t> next();
  void run_one(std::size_t number);
  void ended(StreamReport& report);
  void begin_whole(const std::string& name, const Guarantee& guarantee);
  void keep_whole(recovery::RunState state);
  void keep();
  recovery::RunState state_of_whole() const;

  const RunOptions& options_;
  const RunWatch& watch_;
  Parting& parting_;
  Interrupt own_interrupt_;  // where nobody watches
  Interrupt& interrupt_;
  manifest::Draft draft_;
  Attempt whole_;
  RunWatch stream_watch_;  // of each stream
  std::vector<FoundStream> found_;
  ChosenStreams chosen_;
  std::vector<manifest::Range> ranges_;
  std::vector<Portion> portions_;  // what is run: by stream, then by range
  bool had_runs_ = false;
  StreamsReport report_;

  std::mutex mutex_;      // guards what follows
  std::size_t next_ = 0;  // in portions_
  std::size_t ended_ = 0;
  bool stopped_ = false;    // no other is begun
  recovery::KeptRun kept_;  // of all of them; without an id: nothing was done yet
  std::optional<Delivery> promised_;
};

}  // namespace weir::run
