// Filling of result columns. A chunk begins at a multiple of 64 rows, so bits are copied as words.
#include "result_column.hpp"

#include <algorithm>
#include <limits>

namespace weir::expr {
namespace {

// Values are stored in 4 bytes, though they are computed in 8.
bool is_narrow(const ValueType& type) {
  return type.kind == Kind::date ||
         (type.kind == Kind::time && (type.unit == Unit::second || type.unit == Unit::milli));
}

std::size_t bytes_of(const ValueType& type) {
  if (type.kind == Kind::decimal) return 16;
  return is_narrow(type) || type.kind == Kind::text ? 4 : 8;
}

std::size_t words_for(std::int64_t rows) { return static_cast<std::size_t>(rows + 63) / 64; }

void put_bits(Buffer& buffer, std::int64_t first, int count, const Bits& bits) {
  if (count > 0) std::memcpy(buffer.data() + first / 8, bits.data(), 8 * words_for(count));
}

}  // namespace

Schema result_field(const ValueType& type, std::string_view name) { return Schema::field(format_of(type), name); }

ResultColumn::ResultColumn(const ValueType& type, std::int64_t rows) : type_(type), rows_(rows) {
  validity_.resize(8 * words_for(rows));
  const auto count = static_cast<std::size_t>(rows);
  if (type.kind == Kind::boolean) {
    values_.resize(8 * words_for(rows));
  } else if (type.kind == Kind::text) {
    values_.resize(4 * (count + 1));
    values_.as<std::int32_t>()[0] = 0;
  } else if (type.kind != Kind::null) {
    values_.resize(bytes_of(type) * count);
  }
}

void ResultColumn::append(const Frame& frame, const Bits& live, const Vector& value) {
  const int count = frame.count;
  const Bits valid = value.valid_of(live);
  put_bits(validity_, filled_, count, valid);
  nulls_ += count - count_of(valid);
  const auto first = static_cast<std::size_t>(filled_);
  const auto rows = static_cast<std::size_t>(count);
  switch (type_.kind) {
    case Kind::null: break;
    case Kind::boolean: put_bits(values_, filled_, count, value.truth & valid); break;
    case Kind::text: append_texts(count, valid, value.values<std::string_view>()); break;
    case Kind::decimal: std::memcpy(values_.data() + 16 * first, value.values<Int128>(), 16 * rows); break;
    case Kind::real: std::memcpy(values_.data() + 8 * first, value.values<double>(), 8 * rows); break;
    default:
      if (is_narrow(type_)) {
        auto* to = values_.as<std::int32_t>() + first;
        const auto* from = value.values<std::int64_t>();
        for (std::size_t i = 0; i < rows; ++i) to[i] = static_cast<std::int32_t>(from[i]);
      } else {
        std::memcpy(values_.data() + 8 * first, value.values<std::int64_t>(), 8 * rows);
      }
  }
  filled_ += count;
}

void ResultColumn::append_texts(int count, const Bits& valid, const std::string_view* texts) {
  std::size_t more = 0;
  for_each(valid, [&](int row) { more += texts[row].size(); });
  if (data_.size() + more > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max())) {
    throw Failure(WEIR_OUT_OF_RANGE, WEIR_FAULT_DATA, "expected at most 2^31 - 1 bytes of text in a batch, found more");
  }
  data_.reserve(data_.size() + more);
  auto* offsets = values_.as<std::int32_t>() + filled_ + 1;
  for (int row = 0; row < count; ++row) {
    if (test(valid, row)) data_.append(texts[row].data(), texts[row].size());
    offsets[row] = static_cast<std::int32_t>(data_.size());
  }
}

Array ResultColumn::finish() {
  if (type_.kind == Kind::null) return make_array(rows_, rows_, {});
  std::vector<Buffer> buffers(type_.kind == Kind::text ? 3 : 2);
  if (nulls_ > 0) buffers[0] = std::move(validity_);
  buffers[1] = std::move(values_);
  if (type_.kind == Kind::text) buffers[2] = std::move(data_);
  return make_array(rows_, nulls_, std::move(buffers));
}

}  // namespace weir::expr
