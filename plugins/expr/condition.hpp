// Condition: the language for another plugin's rules. With naive_zone.hpp what
// others include of this folder: decision 0045.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <weir/weir.hpp>

#include "evaluate.hpp"

namespace weir::expr {

// Threads: one caller at a time.
class Condition {
 public:
  // Throws a Failure that points into the text of `option`. `naive_zone`: as the option `times: naive` says; empty: not known.
  Condition(std::string_view text, const ArrowSchema& rows, const std::string& option, std::string naive_zone = {});
  // The columns that it names, each once.
  const std::vector<std::string>& columns() const { return columns_; }
  // Gives the rows of [0, length) for which it is false (not those for which it is null), and those for which it can't be
  // computed, both ascending and valid until the next call. `columns`: one for each of the schema's.
  struct Broken {
    const std::vector<std::uint32_t>* rows;
    const std::vector<Reject>* failed;
  };
  Broken run(const std::vector<ColumnData>& columns, std::int64_t length);

 private:
  std::vector<std::string> columns_;
  Frame frame_;  // before the condition, which may hold memory of it
  OperationPointer condition_;
  std::vector<std::uint32_t> rows_;
  std::vector<Reject> failed_;
};

}  // namespace weir::expr
