// Finds where fields and records end in CSV text, at memory speed: the first of the two passes over a chunk.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

namespace weir::csv {

// The bytes that have a meaning.
struct Marks {
  char delimiter = ',';
  char quote = '"';
};

// Where a scan stands between two bytes; scan_kernel.hpp has the transitions. As numbers, they cross the ABI.
enum class State : std::uint64_t { start = 0, plain = 1, quoted = 2, closed = 3 };

// Where fields begin. Never shrinks, so that it can be used again.
class Index {
 public:
  std::uint32_t* data() { return data_.get(); }
  const std::uint32_t* data() const { return data_.get(); }
  std::size_t capacity() const { return capacity_; }
  // Makes room for the rest of `size` bytes, of which `done` gave `count` fields; gives where the next one goes.
  std::uint32_t* grow(std::size_t count, std::size_t done, std::size_t size);

 private:
  std::unique_ptr<std::uint32_t[]> data_;
  std::size_t capacity_ = 0;
};

// What is found in whole records. Field i is [index[i], index[i + 1] - 1) and the byte behind it its delimiter or
// newline; index[0] is 0. A last record without newline ends as if it had one behind the last byte.
struct Scan {
  Index index;
  std::size_t count = 0;       // fields found, and one
  std::uint64_t newlines = 0;  // records, blank lines included
  State state = State::start;  // behind the last byte
  bool high = false;           // some byte is not ASCII
  bool behind = false;         // behind a closing quote may be something other than the field's end (if only a CR)
};

// Fills `scan` for `chunk`, which begins at the start of a record. If it ends inside quotes, scan.state says so, and
// the last entry of the index is where the field with the quote begins. Precondition: less than 4 GiB.
void scan_fields(std::string_view chunk, const Marks& marks, Scan& scan);

// Looks through `bytes`, the first of which is in `state`; gives the offset behind the last record that ends there (0:
// none does) and leaves the state behind the last byte.
std::size_t last_record_end(std::string_view bytes, const Marks& marks, State& state);

// For tests: uses the instruction set that every machine has.
void use_baseline_scan(bool baseline);

}  // namespace weir::csv
