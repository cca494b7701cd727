#include "arrow/content_hash.hpp"

#include <weir_catch.hpp>

#include "arrow/shared.hpp"

namespace weir::arrow {
namespace {

// Rows of a number and a text.
weir::Array two_columns() {
  weir::NumberBuilder<std::int64_t> numbers;
  weir::BytesBuilder<std::int32_t> texts;
  for (std::int64_t i = 0; i < 20; ++i) {
    numbers.append(i);
    texts.append("text " + std::to_string(i));
  }
  std::vector<weir::Array> columns;
  columns.push_back(numbers.finish());
  columns.push_back(texts.finish());
  return weir::rows_of(20, std::move(columns));
}

weir::Schema two_fields() {
  std::vector<weir::Schema> fields;
  fields.push_back(weir::Schema::field("l", "n"));
  fields.push_back(weir::Schema::field("u", "t"));
  return weir::Schema::rows(std::move(fields));
}

std::uint8_t& byte_of(const ArrowArray& rows, int column, int buffer, std::size_t at) {
  return static_cast<std::uint8_t*>(const_cast<void*>(rows.children[column]->buffers[buffer]))[at];
}

}  // namespace

TEST_CASE("any byte of a value that is written changes the hash, and back again") {
  const weir::Schema schema = two_fields();
  const weir::Array rows = two_columns();
  const std::uint64_t before = content_hash(rows.get(), schema.get());
  CHECK(content_hash(rows.get(), schema.get()) == before);
  for (const auto& [column, buffer, at] : {std::tuple{0, 1, 0}, {0, 1, 159}, {1, 1, 4}, {1, 2, 0}, {1, 2, 100}}) {
    std::uint8_t& byte = byte_of(rows.get(), column, buffer, static_cast<std::size_t>(at));
    byte ^= 1U;
    CHECK(content_hash(rows.get(), schema.get()) != before);
    byte ^= 1U;
    CHECK(content_hash(rows.get(), schema.get()) == before);
  }
}

TEST_CASE("what is not in a slice does not count") {
  const weir::Schema schema = two_fields();
  const SharedArray rows(two_columns());
  const weir::Array slice = rows.slice(5, 10);
  const std::uint64_t before = content_hash(slice.get(), schema.get());
  byte_of(rows.get(), 0, 1, 0) ^= 1U;
  byte_of(rows.get(), 0, 1, 15 * 8) ^= 1U;
  CHECK(content_hash(slice.get(), schema.get()) == before);
  byte_of(rows.get(), 0, 1, 5 * 8) ^= 1U;
  CHECK(content_hash(slice.get(), schema.get()) != before);
}

}  // namespace weir::arrow
