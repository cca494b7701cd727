// Notices of a run: which of those that a manifest asks for what it came to gives rise to, and what they say. Knows nobody who is told.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "manifest/notices.hpp"
#include "recovery/run_history.hpp"
#include "run/run.hpp"

namespace weir::cli {

// The hidden command of weir-packages that posts a notice, which stands on its standard input.
constexpr const char* kPostNotice = "post-notice";

// What one flow of rows of a run came to: all of it, or one of its streams.
struct PartEnd {
  run::StreamReport report;  // without a stream's name: of all
  integrity::Ledger ledger;  // of what is committed, as far as it is known
  std::vector<recovery::KeptLoad> loads;
};

// What a run came to.
struct RunEnd {
  std::string pipeline, run;  // name, id; the id is empty where there is none
  std::string manifest;       // real path
  bool nothing_to_do = false;
  std::optional<base::Error> error;  // of one that failed
  std::int64_t duration_ns = 0;
  std::string guarantee;
  bool has_streams = false;
  std::string noun = "stream";  // or "range": what its parts are then
  std::vector<PartEnd> parts;   // one, or one a stream
};

// `earlier`: what is kept of the pipeline's runs, the last first, the one that has ended perhaps among them; it was begun at `began_ns`, since
// 1970, or later.
RunEnd run_end(const manifest::Manifest& manifest, const base::Result<run::RunReport>& report,
               const std::vector<recovery::KeptRun>& earlier, std::int64_t began_ns);
// The same of a pipeline with streams; `error`: what all of it fails with, if it does.
RunEnd streams_end(const manifest::Manifest& manifest, const run::StreamsReport& report,
                   std::optional<base::Error> error, const std::vector<recovery::KeptRun>& earlier);

// One that is to be given.
struct GivenNotice {
  manifest::Notice notice;
  std::string text;              // what has happened, a sentence
  nlohmann::ordered_json about;  // the document, "weir_notice": 1; docs/reference/notice.schema.json
};

// Each event once, in the order of kNoticeEvents. Of a run that was stopped by a signal: none. `now_ns` since 1970; `host` is the machine's
// name.
//
//   failed    it ended with an error
//   rejected  it is complete, and has rejected rows
//   drift     other columns or types go to a load than in the last complete run
//   slow      it is complete, and took longer than `after`; else than three times the median of the last complete runs, at least five and
//             at most twenty, and ten seconds
//   done      it is complete, also with nothing to do
//   empty     it is complete, has loaded no row, and one of the last twenty complete runs has
//
// Of many streams each event is told once, with the names of those that it is about and the sums of all. rejected, drift and empty
// look at each stream by itself, and are told of those that are complete, though others have failed: no later run would tell them.
std::vector<GivenNotice> notices_of(const std::vector<manifest::Notice>& asked, const RunEnd& end,
                                    const std::vector<recovery::KeptRun>& earlier, std::int64_t now_ns,
                                    const std::string& host);

// The words of `exec` with what stands for {words}.
std::vector<std::string> filled_in(const std::vector<std::string>& words, const GivenNotice& given);

}  // namespace weir::cli
