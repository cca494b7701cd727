// Which columns of the rows on their way are read by anybody, found backwards from where rows end.
#pragma once

#include <vector>

#include "arrow/stand_in.hpp"

namespace weir::run {

struct Plan;
struct Port;

// Of each port, one for each column. Constant.
struct ColumnUse {
  arrow::Columns source;
  std::vector<std::vector<arrow::Columns>> links;  // [link][output]
};

// Finds it for a settled plan. A load reads all that it gets; a link what it tells, and what is read of what it makes; one
// that tells nothing reads all. So does each link where rejects are kept, for a row that it rejects is kept whole.
ColumnUse column_use(const Plan& plan);

// Asks the sources of a settled plan for the columns that are read, and has links gather no others. Without it all are.
void leave_out_unread(Plan& plan);

}  // namespace weir::run
