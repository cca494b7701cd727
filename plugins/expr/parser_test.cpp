// No input crashes the lexer, the parser or the compiler, and none makes them slow or deep.
#include <cstdlib>
#include <random>

#include <weir_catch.hpp>

#include "compile.hpp"
#include "parser.hpp"

namespace {

using namespace weir;

Schema parser_schema() {
  std::vector<Schema> fields;
  const std::pair<const char*, const char*> columns[] = {{"a", "l"},   {"b", "g"},       {"s", "u"},      {"p", "b"},
                                                         {"d", "tdD"}, {"t", "tsu:UTC"}, {"c", "d:10,2"}, {"n", "n"}};
  for (const auto& [name, format] : columns) fields.push_back(Schema::field(format, name));
  return Schema::rows(std::move(fields));
}

// Compiles; a mistake must lie inside the text and say something.
void survives(const std::string& text, const Schema& schema) {
  try {
    expr::compile(text, expr::Scope::of(schema.get()));
  } catch (const expr::Mistake& mistake) {
    const bool inside = mistake.offset + mistake.length <= text.size() || text.size() > 64 * 1024;
    if (!inside || mistake.message.empty()) FAIL(text << ": " << mistake.message);
  }
}

std::string mistake_of(const std::string& text) {
  try {
    expr::parse(text);
  } catch (const expr::Mistake& mistake) {
    return mistake.message;
  }
  return "fine";
}

std::string repeated(std::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

}  // namespace

TEST_CASE("no mutation of an expression crashes the compiler") {
  const char* given = std::getenv("WEIR_SEED");
  const auto seed =
      given != nullptr ? static_cast<std::uint32_t>(std::strtoul(given, nullptr, 10)) : std::random_device{}();
  Catch::cout() << "seed " << seed << ": repeat with WEIR_SEED=" << seed << "\n";
  std::mt19937 engine(seed);
  const std::vector<std::string> seeds = {
      "a > 2 and s in ('US', 'DE', 'FR')",
      "case when p then a * 2 else coalesce(a, 1) end between 1 and 10 or s like 'a!%%' escape '!'",
      "cast(b as decimal(10,2)) + c >= round(b, 2) and t > '2024-01-01T00:00:00Z'",
      "not (d = date '2024-02-29' or n is not null)",
      "substr(lower(s || 'x'), 1, 3) <> upper(replace(s, 'a', '')) -- comment",
      "\"a\" % 3 = -1 and year(d) in (2023, 2024, null)",
      "case a when 1 then 'x' when 2 then s end = nullif(s, '')",
      "a between -9223372036854775808 and 9223372036854775807"};
  const std::vector<std::string> pieces = {
      "(",     ")",     "'",         "\"",   " and ", " or ",   " not ",
      "null",  " in (", " between ", " is ", "case ", " when ", " end ",
      "cast(", " as ",  "date '",    ",",    "+",     "-",      "*",
      "/",     "%",     "||",        "<",    "=",     ">",      "1",
      "1.5",   "1e9",   "a",         "s",    "\xFF",  "\xC3",   "99999999999999999999"};
  const Schema schema = parser_schema();
  const auto below = [&](std::size_t count) { return static_cast<std::size_t>(engine() % count); };
  for (int i = 0; i < 30'000; ++i) {
    std::string text = seeds[below(seeds.size())];
    for (std::size_t changes = 1 + below(6); changes > 0; --changes) {
      const std::size_t at = below(text.size() + 1);
      switch (below(4)) {
        case 0: text.erase(at, 1 + below(8)); break;
        case 1: text.insert(at, pieces[below(pieces.size())]); break;
        case 2: text.insert(at, 1, static_cast<char>(static_cast<unsigned char>(below(256)))); break;
        default: {
          const std::string& other = seeds[below(seeds.size())];
          const std::size_t from = below(other.size());
          text.insert(at, other.substr(from, below(20)));
        }
      }
    }
    survives(text, schema);
  }
}

TEST_CASE("deep expressions are refused before they overflow the stack") {
  CHECK_THAT(mistake_of(repeated("(", 60'000)), test::Contains("at most 200 levels"));
  CHECK_THAT(mistake_of(repeated("not ", 15'000) + "a"), test::Contains("at most 200 levels"));
  CHECK_THAT(mistake_of(repeated("- ", 30'000) + "a"), test::Contains("at most 200 levels"));
  CHECK_THAT(mistake_of("a" + repeated(" + a", 15'000)), test::Contains("at most 200 levels"));
  CHECK_THAT(mistake_of(repeated("case when ", 6'000)), test::Contains("at most 200 levels"));
  CHECK_THAT(mistake_of(repeated("lower(", 10'000)), test::Contains("at most 200 levels"));
  CHECK(mistake_of(repeated("(", 190) + "a" + repeated(")", 190)) == "fine");
}

TEST_CASE("long chains of and, or and || are not deep") {
  CHECK(mistake_of("a = 1" + repeated(" or a = 1", 7'000)) == "fine");
  CHECK(mistake_of("a = 1" + repeated(" and a = 1", 6'000)) == "fine");
  CHECK(mistake_of("s" + repeated(" || s", 10'000)) == "fine");
}

TEST_CASE("long expressions are refused") {
  CHECK_THAT(mistake_of(std::string(64 * 1024 + 1, ' ')), test::Contains("at most 64 KiB"));
}

TEST_CASE("nesting doubles nothing: compiling takes time that grows with the text") {
  const Schema schema = parser_schema();
  std::string text = "a";
  for (int i = 0; i < 60; ++i) text = "case " + text + " when 1 then 2 else 3 end";
  survives(text, schema);
  text = "a";
  for (int i = 0; i < 60; ++i) text = "nullif(" + text + ", 1)";
  survives(text, schema);
  text = "p";
  for (int i = 0; i < 60; ++i) text = "(" + text + " between true and false)";
  survives(text, schema);
  text = "1";
  for (int i = 0; i < 60; ++i) text = "(" + text + " between 1 and 2)";
  survives(text, schema);
  text = "a";
  for (int i = 0; i < 60; ++i) text = "case when " + text + " in (1, 2.5) then 1 end";
  survives(text, schema);
}
