// Pipeline and PipelineBuilder: weir inside another program. A builder says what a manifest says, and makes the same chain.
//
//   auto pipeline = weir::api::PipelineBuilder("orders")
//                       .extract("file", {{"path", "orders/*.csv"}})
//                       .transform("filter", {{"where", "quantity > 0"}})
//                       .load("sqlite", {{"database", "orders.db"}, {"table", "orders"}})
//                       .build();
//   if (!pipeline) std::cerr << weir::api::describe(pipeline.problems());
//   else if (const auto report = pipeline->run(); report.succeeded) std::cout << report.rows_loaded << " rows\n";
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <weir/api/outcome.hpp>
#include <weir/api/record.hpp>
#include <weir/api/report.hpp>
#include <weir/events/bus.hpp>

namespace weir::api {

// Options of a component, as its schema.json has them: an object.
using Options = nlohmann::ordered_json;

// A checked pipeline. Move only; must outlive a run of it. Threads: one caller at a time, but interrupt().
class Pipeline {
 public:
  // Reads a manifest file, and checks it as `weir validate` does. `parameters`: for ${param:NAME}.
  static Outcome<Pipeline> from_manifest(const std::string& file,
                                         std::vector<std::pair<std::string, std::string>> parameters = {});

  Pipeline(Pipeline&& other) noexcept;
  Pipeline& operator=(Pipeline&& other) noexcept;
  ~Pipeline();

  // What it is made from: of a builder, all that was said, as a manifest in JSON; else the name of the file.
  const std::string& manifest() const;

  // Runs it to its end on threads of its own, and returns then. A complete run whose inputs have not changed is not
  // repeated, unless `fresh`. What died before is recovered first, as the program does. It returns even if a call of a plugin
  // never does (`deadlines:`): then it fails with plugin.given_up, and what that run held, its threads, memory, plugins and
  // the lock of its pipeline, is left as it is until the process ends.
  RunReport run(bool fresh = false);
  // Ends a run in progress soon: it fails with code "run.interrupted", nothing of its open epoch is seen, and
  // run() goes on behind the others. Nothing without a run. [any]
  void interrupt();

  // The first rows as they reach the load (the first, where there are several), at most `limit`. Nothing is loaded, and no
  // state is touched. Read on one thread, and no further than a million rows or 256 MiB of input: complete() tells. Rejected
  // rows are left out.
  Outcome<DatasetSnapshot> snapshot(std::uint64_t limit);

  // Where to subscribe to this pipeline's runs. As valid as the pipeline.
  events::EventBus& bus();

 private:
  friend class PipelineBuilder;
  struct State;
  static Outcome<Pipeline> check(std::shared_ptr<State> state);
  explicit Pipeline(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;  // shared with a run whose plugin's call was given up
};

// How closely what plugins hand over is checked.
enum class IntegrityChecks {
  quick,  // lengths, offsets, types: costs nothing to speak of. The ledger must balance in any case
  full,   // every value too
};

// Says a pipeline step by step; mistakes are told by build(), all at once. Threads: one caller at a time.
class PipelineBuilder {
 public:
  // `name`: its identity, with its folder: a run of it resumes what an earlier process with both left. At most 128 bytes.
  explicit PipelineBuilder(std::string name);
  PipelineBuilder(PipelineBuilder&&) noexcept;
  PipelineBuilder& operator=(PipelineBuilder&&) noexcept;
  ~PipelineBuilder();

  // What relative paths start from, and where .weir/plugins is looked for. Without: the current folder at build().
  PipelineBuilder& folder(std::string path);
  // Each names a component, as `use:` of a manifest does, and its options. Said again: one more, whose rows are unioned
  // (extract), that comes behind (transform), that gets every row too (load).
  PipelineBuilder& extract(std::string component, const Options& options = Options::object());
  PipelineBuilder& transform(std::string component, const Options& options = Options::object());
  PipelineBuilder& load(std::string component, const Options& options = Options::object());
  // Where rejected rows go. Without, the first one fails the run.
  PipelineBuilder& reject(std::string component, const Options& options = Options::object());
  // The rows that a route or a tee sends to `name`: transforms and loads of `branch` are theirs.
  PipelineBuilder& branch(const std::string& name, PipelineBuilder branch);
  // Any other key of a manifest: set("retry", {{"attempts", 3}}).
  PipelineBuilder& set(const std::string& key, Options value);

  // Without: quick.
  PipelineBuilder& with_integrity_checks(IntegrityChecks checks);
  // `handler` hears everything of every run; shared with the pipeline.
  PipelineBuilder& with_monitoring(std::shared_ptr<events::EventHandler> handler);

  // Checks all of it, as `weir validate` does. The builder may be used on.
  Outcome<Pipeline> build() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace weir::api
