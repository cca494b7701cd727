// Plan: a manifest made into parts that can run: components found, loaded and configured, schemas settled down the chain.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "manifest/manifest.hpp"
#include "manifest/options.hpp"
#include "observe/log.hpp"
#include "pipeline/links/transform.hpp"
#include "pipeline/load.hpp"
#include "pipeline/source.hpp"
#include "plugins/registry.hpp"

namespace weir::run {

struct Settings {
  std::size_t chains = 0;  // 0: as many as cores
  std::uint64_t budget_bytes = 64ULL << 20U;
  bool validate_full = false;
};

// One transformer of the chain, and what flows into it and out of it.
struct PlannedLink {
  std::shared_ptr<const pipeline::Component> component;
  weir_traits traits{};
  weir::Schema output;
};

// Everything of it is planned, nothing has been read or written. Move only.
struct Plan {
  pipeline::RunIdentity identity;
  std::atomic<bool>* cancelled = nullptr;  // what plugins are told when they ask; lent by whoever runs the plan
  Settings settings;
  std::unique_ptr<pipeline::Source> source;
  std::vector<PlannedLink> links;
  std::size_t parallel_links = 0;  // those before the first of scope run: one instance a chain
  std::unique_ptr<pipeline::Load> load;
  std::unique_ptr<pipeline::Load> reject;  // null: a reject fails the run
  std::string extract_component;
  base::Place load_place;  // of the load's path in the manifest
  std::vector<std::pair<std::string, std::string>> plugin_versions;

  // The schema that the load gets.
  const ArrowSchema& final_schema() const {
    return links.empty() ? source->schemas().front().get() : links.back().output.get();
  }
};

// Finds, loads and configures the components of a manifest. All errors of the manifest are told at once.
base::Result<Plan> assemble(const manifest::Draft& draft, const plugins::Registry& registry,
                            plugins::Libraries& libraries, const plugins::HostServices& services,
                            observe::Redactor& redactor, pipeline::RunIdentity identity, Settings settings);

// Plans the source and settles the schemas down the chain; nothing is read but what the source needs to know them.
base::Result<void> settle(Plan& plan);

// The schema of the reject sink's rows.
weir::Schema reject_schema();

}  // namespace weir::run
