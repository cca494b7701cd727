// ColumnMap: what a transformer tells of the columns that it gets and gives (weir.reads/1).
#pragma once

#include <vector>

#include "pipeline/component.hpp"
#include "pipeline/narrowing.hpp"

namespace weir::pipeline {

// Of one instance, by the indexes of columns in the schemas of its input and outputs.
struct ColumnMap {
  // An output.
  struct Output {
    std::vector<std::vector<std::size_t>> from;  // of each column: the columns of the input that it is made from
    Columns made;                                // which are not passed on under their names
    Columns perhaps;                             // which are, and may be other values all the same
  };
  bool told = false;  // false: nothing is known, so it reads all, and each column may come from all
  Columns reads;      // of the input, by itself
  std::vector<Output> outputs;
  std::vector<Condition> conditions;  // that every row that gets through meets
};

// Asks the instance `self` of a transformer. Errors: what the plugin told is not so, or the call failed.
base::Result<ColumnMap> ask_columns(const Component& component, void* self, const ArrowSchema& input,
                                    const std::vector<weir::Schema>& outputs);

}  // namespace weir::pipeline
