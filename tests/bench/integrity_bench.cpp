// What the digest of rows costs: ns of user time a value, by type, for batches of 65,536 rows of one column, less than one in ten
// of them null; and a row of ten columns as orders have them. The hash of the row itself is in each.
#include <random>
#include <string>

#include "arrow/shared.hpp"
#include "bench.hpp"
#include "integrity/row_digest.hpp"

namespace {

constexpr std::int64_t kRows = 65536;

std::mt19937_64 source(1);  // NOLINT: the same rows each time

template <class T>
weir::Array numbers(T below, bool nulls = true) {
  weir::NumberBuilder<T> made;
  for (std::int64_t row = 0; row < kRows; ++row) {
    if (nulls && source() % 16 == 0)
      made.append_null();
    else
      made.append(static_cast<T>(source() % static_cast<std::uint64_t>(below)));
  }
  return made.finish();
}

weir::Array prices() {
  weir::NumberBuilder<double> made;
  for (std::int64_t row = 0; row < kRows; ++row) made.append(static_cast<double>(source() % 100000) / 100);
  return made.finish();
}

weir::Array decimals() {
  weir::NumberBuilder<weir::Int128> made;
  for (std::int64_t row = 0; row < kRows; ++row) made.append(static_cast<weir::Int128>(source() % 100000));
  return made.finish();
}

weir::Array texts(std::size_t shortest, std::size_t longest) {
  weir::TextBuilder made;
  for (std::int64_t row = 0; row < kRows; ++row)
    made.append(std::string(shortest + source() % (longest - shortest + 1), static_cast<char>('a' + source() % 26)));
  return made.finish();
}

weir::Array flags() {
  weir::BooleanBuilder made;
  for (std::int64_t row = 0; row < kRows; ++row) made.append(source() % 2 == 0);
  return made.finish();
}

void measure(const char* name, const std::vector<const char*>& formats, std::vector<weir::Array> columns) {
  std::vector<weir::Schema> fields;
  for (const char* format : formats) fields.push_back(weir::Schema::field(format, "c" + std::to_string(fields.size())));
  const weir::Schema schema = weir::Schema::rows(std::move(fields));
  const weir::Array rows = weir::rows_of(kRows, std::move(columns));
  weir::integrity::RowDigest digest(schema.get());
  constexpr int kTimes = 40;
  const double seconds = weir::bench::median_seconds([&] {
    for (int i = 0; i < kTimes; ++i) {
      if (!digest.of(rows.get())) std::abort();
    }
  });
  std::printf("%-28s %9.2f\n", name, seconds * 1e9 / static_cast<double>(kRows * kTimes));
}

void measure_column(const char* format, const char* name, weir::Array column) {
  std::vector<weir::Array> columns;
  columns.push_back(std::move(column));
  measure(name, {format}, std::move(columns));
}

void measure_orders() {
  std::vector<weir::Array> columns;
  columns.push_back(numbers<std::int64_t>(1'000'000, false));
  columns.push_back(numbers<std::int64_t>(200'000, false));
  columns.push_back(numbers<std::int64_t>(1'700'000'000'000'000, false));
  columns.push_back(texts(2, 2));
  columns.push_back(texts(3, 10));
  columns.push_back(numbers<std::int64_t>(20, false));
  columns.push_back(prices());
  columns.push_back(prices());
  columns.push_back(texts(20, 24));
  columns.push_back(texts(0, 40));
  measure("a row of orders", {"l", "l", "tsu:UTC", "u", "u", "l", "g", "g", "u", "u"}, std::move(columns));
}

}  // namespace

int main() {
  std::printf("%-28s %9s\n", "", "ns a row");
  measure("no column", {}, {});
  measure_column("l", "int64", numbers<std::int64_t>(1'000'000));
  measure_column("i", "int32", numbers<std::int32_t>(1'000'000));
  measure_column("g", "double", prices());
  measure_column("b", "bool", flags());
  measure_column("d:10,2", "decimal(10,2)", decimals());
  measure_column("tsu:UTC", "timestamp(us, UTC)", numbers<std::int64_t>(1'700'000'000'000'000));
  measure_column("u", "string of 0 to 16 bytes", texts(0, 16));
  measure_column("u", "string of 32 bytes", texts(32, 32));
  measure_column("u", "string of 200 bytes", texts(200, 200));
  measure_orders();
  return 0;
}
