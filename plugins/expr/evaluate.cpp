// From bits to lists of rows.
#include "evaluate.hpp"

#include "mistake.hpp"

namespace weir::expr {
namespace {

// For each byte: how many of its bits are set, and which.
struct ByteRows {
  std::uint8_t rows[256][8];
  std::uint8_t count[256];
  constexpr ByteRows() : rows(), count() {
    for (unsigned byte = 0; byte < 256; ++byte) {
      for (unsigned bit = 0; bit < 8; ++bit) {
        if ((byte >> bit & 1U) != 0) rows[byte][count[byte]++] = static_cast<std::uint8_t>(bit);
      }
    }
  }
};
constexpr ByteRows kByteRows;

}  // namespace

void set_columns(Frame& frame, const ArrowArray& rows) {
  frame.columns.resize(static_cast<std::size_t>(rows.n_children));
  for (std::size_t i = 0; i < frame.columns.size(); ++i) frame.columns[i] = {rows.children[i], rows.offset};
}

Bits LiveRows::next(std::int64_t begin, int rows) {
  if (selected_ == nullptr) return first_bits(rows);
  Bits live = no_bits();
  const auto end = static_cast<std::uint64_t>(begin + rows);
  for (; at_ < count_ && selected_[at_] < end; ++at_) set(live, static_cast<int>(selected_[at_] - begin));
  return live;
}

// Eight rows are written at once, of which those that count are kept: no branch depends on the data. So `to` needs room
// for 8 more than come.
std::uint32_t* append_rows(const Bits& rows, std::int64_t begin, std::uint32_t* to) {
  auto first = static_cast<std::uint32_t>(begin);
  for (const std::uint64_t word : rows) {
    if (word == ~std::uint64_t{0}) {
      for (std::uint32_t i = 0; i < 64; ++i) to[i] = first + i;
      to += 64;
    } else if (word != 0) {
      for (std::uint32_t byte = 0; byte < 8; ++byte) {
        const std::uint64_t bits = word >> (8 * byte) & 0xFFU;
        for (std::uint32_t i = 0; i < 8; ++i) to[i] = first + 8 * byte + kByteRows.rows[bits][i];
        to += kByteRows.count[bits];
      }
    }
    first += 64;
  }
  return to;
}

void append_rejects(const Frame& frame, std::vector<Reject>& rejects) {
  if (!frame.has_failures()) return;
  for_each(frame.failed(), [&](int row) { rejects.push_back({frame.begin + row, &frame.fault_of(row)}); });
}

void tell(const Next& next, const std::vector<Reject>& rejects) {
  for (const Reject& reject : rejects)
    next.reject(rejected_row(reject.row, {}, reject.fault->reason, reject.fault->detail));
}

Failure failure_of(const Mistake& mistake, const std::string& pointer) {
  return Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST, mistake.message)
      .hint(mistake.hint)
      .option(pointer, static_cast<std::int64_t>(mistake.offset), static_cast<std::int64_t>(mistake.length));
}

}  // namespace weir::expr
