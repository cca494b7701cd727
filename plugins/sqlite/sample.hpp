// Sample: the first rows of a result, kept so that types can be told from their values before they are passed on.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <vector>

#include "value.hpp"

namespace weir::sqlite {

// Rows of `width` values, with their bytes. Threads: as a value.
class Sample {
 public:
  explicit Sample(std::size_t width) : width_(width) {}

  // Adds a value to the last row, or the first one of the next. Copies its bytes.
  void add(Value value) {
    size_bytes_ += value.bytes.size();
    if (!value.bytes.empty()) value.bytes = texts_.emplace_back(value.bytes);
    values_.push_back(value);
  }
  std::size_t rows() const { return values_.size() / width_; }
  const Value& at(std::size_t row, std::size_t column) const { return values_[row * width_ + column]; }
  std::size_t size_bytes() const { return size_bytes_; }

 private:
  std::size_t width_;
  std::vector<Value> values_;
  std::deque<std::string> texts_;  // never moves one that is there
  std::size_t size_bytes_ = 0;
};

}  // namespace weir::sqlite
