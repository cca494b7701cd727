// The state store as people look at it: by pipelines, whose names are told by the runs that are kept.
#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "run/open_state.hpp"
#include "state/keys.hpp"
#include "state/pipeline_lock.hpp"

namespace weir::cli {

// A pipeline, or one of its streams, that has entries.
struct StatePipeline {
  std::string id;
  std::string name, stream, manifest;  // empty: no run of it is kept
  std::uint64_t entries = 0, bytes = 0;

  std::string shown() const { return name.empty() ? id : stream.empty() ? name : name + " " + stream; }
  // Of what runs it: a stream's is its pipeline's.
  std::string lock_id() const;
};

struct StateView {
  std::filesystem::path folder;  // where locks are, and the store, if no manifest names another
  run::StateAtRest state;
  std::vector<StatePipeline> pipelines;  // by name
};

// Looks at the state folder of the user; of a `word` that is a manifest with state: store:, at what that names. A record that can't be read tells no name. Errors: state.unusable, state.newer.
base::Result<StateView> open_state_view(const std::string& word = {});

// The pipeline of that name, "NAME STREAM" for one of its streams, of that id or how it begins, or of that manifest. Errors:
// state.pipeline_unknown, state.pipeline_ambiguous.
base::Result<const StatePipeline*> find_state_pipeline(const StateView& view, const std::string& word);

// Errors: state.key, of what can't be the name of a key.
base::Result<void> check_key_name(const std::string& name);
// The entry of a pipeline's key. Errors: state.key, state.key_unknown.
base::Result<state::Entry> find_entry(const StateView& view, const StatePipeline& pipeline, const std::string& name);

// What people see of an entry's value: a document. What a plugin or a storage has written stands there as its size alone, for it may
// hold what nobody should read.
nlohmann::ordered_json shown_value(const state::KeyKind& kind, const std::string& value);
// The bytes as they are: a text, or {"hex": …}.
nlohmann::ordered_json plain_value(const std::string& value);

}  // namespace weir::cli
