// Plan: a manifest made into parts that can run: components found, loaded and configured, schemas settled down the tree of
// links.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <weir/events/event.hpp>

#include "manifest/manifest.hpp"
#include "manifest/options.hpp"
#include "observe/log.hpp"
#include "pipeline/budget.hpp"
#include "pipeline/chain.hpp"
#include "pipeline/load.hpp"
#include "pipeline/source.hpp"
#include "plugins/registry.hpp"
#include "run/column_use.hpp"
#include "run/quality.hpp"
#include "run/reject_origins.hpp"
#include "run/stand_ins.hpp"
#include "run/turns.hpp"

namespace weir::run {

// When an epoch ends: whichever comes first.
struct CheckpointRule {
  std::int64_t every_ns = 10'000'000'000;
  std::uint64_t rows = UINT64_MAX;
  std::uint64_t bytes = UINT64_MAX;
  bool asked = false;  // for by the manifest
};

struct Settings {
  std::size_t chains = 0;  // 0: as many as cores
  std::uint64_t budget_bytes = 48ULL << 20U;
  bool validate_full = false;
  bool allow_loss = false;  // of data, where a destination differs from the rows
  CheckpointRule checkpoint;
};

// Where rows leave: the sources, or an output of a link.
struct Port {
  std::optional<std::size_t> link;  // none: the sources
  std::uint64_t output = 0;
};

// Rows of an extractor that a transformer gets before all others, as an option of it says.
struct SideInput {
  std::string option;
  std::unique_ptr<pipeline::Source> source;
};

// One transformer of the tree, what flows into it and out of it. It stands behind the one that it gets its rows from.
struct PlannedLink {
  std::shared_ptr<const pipeline::Component> component;
  manifest::Use use;
  weir_traits traits{};
  Port from;
  std::vector<SideInput> sides;
  std::vector<weir::Schema> outputs;
  pipeline::ColumnMap columns;  // what the link tells of them
};

// An input of a load.
struct LoadInput {
  std::size_t load = 0;
  std::uint64_t input = 0;
};

// Where rows end.
struct PlannedEnd {
  LoadInput to;
  Port from;
};

// Links in a row, as the manifest has them, and what is behind: ends that each get every row, or the branches that the last
// link routes to. settle() makes the tree of them.
struct Stretch {
  std::string branch;  // empty: the pipeline's own
  base::Place place;   // of the branch's name
  std::vector<PlannedLink> links;
  std::vector<LoadInput> ends;
};

// Why a run is one epoch, and nothing of it committed before its end.
struct OneEpoch {
  std::string link;    // whose doing it is
  std::string reason;  // a sentence about it
};

// Everything of it is planned, nothing has been read or written. Move only.
struct Plan {
  pipeline::RunIdentity identity;
  std::atomic<bool>* cancelled = nullptr;       // what plugins are told when they ask; lent by whoever runs the plan
  const observe::Redactor* redactor = nullptr;  // takes secrets out of what plugins say of a reject; lent; null: nobody
  Settings settings;
  pipeline::Retrying retrying;                    // of calls and of epochs
  std::shared_ptr<pipeline::Retries> retries;     // what repeated calls share; with the components that make them
  std::function<void(events::EventDetail)> tell;  // who hears of the run; empty: nobody; called on its threads
  std::vector<std::unique_ptr<pipeline::Source>> sources;  // at least one; their rows together are what flows
  // Of a replay: where the rows of each source enter, if not in front of all links; what flows from the others; where all of them
  // came from.
  std::vector<std::optional<pipeline::Target>> entries;
  std::optional<weir::Schema> source_schema;
  RejectOrigins origins;
  std::vector<Stretch> stretches;  // the pipeline's own first; empty once it is settled
  std::vector<PlannedLink> links;
  std::vector<PlannedEnd> ends;
  std::optional<ColumnUse> use;                        // none: all columns are read
  std::vector<std::unique_ptr<pipeline::Load>> loads;  // each has a writer
  std::optional<LoadInput> reject;                     // none: a reject fails the run
  std::optional<OneEpoch> one_epoch;                   // what only the manifest or a replay tells; see one_epoch()
  manifest::Limits limits;
  // Of each load whose rows can be read back, by link: where they go, in a text that is the same in every run.
  std::map<std::string, std::string> destinations;
  std::vector<std::pair<std::string, std::string>> plugin_versions;
  std::vector<std::pair<std::string, std::string>> config_files;  // that options name, and what tells their content
  pipeline::Budget* budget = nullptr;  // shared with others; lent; null: settings have the bytes
  Quality* quality = nullptr;          // what links judge; lent; null: nobody wants to know
  Turns* turns = nullptr;              // at `exclusive`; lent; null: there are no others
  std::string exclusive;  // the destination that commits its rows itself, as all who write there call it; empty: none

  // The schema of the rows that leave by a port.
  const ArrowSchema& schema(const Port& from) const {
    if (from.link) return links[*from.link].outputs[from.output].get();
    return source_schema ? source_schema->get() : sources.front()->schemas().front().get();
  }
  // The port whose rows have the schema of what a target gets.
  const Port& in_front_of(const pipeline::Target& to) const {
    return to.kind == pipeline::Target::Kind::link ? links[to.number].from : ends[to.number].from;
  }
  std::optional<pipeline::Target> entry(std::size_t source) const {
    return source < entries.size() ? entries[source] : std::nullopt;
  }
  const pipeline::Load& load(const LoadInput& to) const { return *loads[to.load]; }
  // All inputs of all sources, and of side inputs; the latter alone.
  std::vector<pipeline::InputVersion> inputs() const;
  std::vector<pipeline::InputVersion> side_inputs() const;
  // Bytes that the sources have read from the world so far. [any]
  std::uint64_t bytes_read() const;
  // What gets the rows of each port.
  pipeline::Wiring wiring() const;
  // Which links run behind the gather, once in a run: those that need all rows, or their order, and all behind them.
  std::vector<bool> gathered() const;
};

// Finds, loads and configures the components of a manifest. All errors of the manifest are told at once.
base::Result<Plan> assemble(const manifest::Draft& draft, const plugins::Registry& registry,
                            plugins::Libraries& libraries, const plugins::HostServices& services,
                            observe::Redactor& redactor, pipeline::RunIdentity identity, Settings settings,
                            const StandIns& stand_ins = {});

// What further parts are made of, with the manifest's own. All is lent.
struct Assembly {
  const manifest::Draft& draft;
  const plugins::Registry& registry;
  plugins::Libraries& libraries;
  const plugins::HostServices& services;
  observe::Redactor& redactor;
  const pipeline::RunIdentity& identity;
};

// A source, or a load to a file, that is not the manifest's.
base::Result<std::unique_ptr<pipeline::Source>> assemble_source(const Assembly& parts, const manifest::Use& use);
base::Result<std::unique_ptr<pipeline::Load>> assemble_load(const Assembly& parts, const manifest::Use& use);

// One of the components, alone; null never. `kind`: a WEIR_KIND_....
base::Result<std::shared_ptr<const pipeline::Component>> assemble_component(const Assembly& parts,
                                                                            const manifest::Use& use,
                                                                            std::int32_t kind);

// Plans the sources and settles the schemas down the tree; nothing is read but what the sources need to know them.
base::Result<void> settle(Plan& plan);

// The schema of the reject sink's rows.
weir::Schema reject_schema();

}  // namespace weir::run
