// Cases: what stands under `tests:`, the manifest's own tests: rows that come in, and rows that must go out.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "manifest/fields.hpp"

namespace weir::manifest {

// Rows that a case expects at one place.
struct ExpectedRows {
  std::string branch;  // or a load's name; empty: where all rows go
  Where where;         // of the name, else of the rows
  Node rows;           // an array of objects
};

// One case. Its rows are checked to be objects; whether columns and types fit is known when it runs.
struct Case {
  std::string name;  // unique in the pipeline
  Where where;       // of the name
  Node given;        // an array of objects; null: `file` has them
  std::string file;  // read as the extractor would read it
  Where given_where;
  std::vector<std::pair<std::string, Node>> types;  // by column: a type's name, a text
  std::vector<ExpectedRows> expect;
  std::optional<Node> rejects;  // an array of objects of row, reason, column, detail, link
  std::optional<Node> fails;    // a text: what the error says that the run ends with
  bool ordered = false;
  bool all_columns = false;  // a column that no expected row names is a difference
};

// Reads the value of `tests:`; adds all errors.
std::vector<Case> read_cases(const Node& tests, Errors& errors);

}  // namespace weir::manifest
