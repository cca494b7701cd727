// Values inside structs and lists: a path from a column to one of them in each row.
#pragma once

#include <memory>
#include <vector>

#include "operation.hpp"

namespace weir::expr {

// A step of a path: to a member of a struct, or to an item of a list.
struct NestedStep {
  std::int64_t member = -1;                         // its number; -1: an item
  Type list = Type::unknown;                        // of a list: how it is held
  std::int32_t width = 0;                           // of one of a fixed size
  std::shared_ptr<const Operation> item = nullptr;  // its number: from 1 or, below zero, from the end
};

// Where the rows of a chunk stand in an array: side by side from `first` on, or wherever `indices` says. Rows count without
// the array's own offset.
struct Place {
  explicit Place(Scratch& scratch) : indices(scratch) {}
  const ArrowArray* array = nullptr;
  std::int64_t first = 0;
  bool scattered = false;
  Vector indices;  // of std::int64_t, 0 where a row is not valid
  Bits valid{};    // of the rows asked for: there is a value

  std::int64_t at(int row) const { return scattered ? indices.values<std::int64_t>()[row] : first + row; }
};

// What a path leads to. Its type is Kind::other where that is nested itself, or of a type that expressions don't know.
class Nested final : public Operation {
 public:
  // Column `column` of the frame; `field` is that of the value.
  Nested(const ArrowSchema& field, std::int64_t column, std::vector<NestedStep> steps);

  const ArrowSchema& field() const { return field_.get(); }
  std::int64_t source() const { return source_; }
  const std::vector<NestedStep>& steps() const { return steps_; }

  void run(Frame& frame, const Bits& live, Vector& out) const override;
  void locate(Frame& frame, const Bits& live, Place& place) const;

 private:
  Schema field_;
  std::int64_t source_;
  std::vector<NestedStep> steps_;
};

bool is_list(const ArrowSchema& field);

// The items of row `row` of an array of lists, without the array's own offset: numbers of its items.
Items items_of(const ArrowArray& lists, const NestedStep& list, std::int64_t row);

// The step into the items of a list. Precondition: is_list(field).
NestedStep step_into(const ArrowSchema& field);

}  // namespace weir::expr
