// Operation: a typed expression that can be computed, one chunk of rows after the other. compile.hpp makes them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "value_type.hpp"
#include "vector.hpp"

namespace weir::expr {

// One value, known before the run.
struct Constant {
  bool null = false;
  bool boolean = false;
  std::int64_t word = 0;
  double real = 0;
  Int128 decimal = 0;
  std::string text = {};
};

// Why a row can't be computed: it is rejected. `reason` is a constant that can be counted.
struct Fault {
  std::string_view reason;
  std::string detail;
};

// A column as it stands in memory. Row i of the batch is row outer + i of the array, beside the array's own offset.
struct ColumnData {
  const ArrowArray* array = nullptr;
  std::int64_t outer = 0;
};

// The chunk that is computed now, and the memory to compute it with. Threads: one at a time.
class Frame {
 public:
  // What there is: set once a batch.
  std::vector<ColumnData> columns;
  // The chunk: rows [begin, begin + count) of the batch.
  std::int64_t begin = 0;
  int count = 0;
  std::uint64_t serial = 0;  // of the chunk: no two are equal

  Scratch scratch;
  Arena arena;

  // Begins a chunk.
  void start(std::int64_t first, int rows) {
    begin = first;
    count = rows;
    ++serial;
    if (has_failures_) failed_ = no_bits();
    has_failures_ = false;
    arena.clear();
  }
  // Rejects `rows` for `fault`, which outlives the chunk. The first fault of a row counts.
  void fail(const Bits& rows, const Fault& fault) {
    const Bits fresh = rows - failed_;
    if (!any(fresh)) return;
    for_each(fresh, [&](int row) { faults_[static_cast<std::size_t>(row)] = &fault; });
    failed_ = failed_ | fresh;
    has_failures_ = true;
  }
  // Runs `body`, and gives the rows that failed in it, which count as if they had not. Precondition: it runs no row that has
  // failed already.
  template <class Body>
  Bits trapped(Body&& body) {
    const Bits before = failed_;
    const bool had = has_failures_;
    failed_ = no_bits();
    has_failures_ = false;
    body();
    const Bits found = failed_;
    failed_ = before;
    has_failures_ = had;
    return found;
  }
  bool has_failures() const { return has_failures_; }
  const Bits& failed() const { return failed_; }
  const Fault& fault_of(int row) const { return *faults_[static_cast<std::size_t>(row)]; }

 private:
  bool has_failures_ = false;
  Bits failed_{};
  std::array<const Fault*, kChunkRows> faults_{};
};

class Operation {
 public:
  explicit Operation(ValueType made) : type_(std::move(made)) {}
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;
  virtual ~Operation() = default;

  const ValueType& type() const { return type_; }
  // Computes the rows of `live` (a subset of the chunk) into `out`, which is new. Rows that can't be computed are told to
  // frame.fail(), and have any value. Allocates nothing, after the first chunks.
  virtual void run(Frame& frame, const Bits& live, Vector& out) const = 0;
  // The value, if it is the same for all rows and known; else null.
  virtual const Constant* constant() const { return nullptr; }
  // The column of the frame that it is, as it stands; -1: none.
  virtual std::int64_t column() const { return -1; }

 private:
  ValueType type_;
};

using OperationPointer = std::unique_ptr<const Operation>;

}  // namespace weir::expr
