#include "arrow/gather.hpp"

#include <limits>
#include <thread>

#include <weir_catch.hpp>

#include "arrow/json.hpp"
#include "arrow/random_array.hpp"
#include "arrow/validate.hpp"

namespace weir::arrow {
namespace {

using test::Contains;

// The gathered rows must be right by every check, read the same one by one, and be aligned.
void check_gathered(const ArrowArray& from, const weir::Array& got, const ArrowSchema& schema,
                    const std::vector<std::uint32_t>& selected) {
  const auto shape = check_shape(got.get(), schema);
  if (!shape) FAIL(shape.error().message);
  CHECK(shape->aligned);
  const auto full = check_full(got.get(), schema);
  if (!full) FAIL(full.error().message);
  REQUIRE(got->length == static_cast<std::int64_t>(selected.size()));
  for (std::size_t i = 0; i < selected.size(); ++i) {
    const std::string want = row_text(from, schema, selected[i]);
    const std::string found = row_text(got.get(), schema, static_cast<std::int64_t>(i));
    if (want != found) FAIL("row " << i << ": expected " << want << "\nfound " << found);
  }
}

std::vector<std::uint32_t> selection_of(RandomArrays& random, std::int64_t rows, int kind) {
  std::vector<std::uint32_t> selected;
  for (std::int64_t i = 0; i < rows; ++i) {
    if (kind == 0 && random.number(2) == 0) selected.push_back(static_cast<std::uint32_t>(i));          // a filter
    if (kind == 1) selected.push_back(static_cast<std::uint32_t>(random.number(rows)));                 // any, repeated
    if (kind == 2 && i >= rows / 3 && i < rows / 2) selected.push_back(static_cast<std::uint32_t>(i));  // a run
    if (kind == 3 && i % 10 != 0) selected.push_back(static_cast<std::uint32_t>(i));                    // many runs
  }
  return selected;
}

weir::Schema one_column(const char* format) {
  std::vector<weir::Schema> fields;
  fields.push_back(weir::Schema::field(format, "x"));
  return weir::Schema::rows(std::move(fields));
}

weir::Array rows_with(weir::Array column) {
  const std::int64_t length = column->length;
  std::vector<weir::Array> columns;
  columns.push_back(std::move(column));
  return weir::rows_of(length, std::move(columns));
}

TEST_CASE("gathering picks the same values of every type, whatever the selection") {
  const weir::Schema schema = every_type();
  const auto seed = GENERATE(1U, 2U, 3U, 4U);
  const int kind = GENERATE(0, 1, 2, 3);
  CAPTURE(seed, kind);
  RandomArrays random(seed);
  const weir::Array rows = random.of(schema.get(), 97);
  REQUIRE(check_shape(rows.get(), schema.get()).has_value());
  const auto valid = check_full(rows.get(), schema.get());
  if (!valid) FAIL(valid.error().message);
  const std::vector<std::uint32_t> selected = selection_of(random, 97, kind);
  auto got = gather(rows.get(), schema.get(), selected);
  REQUIRE(got.has_value());
  check_gathered(rows.get(), *got, schema.get(), selected);
}

TEST_CASE("gathering nothing gives no rows of every type") {
  const weir::Schema schema = every_type();
  const weir::Array rows = RandomArrays(5).of(schema.get(), 10);
  auto got = gather(rows.get(), schema.get(), {});
  REQUIRE(got.has_value());
  check_gathered(rows.get(), *got, schema.get(), {});
}

TEST_CASE("gathering from shared rows shares the dictionary and keeps it alive") {
  const weir::Schema schema = every_type();
  weir::Array got;
  std::vector<std::string> want;
  const void* words = nullptr;
  const std::vector<std::uint32_t> selected = {9, 3, 3, 0};
  {
    const SharedArray rows(RandomArrays(6).of(schema.get(), 10));
    for (const auto row : selected) want.push_back(row_text(rows.get(), schema.get(), row));
    words = rows->children[rows->n_children - 1]->dictionary->buffers[2];
    auto made = gather(rows, schema.get(), selected);
    REQUIRE(made.has_value());
    got = std::move(made).value();
  }
  CHECK(got->children[got->n_children - 1]->dictionary->buffers[2] == words);
  for (std::size_t i = 0; i < want.size(); ++i)
    CHECK(row_text(got.get(), schema.get(), static_cast<std::int64_t>(i)) == want[i]);
}

TEST_CASE("copying a range of rows gives those rows") {
  const weir::Schema schema = every_type();
  const weir::Array rows = RandomArrays(7).of(schema.get(), 50);
  auto got = copy(rows.get(), schema.get(), 13, 20);
  REQUIRE(got.has_value());
  std::vector<std::uint32_t> selected;
  for (std::uint32_t i = 13; i < 33; ++i) selected.push_back(i);
  check_gathered(rows.get(), *got, schema.get(), selected);
}

TEST_CASE("realigning moves misaligned buffers to aligned ones") {
  const weir::Schema schema = one_column("l");
  std::vector<std::uint8_t> bytes(8 * 4 + 1);
  for (std::int64_t i = 0; i < 4; ++i) std::memcpy(bytes.data() + 1 + 8 * i, &i, 8);
  weir::NumberBuilder<std::int64_t> builder;
  for (std::int64_t i = 0; i < 4; ++i) builder.append(0);
  weir::Array rows = rows_with(builder.finish());
  rows.get().children[0]->buffers[1] = bytes.data() + (reinterpret_cast<std::uintptr_t>(bytes.data()) % 2 == 0 ? 1 : 0);
  if (rows.get().children[0]->buffers[1] == bytes.data()) std::memmove(bytes.data(), bytes.data() + 1, 32);
  const auto shape = check_shape(rows.get(), schema.get());
  REQUIRE(shape.has_value());
  CHECK_FALSE(shape->aligned);
  auto got = realign(rows.get(), schema.get());
  REQUIRE(got.has_value());
  CHECK(check_shape(got->get(), schema.get())->aligned);
  CHECK(row_text(got->get(), schema.get(), 3) == R"({"x":3})");
}

TEST_CASE("garbage among offsets is an error and not a crash") {
  const weir::Schema schema = one_column("u");
  weir::TextBuilder builder;
  for (int i = 0; i < 3; ++i) builder.append("abc");
  weir::Array rows = rows_with(builder.finish());
  auto* offsets = const_cast<std::int32_t*>(static_cast<const std::int32_t*>(rows.get().children[0]->buffers[1]));
  offsets[1] =
      GENERATE(std::numeric_limits<std::int32_t>::min(), -1, 7, 1 << 30, std::numeric_limits<std::int32_t>::max());
  REQUIRE(check_shape(rows.get(), schema.get()).has_value());  // can't be seen there
  const std::vector<std::uint32_t> selected = {0, 2, 1};
  auto got = gather(rows.get(), schema.get(), selected);
  REQUIRE_FALSE(got.has_value());
  CHECK(got.error().code == "plugin.bad_batch");
  CHECK_THAT(got.error().message, Contains("column 'x': expected ascending offsets"));
}

TEST_CASE("garbage among views is an error and not a crash") {
  const weir::Schema schema = one_column("vu");
  RandomArrays random(8);
  weir::Array rows = random.of(schema.get(), 5, false, false);
  rows.get().children[0]->null_count = 0;
  auto* view = const_cast<std::int32_t*>(static_cast<const std::int32_t*>(rows.get().children[0]->buffers[1])) +
               rows->children[0]->offset * 4;
  view[0] = GENERATE(-1, 13, 1 << 30);
  view[2] = GENERATE(-1, 0, 2);
  view[3] = 1 << 29;
  const std::vector<std::uint32_t> selected = {0};
  auto got = gather(rows.get(), schema.get(), selected);
  REQUIRE_FALSE(got.has_value());
  CHECK_THAT(got.error().message, Contains("expected views within its data buffers"));
}

TEST_CASE("a selection whose texts pass 2 GiB is refused before memory is taken") {
  const weir::Schema schema = one_column("u");
  weir::TextBuilder builder;
  builder.append(std::string(1 << 20, 'x'));
  builder.append("y");
  const weir::Array rows = rows_with(builder.finish());
  std::vector<std::uint32_t> selected(2048, 0);
  selected[1] = 1;
  selected.push_back(0);
  auto got = gather(rows.get(), schema.get(), selected);
  REQUIRE_FALSE(got.has_value());
  CHECK(got.error().code == "data.batch_too_large");
  CHECK(got.error().status == base::Status::resource_exhausted);
}

TEST_CASE("a selection is a run only if it ascends without gaps") {
  const auto run = [](std::vector<std::uint32_t> selected) { return contiguous(selected); };
  CHECK(run({}));
  CHECK(run({7}));
  CHECK(run({7, 8, 9}));
  CHECK_FALSE(run({7, 9}));
  CHECK_FALSE(run({7, 7, 9}));
  CHECK_FALSE(run({9, 8, 7}));
}

TEST_CASE("the size of rows is what their buffers hold, and slices count their share") {
  weir::NumberBuilder<std::int64_t> numbers;
  weir::TextBuilder texts;
  for (int i = 0; i < 100; ++i) {
    numbers.append(i);
    texts.append("0123456789");
  }
  std::vector<weir::Schema> fields;
  fields.push_back(weir::Schema::field("l", "n"));
  fields.push_back(weir::Schema::field("u", "t"));
  const weir::Schema schema = weir::Schema::rows(std::move(fields));
  std::vector<weir::Array> columns;
  columns.push_back(numbers.finish());
  columns.push_back(texts.finish());
  const SharedArray rows(weir::rows_of(100, std::move(columns)));
  CHECK(size_bytes(rows.get(), schema.get()) == 100 * 8 + 101 * 4 + 1000);
  CHECK(size_bytes(rows.slice(10, 10).get(), schema.get()) == 10 * 8 + 11 * 4 + 100);
  const weir::Schema all = every_type();
  CHECK(size_bytes(RandomArrays(9).of(all.get(), 100).get(), all.get()) > 100 * 200);
}

TEST_CASE("slices and views of shared rows read as the rows do, with offset 0 and right null counts") {
  const weir::Schema schema = every_type();
  const auto seed = GENERATE(11U, 12U, 13U);
  const SharedArray rows(RandomArrays(seed).of(schema.get(), 90));
  const std::int64_t from = GENERATE(0, 1, 37), count = GENERATE(0, 1, 50);
  const weir::Array slice = rows.slice(from, count);
  CHECK(slice->offset == 0);
  REQUIRE(slice->length == count);
  REQUIRE(check_shape(slice.get(), schema.get()).has_value());
  const auto full = check_full(slice.get(), schema.get());
  if (!full) FAIL(full.error().message);
  for (std::int64_t i = 0; i < count; ++i) {
    REQUIRE(row_text(slice.get(), schema.get(), i) == row_text(rows.get(), schema.get(), from + i));
  }
  CHECK(rows.view()->length == 90);
}

// Counts how often an array's buffers were freed.
struct Counted {
  static weir::Array make(int& released) {
    weir::NumberBuilder<std::int32_t> builder;
    builder.append(42);
    weir::Array rows = rows_with(builder.finish());
    auto* holder = new std::pair<weir::Array, int*>(std::move(rows), &released);
    ArrowArray raw = holder->first.get();
    raw.private_data = holder;
    raw.release = [](ArrowArray* array) {
      auto* held = static_cast<std::pair<weir::Array, int*>*>(array->private_data);
      ++*held->second;
      delete held;
      array->release = nullptr;
    };
    return weir::Array(&raw);
  }
};

TEST_CASE("shared rows go when the last view is released, children moved out of it included") {
  int released = 0;
  weir::Array column;
  {
    SharedArray rows(Counted::make(released));
    const SharedArray other = rows;
    weir::Array view = other.view(), slice = rows.slice(0, 1);
    column = weir::Array(view.get().children[0]);  // moved out, as Arrow allows
    CHECK(view.get().children[0]->release == nullptr);
    rows = SharedArray();
  }
  CHECK(released == 0);
  CHECK(static_cast<const std::int32_t*>(column->buffers[1])[column->offset] == 42);
  column.reset();
  CHECK(released == 1);
}

TEST_CASE("views may be released on several threads at once") {
  int released = 0;
  {
    SharedArray rows(Counted::make(released));
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([rows] {
        for (int k = 0; k < 500; ++k) {
          weir::Array view = rows.view();
          const weir::Array slice = rows.slice(0, 1);
        }
      });
    }
    for (auto& thread : threads) thread.join();
  }
  CHECK(released == 1);
}

}  // namespace
}  // namespace weir::arrow
