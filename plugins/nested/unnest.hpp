// unnest: a transformer that makes rows of the items of a list.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <weir/weir.hpp>

#include "gather.hpp"

namespace weir::nested {

// With `to`, rows without the list go to the output `parents`, and one row an item, with the key of its parent, to `children`;
// else there is one output, with the item in the place of its list. Threads: one caller at a time.
class Unnest : public Transformer {
 public:
  Unnest(const Context& context, const Inputs& inputs, const Outputs& outputs);

  static void traits(const Config& config, weir_traits& traits);
  void process(std::uint64_t input, Batch& batch, const Next& next) override;
  void reads(std::uint64_t input, const Sink& names) const;
  void lineage(std::uint64_t output, std::string_view column, std::uint64_t input, const Sink& names) const;

 private:
  static constexpr std::int64_t kItem = -1, kIndex = -2;  // columns that come from no column of the input

  void choose_columns(const Config& config, const ArrowSchema& input);
  void choose_keys(const Config& config, const ArrowSchema& input);
  void check_names(const Config& config) const;
  Schema children_schema() const;
  Schema parents_schema() const;
  void push_parents(const std::shared_ptr<Array>& rows, const Next& next) const;
  void add_items(const std::shared_ptr<Array>& rows, const Next& next);
  void push_children(const std::shared_ptr<Array>& rows, const Next& next);
  Items items_of(const ArrowArray& list, std::int64_t outer, std::int64_t row) const;

  Schema input_;
  std::int64_t list_;                  // the column
  TypeInfo type_;                      // of it
  std::string item_, index_;           // names of columns; index_ empty: none
  bool keep_empty_, apart_;            // apart_: parents and children go to outputs of their own
  std::vector<std::int64_t> columns_;  // of the children, in order
  // Of the batch in hand, as many as are pushed at a time.
  std::vector<std::int64_t> parents_, items_, indices_;
};

}  // namespace weir::nested
