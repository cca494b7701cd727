// Init: a first manifest from the data that it is to read.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <weir/arrow.hpp>

#include "base/result.hpp"
#include "cli/output.hpp"

namespace weir::cli {

// Rows that can be had: one file or pattern, a table of a database, or several files with the same columns.
struct DataFound {
  std::string name;                // of the pipeline, the table, the files beside: [0-9A-Za-z_-]
  std::vector<std::string> paths;  // as a manifest has them, from its folder; of a database one
  std::string table;               // of a database; empty: files
  std::string format;              // of files: "csv"
  std::string delimiter;           // of a csv, where it is not a comma
  weir::Schema schema;
  // Beside the first of a database: its tables and views that can't be read, each with the reason.
  std::vector<std::string> left_out = {};
};

// Looks at what there is, by the components that are installed: as a run would, no more is read. `folder`, absolute: where the
// manifest will stand. Errors: init.data (exit code 2), as a plan's. Threads: [main].
base::Result<std::vector<DataFound>> find_data(const std::vector<std::string>& files,
                                               const std::filesystem::path& folder, Output& output);

// Writes a manifest, YAML, that reads what was found and loads it beside: files into a table, tables into files. `file`: what
// it will be called. Paths that it writes to are of files that are not there yet.
std::string manifest_for(const std::vector<DataFound>& found, const std::filesystem::path& folder,
                         const std::string& file);

}  // namespace weir::cli
