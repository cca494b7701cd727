// Narrowing: which columns the readers of a source are asked for (weir.pushdown/1), and how what they push gets its other
// columns back, empty: the links behind see the schema that was settled, whatever is read.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <weir/ext/pushdown.h>
#include <weir/arrow.hpp>

#include "arrow/stand_in.hpp"
#include "base/result.hpp"

namespace weir::pipeline {

struct Component;
using arrow::Columns;

// The extension by which a format or an extractor reads less, or null.
const weir_pushdown* pushdown_of(const Component& component);

// A comparison of a column with a constant, the one row of `constant`; both empty where `is` has none.
struct Condition {
  std::string column;
  std::int32_t is = WEIR_IS_EQUAL;
  weir::Schema type;
  weir::Array constant;
};

// Constant once made, and shared by the sources of a plan. Threads: [any].
class Narrowing {
 public:
  // What narrows rows of `all` to the columns in `read` (one for each), for links whose rows meet `conditions`; null: there
  // is nothing to gain. Columns that can't be stood in for are read.
  static std::shared_ptr<const Narrowing> make(const ArrowSchema& all, Columns read, std::vector<Condition> conditions);
  Narrowing(const Narrowing&) = delete;
  Narrowing& operator=(const Narrowing&) = delete;

  const weir_wanted& wanted() const { return wanted_; }
  // Of what readers push: one; a vector, as an Outlet takes it.
  const std::vector<weir::Schema>& pushed() const { return pushed_; }
  // Whether column i of all is left out.
  bool leaves_out(std::size_t i) const { return !read_[i]; }
  // Makes rows of all columns of what a reader pushed, which passed check_shape(). Throws std::bad_alloc.
  weir::Array widen(weir::Array rows) const;

 private:
  Narrowing(const ArrowSchema& all, Columns read, std::vector<Condition> conditions);

  weir::Schema all_;
  Columns read_;
  std::vector<weir::Schema> pushed_;
  std::vector<weir_string> names_;  // into all_
  std::vector<Condition> conditions_;
  std::vector<weir_condition> raw_conditions_;
  std::vector<const weir_condition*> condition_pointers_;
  weir::Schema constants_schema_;
  weir::Array constants_;
  weir_wanted wanted_{};
};

}  // namespace weir::pipeline
