// How fast the sqlite extractor is, in user time, against a loop in C that reads the same rows and keeps nothing. Compare
// with the program, too: time sqlite3 FILE 'SELECT * FROM orders' > /dev/null
#include <sqlite3.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

#include <weir/testing.hpp>
#include <weir/weir.hpp>

#include "bench.hpp"

namespace weir::bench {
namespace {

constexpr int kRows = 1'000'000;

// A folder that goes away, with a database of orders: three integers, a double, a date, a timestamp, two texts.
class Orders {
 public:
  Orders() {
    std::string pattern = (std::filesystem::temp_directory_path() / "weir-bench-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("expected to make " + pattern);
    folder_ = pattern;
    sqlite3* raw = nullptr;
    sqlite3_open(path().c_str(), &raw);
    const std::string sql =
        "PRAGMA synchronous=OFF; CREATE TABLE orders(id INTEGER PRIMARY KEY, customer INTEGER, quantity INTEGER, "
        "price REAL, day DATE, at TIMESTAMP, product TEXT, note TEXT); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL "
        "SELECT "
        "i + 1 FROM n WHERE i < " +
        std::to_string(kRows) +
        ") INSERT INTO orders SELECT i, i * 7919 % 200000, i % 20, i % 5000 + 0.99, date('2024-01-01', (i % 300) || ' "
        "days'), strftime('%Y-%m-%dT%H:%M:%S', 1700000000 + i, 'unixepoch'), 'Docking station', 'please leave at door "
        "' || "
        "i FROM n";
    if (sqlite3_exec(raw, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
      throw std::runtime_error(sqlite3_errmsg(raw));
    sqlite3_close(raw);
  }
  Orders(const Orders&) = delete;
  Orders& operator=(const Orders&) = delete;
  ~Orders() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  std::string path() const { return (folder_ / "orders.db").string(); }

 private:
  std::filesystem::path folder_;
};

// Reads every value by the accessor of its type.
std::size_t loop_in_c(const std::string& path, bool values) {
  sqlite3* raw = nullptr;
  sqlite3_stmt* statement = nullptr;
  sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr);
  sqlite3_prepare_v2(raw, "SELECT * FROM orders", -1, &statement, nullptr);
  std::size_t sum = 0;
  const int width = sqlite3_column_count(statement);
  while (sqlite3_step(statement) == SQLITE_ROW) {
    for (int i = 0; values && i < width; ++i) {
      switch (sqlite3_column_type(statement, i)) {
        case SQLITE_INTEGER: sum += static_cast<std::size_t>(sqlite3_column_int64(statement, i)); break;
        case SQLITE_FLOAT: sum += static_cast<std::size_t>(sqlite3_column_double(statement, i)); break;
        default:
          sum += *sqlite3_column_text(statement, i);
          sum += static_cast<std::size_t>(sqlite3_column_bytes(statement, i));
      }
    }
  }
  sqlite3_finalize(statement);
  sqlite3_close(raw);
  return sum;
}

std::int64_t extract(const std::string& path) {
  testing::Surroundings surroundings({{"/database", path}, {"/table", "orders"}});
  testing::Schemas schemas;
  weir_error error = testing::no_error();
  const auto& table = *static_cast<const weir_extractor*>(
      testing::component_of(weir_plugin_v1(), "sqlite", WEIR_KIND_EXTRACTOR)->table);
  weir_split split{};
  split.size = sizeof split;
  void* self = nullptr;
  std::int32_t outcome = WEIR_READ_MORE;
  std::int64_t rows = 0;
  if (table.open(surroundings.context(), &split, {nullptr, 0}, schemas.sink(), &self, &error) != WEIR_OK)
    throw std::runtime_error(error.message);
  while (outcome == WEIR_READ_MORE) {
    testing::Collected collected;  // each batch goes away, as behind a loader
    if (table.reader->read(self, INT64_MAX, collected.next(), &outcome, &error) != WEIR_OK)
      throw std::runtime_error(error.message);
    for (const auto& pushed : collected.pushed) rows += pushed.rows->length;
  }
  table.reader->close(self);
  return rows;
}

}  // namespace
}  // namespace weir::bench

int main() {
  using namespace weir::bench;
  const Orders orders;
  const auto size = static_cast<double>(std::filesystem::file_size(orders.path()));
  std::size_t sum = 0;
  std::int64_t rows = 0;
  print_row("steps alone, in C", median_seconds([&] { sum += loop_in_c(orders.path(), false); }), size, kRows);
  print_row("all values, in C", median_seconds([&] { sum += loop_in_c(orders.path(), true); }), size, kRows);
  print_row("extractor", median_seconds([&] { rows = extract(orders.path()); }), size, kRows);
  if (rows != kRows || sum == 0) return 1;
}
