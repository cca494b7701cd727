// For tests: reads a manifest as a run would, with the schemas of a few made-up components in place of plugins.
#pragma once

#include <string>

#include "manifest/diagnostics.hpp"
#include "manifest/manifest.hpp"
#include "manifest/options.hpp"

namespace weir::manifest::test {

// The schema of "file", "csv", "json", "filter", "odd" (one of every kind of rule), "plain" (accepts anything).
const nlohmann::json& schema_of(const std::string& component);

// Reads a text, checks the options of every known component, and gives all errors. The environment has HOST=db.example,
// EMPTY= and TOKEN=s3cr3t-Zm9v; the parameters day=monday.
std::vector<base::Error> errors_of(const std::string& file, const std::string& text);

// The values that errors_of() uses, and the same with others.
Values values();
std::vector<base::Error> errors_of(const std::string& file, const std::string& text, const Values& values);

}  // namespace weir::manifest::test
