// The loader through the ABI.
#include <weir/testing.hpp>
#include <weir/weir.hpp>

#include "weir_catch.hpp"

namespace weir {
namespace {

Array three_rows() {
  NumberBuilder<std::int64_t> numbers;
  for (std::int64_t i = 0; i < 3; ++i) numbers.append(i);
  std::vector<Array> columns;
  columns.push_back(numbers.finish());
  return rows_of(3, std::move(columns));
}

TEST_CASE("discard counts the rows of each epoch, and stores none") {
  const auto& loader = *static_cast<const weir_loader*>(testing::component_of(weir_plugin_v1(), "discard")->table);
  std::vector<Schema> fields;
  fields.push_back(Schema::field("l", "n"));
  const Schema schema = Schema::rows(std::move(fields));
  const ArrowSchema* input = &schema.get();
  weir_string stream{};
  testing::Surroundings surroundings;
  testing::Schemas stored;
  testing::Collected collected;
  testing::Bytes committables;
  weir_error error = testing::no_error();
  void* self = nullptr;
  REQUIRE(loader.open(surroundings.context(), &input, &stream, 1, stored.sink(), &self, &error) == WEIR_OK);
  CHECK(stored.kept.empty());
  for (std::uint64_t epoch = 1; epoch <= 2; ++epoch) {
    for (std::uint64_t i = 0; i < epoch; ++i) {
      weir_batch batch = testing::batch_of(three_rows());
      REQUIRE(loader.writer->write(self, 0, &batch, collected.next(), &error) == WEIR_OK);
      batch.rows.release(&batch.rows);
    }
    weir_receipt receipt{};
    receipt.size = sizeof receipt;
    weir_receipt* receipts[] = {&receipt};
    REQUIRE(loader.writer->prepare(self, epoch, committables.sink(), receipts, 1, &error) == WEIR_OK);
    CHECK(receipt.rows == static_cast<std::int64_t>(3 * epoch));
    CHECK(receipt.bytes == -1);
  }
  CHECK(committables.kept.empty());
  CHECK(loader.writer->commit == nullptr);
  CHECK(loader.committer == nullptr);
  loader.writer->close(self);
}

}  // namespace
}  // namespace weir
