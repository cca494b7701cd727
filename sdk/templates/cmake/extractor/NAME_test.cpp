// The extractor as a host calls it.
#include <weir/testing.hpp>

#include "checks.hpp"

namespace {

using weir::testing::Surroundings;

// Plans, and reads the only split to its end: the numbers.
std::vector<std::int64_t> read_all(weir::testing::Options options) {
  const auto& table =
      *static_cast<const weir_extractor*>(weir::testing::component_of(weir_plugin_v1(), "{{name}}")->table);
  Surroundings surroundings(std::move(options));
  weir::testing::Splits splits;
  weir::testing::Schemas schemas;
  weir::testing::Collected collected;
  weir_error error = weir::testing::no_error();
  std::int32_t outcome = 0;
  must(table.plan(surroundings.context(), {}, splits.plan(), &outcome, &error) == WEIR_OK, error.message);
  must(splits.kept.size() == 1 && outcome == 0, "expected one split");
  weir_split split{};
  split.size = sizeof split;
  split.id = weir::to_weir(splits.kept[0].id);
  void* self = nullptr;
  must(table.open(surroundings.context(), &split, {}, schemas.sink(), &self, &error) == WEIR_OK, error.message);
  for (outcome = WEIR_READ_MORE; outcome == WEIR_READ_MORE;)
    must(table.reader->read(self, INT64_MAX, collected.next(), &outcome, &error) == WEIR_OK, error.message);
  table.reader->close(self);
  std::vector<std::int64_t> numbers;
  for (const auto& pushed : collected.pushed) {
    const weir::NumberColumn<std::int64_t> column(*pushed.rows->children[0], pushed.rows->offset);
    for (std::int64_t row = 0; row < pushed.rows->length; ++row) numbers.push_back(column[row]);
  }
  return numbers;
}

}  // namespace

int main() {
  must(read_all({{"/from", 2}, {"/to", 4}}) == std::vector<std::int64_t>{2, 3, 4}, "expected 2, 3, 4");
  must(read_all({{"/from", 2}, {"/to", 1}}).empty(), "expected no rows");
  must(read_all({{"/from", 1}, {"/to", 100000}}).size() == 100000, "expected several batches");
}
