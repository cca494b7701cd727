// The YAML of a draft: rules for what was seen, comments for what a person should look at.
#include <algorithm>
#include <string>
#include <string_view>

#include <weir/cpp/quoted.hpp>
#include <weir/cpp/type_names.hpp>

#include "seen.hpp"

namespace weir::validate {
namespace {

std::string counted(std::uint64_t count, const char* one, const char* many) {
  std::string digits = std::to_string(count);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
  return digits + " " + (count == 1 ? one : many);
}

// Plain where YAML surely reads it as this text; else in quotes.
std::string yaml_text(std::string_view text) {
  constexpr std::string_view kWords[] = {"true", "false", "yes", "no", "on", "off", "null", "y", "n", "nan", "inf"};
  const auto letter = [](char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_';
  };
  std::string lower(text);
  for (char& byte : lower) {
    if (byte >= 'A' && byte <= 'Z') byte = static_cast<char>(byte + 32);
  }
  const bool plain = !text.empty() && letter(text.front()) && std::all_of(text.begin(), text.end(), [&](char byte) {
    return letter(byte) || (byte >= '0' && byte <= '9');
  }) && std::find(std::begin(kWords), std::end(kWords), lower) == std::end(kWords);
  if (plain) return std::string(text);
  std::string quoted;
  append_json_text(quoted, text);
  return quoted;
}

// Numbers that YAML keeps exact stand without quotes.
std::string yaml_value(const SeenColumn& column, const std::string& text) {
  const Type type = column.type().info().type;
  const bool moment = type == Type::date32 || type == Type::date64 || type == Type::time32 || type == Type::time64 ||
                      type == Type::timestamp || type == Type::duration;
  const bool plain = !moment && (column.type().layout() == Layout::word || column.type().layout() == Layout::real) &&
                     text.find_first_not_of("0123456789.-+e") == std::string::npos;
  return plain ? text : yaml_text(text);
}

bool lists_values(const SeenColumn& column) {
  return column.type().layout() == Layout::text && !column.few().empty() && !column.unique() &&
         column.values() >= 2 * column.few().size();
}

// 3 characters, or 3 to 9.
std::string from_to(std::int64_t least, std::int64_t most) {
  if (least == most) return counted(static_cast<std::uint64_t>(least), "character", "characters");
  return std::to_string(least) + " to " + std::to_string(most) + " characters";
}

// What may be a key: of other types values are different by chance.
bool is_key(const SeenColumn& column) {
  const Type type = column.type().info().type;
  const bool whole = column.type().layout() == Layout::word && type != Type::date32 && type != Type::date64 &&
                     type != Type::time32 && type != Type::time64 && type != Type::timestamp;
  return column.unique() && (whole || column.type().layout() == Layout::text || type == Type::uint64);
}

std::string seen_text(const SeenColumn& column) {
  if (column.values() == 0) return column.rows() == 0 ? "" : "nulls only";
  std::string text;
  if (!column.least().empty()) text = column.least() + " to " + column.greatest();
  if (column.type().layout() == Layout::text) {
    text = lists_values(column) ? counted(column.few().size(), "value", "different values")
                                : from_to(column.shortest(), column.longest());
  }
  if (column.unique()) text += (text.empty() ? "" : ", ") + std::string("no value twice");
  if (column.unsure()) text += (text.empty() ? "" : ", ") + std::string("no value twice, as far as memory goes");
  if (column.nulls() > 0) text += (text.empty() ? "" : ", ") + counted(column.nulls(), "null", "nulls");
  return text;
}

void append_rules(const SeenColumn& column, std::string& out) {
  const auto rule = [&out](const char* name, const std::string& value) {
    out += std::string("    ") + name + ": " + value + "\n";
  };
  if (type_named(column.type().name)) rule("type", yaml_text(column.type().name));
  if (column.nulls() == 0) rule("nullable", "false");
  if (column.values() == 0) return;
  if (!column.least().empty()) rule("min", yaml_value(column, column.least()));
  if (!column.greatest().empty() && !is_key(column))  // numbers that are given one after the other grow
    rule("max", yaml_value(column, column.greatest()));
  if (lists_values(column)) {
    std::vector<std::string> values = column.few();
    std::sort(values.begin(), values.end());
    std::string list;
    for (const std::string& value : values) list += (list.empty() ? "" : ", ") + yaml_text(value);
    rule("enum", "[" + list + "]");
  } else if (column.type().layout() == Layout::text) {
    rule("length", "{ min: " + std::to_string(column.shortest()) + ", max: " + std::to_string(column.longest()) + " }");
  }
  if (is_key(column)) rule("unique", "true");
}

}  // namespace

std::string contract_of(const std::vector<std::unique_ptr<SeenColumn>>& columns, std::uint64_t rows) {
  std::string out = "# A draft, of what was seen in " + counted(rows, "row", "rows") +
                    ". Widen what may grow, and take away what was chance.\ncolumns:\n";
  for (const auto& column : columns) {
    std::string rules;
    if (rows > 0) {
      append_rules(*column, rules);
    } else if (type_named(column->type().name)) {
      rules = "    type: " + yaml_text(column->type().name) + "\n";
    }
    const std::string seen = seen_text(*column);
    out += "  " + yaml_text(column->name()) + ":" + (rules.empty() ? " {}" : "");
    if (!seen.empty()) out += "  # " + seen;
    out += "\n" + rules;
  }
  return columns.empty() ? out.substr(0, out.size() - 1) + " {}\n" : out;
}

}  // namespace weir::validate
