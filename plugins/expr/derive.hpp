// The transformer `derive`: columns computed from others.
#pragma once

#include <string>
#include <vector>

#include <weir/weir.hpp>

#include "batch_columns.hpp"
#include "compile.hpp"

namespace weir::expr {

class Derive : public Transformer {
 public:
  Derive(const Context& context, const Inputs& inputs, const Outputs& outputs);
  static void traits(const Config& config, weir_traits& traits);
  void process(std::uint64_t input, Batch& batch, const Next& next) override;
  void reads(std::uint64_t input, const Sink& names) const;
  void lineage(std::uint64_t output, std::string_view column, std::uint64_t input, const Sink& names) const;

 private:
  // One option: a name and its expression. Frame column inputs_ + i is what item i gives.
  struct Item {
    OperationPointer operation;
    std::int64_t copied;                     // the column of the input that it is, as it stands; -1: computed
    std::int64_t place;                      // the output column that it becomes
    std::vector<std::int64_t> sources = {};  // columns of the input that it is made from
    bool computes() const { return copied < 0; }
  };

  // Adds the item of option `index`; `scope` and `known` learn the new column.
  void add(const Config& config, std::uint64_t index, Scope& scope, std::vector<Schema>& known);
  // The columns of the input behind the names in `expression`, some of which may be items.
  std::vector<std::int64_t> sources_of(std::string_view expression, const Scope& scope) const;
  // The output's rows: the batch's own columns, which it takes, and those made.
  Array together(Batch& batch, std::vector<Array> made) const;

  Schema input_;
  std::int64_t inputs_;   // columns of the input
  BatchColumns columns_;  // before the items, which may hold memory of it
  std::vector<Item> items_;
  Schema output_;
};

}  // namespace weir::expr
