// What a plan is, in words and figures: for `weir plan`.
#pragma once

#include <string>
#include <vector>

#include "run/guarantee.hpp"
#include "run/lineage.hpp"
#include "run/plan.hpp"

namespace weir::run {

// A part of the tree: where rows come from, a link, where they end.
struct PlanPart {
  std::string role;             // "extract", "transform", "load", "reject"
  std::string link, component;  // its name in the manifest, and of the component behind
  std::string plugin, version;  // whose the component is; empty: not told by it
  std::string from;             // the link that its rows come from; empty: an extract has none, others: the extracts
  std::uint64_t output = 0;     // and by which of its outputs
  std::vector<weir::Schema> outputs;  // of what leaves; a load's or reject's: of what enters
  std::string shown;                  // where a load writes
  std::vector<std::string> ddl;       // what a load would change there first, in statements
  std::string found;                  // what the format found out about an extract's first file
  std::vector<std::string> unread;    // an extract's columns that nobody reads
  bool parsed = true;                 // which are parsed all the same
  bool once = false;                  // one instance in the run, behind the gather; else one a chain
};

// What is read.
struct PlanSplits {
  std::string link;
  std::uint64_t count = 0;
  std::int64_t bytes = -1, rows = -1;  // of all that tell; -1: none tells
  std::vector<std::string> first;      // the first few names
};

struct PlanReport {
  std::string name;
  std::vector<PlanPart> parts;  // in the order in which rows flow
  std::vector<PlanSplits> splits;
  std::vector<LoadLineage> lineage;
  Guarantee guarantee;
  std::optional<OneEpoch> one_epoch;  // as far as it can be known; none: it may be many
  std::size_t chains = 0;
  std::uint64_t budget_bytes = 0;
  struct Plugin {
    std::string name, version, path;
  };
  std::vector<Plugin> plugins;
  std::string stream;  // which of the pipeline's; empty: it has none
};

// Describes a settled plan. The caller adds name, guarantee, one_epoch and plugins. Errors: of a load that can't tell what it would
// change at its destination.
base::Result<PlanReport> describe(const Plan& plan);

}  // namespace weir::run
