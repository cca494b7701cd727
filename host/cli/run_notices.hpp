// RunNotices: the notices that a manifest asks for (`on:`), given at the end of its run: to the log, to a program, to a server.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include <weir/events/bus.hpp>

#include "cli/notices.hpp"
#include "cli/output.hpp"
#include "manifest/network.hpp"
#include "security/program.hpp"

namespace weir::cli {

// Of one command. What comes of a notice changes nothing of what the run came to: one that can't be given is a warning. Threads: as a
// handler; the rest [main], when nothing runs.
class RunNotices final : public events::EventHandler {
 public:
  // `output` is lent, and so is what `watch` points to.
  RunNotices(Output& output, const run::RunOptions& options, const run::RunWatch& watch);

  // Hears which pipelines fail; of their streams their report tells.
  void handle(const events::PipelineEvent& event) override;

  // A pipeline's run is complete: finds out what there is to tell.
  void ended(const run::RunReport& report);
  // The same of one with streams, some of which may have failed.
  void ended(const run::StreamsReport& report);
  // The command has failed with it: likewise of each pipeline that has. Gives their names, each with what went wrong.
  std::vector<std::pair<std::string, base::Error>> failed(const base::Error& error);

  // What a person sees of what there is to tell below a run's ledger: what can't be seen in that.
  std::string text() const;
  // Each event and its sentence, for programs; empty: there are none.
  nlohmann::ordered_json json() const;
  // Gives those that are not given yet. Blocks, for as long as `timeout` says.
  void give();

 private:
  // What a manifest asks for, and what is kept of its pipeline's runs.
  struct Asked {
    manifest::Manifest manifest;
    std::vector<manifest::Notice> notices;
    std::vector<recovery::KeptRun> earlier;
  };

  void clear();
  Asked asked_by(const std::string& pipeline) const;
  void find(const Asked& asked, const RunEnd& end);
  manifest::Manifest manifest_of(const std::string& pipeline) const;
  void give_one(const GivenNotice& notice);
  void execute(const GivenNotice& notice);
  void post(const GivenNotice& notice);
  void start(security::ProgramCall call, const GivenNotice& notice, const std::string& how);
  nlohmann::ordered_json redacted(const nlohmann::ordered_json& document) const;

  Output& output_;
  const run::RunOptions& options_;
  const run::RunWatch& watch_;
  std::int64_t began_ns_;
  std::vector<std::pair<std::string, events::RunFailed>> failures_;  // by pipeline
  std::vector<GivenNotice> notices_;                                 // of the run that has ended last
  std::size_t given_ = 0;                                            // of these
  manifest::Network network_;                                        // of its manifest
};

}  // namespace weir::cli
