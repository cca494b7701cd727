// PipelineEvent: everything that a run tells while it goes on. A closed list: whoever handles each alternative handles all
// there is; a new one is a change of the interface. Values own what they hold and may be kept.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace weir::events {

// The pipeline is planned and locked: rows will flow unless there is nothing to do.
struct RunPlanned {
  std::vector<std::string> links;  // in the order of the manifest, extract and loads among them
  std::uint64_t splits = 0;
  std::int64_t bytes_expected = 0;   // of the splits that tell their size
  std::string guarantee;             // "exactly once", "at least once", "at most once"
  std::vector<std::string> because;  // "by LINK, LINK: REASON": whose doing it is
};

// What a run that died had decided was finished, or what it had not was withdrawn.
struct RunRecovered {
  bool published = false;
};

// Rows begin to flow.
struct RunStarted {
  std::uint64_t fence = 0;  // grows with each attempt at a run
};

// Progress of the whole run, at most a few times a second.
struct RowsMoved {
  std::uint64_t rows_extracted = 0;  // since the run started, as all counts here
  std::uint64_t rows_loaded = 0;
  std::uint64_t bytes_read = 0;
};

// A split is read from now on.
struct SplitStarted {
  std::string split;  // a file, a split's id
};

// All of the split was read. Its rows may still be on their way.
struct SplitRead {
  std::string split;
};

// One row was rejected. Told for the first of a link and reason only; RowsMoved and the report count the others.
struct RowRejected {
  std::string link, reason;
  std::string file;        // "" where the rows come from no file
  std::uint64_t line = 0;  // 0: unknown
};

// Nothing has been handed over and no call of a plugin has returned for a while (`deadlines: stalled`).
struct RunStalled {
  std::int64_t still_ns = 0;
  std::vector<std::string>
      waits_for;  // the calls in progress, the longest first: "read() of plugin 'csv' in 'orders', for 1 m"
};

// It moves again.
struct RunMovesOn {
  std::int64_t still_ns = 0;  // how long it did not
};

// A connection does not answer: nothing is asked of it for a while (`retry: breaker`).
struct ConnectionPaused {
  std::string connection;      // its name; of who has none, the link's
  std::uint64_t failures = 0;  // calls in a row without an answer
  std::int64_t pause_ns = 0;   // until the next call goes out
  std::string reason;          // what the last of them said
};

// It answers again.
struct ConnectionResumed {
  std::string connection;
};

// The epoch is durable and not yet seen by anybody.
struct EpochPrepared {
  std::uint64_t epoch = 0;
  std::uint64_t rows_loaded = 0;
};

// Its rows are where they were to go.
struct EpochCommitted {
  std::uint64_t epoch = 0;
};

// Its rows were withdrawn; nothing of it is seen by anybody.
struct EpochAborted {
  std::uint64_t epoch = 0;
  std::string reason;
};

// Nothing flows any more, and this is where the time went. The times of work and of waiting are of all threads together.
struct RunTimed {
  struct Link {
    std::string link;
    std::int64_t busy_ns = 0;  // in its own work, or that of what it asks: a disk, a server
  };
  std::vector<Link> links;            // extracts, transforms, loads
  std::uint64_t chains = 0;           // that read and transform side by side
  std::int64_t chains_waited_ns = 0;  // theirs, for memory that is taken, or for something to read
  std::int64_t loads_waited_ns = 0;   // the loads', who are one, for rows
  std::int64_t flowing_ns = 0;        // how long rows flowed, but for the ends of epochs, when the loads stand still
};

// The run is at its end, and balanced.
struct RunCompleted {
  bool nothing_to_do = false;
  std::int64_t duration_ns = 0;
  std::uint64_t rows_extracted = 0, rows_loaded = 0, rows_dropped = 0, rows_rejected = 0;
};

// The run is at its end, and is not.
struct RunFailed {
  std::string code;     // as `weir explain` takes it
  std::string message;  // with its place and its hint, as the program prints it
  int exit_code = 1;
  std::string reason;                  // the message alone
  std::string link;                    // in whose work; empty: none
  std::string file;                    // manifest or data; empty: it has no place
  std::uint64_t line = 0, column = 0;  // from 1; 0: unknown
};

// What happened: one of the structs above.
using EventDetail = std::variant<RunPlanned, RunRecovered, RunStarted, RowsMoved, SplitStarted, SplitRead, RowRejected,
                                 RunStalled, RunMovesOn, ConnectionPaused, ConnectionResumed, EpochPrepared,
                                 EpochCommitted, EpochAborted, RunTimed, RunCompleted, RunFailed>;

// What happened, in which run, and when. A value that owns what it holds.
struct PipelineEvent {
  std::string pipeline;      // its name
  std::string run;           // id; empty before it is known
  std::int64_t unix_ns = 0;  // when it happened
  EventDetail detail;
  std::string stream = {};  // which of its streams; empty: it has none
};

// The dotted name of what happened, "run.started": the same in logs.
const char* event_name(const EventDetail& detail);

}  // namespace weir::events
