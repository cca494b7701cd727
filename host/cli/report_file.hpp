// ReportFile: what `weir run --report FILE.html` writes at the end of a run, also of one that fails.
#pragma once

#include <string>
#include <vector>

#include "cli/output.hpp"
#include "cli/run_page.hpp"
#include "cli/run_record.hpp"
#include "run/run.hpp"

namespace weir::cli {

// Of one command. Threads: [main], but heard().
class ReportFile {
 public:
  static constexpr std::size_t kMostStreams = 50;

  // `file` as it was typed; empty: nothing is written. `output` is lent.
  ReportFile(std::string file, Output& output);

  // Whether it can be written there, before anything is done. Errors: usage.report.
  base::Result<void> check() const;
  // Hears the run.
  RunRecord& heard() { return record_; }
  // The run of a pipeline of the manifest `file` has ended; `notices` as RunNotices::json() has them.
  void ended(const std::string& pipeline, const std::string& file, const base::Result<run::RunReport>& report,
             const nlohmann::ordered_json& notices);
  // The same of one with streams: a part for all of them, and one for each of the first kMostStreams that did something.
  void ended(const std::string& pipeline, const std::string& file, const run::StreamsReport& report,
             const nlohmann::ordered_json& notices);
  // Writes the page in one step. Gives `code`, the command's exit code; 1 in place of 0 if it could not be written, which is told.
  int write(int code) const;

 private:
  PageOfRun begun(const std::string& pipeline, const std::string& file, const nlohmann::ordered_json& notices) const;
  void failed(base::Error error, PageOfRun& page) const;
  void add(PageOfRun page);

  std::string file_;
  Output& output_;
  std::int64_t began_ns_;
  RunRecord record_;
  std::vector<PageOfRun> pages_;
};

}  // namespace weir::cli
