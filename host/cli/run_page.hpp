// The page of a run, `weir run --report FILE.html`: one file that needs no other, for a browser of any width, light or dark.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "cli/run_record.hpp"
#include "recovery/run_history.hpp"
#include "run/run.hpp"

namespace weir::cli {

// A rejected row, as the reject file has it.
struct RejectedRow {
  std::string link, reason, detail, place;  // "orders.csv:17"; empty: not known
  std::string row;                          // JSON; empty: not kept where it can be read
};

// What the page tells of one pipeline, or of one of its streams or ranges. A value; texts are as they are, secrets taken out.
struct PageOfRun {
  std::string name, run, manifest, manifest_digest;
  std::string state;                           // "complete", "nothing to do", "failed", "stopped"
  std::optional<base::Error> error;            // of one that failed
  int exit_code = 0;                           // -1: it has none of its own
  std::int64_t began_ns = 0, duration_ns = 0;  // began: since 1970; 0: not known
  std::uint64_t epochs = 0, starts = 0, inputs = 0;
  integrity::Ledger ledger;  // no lines: it did not come to that
  std::vector<std::string> loads_shown;
  std::string reject_shown, guarantee;
  std::vector<std::pair<std::string, std::string>> guarantee_links;  // "load orders", why
  std::string confirmation;                                          // what destinations said of it; empty: nothing
  std::vector<integrity::Judgement> judgements;                      // of its links
  std::vector<RejectedRow> rejects;                                  // some of each reason
  std::vector<std::string> notices;
  std::string noun = "stream";  // or "range": what `streams` are
  std::vector<run::StreamReport>
      streams;  // of a pipeline with some; each that did something may have a page of its own
  std::uint64_t streams_without_page = 0;  // that did something, too
  RecordedRun record;
};

// The whole document. `now_ns`: when it was made.
std::string run_page(const std::vector<PageOfRun>& runs, std::int64_t now_ns);

}  // namespace weir::cli
