// The transformer `derive`: columns computed from others.
#pragma once

#include <string>
#include <vector>

#include <weir/weir.hpp>

#include "compile.hpp"
#include "evaluate.hpp"

namespace weir::expr {

class Derive : public Transformer {
 public:
  Derive(const Context& context, const Inputs& inputs, const Outputs& outputs);
  static void traits(const Config& config, weir_traits& traits);
  void process(std::uint64_t input, Batch& batch, const Next& next) override;

 private:
  // One option: a name and its expression. Frame column inputs_ + i is what item i gives.
  struct Item {
    OperationPointer operation;
    std::int64_t copied;  // the column of the input that it is, as it stands; -1: computed
    std::int64_t place;   // the output column that it becomes
    bool computes() const { return copied < 0; }
  };

  // Adds the item of option `index`; `scope` and `known` learn the new column.
  void add(const Config& config, std::uint64_t index, Scope& scope, std::vector<Schema>& known);
  Array computed(const Item& item, const weir_batch& batch, std::int64_t length);
  // Rows of the chunk that are live, and not rejected yet.
  Bits good_rows(LiveRows& rows, std::int64_t begin, int count) const;
  std::vector<std::uint64_t> left_out(const weir_batch& batch, std::int64_t length) const;
  // The output's rows: the batch's own columns, which it takes, and those made.
  Array together(Batch& batch, std::vector<Array> made) const;

  std::int64_t inputs_;  // columns of the input
  Frame frame_;          // before the items, which may hold memory of it
  std::vector<Item> items_;
  Schema output_;
  std::vector<std::uint64_t> bad_;  // a bit for each row that was rejected; empty if none was
  std::vector<Reject> rejects_;
};

}  // namespace weir::expr
