// Dialects: what each option means, where its errors stand, and random tables in random dialects, however they are cut.
#include <weir_catch.hpp>

#include <random>

#include "reference.hpp"

using namespace weir;
using namespace weir::csv;
using namespace weir::csv::test;
using weir::test::error_of;

namespace {

struct Told {
  Table rows;
  std::string header;
  std::vector<FakeReject> rejects;
  std::vector<std::int64_t> origins;
  std::string failure, hint;
  std::int64_t offset = -1;
  std::vector<std::string> said;
};

// Reads all as text; `step`: bytes a look, 0: by read().
Told told_of(const std::string& bytes, const std::string& options, std::size_t step = 0) {
  Told told;
  const FakeHost host;
  const FakeConfig config(options);
  FakeContext context(host, config);
  const FakeSchemas schemas;
  const FakeNext next;
  const InputBytes input(bytes, step == 0 ? std::size_t{5} : SIZE_MAX);
  try {
    CsvReader reader(Context(&context), Input(&input), "", Outputs(&schemas));
    for (std::int64_t i = 0; i < schemas.schema->n_children; ++i)
      told.header += (i > 0 ? "|" : "") + std::string(schemas.schema->children[i]->name);
    if (step > 0) {
      parse_in_chunks(reader, bytes, {step}, next);
    } else {
      while (reader.read(0, Next(&next)) != WEIR_READ_END) {
      }
    }
  } catch (const Failure& failure) {
    const weir_error error = error_of(failure);
    told.failure = error.message;
    told.hint = error.hint;
    told.offset = error.offset;
  }
  bool texts = !schemas.schema.empty();
  for (std::int64_t i = 0; texts && i < schemas.schema->n_children; ++i)
    texts = std::string_view(schemas.schema->children[i]->format) == "u";
  if (texts) told.rows = rows_of_texts(next.batches);
  told.rejects = next.rejects;
  told.said = host.lines;
  told.origins = origins_of(next);
  return told;
}

// "a|b/c|<null>"
std::string rows_of(const std::string& bytes, const std::string& options) {
  const Told told = told_of(bytes, options);
  if (!told.failure.empty()) return told.failure;
  std::string text;
  for (const auto& row : told.rows) {
    if (!text.empty()) text += '/';
    for (std::size_t i = 0; i < row.size(); ++i) text += (i > 0 ? "|" : "") + row[i].value_or("<null>");
  }
  return text;
}

}  // namespace

TEST_CASE("the byte behind an escape is text, in quotes or not") {
  const std::string backslash = R"({"infer": false, "escape": "\\"})";
  CHECK(rows_of("a,b\n\"say \\\"hi\\\"\",2\n", backslash) == "say \"hi\"|2");
  CHECK(rows_of("a,b\none\\,two,\\\\\n", backslash) == "one,two|\\");
  CHECK(rows_of("a,b\none\\\ntwo,3\n", backslash) == "one\ntwo|3");
  CHECK(rows_of("a,b\n\"doubled \"\" too\",\\\"x\\\"\n", backslash) == "doubled \" too|\"x\"");
  CHECK(rows_of("a,b\nx\\,\r\n", backslash) == "expected 2 fields, found 1");
}

TEST_CASE("\\N is null where nulls says so, and the letter where it does not") {
  CHECK(rows_of("a,b\n\\N,N\n", R"({"infer": false, "escape": "\\", "nulls": ["\\N"]})") == "<null>|N");
  CHECK(rows_of("a,b\n\\N,N\n", R"({"infer": false, "escape": "\\"})") == "N|N");
}

TEST_CASE("without a quote, quotes are text") {
  CHECK(rows_of("a\tb\n\"x\t\"\"\ny\"\t'\n", R"({"infer": false, "quote": "none"})") == "\"x|\"\"/y\"|'");
  CHECK(rows_of("a\tb\n\"x\\\ty\t\"\n", R"({"infer": false, "quote": "none", "escape": "\\", "delimiter": "tab"})") ==
        "\"x\ty|\"");
}

TEST_CASE("comment lines are no records, wherever they stand") {
  const std::string hash = R"({"infer": false, "comment": "#"})";
  CHECK(rows_of("# made by x, y\n#\"\na,b\n1,2\n#3,4\n5,#6\n\"#7\",8\n# the end", hash) == "1|2/5|#6/#7|8");
  CHECK(rows_of("a,b\n\"x\n# y\",2\n", hash) == "x\n# y|2");
  CHECK(rows_of("a\n# b\n\nc\n", hash) == "<null>/c");
}

TEST_CASE("blanks around fields are left away where trim says so") {
  const std::string trim = R"({"infer": false, "trim": true})";
  CHECK(rows_of("a , b\n x y ,\t\" z \" \r\n  ,1 \n   \n", trim) == "x y| z /<null>|1");
  CHECK(told_of("a , b\n1,2\n", trim).header == "a|b");
  CHECK(rows_of("a,b\n\"x\" y,2\n", trim) ==
        "expected a delimiter or the line's end behind a closing quote, found \"y,2\"");
}

TEST_CASE("lines before the header are skipped, and counted") {
  const std::string skip = R"({"infer": false, "skip": 2})";
  CHECK(rows_of("Report, of \"2024\n\na;b\n1;2\n", skip) == "1|2");
  CHECK(rows_of("\xEF\xBB\xBFx\ny\na,b\n1,2\n", skip) == "1|2");
  CHECK(rows_of("x\n", skip) == "expected 2 lines to skip and a line behind them, found fewer");
  CHECK(rows_of("x\ny\n1,2\n", R"({"infer": false, "skip": 2, "header": false})") == "1|2");
}

TEST_CASE("a header's missing names are made up, and said") {
  const Told told = told_of("a,,a,a_2,,column2,a\n1,2,3,4,5,6,7\n", "{}");
  CHECK(told.header == "a|column3|a_3|a_2|column5|column2|a_4");
  REQUIRE(told.said.size() == 1);
  CHECK(
      told.said[0] ==
      R"(csv.names {"message":"the header lacks names or has some twice: column 2 is \"column3\", column 3 is \"a_3\", )"
      R"(column 5 is \"column5\", column 7 is \"a_4\"; `columns` can name them all"})");
}

TEST_CASE("ragged rows end the run, are rejected, or are filled, as ragged says") {
  const std::string bytes = "a,b,c\n1,2,3\nx,y\n4,5,6\n7,8,9,10\n\n,\n";
  const Told strict = told_of(bytes, "{}");
  CHECK(strict.failure == "expected 3 fields, found 2");
  CHECK(strict.offset == 12);

  const Told rejected = told_of(bytes, R"({"infer": false, "ragged": "reject"})");
  CHECK(rejected.failure.empty());
  CHECK(rejected.rows.size() == 2);
  REQUIRE(rejected.rejects.size() == 3);
  CHECK(rejected.rejects[0].offset == 12);
  CHECK(rejected.rejects[0].record == "x,y");
  CHECK(rejected.rejects[0].fields == R"({"a":"x","b":"y"})");
  CHECK(rejected.rejects[0].reason == "expected 3 fields, found 2");
  CHECK(rejected.rejects[1].record == "7,8,9,10");
  CHECK(rejected.rejects[1].fields == R"({"a":"7","b":"8","c":"9"})");

  const Told filled = told_of(bytes, R"({"infer": false, "ragged": "fill"})");
  CHECK(filled.failure.empty());
  CHECK(filled.rows == Table{{"1", "2", "3"}, {"x", "y", {}}, {"4", "5", "6"}, {{}, {}, {}}});
  CHECK(filled.origins == std::vector<std::int64_t>{6, 12, 16, 32});
  REQUIRE(filled.rejects.size() == 1);
  CHECK(filled.rejects[0].offset == 22);
  CHECK(filled.rejects[0].record == "7,8,9,10");
}

TEST_CASE("what a dialect rejects stands where it stood in the file") {
  const std::string bytes = "# head\na | b\n1 | 2\n# x\n 3 | 'y''z' \r\n4|5\n";
  const Told told =
      told_of(bytes, R"({"comment": "#", "trim": true, "quote": "'", "delimiter": "|", "types": {"b": "int64"}})");
  REQUIRE(told.failure.empty());
  REQUIRE(told.rejects.size() == 1);
  CHECK(told.rejects[0].offset == 23);
  CHECK(told.rejects[0].within == 4);
  CHECK(told.rejects[0].record == " 3 | 'y''z' ");
  CHECK(told.rejects[0].detail == "expected int64, found \"y'z\"");
  CHECK(told.origins == std::vector<std::int64_t>{13, 37});
}

TEST_CASE("errors of a dialect tell their byte") {
  const std::string options = R"({"infer": false, "escape": "\\", "comment": "#"})";
  Told told = told_of("#\na,b\n\\,,1\n\"x\\\"\n", options);
  CHECK_THAT(told.failure, weir::test::Contains("never closed"));
  CHECK(told.offset == 11);
  told = told_of("#\na,b\n\"x\"y,1\n", options);
  CHECK_THAT(told.failure, weir::test::Contains("found \"y,1\""));
  CHECK(told.offset == 9);
  told = told_of("#\na,b\n#\n1,\xE9\n", options);
  CHECK_THAT(told.failure, weir::test::Contains("utf-8"));
  CHECK(told.offset == 10);
  told = told_of("#\na,b\n#\n1\n", options);
  CHECK(told.failure == "expected 2 fields, found 1");
  CHECK(told.offset == 8);
}

TEST_CASE("hints name the option that the file needs") {
  CHECK_THAT(told_of("a,b\n\"x\\\"y\",2\n", "{}").hint, weir::test::Contains("escape: \"\\\\\""));
  CHECK_THAT(told_of("a,b\n# x\n", "{}").hint, weir::test::Contains("comment: \"#\""));
  CHECK_THAT(told_of("a,b\n1\n", "{}").hint, weir::test::Contains("ragged: reject"));
}

TEST_CASE("a quote that is left open is found out before all is read") {
  const std::string bytes = "a,b\n1,2\n\"" + std::string(std::size_t{3} << 20U, 'x');
  const Told told = told_of(bytes, R"({"infer": false, "max_record": 1048576})", 4096);
  CHECK(told.failure == "expected a record of at most 1 MiB, found a longer one");
  CHECK_THAT(told.hint, weir::test::Contains("quote left open"));
}

TEST_CASE("options that mean two things at once are refused") {
  CHECK(rows_of("a\n", R"({"escape": "#", "comment": "#"})") ==
        "expected a character with no other meaning, found that of another option");
  CHECK(rows_of("a\n", R"({"delimiter": ";", "comment": ";"})") ==
        "expected a character with no other meaning, found that of another option");
  CHECK(rows_of("a\n", R"({"delimiter": "|", "quote": "|"})") ==
        "expected a quote that is not the delimiter, found both the same");
  CHECK(rows_of("a,b\n\"x\"\"y\",2\n", R"({"infer": false, "escape": "\""})") == "x\"y|2");
}

namespace {

using Random = std::mt19937_64;

std::size_t below(Random& random, std::size_t limit) {
  return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random);
}

struct Spelling {
  char delimiter, quote, escape, comment;
  bool trim;
  std::string options() const {
    const auto text = [](char mark) {
      return mark == 0                     ? std::string("none")
             : mark == '\\' || mark == '"' ? std::string("\\") + mark
                                           : std::string(1, mark);
    };
    std::string json = R"({"infer": false, "delimiter": ")" + text(delimiter) + R"(", "quote": ")" + text(quote) + '"';
    if (escape != 0) json += R"(, "escape": ")" + text(escape) + '"';
    if (comment != 0) json += R"(, "comment": ")" + text(comment) + '"';
    return json + (trim ? R"(, "trim": true})" : "}");
  }
};

Spelling a_spelling(Random& random) {
  Spelling made{",;|:"[below(random, 4)], "\"'"[below(random, 2)], "\\\0"[below(random, 2)], "#\0"[below(random, 2)],
                below(random, 2) == 0};
  if (made.escape != 0 && below(random, 3) == 0) made.quote = 0;
  return made;
}

std::string a_text(Random& random) {
  static constexpr const char* kParts[] = {
      "a", "\"", "'",  ",",   ";",
      "|", ":",  "\n", "\r",  "\\",
      "#", " ",  "é",  "x y", "a text longer than any block of the scan, which are sixty-four bytes long"};
  std::string text;
  for (std::size_t i = below(random, 5); i > 0; --i) text += kParts[below(random, std::size(kParts))];
  return text;
}

// Writes a field in one of the ways that say it; a null has no bytes.
std::string spelled(const Field& field, const Spelling& spelling, Random& random) {
  const std::string around = spelling.trim && below(random, 3) == 0 ? " " : "";
  if (!field) return around;
  std::string text;
  const bool quoted = spelling.quote != 0 && (spelling.escape == 0 || field->empty() || below(random, 2) == 0);
  for (const char byte : *field) {
    const bool quote = byte == spelling.quote && quoted;
    if (quote && (spelling.escape == 0 || below(random, 2) == 0))
      text += byte;
    else if (spelling.escape != 0 &&
             (quote || byte == spelling.escape || (!quoted && static_cast<unsigned char>(byte) < 0x80)))
      text += spelling.escape;
    text += byte;
  }
  return around + (quoted ? spelling.quote + text + spelling.quote : text) + around;
}

}  // namespace

TEST_CASE("random tables in random dialects are read back, however they are cut") {
  const char* given = std::getenv("WEIR_TEST_SEED");
  const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : 20261126;
  CAPTURE(seed);
  Random random(seed);
  for (int round = 0; round < 1500; ++round) {
    const Spelling spelling = a_spelling(random);
    const std::size_t width = 2 + below(random, 3);
    std::string bytes;
    for (std::size_t i = 0; i < width; ++i)
      bytes += (i > 0 ? std::string(1, spelling.delimiter) : "") + "c" + std::to_string(i);
    bytes += "\n";
    Table table;
    std::vector<std::int64_t> origins;
    for (std::size_t row = below(random, 12); row > 0; --row) {
      if (spelling.comment != 0 && below(random, 4) == 0) bytes += spelling.comment + std::string(" \"'\\ ,;\n");
      if (below(random, 6) == 0) bytes += below(random, 2) == 0 ? "\n" : "\r\n";
      origins.push_back(static_cast<std::int64_t>(bytes.size()));
      std::vector<Field> fields;
      for (std::size_t i = 0; i < width; ++i) {
        Field field;
        if (below(random, 5) > 0) field = a_text(random);
        if (field && field->empty() && spelling.quote == 0) field.reset();
        if (i > 0) bytes += spelling.delimiter;
        bytes += spelled(field, spelling, random);
        fields.push_back(field);
      }
      table.push_back(std::move(fields));
      bytes += below(random, 3) == 0 ? "\r\n" : "\n";
    }
    if (below(random, 4) == 0) bytes.pop_back();
    for (const std::size_t step : {std::size_t{0}, std::size_t{1}, 1 + below(random, 90), std::size_t{1} << 20U}) {
      CAPTURE(round, step, bytes, spelling.options());
      const Told told = told_of(bytes, spelling.options(), step);
      REQUIRE(told.failure == "");
      REQUIRE(told.rows == table);
      REQUIRE(told.origins == origins);
    }
    // And what the encoder makes of them in the dialect says the same.
    const Result result = read_all(bytes, spelling.options(), 0);
    const std::string again = write_rows(result.schema, result.batches, spelling.options()).text;
    CAPTURE(round, again, spelling.options());
    const Told told = told_of(again, spelling.options());
    REQUIRE(told.failure == "");
    REQUIRE(told.rows == table);
  }
}
