// What stands in front of the rows of one document, and how they are found in it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "document_scan.hpp"

namespace weir::json {

// Finds the rows: goes through the head of a document to the array that the path says.
class RowsFinder {
 public:
  explicit RowsFinder(RowsPath path) : path_(std::move(path)), scan_(path_, {}) {}
  RowsFinder(const RowsFinder&) = delete;
  RowsFinder& operator=(const RowsFinder&) = delete;

  // Reads on, in the bytes behind those before; gives how many were read: all, or up to the array's bracket (found()). Throws a
  // Failure at its place in the input if the document has no such array.
  std::size_t read(std::string_view bytes);
  bool found() const { return found_; }
  // Counts `bytes` that stand in front of the document.
  std::size_t pass(std::size_t bytes) {
    offset_ += static_cast<std::int64_t>(bytes);
    return bytes;
  }
  // Says that nothing follows.
  [[noreturn]] void refuse_end() const;
  // The path, with what its containers are, once the rows are found.
  const RowsPath& path() const { return path_; }

 private:
  void step(char byte);
  void on_value(char byte);
  [[noreturn]] void refuse_missing() const;

  RowsPath path_;
  DocumentScan scan_;
  std::int64_t offset_ = 0;  // bytes read
  std::uint64_t index_ = 0;  // of the item, if the innermost container of the path is an array
  bool matches_ = false, found_ = false;
  std::string key_;                // the key in hand, as far as a hint needs it
  std::vector<std::string> seen_;  // keys of the innermost container of the path, the first few
};

}  // namespace weir::json
