// The encoder: every type that crosses, as CSV text.
#include <weir_catch.hpp>

#include "encoder.hpp"
#include "fake_host.hpp"
#include "reader.hpp"
#include "writing.hpp"

using namespace weir;
using namespace weir::csv;
using namespace weir::test;

namespace {

// Writes rows of the given columns.
Written write(std::vector<Schema> fields, std::vector<Array> columns, const std::string& options = "{}") {
  const std::int64_t length = columns.empty() ? 0 : columns[0]->length;
  const Schema schema = Schema::rows(std::move(fields));
  const Array rows = rows_of(length, std::move(columns));
  return write_rows(schema, {&rows, 1}, options);
}

// Writes one column of fixed-width values.
template <class T>
std::string column(const char* format, std::initializer_list<T> values, Metadata metadata = {}) {
  NumberBuilder<T> builder;
  for (const T& value : values) builder.append(value);
  std::vector<Schema> fields;
  fields.push_back(Schema::field(format, "a", true, std::move(metadata)));
  std::vector<Array> columns;
  columns.push_back(builder.finish());
  return write(std::move(fields), std::move(columns)).text;
}

template <class Builder>
std::string texts(const char* format, std::initializer_list<std::string> values, const std::string& options = "{}") {
  Builder builder;
  for (const auto& value : values) builder.append(value);
  std::vector<Schema> fields;
  fields.push_back(Schema::field(format, "a"));
  fields.push_back(Schema::field("n", "b"));
  std::vector<Array> columns;
  columns.push_back(builder.finish());
  columns.push_back(make_array(static_cast<std::int64_t>(values.size()), static_cast<std::int64_t>(values.size()), {}));
  return write(std::move(fields), std::move(columns), options).text;
}

// What is told of the only row, a value of `a` beside a null.
std::string told_of_value(const char* format, Array value, const std::string& options) {
  std::vector<Schema> fields;
  fields.push_back(Schema::field(format, "a"));
  fields.push_back(Schema::field("n", "b"));
  std::vector<Array> columns;
  columns.push_back(std::move(value));
  columns.push_back(make_array(1, 1, {}));
  const Written written = write(std::move(fields), std::move(columns), options);
  return written.rejects == 0 ? written.text : written.first;
}

template <class Builder, class T>
std::string told_of_value(const char* format, const T& value, const std::string& options) {
  Builder builder;
  builder.append(value);
  return told_of_value(format, builder.finish(), options);
}

}  // namespace

TEST_CASE("numbers of every width are written") {
  CHECK(column<std::int8_t>("c", {-128, 127}) == "a\n-128\n127\n");
  CHECK(column<std::uint8_t>("C", {255}) == "a\n255\n");
  CHECK(column<std::int16_t>("s", {-32768}) == "a\n-32768\n");
  CHECK(column<std::uint16_t>("S", {65535}) == "a\n65535\n");
  CHECK(column<std::int32_t>("i", {INT32_MIN}) == "a\n-2147483648\n");
  CHECK(column<std::uint32_t>("I", {UINT32_MAX}) == "a\n4294967295\n");
  CHECK(column<std::int64_t>("l", {INT64_MIN}) == "a\n-9223372036854775808\n");
  CHECK(column<std::uint64_t>("L", {UINT64_MAX}) == "a\n18446744073709551615\n");
  CHECK(column<std::uint16_t>("e", {0x3C00, 0xC000, 0x0001, 0x7BFF, 0x7C00, 0x8000}) ==
        "a\n1.0\n-2.0\n5.9604645e-08\n65504.0\nInfinity\n-0.0\n");
  CHECK(column<float>("f", {0.1F}) == "a\n0.1\n");
  CHECK(column<double>("g", {0.1, 1e300}) == "a\n0.1\n1e+300\n");
  CHECK(column<Int128>("d:10,2", {Int128{-5}, Int128{12345}}) == "a\n-0.05\n123.45\n");
  struct Wide {
    std::uint64_t words[4];
  };
  CHECK(column<Wide>("d:40,2,256", {Wide{{12345, 0, 0, 0}}, Wide{{~0ULL, ~0ULL, ~0ULL, ~0ULL}}}) ==
        "a\n123.45\n-0.01\n");
}

TEST_CASE("dates and times are written") {
  CHECK(column<std::int32_t>("tdD", {0, -1}) == "a\n1970-01-01\n1969-12-31\n");
  CHECK(column<std::int64_t>("tdm", {86400000, -86400000}) == "a\n1970-01-02\n1969-12-31\n");
  CHECK(column<std::int32_t>("tts", {3661}) == "a\n01:01:01\n");
  CHECK(column<std::int32_t>("ttm", {1}) == "a\n00:00:00.001\n");
  CHECK(column<std::int64_t>("ttn", {1}) == "a\n00:00:00.000000001\n");
  CHECK(column<std::int64_t>("tss:", {-1}) == "a\n1969-12-31T23:59:59\n");
  CHECK(column<std::int64_t>("tsu:UTC", {1}, {{std::string(kSpellingKey), " 6Z"}}) ==
        "a\n1970-01-01 00:00:00.000001Z\n");
  CHECK(column<std::int64_t>("tsm:+02:00", {0}) == "a\n1970-01-01T02:00:00+02:00\n");
  CHECK(column<std::int64_t>("tDs", {-5}) == "a\n-5\n");
}

TEST_CASE("texts and bytes of every layout are written") {
  const std::initializer_list<std::string> values = {
      "x", "", "a,b", "say \"hi\"", "two\nlines", " edge ", std::string(40, 'y'), "z;"};
  const std::string wanted =
      "a,b\nx,\n\"\",\n\"a,b\",\n\"say \"\"hi\"\"\",\n\"two\nlines\",\n edge ,\n" + std::string(40, 'y') + ",\nz;,\n";
  CHECK(texts<TextBuilder>("u", values) == wanted);
  CHECK(texts<LargeTextBuilder>("U", values) == wanted);
  CHECK(texts<TextBuilder>("z", {std::string("\x00\xFF", 2), ""}) == "a,b\n00ff,\n\"\",\n");
  CHECK(column<std::uint16_t>("w:2", {0x2301}) == "a\n0123\n");

  // Views: short ones hold their bytes, long ones point to them.
  std::vector<Buffer> buffers(3);
  buffers[1].resize(32);
  std::memset(buffers[1].data(), 0, 32);
  const std::string far = "a text, of 18 byte";
  const std::int32_t near_length = 2, far_length = 18;
  std::memcpy(buffers[1].data(), &near_length, 4);
  std::memcpy(buffers[1].data() + 4, "hi", 2);
  std::memcpy(buffers[1].data() + 16, &far_length, 4);
  buffers[2].append(far.data(), far.size());
  std::vector<Schema> fields;
  fields.push_back(Schema::field("vu", "a"));
  std::vector<Array> columns;
  columns.push_back(make_array(2, 0, std::move(buffers)));
  CHECK(write(std::move(fields), std::move(columns)).text == "a\nhi\n\"a text, of 18 byte\"\n");
}

TEST_CASE("a dictionary is written as its values") {
  TextBuilder words;
  words.append("DE");
  words.append_null();
  words.append("FR,");
  NumberBuilder<std::int8_t> indices;
  indices.append(2);
  indices.append(0);
  indices.append_null();
  indices.append(1);
  Array index = indices.finish(), values = words.finish();
  ArrowArray raw = index.release();
  ArrowArray dictionary = values.release();
  raw.dictionary = &dictionary;
  std::vector<Array> columns;
  columns.emplace_back(&raw);

  Schema field = Schema::field("c", "a"), of_words = Schema::field("u", "");
  ArrowSchema raw_field = field.release();
  raw_field.dictionary = of_words.address();
  std::vector<Schema> fields;
  fields.push_back(Schema(&raw_field));
  CHECK(write(std::move(fields), std::move(columns)).text == "a\n\"FR,\"\nDE\n\n\n");
  dictionary.release(&dictionary);
}

TEST_CASE("rows that are a slice are written from where they begin") {
  const FakeHost host;
  const FakeConfig config("{}");
  FakeContext context(host, config);
  const FakeSchemas stored;
  const FakeOutput output;
  const FakeNext next;
  NumberBuilder<std::int64_t> numbers;
  TextBuilder words;
  BooleanBuilder flags;
  for (int i = 0; i < 20; ++i) {
    if (i == 12)
      numbers.append_null();
    else
      numbers.append(i);
    words.append("w" + std::to_string(i));
    flags.append(i % 3 == 0);
  }
  std::vector<Array> columns;
  columns.push_back(numbers.finish());
  columns.push_back(words.finish());
  columns.push_back(flags.finish());
  const Array rows = rows_of(20, std::move(columns));
  std::vector<Schema> fields;
  fields.push_back(Schema::field("l", "n"));
  fields.push_back(Schema::field("u", "w"));
  fields.push_back(Schema::field("b", "f"));
  const Schema schema = Schema::rows(std::move(fields));
  CsvEncoder encoder(Context(&context), schema.get(), Outputs(&stored), Output(&output));
  weir_batch batch{};
  weir_batch_clear(&batch);
  batch.rows = rows.get();
  batch.rows.offset = 11;
  batch.rows.length = 3;
  Batch in_hand(&batch);
  encoder.encode(in_hand, Next(&next));
  encoder.flush();
  CHECK(output.bytes == "n,w,f\n11,w11,false\n,w12,true\n13,w13,false\n");
}

TEST_CASE("options change how it is written") {
  CHECK(texts<TextBuilder>("u", {"a;b", "c'd", "e,f"}, R"({"delimiter": ";", "quote": "'", "line_end": "crlf"})") ==
        "a;b\r\n'a;b';\r\n'c''d';\r\ne,f;\r\n");
  CHECK(texts<TextBuilder>("u", {"x"}, R"({"header": false, "delimiter": "tab"})") == "x\t\n");
  CHECK(texts<TextBuilder>("u", {"x"}, R"({"columns": ["one", "t,wo"]})") == "one,\"t,wo\"\nx,\n");
}

TEST_CASE("a mark that numbers hold puts them in quotes") {
  NumberBuilder<double> numbers;
  numbers.append(1.5);
  std::vector<Schema> fields;
  fields.push_back(Schema::field("g", "a"));
  std::vector<Array> columns;
  columns.push_back(numbers.finish());
  CHECK(write(std::move(fields), std::move(columns), R"({"delimiter": "."})").text == "a\n\"1.5\"\n");
}

TEST_CASE("texts larger than the buffer are written whole, and writes are large") {
  TextBuilder words;
  std::string wanted = "a,b\n";
  for (int i = 0; i < 40; ++i) {
    const std::string text(static_cast<std::size_t>(i) * 50000, i % 2 == 0 ? 'x' : '"');
    words.append(text);
    std::string doubled = text.empty() ? "\"\"" : text;
    if (i % 2 == 1) doubled = "\"" + text + text + "\"";
    wanted += doubled + ",\n";
  }
  std::vector<Schema> fields;
  fields.push_back(Schema::field("u", "a"));
  fields.push_back(Schema::field("n", "b"));
  std::vector<Array> columns;
  columns.push_back(words.finish());
  columns.push_back(make_array(40, 40, {}));
  CHECK(write(std::move(fields), std::move(columns)).text == wanted);
}

TEST_CASE("a row of hundreds of nulls is written") {
  std::vector<Schema> fields;
  std::vector<Array> columns;
  for (int i = 0; i < 3000; ++i) {
    fields.push_back(Schema::field("n", "c"));
    columns.push_back(make_array(300, 300, {}));
  }
  const std::string text = write(std::move(fields), std::move(columns), R"({"header": false})").text;
  CHECK(text.size() == 300 * 3000);
  CHECK(text.substr(0, 3001) == std::string(2999, ',') + "\n,");
}

TEST_CASE("a timestamp without a text rejects its row") {
  NumberBuilder<std::int64_t> times;
  times.append(0);
  times.append(INT64_MAX);
  times.append(1);
  std::vector<Schema> fields;
  fields.push_back(Schema::field("tss:", "a"));
  std::vector<Array> columns;
  columns.push_back(times.finish());
  const Written written = write(std::move(fields), std::move(columns));
  CHECK(written.text == "a\n1970-01-01T00:00:00\n1970-01-01T00:00:01\n");
  CHECK(written.rejects == 1);
}

TEST_CASE("a value that would be read as null rejects its row") {
  const std::string none = R"({"quote": "none"})", words = R"({"nulls": ["NA", "-1", "00"]})";
  CHECK(told_of_value<TextBuilder>("u", "", none) ==
        "would be read as null; expected a text that is not empty, for `quote` is none, found \"\"");
  CHECK(
      told_of_value<TextBuilder>("u", "", R"({"quote": "none", "escape": "\\"})").starts_with("would be read as null"));
  CHECK(told_of_value<TextBuilder>("z", "", none).starts_with("would be read as null"));
  CHECK(told_of_value<TextBuilder>("u", "", words) == "a,b\n\"\",\n");
  CHECK(told_of_value<TextBuilder>("u", "NA", words) ==
        "would be read as null; expected a value that is none of nulls, found \"NA\"");
  CHECK(told_of_value<NumberBuilder<std::int64_t>>("l", -1, words) ==
        "would be read as null; expected a value that is none of nulls, found \"-1\"");
  CHECK(told_of_value<TextBuilder>("z", std::string(1, '\0'), words).starts_with("would be read as null"));
  CHECK(told_of_value<TextBuilder>("u", "NA.", words) == "a,b\nNA.,\n");
  CHECK(told_of_value<NumberBuilder<std::int64_t>>("l", -2, R"({"nulls": ["NA"], "formulas": "protect"})") ==
        "a,b\n-2,\n");
}

TEST_CASE("what can't be written without quotes is told as it is") {
  const std::string start = "can't be written without quotes; expected a value ";
  const std::string end = ", for `quote` is none and there is no `escape`, found ";
  CHECK(told_of_value<TextBuilder>("u", "a,b", R"({"quote": "none"})") ==
        start + "without delimiters and line breaks" + end + "\"a,b\"");
  CHECK(told_of_value<NumberBuilder<double>>("g", 1.5, R"({"quote": "none", "decimal": ","})") ==
        start + "without delimiters and line breaks" + end + "\"1,5\"");
  CHECK(told_of_value<TextBuilder>("u", "#1", R"({"quote": "none", "comment": "#"})") ==
        start + "that does not begin as a comment" + end + "\"#1\"");
  CHECK(told_of_value<TextBuilder>("u", "x ", R"({"quote": "none", "trim": true})") ==
        start + "without blanks around it, for `trim` leaves them away" + end + "\"x \"");
}

TEST_CASE("nested columns are refused by name") {
  std::vector<Schema> item;
  item.push_back(Schema::field("l", "item"));
  std::vector<Schema> fields;
  fields.push_back(Schema::field("+l", "tags", true, {}, std::move(item)));
  try {
    write(std::move(fields), {});
    FAIL("expected a failure, found none");
  } catch (const Failure& failure) {
    const weir_error error = error_of(failure);
    CHECK(error.fault == WEIR_FAULT_MANIFEST);
    CHECK(std::string(error.column) == "tags");
    CHECK_THAT(error.message, weir::test::Contains("list"));
  }
}

TEST_CASE("a continued output gets no second header") {
  const FakeHost host;
  const FakeConfig config("{}");
  FakeContext context(host, config);
  const FakeSchemas stored;
  FakeOutput output;
  output.written = 100;
  std::vector<Schema> fields;
  fields.push_back(Schema::field("l", "n"));
  const Schema schema = Schema::rows(std::move(fields));
  CsvEncoder encoder(Context(&context), schema.get(), Outputs(&stored), Output(&output));
  encoder.end();
  CHECK(output.bytes.empty());
}
