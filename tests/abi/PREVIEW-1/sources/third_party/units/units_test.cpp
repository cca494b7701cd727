// The transformer as a host calls it, and each unit that schema.json lists.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <weir/testing_transformer.hpp>

#include "weir_plugin_info.h"

namespace {

using weir::testing::Options;
using weir::testing::TransformerInstance;

void must(bool condition, const std::string& otherwise) {
  if (condition) return;
  std::fprintf(stderr, "%s\n", otherwise.c_str());
  std::exit(1);
}

Options options(const char* from, const char* to) { return Options{{"/column", "x"}, {"/from", from}, {"/to", to}}; }

weir::Schema schema(const char* format) {
  return weir::Schema::rows(weir::fields_of(weir::Schema::field(format, "x")));
}

weir::Array of_doubles(std::initializer_list<double> numbers) {
  weir::NumberBuilder<double> column;
  for (const double number : numbers) column.append(number);
  return column.finish();
}

double number(const ArrowArray& rows, std::int64_t row) {
  const ArrowArray& column = *rows.children[0];
  return static_cast<const double*>(column.buffers[1])[column.offset + rows.offset + row];
}

double converted(double value, const char* from, const char* to) {
  TransformerInstance instance("convert_unit", schema("g"), options(from, to));
  must(instance.status == WEIR_OK, std::string(from) + " to " + to + ": " + instance.error.message);
  const weir::Array rows = instance.process(of_doubles({0, value}), 1);
  must(instance.status == WEIR_OK && rows->length == 1, instance.error.message);
  return number(rows.get(), 0);
}

void known_values() {
  const struct {
    double value;
    const char *from, *to;
    double wanted;
  } known[] = {{1, "mi", "km", 1.609344}, {212, "F", "C", 100},     {-40, "C", "F", -40},
               {0, "K", "F", -459.67},    {1, "kn", "km/h", 1.852}, {1, "gal", "l", 3.785411784},
               {16, "oz", "lb", 1},       {1, "bar", "hPa", 1000},  {3, "ft", "yd", 1},
               {60, "mph", "ft/s", 88},   {1, "m3", "ml", 1000000}, {8, "pt", "gal", 1}};
  for (const auto& one : known) {
    const double found = converted(one.value, one.from, one.to);
    must(std::abs(found - one.wanted) <= 1e-9 * std::max(1.0, std::abs(one.wanted)),
         std::to_string(one.value) + " " + one.from + ": expected " + std::to_string(one.wanted) + " " + one.to +
             ", found " + std::to_string(found));
  }
}

// Each name of the schema is known to the code: its own unit leaves a number as it is.
void all_units() {
  const std::string about(weir_about_convert_unit, weir_about_convert_unit_length);
  const auto begin = about.find('[', about.find("\"enum\"")), end = about.find(']', begin);
  must(begin != std::string::npos && end != std::string::npos, "expected a list of units in the schema");
  int count = 0;
  for (auto at = about.find('"', begin); at < end; at = about.find('"', about.find('"', at + 1) + 1), ++count) {
    const std::string name = about.substr(at + 1, about.find('"', at + 1) - at - 1);
    must(converted(7, name.c_str(), name.c_str()) == 7, name + ": expected 7 to stay 7");
  }
  must(count >= 30, "expected all units, found " + std::to_string(count));
}

void decimals_are_kept() {
  TransformerInstance instance("convert_unit", schema("g"), options("F", "C").with({"/decimals", 1}));
  const weir::Array rows = instance.process(of_doubles({100, -4.5}), 0);
  must(number(rows.get(), 0) == 37.8 && number(rows.get(), 1) == -20.3, "expected one decimal");
}

void what_measures_something_else_is_told() {
  const TransformerInstance speed("convert_unit", schema("g"), options("km", "km/h"));
  must(speed.status == WEIR_INVALID_ARGUMENT && std::string(speed.error.option) == "/to", "expected an error at 'to'");
  const TransformerInstance text("convert_unit", schema("u"), options("km", "m"));
  must(text.status == WEIR_INVALID_ARGUMENT && std::string(text.error.option) == "/column",
       "expected an error at 'column'");
}

}  // namespace

int main() {
  known_values();
  all_units();
  decimals_are_kept();
  what_measures_something_else_is_told();
}
