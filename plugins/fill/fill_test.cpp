// fill, through the ABI.
#include <weir/ext/reads.h>

#include <weir/cpp/value_text.hpp>
#include <weir/testing_transformer.hpp>
#include <weir/weir.hpp>
#include <weir_catch.hpp>
#include <weir_golden.hpp>

namespace weir {
namespace {

using Names = std::vector<std::string>;

const weir_component& component() { return *testing::component_of(weir_plugin_v1(), "fill"); }
const weir_transformer& table() { return testing::transformer_of_plugin("fill"); }

class Instance : public testing::TransformerInstance {
 public:
  Instance(std::vector<Schema> fields, testing::Options options)
      : TransformerInstance("fill", Schema::rows(std::move(fields)), std::move(options)) {}

  // What comes of rows [first, first + length) of the columns.
  Array process(std::vector<Array> columns, std::int64_t first, std::int64_t length) {
    TransformerInstance::process(std::move(columns), first, length);
    REQUIRE(status == WEIR_OK);
    CHECK(collected.pushed.size() == 1);
    return std::move(collected.pushed.at(0).rows);
  }
};

std::vector<Array> one(Array column) {
  std::vector<Array> columns;
  columns.push_back(std::move(column));
  return columns;
}

// Rows 1 and 2 of a null, a null, `kept`, of a column of `format` whose default is `option`: as texts.
template <class Builder, class Value>
Names filled_names(std::string_view format, testing::Options::Option option, Builder builder, Value kept) {
  option.path = "/columns/c";
  Instance made(fields_of(Schema::field(format, "c")), {std::move(option)});
  INFO(format << ": " << made.error.message);
  REQUIRE(made.status == WEIR_OK);
  CHECK((made.output().children[0]->flags & ARROW_FLAG_NULLABLE) == 0);
  builder.append_null();
  builder.append_null();
  builder.append(kept);
  const Array rows = made.process(one(builder.finish()), 1, 2);
  const ArrowArray& column = *rows->children[0];
  CHECK(rows->length == 2);
  CHECK(column.null_count == 0);
  Names texts(2);
  for (std::size_t row = 0; row < 2; ++row)
    append_value(texts[row], *made.output().children[0], column, rows->offset, static_cast<std::int64_t>(row));
  return texts;
}

// The same of a number.
template <class T>
Names number(std::string_view format, testing::Options::Option option, T kept) {
  return filled_names(format, std::move(option), NumberBuilder<T>(), kept);
}

TEST_CASE("fill puts its value in the place of nulls, of every type of number") {
  CHECK(number<std::int8_t>("c", {"", -128}, 1) == Names{"-128", "1"});
  CHECK(number<std::uint8_t>("C", {"", 255}, 1) == Names{"255", "1"});
  CHECK(number<std::int16_t>("s", {"", -32768}, 1) == Names{"-32768", "1"});
  CHECK(number<std::uint16_t>("S", {"", 65535}, 1) == Names{"65535", "1"});
  CHECK(number<std::int32_t>("i", {"", 17}, 1) == Names{"17", "1"});
  CHECK(number<std::uint32_t>("I", {"", std::int64_t{4294967295}}, 1) == Names{"4294967295", "1"});
  CHECK(number<std::int64_t>("l", {"", "9223372036854775807"}, 1) == Names{"9223372036854775807", "1"});
  CHECK(number<std::uint64_t>("L", {"", "18446744073709551615"}, 1) == Names{"18446744073709551615", "1"});
  CHECK(number<Half>("e", {"", 0.5}, to_half(2)) == Names{"0.5", "2.0"});
  CHECK(number<float>("f", {"", 0.1}, 2) == Names{"0.1", "2.0"});
  CHECK(number<double>("g", {"", 3}, 2) == Names{"3.0", "2.0"});
  CHECK(number<Int128>("d:12,2", {"", 0.25}, 125) == Names{"0.25", "1.25"});
  CHECK(number<Int128>("d:38,2", {"", "123456789012345678901234567890.12"}, 125) ==
        Names{"123456789012345678901234567890.12", "1.25"});
  CHECK(number<Int256>("d:40,2,256", {"", "-1.5"}, Int256{{125, 0, 0, 0}}) == Names{"-1.50", "1.25"});
}

TEST_CASE("fill puts its value in the place of nulls, of booleans, dates and times") {
  CHECK(filled_names("b", {"", true}, BooleanBuilder(), false) == Names{"true", "false"});
  CHECK(filled_names("b", {"", "false"}, BooleanBuilder(), true) == Names{"false", "true"});
  CHECK(number<std::int32_t>("tdD", {"", "2026-01-31"}, 0) == Names{"2026-01-31", "1970-01-01"});
  CHECK(number<std::int64_t>("tdm", {"", "2026-01-31"}, 0) == Names{"2026-01-31", "1970-01-01"});
  CHECK(number<std::int32_t>("tts", {"", "12:30:01"}, 1) == Names{"12:30:01", "00:00:01"});
  CHECK(number<std::int64_t>("ttu", {"", "12:30:00.25"}, 1000000) == Names{"12:30:00.25", "00:00:01"});
  CHECK(number<std::int64_t>("tss:", {"", "2026-01-31T12:30:00"}, 0) ==
        Names{"2026-01-31T12:30:00", "1970-01-01T00:00:00"});
  CHECK(number<std::int64_t>("tsn:UTC", {"", "2026-01-31T14:30:00+02:00"}, 0)[0].starts_with("2026-01-31T12:30:00"));
}

TEST_CASE("fill puts its value in the place of nulls, of every layout of strings") {
  const std::string value = "longer than a view holds";
  CHECK(filled_names("u", {"", value}, TextBuilder(), "") == Names{value, ""});
  CHECK(filled_names("U", {"", value}, LargeTextBuilder(), "kept") == Names{value, "kept"});
  CHECK(filled_names("vu", {"", value}, ViewBuilder(), "kept") == Names{value, "kept"});
  CHECK(filled_names("u", {"", ""}, TextBuilder(), "kept") == Names{"", "kept"});
}

TEST_CASE("fill takes empty texts for nulls if it is told to") {
  const auto texts = [](bool empties) {
    Instance made(fields_of(Schema::field("u", "a")), {{"/columns/a", "none"}, {"/empty", empties}});
    TextBuilder builder;
    for (const char* text : {"x", "", "y"}) builder.append(text);
    const Array rows = made.process(one(builder.finish()), 0, 3);
    const TextColumn column(*rows->children[0]);
    return Names{std::string(column[0]), std::string(column[1]), std::string(column[2])};
  };
  CHECK(texts(true) == Names{"x", "none", "y"});
  CHECK(texts(false) == Names{"x", "", "y"});
}

TEST_CASE("fill copies no column without nulls, and none that it is not for") {
  Instance made(fields_of(Schema::field("l", "a"), Schema::field("l", "b"), Schema::field("l", "c")),
                {{"/columns/a", 7}, {"/columns/c", 9}});
  std::vector<Array> columns;
  for (int i = 0; i < 3; ++i) {
    NumberBuilder<std::int64_t> builder;
    builder.append_null();  // in front of the slice
    builder.append(1);
    if (i > 0) {
      builder.append_null();
    } else {
      builder.append(2);
    }
    columns.push_back(builder.finish());
  }
  const void* values[] = {columns[0]->buffers[1], columns[1]->buffers[1], columns[2]->buffers[1]};
  const Array rows = made.process(std::move(columns), 1, 2);
  CHECK(rows->children[0]->buffers[1] == values[0]);
  CHECK(rows->children[0]->null_count == 0);
  CHECK(NumberColumn<std::int64_t>(*rows->children[0])[1] == 2);
  CHECK(rows->children[1]->buffers[1] == values[1]);
  CHECK_FALSE(NumberColumn<std::int64_t>(*rows->children[1]).valid(1));
  CHECK(rows->children[2]->buffers[1] != values[2]);
  CHECK(NumberColumn<std::int64_t>(*rows->children[2])[0] == 1);
  CHECK(NumberColumn<std::int64_t>(*rows->children[2])[1] == 9);
  CHECK((made.output().children[0]->flags & ARROW_FLAG_NULLABLE) == 0);
  CHECK((made.output().children[1]->flags & ARROW_FLAG_NULLABLE) != 0);
}

TEST_CASE("fill passes an empty batch, and one whose rows are all null") {
  Instance made(fields_of(Schema::field("u", "a")), {{"/columns/a", "none"}});
  CHECK(made.process(one(TextBuilder().finish()), 0, 0)->length == 0);
  TextBuilder nulls;
  for (int i = 0; i < 9; ++i) nulls.append_null();
  const Array rows = made.process(one(nulls.finish()), 0, 9);
  for (std::int64_t row = 0; row < 9; ++row) CHECK(TextColumn(*rows->children[0])[row] == "none");
}

TEST_CASE("fill keeps rows where they are, so that those which are not live stay so") {
  weir_traits traits{};
  traits.size = sizeof traits;
  weir_error error = testing::no_error();
  testing::Options options{{"/columns/a", 1}};
  REQUIRE(table().traits(options.config(), &traits, &error) == WEIR_OK);
  CHECK(traits.rows == WEIR_ROWS_ONCE);
  CHECK(traits.keeps_rows == 1);
  CHECK(traits.takes_selection == 1);
}

TEST_CASE("fill reads the columns that it fills") {
  const Instance made(fields_of(Schema::field("l", "a/b"), Schema::field("l", "c")), {{"/columns/a~1b", 1}});
  REQUIRE(made.status == WEIR_OK);
  const auto& reads = *static_cast<const weir_reads*>(component().extension(to_weir(std::string_view(WEIR_READS))));
  testing::Bytes read;
  weir_error error = testing::no_error();
  REQUIRE(reads.columns(made.self, 0, read.sink(), &error) == WEIR_OK);
  CHECK(read.kept == Names{"a/b"});
}

TEST_CASE("every message of fill is what its golden file says") {
  test::Golden golden(WEIR_GOLDEN "/messages.txt");
  const auto tell = [&golden](const std::string& title, Schema field, testing::Options::Option option) {
    const Instance made(fields_of(std::move(field)), {std::move(option)});
    CHECK(made.status == WEIR_INVALID_ARGUMENT);
    CHECK(made.error.fault == WEIR_FAULT_MANIFEST);
    golden.tell(title, std::string(made.error.option) + ": " + made.error.message + "\nhint: " + made.error.hint);
  };
  const auto misfit = [&tell](const std::string& title, std::string_view format, testing::Options::Option option) {
    option.path = "/columns/c";
    tell(title, Schema::field(format, "c"), std::move(option));
  };
  tell("a column that is not there", Schema::field("l", "quantity"), {"/columns/quantty", 1});
  tell("a column that is like none", Schema::field("l", "quantity"), {"/columns/zzz", 1});
  tell("a list", Schema::nested("+l", "tags", Schema::field("u", "item")), {"/columns/tags", "x"});
  tell("a dictionary", Schema::dictionary(Schema::field("i", "c"), Schema::field("u", "")), {"/columns/c", "x"});
  misfit("binary", "z", {"", "x"});
  misfit("a duration", "tDs", {"", 1});
  misfit("no boolean", "b", {"", "yes"});
  misfit("an integer out of range", "c", {"", 128});
  misfit("an integer below zero", "L", {"", -1});
  misfit("an integer with a fraction", "l", {"", 1.5});
  misfit("an integer that may have been cut", "L", {"", std::int64_t{9223372036854775807}});
  misfit("a half out of range", "e", {"", 65520});
  misfit("a double of no number", "g", {"", "much"});
  misfit("a decimal with too many digits behind the point", "d:6,2", {"", "0.125"});
  misfit("a decimal that is no longer exact", "d:38,18", {"", 0.1234567890123456});
  misfit("a string without quotes", "u", {"", 5});
  misfit("no date", "tdD", {"", "2026-02-30"});
  misfit("a time finer than its column", "tts", {"", "12:30:00.5"});
  misfit("a timestamp without its zone", "tsu:UTC", {"", "2026-01-31T12:30:00"});
  misfit("a timestamp with a zone too many", "tsu:", {"", "2026-01-31T12:30:00Z"});
  golden.end();
}

}  // namespace
}  // namespace weir
