// Which streams a source has, and which of them a manifest picks.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "manifest/manifest.hpp"
#include "run/plan.hpp"
#include "state/store.hpp"

namespace weir::run {

// A stream that the source has.
struct FoundStream {
  manifest::StreamName name;
  std::string description;
  std::vector<std::string> columns;  // none: not known before it is read
  std::vector<std::string> keys, cursors;
  std::int64_t rows = -1, bytes = -1;  // estimates; -1: not known
  std::uint64_t objects = 0;           // files that make it; 0: it is an extractor's
};

// Asks the extractor (weir.discover/1), or looks which streams the names of a storage's objects make; by name. Errors: the plugin's;
// manifest.streams of an extract that has no streams.
base::Result<std::vector<FoundStream>> find_streams(const Assembly& parts);

// What a manifest makes of them. Each number is one of those that were found.
struct ChosenStreams {
  std::vector<std::size_t> taken;
  std::vector<std::size_t> added;    // of those that were taken: earlier runs had not found them
  std::vector<std::size_t> ignored;  // new, and left for that
  std::vector<std::string> gone;     // earlier runs had found them
};

// `known`: what earlier runs have found; none: there were none. `asked`: names that were asked for beside the manifest; none: all.
// Errors, all together: streams.unknown, streams.none, streams.new.
base::Result<ChosenStreams> choose_streams(const manifest::Manifest& manifest, const std::vector<FoundStream>& found,
                                           const std::optional<std::set<std::string>>& known,
                                           const std::vector<std::string>& asked);

// What earlier runs of a pipeline have found; none: there were none. Errors: state.damaged.
base::Result<std::optional<std::set<std::string>>> known_streams(state::Store& store, const std::string& pipeline);
// Adds those that were found now, but for those that were ignored.
base::Result<void> remember_streams(state::Store& store, const std::string& pipeline,
                                    const std::vector<FoundStream>& found, const ChosenStreams& chosen);

// The manifest of one of the streams, with values spelled as its components need them.
manifest::Draft stream_draft(const manifest::Draft& whole, const manifest::StreamName& name,
                             const plugins::Registry& registry);
// The manifest of one of the ranges, likewise.
manifest::Draft range_draft(const manifest::Draft& whole, const manifest::Range& range,
                            const plugins::Registry& registry);
// How a stream of that name is called in a manifest, without a look at the source.
manifest::StreamName name_in(const manifest::Manifest& manifest, const std::string& stream);

}  // namespace weir::run
