#include "cli/run_log.hpp"

namespace weir::cli {

void log_begin(observe::Log& log, const run::RunOptions& options) {
  log.debug("run.began", "a run begins", {{"manifest", options.manifest}, {"fresh", options.fresh}});
}

void log_end(observe::Log& log, const base::Result<run::RunReport>& report) {
  observe::LogRecord record;
  if (report) {
    record.event = "run.completed";
    record.message = report->nothing_to_do ? "nothing to do" : "the run is complete";
    record.fields = {
        {"name", report->name}, {"run", report->run}, {"seconds", static_cast<double>(report->duration_ns) / 1e9}};
    if (!report->ledger.lines.empty()) {
      record.fields.push_back({"extracted", report->ledger.extracted()});
      record.fields.push_back({"loaded", report->ledger.loaded()});
      record.fields.push_back({"dropped", report->ledger.dropped()});
      record.fields.push_back({"rejected", report->ledger.rejected()});
    }
  } else {
    const base::Error& error = report.error();
    record.level = log.on_stderr() ? observe::Level::info : observe::Level::error;
    record.event = "run.failed";
    record.message = error.message;
    record.link = error.link;
    record.fields = {{"code", error.code}, {"exit_code", base::exit_code(error)}};
    if (error.place.known()) {
      record.fields.push_back({"file", error.place.file});
      record.fields.push_back({"line", error.place.line});
    }
  }
  log.write(record);
}

}  // namespace weir::cli
