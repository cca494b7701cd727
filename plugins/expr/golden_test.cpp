// Mistakes in expressions, by the table golden/mistakes.txt: three lines each, the expression, then "offset+length message"
// and the hint (or "-"); a blank line between. With WEIR_GOLDEN_WRITE set in the environment the table is written anew.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <weir_catch.hpp>

#include "compile.hpp"

namespace {

using namespace weir;

std::filesystem::path table_path() { return std::filesystem::path(WEIR_GOLDEN) / "mistakes.txt"; }

Schema golden_schema() {
  std::vector<Schema> fields;
  const std::pair<const char*, const char*> columns[] = {
      {"product", "u"}, {"quantity", "l"}, {"country", "u"}, {"price", "g"},         {"cost", "d:10,2"},
      {"paid", "b"},    {"day", "tdD"},    {"at", "tsu:"},   {"instant", "tsu:UTC"}, {"rome", "tsu:Europe/Rome"},
      {"clock", "ttu"}, {"raw", "z"},      {"empty", "n"},   {"order id", "l"},      {"huge", "L"}};
  for (const auto& [name, format] : columns) fields.push_back(Schema::field(format, name));
  fields.push_back(Schema::field("l", "a.b"));
  fields.push_back(Schema::nested("+s", "item", Schema::field("u", "sku"),
                                  Schema::nested("+l", "sizes", Schema::field("l", "size"))));
  fields.push_back(Schema::nested("+l", "tags", Schema::field("u", "tag")));
  fields.push_back(Schema::nested("+l", "lines", Schema::nested("+s", "line", Schema::field("u", "sku"))));
  fields.push_back(Schema::field("tsu:Mars/Olympus", "mars"));
  return Schema::rows(std::move(fields));
}

std::string refusal_of(const std::string& expression) {
  const Schema schema = golden_schema();
  try {
    expr::compile_condition(expression, expr::Scope::of(schema.get()));
  } catch (const expr::Mistake& mistake) {
    return std::to_string(mistake.offset) + "+" + std::to_string(mistake.length) + " " + mistake.message + "\n" +
           (mistake.hint.empty() ? "-" : mistake.hint) + "\n";
  }
  return "fine\n-\n";
}

}  // namespace

TEST_CASE("every mistake in an expression is answered as the golden table says") {
  std::ifstream file(table_path());
  REQUIRE(file);
  std::string expression, line, written;
  int count = 0;
  while (std::getline(file, expression)) {
    std::string expected;
    while (std::getline(file, line) && !line.empty()) expected += line + "\n";
    const std::string found = refusal_of(expression);
    if (std::getenv("WEIR_GOLDEN_WRITE") == nullptr) {
      INFO(expression);
      CHECK(found == expected);
    }
    written += expression + "\n" + found + "\n";
    ++count;
  }
  CHECK(count > 80);
  if (std::getenv("WEIR_GOLDEN_WRITE") == nullptr) return;
  file.close();
  std::ofstream(table_path()) << written;
}
