// The transformer `select`: which columns go on, in which order, under which names, as which types.
//
// Columns go on as they are, moved, never copied; where rows of the batch are not live, the selection goes on too. So only a
// cast touches values, and only a row that a cast rejects makes it gather.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <weir/weir.hpp>

#include "batch_columns.hpp"

namespace weir::expr {

class Select : public Transformer {
 public:
  Select(const Context& context, const Inputs& inputs, const Outputs& outputs);
  static void traits(const Config& config, weir_traits& traits);
  void process(std::uint64_t input, Batch& batch, const Next& next) override;
  void reads(std::uint64_t input, const Sink& names) const;
  void lineage(std::uint64_t output, std::string_view column, std::uint64_t input, const Sink& names) const;

 private:
  // An output column.
  struct Column {
    std::int64_t from = 0;       // column of the input
    OperationPointer operation;  // its cast; null: it goes on as it is
    std::string narrow;          // the format text that the cast is narrowed to; empty: as it is computed
    Fault out_of_range{};        // of narrowing
  };

  // The new type of the column: sets its operation; gives its field, still under the old name.
  Schema cast(Column& column, std::string_view type, const std::string& option) const;
  Array computed(const Column& column);
  // Notes the rejects from the `first` on, which are those of output column `place`, while the batch is still whole.
  void describe(std::size_t place, std::size_t first, const ArrowArray& rows);
  void tell(const Next& next) const;

  // What next.reject() needs.
  struct Told {
    std::int64_t row;
    const char* column;
    std::string_view reason;
    std::string detail;
  };

  Schema input_, output_;
  std::string naive_zone_;
  BatchColumns computed_;  // before the columns, which may hold memory of it
  std::vector<Column> columns_;
  std::vector<std::int64_t> lost_;
  std::vector<Told> told_;
};

}  // namespace weir::expr
