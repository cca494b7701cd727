#include "events/event_log.hpp"

#include <utility>

#include "base/units.hpp"

namespace weir::events {
namespace {

using observe::Level;
using observe::LogRecord;

// Adds to a record what is told of one kind of event.
class Writer {
 public:
  Writer(LogRecord& record, bool on_stderr) : record_(record), on_stderr_(on_stderr) {}

  void operator()(const RunPlanned& event) {
    set(Level::info, "the run is planned");
    add("links", event.links);
    add("splits", event.splits);
    add("bytes_expected", event.bytes_expected);
    add("guarantee", event.guarantee);
    add("because", event.because);
  }
  void operator()(const RunRecovered& event) {
    set(Level::info,
        event.published ? "a run that had died is finished" : "what a run that died had left is withdrawn");
    add("published", event.published);
  }
  void operator()(const RunStarted& event) {
    set(Level::info, "rows begin to flow");
    add("fence", event.fence);
  }
  void operator()(const RowsMoved& event) {
    set(Level::debug, "rows move");
    add("rows_extracted", event.rows_extracted);
    add("rows_loaded", event.rows_loaded);
    add("bytes_read", event.bytes_read);
  }
  void operator()(const SplitStarted& event) {
    set(Level::debug, "a split is begun");
    add("split", event.split);
  }
  void operator()(const SplitRead& event) {
    set(Level::debug, "a split is read");
    add("split", event.split);
  }
  void operator()(const RowRejected& event) {
    set(Level::info, "the first row is rejected for this reason");
    record_.link = event.link;
    add("reason", event.reason);
    add_place(event.file, event.line, 0);
  }
  void operator()(const RunStalled& event) {
    std::string calls;
    for (const auto& call : event.waits_for) calls += (calls.empty() ? "" : "; ") + call;
    set(Level::warning,
        "nothing has moved for " + base::format_duration_ns(event.still_ns) + ": it waits for " + calls);
    add("still_ns", event.still_ns);
    add("waits_for", event.waits_for);
  }
  void operator()(const RunMovesOn& event) {
    set(Level::info, "it moves again");
    add("still_ns", event.still_ns);
  }
  void operator()(const ConnectionPaused& event) {
    set(Level::warning, "connection '" + event.connection + "' gave no answer to " +
                            base::format_count(event.failures) + " calls in a row: nothing is asked of it for " +
                            base::format_duration_ns(event.pause_ns));
    add("connection", event.connection);
    add("failures", event.failures);
    add("pause_ns", event.pause_ns);
    add("reason", event.reason);
  }
  void operator()(const ConnectionResumed& event) {
    set(Level::info, "connection '" + event.connection + "' answers again");
    add("connection", event.connection);
  }
  void operator()(const EpochPrepared& event) {
    set(Level::info, "the epoch is prepared");
    add("epoch", event.epoch);
    add("rows_loaded", event.rows_loaded);
  }
  void operator()(const EpochCommitted& event) {
    set(Level::info, "the epoch is committed");
    add("epoch", event.epoch);
  }
  void operator()(const EpochAborted& event) {
    set(on_stderr_ ? Level::info : Level::warning, "the epoch is withdrawn");
    add("epoch", event.epoch);
    add("reason", event.reason);
  }
  void operator()(const RunTimed& event) {
    set(Level::debug, "where the time went");
    std::vector<std::string> links;
    for (const auto& link : event.links) links.push_back(link.link + " " + std::to_string(link.busy_ns));
    add("busy_ns", links);
    add("chains", event.chains);
    add("chains_waited_ns", event.chains_waited_ns);
    add("loads_waited_ns", event.loads_waited_ns);
    add("flowing_ns", event.flowing_ns);
  }
  void operator()(const RunCompleted& event) {
    set(Level::info, event.nothing_to_do ? "nothing to do" : "the run is complete");
    add("nothing_to_do", event.nothing_to_do);
    add("duration_ns", event.duration_ns);
    add("rows_extracted", event.rows_extracted);
    add("rows_loaded", event.rows_loaded);
    add("rows_dropped", event.rows_dropped);
    add("rows_rejected", event.rows_rejected);
  }
  void operator()(const RunFailed& event) {
    set(on_stderr_ ? Level::info : Level::error, event.reason);
    record_.link = event.link;
    add("code", event.code);
    add("exit_code", event.exit_code);
    add_place(event.file, event.line, event.column);
  }

 private:
  void set(Level level, std::string message) {
    record_.level = level;
    record_.message = std::move(message);
  }
  template <class Value>
  void add(const char* name, const Value& value) {
    record_.fields.push_back({name, value});
  }
  void add_place(const std::string& file, std::uint64_t line, std::uint64_t column) {
    if (!file.empty()) add("file", file);
    if (line > 0) add("line", line);
    if (column > 0) add("column", column);
  }

  LogRecord& record_;
  bool on_stderr_;
};

}  // namespace

void EventLog::handle(const PipelineEvent& event) {
  LogRecord record;
  record.event = event_name(event.detail);
  record.folder = "run";
  if (!event.pipeline.empty()) record.fields.push_back({"pipeline", event.pipeline});
  if (!event.stream.empty()) record.fields.push_back({"stream", event.stream});
  if (!event.run.empty()) record.fields.push_back({"run", event.run});
  std::visit(Writer(record, log_.on_stderr()), event.detail);
  log_.write(record);
}

}  // namespace weir::events
