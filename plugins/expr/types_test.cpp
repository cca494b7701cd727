// Conditions over columns of every Arrow type, in slices at odd offsets, with nulls, over several chunks.
#include <cmath>
#include <functional>
#include <limits>

#include <weir_catch.hpp>
#include <weir_fake_host.hpp>

#include "filter.hpp"

namespace {

using namespace weir;
using Rows = std::vector<std::uint32_t>;

constexpr std::int64_t kJunk = 3;  // rows before the slice: two by the column's offset, one by the struct's
constexpr std::int64_t kTypeRows = 2500;

bool is_null(std::int64_t row) { return row % 7 == 3; }

// A slice of a struct of one column "x" whose first kJunk rows don't belong to it.
struct Slice {
  Array column;
  ArrowArray* children[1];
  ArrowArray rows{};

  explicit Slice(Array all, std::int64_t length = kTypeRows) : column(std::move(all)) {
    column.address()->offset += 2;
    column.address()->length -= 2;
    children[0] = column.address();
    rows.length = length;
    rows.offset = 1;
    static const void* const kNoValidity[1] = {nullptr};
    rows.n_buffers = 1;
    rows.buffers = const_cast<const void**>(kNoValidity);
    rows.n_children = 1;
    rows.children = children;
    rows.release = [](ArrowArray* array) { array->release = nullptr; };
  }
  Slice(const Slice&) = delete;
  Slice& operator=(const Slice&) = delete;
};

Schema schema_of(const std::string& format) {
  std::vector<Schema> fields;
  fields.push_back(Schema::field(format, "x"));
  return Schema::rows(std::move(fields));
}

Rows picked(const Schema& schema, const Slice& slice, const std::string& condition) {
  test::FakeHost host({.texts = {{"/where", condition}}});
  const weir_status status = host.create<expr::Filter>(schema.get());
  INFO(condition << ": " << host.error.message);
  REQUIRE(status == WEIR_OK);
  const auto outcome = host.process(slice.rows);
  REQUIRE(outcome.rejected.empty());
  return outcome.selected;
}

// Rows for which `test` holds; nulls never.
template <class Test>
Rows expected(Test test) {
  Rows rows;
  for (std::int64_t row = 0; row < kTypeRows; ++row) {
    if (!is_null(row) && test(row)) rows.push_back(static_cast<std::uint32_t>(row));
  }
  return rows;
}

std::int64_t small(std::int64_t row) { return row * 31 % 11; }

template <class T>
Array column_of(const std::function<T(std::int64_t)>& value) {
  NumberBuilder<T> builder;
  for (std::int64_t i = -kJunk; i < kTypeRows; ++i) {
    if (i >= 0 && is_null(i)) {
      builder.append_null();
    } else {
      builder.append(i < 0 ? T{} : value(i));
    }
  }
  return builder.finish();
}

template <class T>
void check_integers(const std::string& format) {
  INFO(format);
  const Schema schema = schema_of(format);
  const Slice slice(column_of<T>([](std::int64_t row) { return static_cast<T>(small(row)); }));
  CHECK(picked(schema, slice, "x > 5") == expected([](auto row) { return small(row) > 5; }));
  CHECK(picked(schema, slice, "5 >= x") == expected([](auto row) { return small(row) <= 5; }));
  CHECK(picked(schema, slice, "x <> 4") == expected([](auto row) { return small(row) != 4; }));
  CHECK(picked(schema, slice, "x < 4.5") == expected([](auto row) { return small(row) <= 4; }));
  CHECK(picked(schema, slice, "x = 4.5e0") == Rows());
  CHECK(picked(schema, slice, "x <> cast(null as double) or x < year(null) or x <> cast(null as decimal(9,2))") ==
        Rows());
  CHECK(picked(schema, slice, "x <= 1e30") == expected([](auto) { return true; }));
  CHECK(picked(schema, slice, "x > 99999999999999999999") == Rows());
  CHECK(picked(schema, slice, "x > 100000") == Rows());
  CHECK(picked(schema, slice, "x in (1, 3, 100000)") ==
        expected([](auto row) { return small(row) == 1 || small(row) == 3; }));
  CHECK(picked(schema, slice, "x in (1,2,3,11,12,13,14,15,16,17)") ==
        expected([](auto row) { return small(row) >= 1 && small(row) <= 3; }));
  CHECK(picked(schema, slice, "x * 2 + 1 = 7") == expected([](auto row) { return small(row) == 3; }));
  CHECK(picked(schema, slice, "x not between 2 and 8") ==
        expected([](auto row) { return small(row) < 2 || small(row) > 8; }));
  CHECK(picked(schema, slice, "x = x and x is not null") == expected([](auto) { return true; }));
  CHECK(picked(schema, slice, "x is null").size() ==
        static_cast<std::size_t>(kTypeRows) - expected([](auto) { return true; }).size());
}

std::string word(std::int64_t row) {
  static const std::vector<std::string> kWords = {"",         "US",      "DE", "FR", "a longer text than twelve bytes",
                                                  "12345678", "1234567", "é"};
  return kWords[static_cast<std::size_t>(row * 13 % 8)];
}

void check_texts(const Schema& schema, const Slice& slice) {
  CHECK(picked(schema, slice, "x = 'US'") == expected([](auto row) { return word(row) == "US"; }));
  CHECK(picked(schema, slice, "x in ('US', 'DE', 'FR')") ==
        expected([](auto row) { return word(row).size() == 2 && word(row) != "é"; }));
  CHECK(picked(schema, slice, "x in ('12345678', 'x')") == expected([](auto row) { return word(row) == "12345678"; }));
  CHECK(picked(schema, slice, "x in ('1234567')") == expected([](auto row) { return word(row) == "1234567"; }));
  CHECK(picked(schema, slice, "x in ('')") == expected([](auto row) { return word(row).empty(); }));
  CHECK(picked(schema, slice, "x > 'DE'") == expected([](auto row) { return word(row) > "DE"; }));
  CHECK(picked(schema, slice, "x like '%long%'") ==
        expected([](auto row) { return word(row).find("long") != std::string::npos; }));
  CHECK(picked(schema, slice, "upper(x) = 'É'") == expected([](auto row) { return word(row) == "é"; }));
  CHECK(picked(schema, slice, "length(x) = 1") == expected([](auto row) { return word(row) == "é"; }));
  CHECK(picked(schema, slice, "x is null").size() ==
        static_cast<std::size_t>(kTypeRows) - expected([](auto) { return true; }).size());
}

template <class Builder>
Array texts() {
  Builder builder;
  for (std::int64_t i = -kJunk; i < kTypeRows; ++i) {
    if (i >= 0 && is_null(i)) {
      builder.append_null();
    } else {
      builder.append(i < 0 ? "junk" : word(i));
    }
  }
  return builder.finish();
}

// utf8_view: what is longer than 12 bytes stands in a buffer of its own.
Array text_views() {
  std::vector<Buffer> buffers(4);
  ValidityBuilder validity;
  for (std::int64_t i = -kJunk; i < kTypeRows; ++i) {
    const std::string text = i < 0 ? "junk" : word(i);
    std::uint8_t view[16] = {};
    const auto length = static_cast<std::int32_t>(text.size());
    std::memcpy(view, &length, 4);
    std::memcpy(view + 4, text.data(), std::min<std::size_t>(text.size(), text.size() <= 12 ? 12 : 4));
    if (length > 12) {
      const std::int32_t where[2] = {0, static_cast<std::int32_t>(buffers[2].size())};
      std::memcpy(view + 8, where, 8);
      buffers[2].append(text.data(), text.size());
    }
    buffers[1].append(view, 16);
    if (i >= 0 && is_null(i)) {
      validity.append_null();
    } else {
      validity.append_valid();
    }
  }
  const auto size = static_cast<std::int64_t>(buffers[2].size());
  buffers[3].append(&size, 8);
  const std::int64_t nulls = validity.null_count();
  buffers[0] = validity.finish();
  return make_array(kTypeRows + kJunk, nulls, std::move(buffers));
}

// A dictionary with a null of its own at 0, and texts in the order of word().
struct Dictionary {
  Array values;
  Array indices;
  Schema rows;
  ArrowSchema* field;

  Dictionary() : rows(schema_of("c")), field(rows->children[0]) {
    TextBuilder builder;
    builder.append_null();
    for (std::int64_t i = 0; i < 8; ++i) builder.append(word(i));
    values = builder.finish();
    NumberBuilder<std::int8_t> index;
    for (std::int64_t i = -kJunk; i < kTypeRows; ++i) {
      if (i >= 0 && is_null(i) && i % 2 == 0) {
        index.append_null();
      } else {
        index.append(i < 0 || is_null(i) ? std::int8_t{0} : static_cast<std::int8_t>(1 + i % 8));
      }
    }
    indices = index.finish();
    indices.address()->dictionary = values.address();
  }
};

}  // namespace

TEST_CASE("integers of every width are compared, in slices") {
  check_integers<std::int8_t>("c");
  check_integers<std::uint8_t>("C");
  check_integers<std::int16_t>("s");
  check_integers<std::uint16_t>("S");
  check_integers<std::int32_t>("i");
  check_integers<std::uint32_t>("I");
  check_integers<std::int64_t>("l");
  check_integers<std::uint64_t>("L");
}

TEST_CASE("texts of every layout are compared, in slices") {
  {
    INFO("utf8");
    const Slice slice(texts<TextBuilder>());
    check_texts(schema_of("u"), slice);
  }
  {
    INFO("large_utf8");
    const Slice slice(texts<LargeTextBuilder>());
    check_texts(schema_of("U"), slice);
  }
  {
    INFO("utf8_view");
    const Slice slice(text_views());
    check_texts(schema_of("vu"), slice);
  }
  {
    INFO("dictionary");
    Dictionary dictionary;
    Schema text = Schema::field("u", "");
    dictionary.field->dictionary = text.address();
    const Slice slice(std::move(dictionary.indices));
    check_texts(dictionary.rows, slice);
    dictionary.field->dictionary = nullptr;
    const_cast<ArrowArray&>(slice.column.get()).dictionary = nullptr;
  }
}

TEST_CASE("doubles and floats compare exactly, NaN equals nothing") {
  const auto value = [](std::int64_t row) {
    return row % 5 == 4 ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(row % 5) / 2;
  };
  for (const bool narrow : {false, true}) {
    const Schema schema = schema_of(narrow ? "f" : "g");
    const Slice slice(narrow ? column_of<float>([&](auto row) { return static_cast<float>(value(row)); })
                             : column_of<double>(value));
    CHECK(picked(schema, slice, "x > 0.5") == expected([&](auto row) { return value(row) > 0.5; }));
    CHECK(picked(schema, slice, "x = x") == expected([&](auto row) { return !std::isnan(value(row)); }));
    CHECK(picked(schema, slice, "x <> 1") == expected([&](auto row) { return value(row) != 1; }));
    CHECK(picked(schema, slice, "x >= 1") == expected([&](auto row) { return value(row) >= 1; }));
    CHECK(picked(schema, slice, "x in (0.5, 1)") ==
          expected([&](auto row) { return value(row) == 0.5 || value(row) == 1; }));
    CHECK(picked(schema, slice, "x between 0.5 and 1") ==
          expected([&](auto row) { return value(row) >= 0.5 && value(row) <= 1; }));
  }
  const Schema half = schema_of("e");
  const Slice slice(column_of<std::uint16_t>(
      [](auto row) { return row % 2 == 0 ? std::uint16_t{0x3C00} : std::uint16_t{0xC100}; }));  // 1, -2.5
  CHECK(picked(half, slice, "x = -2.5") == expected([](auto row) { return row % 2 == 1; }));
  CHECK(picked(half, slice, "x = 1") == expected([](auto row) { return row % 2 == 0; }));
}

TEST_CASE("an int64 beyond 2^53 is not equal to the nearest double") {
  const std::int64_t big = (std::int64_t{1} << 53) + 1;
  const Schema schema = schema_of("l");
  const Slice slice(column_of<std::int64_t>([big](auto) { return big; }));
  CHECK(picked(schema, slice, "x = 9007199254740992e0") == Rows());
  CHECK(picked(schema, slice, "x > 9007199254740992e0") == expected([](auto) { return true; }));
  CHECK(picked(schema, slice, "x = cast(x as double)") == Rows());
  CHECK(picked(schema, slice, "x > cast(x as double)") == expected([](auto) { return true; }));
  CHECK(picked(schema, slice, "x = cast(x as decimal(20,2))") == expected([](auto) { return true; }));
  CHECK(picked(schema, slice, "cast(x as decimal(20,2)) > cast(x as double)") == expected([](auto) { return true; }));
}

TEST_CASE("decimals compare by value, with every kind of number") {
  const auto cents = [](std::int64_t row) { return (row % 9 - 4) * 25; };
  const Schema schema = schema_of("d:10,2");
  const Slice slice(column_of<Int128>([&](auto row) { return static_cast<Int128>(cents(row)); }));
  CHECK(picked(schema, slice, "x > 0.25") == expected([&](auto row) { return cents(row) > 25; }));
  CHECK(picked(schema, slice, "x = -1") == expected([&](auto row) { return cents(row) == -100; }));
  CHECK(picked(schema, slice, "x >= 0.5e0") == expected([&](auto row) { return cents(row) >= 50; }));
  CHECK(picked(schema, slice, "x in (0.250, 1)") ==
        expected([&](auto row) { return cents(row) == 25 || cents(row) == 100; }));
  CHECK(picked(schema, slice, "x + 0.005 > 0.25") == expected([&](auto row) { return cents(row) >= 25; }));
  CHECK(picked(schema, slice, "x * x = 0.0625") == expected([&](auto row) { return std::abs(cents(row)) == 25; }));
  CHECK(picked(schema, slice, "round(x, 0) = 1") ==
        expected([&](auto row) { return cents(row) == 50 || cents(row) == 75 || cents(row) == 100; }));
  CHECK(picked(schema, slice, "x / 2 = 0.125") == expected([&](auto row) { return cents(row) == 25; }));
  CHECK(picked(schema, slice, "x % 0.5 = 0.25") ==
        expected([&](auto row) { return cents(row) > 0 && cents(row) % 50 == 25; }));
}

TEST_CASE("dates and timestamps compare in any unit") {
  const auto day = [](std::int64_t row) { return row % 5 - 2; };  // days around 1970-01-01
  {
    const Schema schema = schema_of("tdD");
    const Slice slice(column_of<std::int32_t>([&](auto row) { return static_cast<std::int32_t>(day(row)); }));
    CHECK(picked(schema, slice, "x >= '1970-01-01'") == expected([&](auto row) { return day(row) >= 0; }));
    CHECK(picked(schema, slice, "x > timestamp '1969-12-31 00:00:01'") ==
          expected([&](auto row) { return day(row) >= 0; }));
    CHECK(picked(schema, slice, "x in (date '1970-01-02', '1969-12-30')") ==
          expected([&](auto row) { return day(row) == 1 || day(row) == -2; }));
    CHECK(picked(schema, slice, "year(x) = 1969 and month(x) = 12 and day(x) = 31") ==
          expected([&](auto row) { return day(row) == -1; }));
    CHECK(picked(schema, slice, "x + 1 = date '1970-01-01'") == expected([&](auto row) { return day(row) == -1; }));
    CHECK(picked(schema, slice, "x - date '1970-01-01' = 2") == expected([&](auto row) { return day(row) == 2; }));
  }
  {
    const Schema schema = schema_of("tdm");
    const Slice slice(column_of<std::int64_t>([&](auto row) { return day(row) * 86'400'000; }));
    CHECK(picked(schema, slice, "x < date '1970-01-01'") == expected([&](auto row) { return day(row) < 0; }));
  }
  for (const auto& [format, units] : std::vector<std::pair<std::string, std::int64_t>>{
           {"tss:", 1}, {"tsm:", 1000}, {"tsu:UTC", 1'000'000}, {"tsn:", 1'000'000'000}}) {
    INFO(format);
    const Schema schema = schema_of(format);
    const auto seconds = [](std::int64_t row) { return (row % 5 - 2) * 40'000; };
    const Slice slice(column_of<std::int64_t>([&](auto row) { return seconds(row) * units; }));
    CHECK(picked(schema, slice, "x > '1970-01-01'") == expected([&](auto row) { return seconds(row) > 0; }));
    CHECK(picked(schema, slice, "x <= '1969-12-31 12:53:20'") ==
          expected([&](auto row) { return seconds(row) <= -40'000; }));
    CHECK(picked(schema, slice, "x > '1969-12-31 12:53:19.999999999'") ==
          expected([&](auto row) { return seconds(row) >= -40'000; }));
    CHECK(picked(schema, slice, "cast(x as date) = date '1969-12-31'") ==
          expected([&](auto row) { return seconds(row) < 0 && seconds(row) >= -86'400; }));
    CHECK(picked(schema, slice, "hour(x) = 11 and minute(x) = 6") ==
          expected([&](auto row) { return seconds(row) == 40'000; }));
  }
}

TEST_CASE("booleans are conditions, values and ordered") {
  BooleanBuilder builder;
  for (std::int64_t i = -kJunk; i < kTypeRows; ++i) {
    if (i >= 0 && is_null(i)) {
      builder.append_null();
    } else {
      builder.append(i % 3 == 0);
    }
  }
  const Schema schema = schema_of("b");
  const Slice slice(builder.finish());
  CHECK(picked(schema, slice, "x") == expected([](auto row) { return row % 3 == 0; }));
  CHECK(picked(schema, slice, "not x") == expected([](auto row) { return row % 3 != 0; }));
  CHECK(picked(schema, slice, "x < true") == expected([](auto row) { return row % 3 != 0; }));
  CHECK(picked(schema, slice, "x in (true)") == expected([](auto row) { return row % 3 == 0; }));
  CHECK(picked(schema, slice, "coalesce(x, false) = false").size() >
        expected([](auto row) { return row % 3 != 0; }).size());
}

TEST_CASE("a column of nulls fits any condition and meets none") {
  const Schema schema = schema_of("n");
  const Slice slice(make_array(kTypeRows + kJunk, kTypeRows + kJunk, {}));
  for (const char* condition :
       {"x > 1", "x = 'a'", "x like 'a%'", "x", "not x", "x between 1 and 2", "x in (1, 2)", "lower(x) = 'a'",
        "x + 1 > 2", "year(x) = 2024", "x * 2.5 = 1", "coalesce(x, x) = 1", "abs(x) > 0", "substr(x, 1) = ''"}) {
    INFO(condition);
    CHECK(picked(schema, slice, condition).empty());
  }
  CHECK(picked(schema, slice, "x is null").size() == kTypeRows);
}

TEST_CASE("rows whose integers overflow are rejected, each width in 64 bits") {
  const Schema schema = schema_of("l");
  const Slice slice(column_of<std::int64_t>([](auto row) {
    return row == 1000   ? std::numeric_limits<std::int64_t>::max()
           : row == 2000 ? std::numeric_limits<std::int64_t>::min()
                         : row;
  }));
  const auto rejected = [&](const std::string& condition) {
    test::FakeHost host({.texts = {{"/where", condition}}});
    REQUIRE(host.create<expr::Filter>(schema.get()) == WEIR_OK);
    std::vector<std::int64_t> rows;
    for (const auto& reject : host.process(slice.rows).rejected) {
      CHECK(reject.reason == "integer overflow");
      rows.push_back(reject.row);
    }
    return rows;
  };
  using Found = std::vector<std::int64_t>;
  CHECK(rejected("x + 1 > 0") == Found{1000});
  CHECK(rejected("x - 1 > 0") == Found{2000});
  CHECK(rejected("x * 2 > 0") == Found{1000, 2000});
  CHECK(rejected("-x > 0") == Found{2000});
  CHECK(rejected("abs(x) > 0") == Found{2000});
  CHECK(rejected("x / -1 > 0") == Found{2000});
  CHECK(rejected("x % -1 = 0") == Found{});
  CHECK(rejected("x < 9223372036854775807 and x + 1 > 0") == Found{});
}
