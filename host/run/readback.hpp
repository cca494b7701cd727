// Readback: how what a load loaded is read back: by which component, with which options.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "manifest/manifest.hpp"
#include "pipeline/component.hpp"
#include "plugins/registry.hpp"

namespace weir::run {

// The load of that name, of the pipeline or a branch of it; null: there is none.
const manifest::Use* find_load(const manifest::Manifest& manifest, const std::string& link);

// The use of the extractor that reads back what `loader`, used so, loads. Precondition: it has one. Errors: those of a default of
// the loader's that is no JSON.
base::Result<manifest::Use> readback_use(const manifest::Use& use, const plugins::Component& loader);

// The columns that identify a row, as the load says.
std::vector<std::string> key_columns(const manifest::Use& use, const plugins::Component& loader);

// The error of a loader that says none (verify.no_readback).
base::Error no_readback(const plugins::Component& loader);

// Where a load's rows go, in a text that is the same for all loads that write there: the component, and its options but for
// secrets; of those that `options` gives the values of, if it names any.
std::string destination_text(const plugins::Component& found, const pipeline::Component& component,
                             const std::vector<std::pair<std::string, std::string>>& options);

}  // namespace weir::run
