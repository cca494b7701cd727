// A file over many epochs: written with flushes, and gone on with by other encoders, it is the file written in one go.
#include <random>

#include "json_test.hpp"

namespace weir::json {
namespace {

// Rows [from, to) of all that are written, some of many bytes.
std::vector<Array> columns_of(std::int64_t from, std::int64_t to) {
  std::vector<std::int64_t> ids;
  std::vector<std::string> values;
  for (std::int64_t row = from; row < to; ++row) {
    ids.push_back(row);
    values.push_back("a \"text\", " + std::string(static_cast<std::size_t>(row % 97), 'x'));
  }
  std::vector<Array> columns;
  columns.push_back(numbers(ids));
  columns.push_back(texts(values));
  return columns;
}

std::vector<Schema> fields() {
  std::vector<Schema> made;
  made.push_back(Schema::field("l", "id"));
  made.push_back(Schema::field("u", "text"));
  return made;
}

}  // namespace

TEST_CASE("json goes on with a file so that it is the same as one written in one go") {
  constexpr std::int64_t kRows = 6000;  // several writes
  Lines once(fields());
  once.encode(columns_of(0, kRows), kRows);
  const std::string whole = once.take();
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    std::string stands;
    auto lines = std::make_unique<Lines>(fields());
    for (std::int64_t at = 0; at < kRows;) {
      const auto to = std::min<std::int64_t>(kRows, at + static_cast<std::int64_t>(random() % 500));
      lines->encode(columns_of(at, to), to - at);
      at = to;
      if (random() % 2 == 0) continue;
      lines->flush();
      stands += lines->taken();
      if (random() % 2 == 0) lines = std::make_unique<Lines>(fields(), static_cast<std::int64_t>(stands.size()));
    }
    REQUIRE(stands + lines->take() == whole);
  }
}

}  // namespace weir::json
