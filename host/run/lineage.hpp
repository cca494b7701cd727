// Lineage: for each column that a load gets, the columns of the extracts that it is made from, and the links that made it.
#pragma once

#include <string>
#include <vector>

namespace weir::run {

struct Plan;

struct ColumnLineage {
  std::string column;
  std::vector<std::string> from;        // columns of the extracts, in their order
  std::vector<std::string> made_by;     // links, in the order in which rows pass them
  std::vector<std::string> perhaps_by;  // links that pass it on under its name, and may have changed it
  std::vector<std::string> untold_by;   // of those in made_by, which do not tell: it may come from all that they get
};

struct LoadLineage {
  std::string link;
  std::string shown;  // where the load writes
  std::vector<ColumnLineage> columns;
};

// Tells the lineage of all loads of a settled plan.
std::vector<LoadLineage> lineage(const Plan& plan);

}  // namespace weir::run
