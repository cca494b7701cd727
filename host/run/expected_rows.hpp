// Expected rows: what a destination should hold by what is kept of the runs that loaded into it.
#pragma once

#include <string>
#include <vector>

#include "recovery/run_history.hpp"
#include "run/examine.hpp"

namespace weir::run {

struct ExpectedRows {
  RowsAndDigest rows;             // of all runs together
  std::vector<std::string> with;  // other runs whose rows are there too
  std::string replaced_by;        // a later run that put its rows in their place; empty: none
  std::string unsure;             // why what is kept does not tell it; empty: it does
  bool alone = false;             // there are no others: the first of the runs found nothing, or left nothing
  bool merged = false;            // a row that was sent need not be there
  std::size_t loads_of_run = 0;   // of the run itself, into the destination
};

// `runs`: all that are kept, the last begun first, `run` among them; `load`, of it: where.
ExpectedRows expected_rows(const std::vector<recovery::KeptRun>& runs, const recovery::KeptRun& run,
                           const recovery::KeptLoad& load);

// What a run sent to a load of it; none: nothing of it can be read back, or nothing is kept.
std::optional<RowsAndDigest> sent_to(const recovery::KeptRun& run, const std::string& link);

}  // namespace weir::run
