// Reading of rules: what they say must fit the column that they are about.
#include "column_rules.hpp"

#include <weir/cpp/type_names.hpp>

#include "listed.hpp"

namespace weir::validate {
namespace {

// Makes the rule of one column.
class RuleReader {
 public:
  RuleReader(const ColumnRules& rules, OnBad on, Rule& rule, ColumnType& type)
      : config_(rules.config),
        name_(rules.name),
        path_(rules.path),
        field_(rules.field),
        subject_{rule.column, on},
        rule_(rule),
        type_(type) {}

  void read() {
    if (config_.has(path_ + "/type")) read_type();
    if (config_.kind(path_ + "/nullable") == WEIR_CONFIG_BOOLEAN && !config_.boolean(path_ + "/nullable")) {
      rule_.checks.push_back(not_null(subject_));
    }
    read_range();
    read_length();
    read_pattern();
    read_enumeration();
    read_foreign();
    if (config_.boolean(path_ + "/unique")) {
      rule_.unique = true;
      rule_.unique_on = subject_.on;
    }
  }

 private:
  void read_type() {
    const std::string option = path_ + "/type";
    if (rule_.conversion != nullptr) {
      throw wrong("column " + written(name_) + ": expected one type, found a second", option,
                  "the contract gives the column its type");
    }
    const std::string_view text = config_.text(option);
    const auto named = type_named(text);
    if (!named) throw wrong("expected a type, found " + written(text), option, type_hint(text));
    const ColumnType type{named->format, type_name(Schema::field(named->format, "").get()), type_.naive_zone};
    const TypeInfo has = type_of(field_), wants = type.info();
    if (has.type == Type::null) return;  // no value that could offend
    const bool times = (has.type == Type::time32 || has.type == Type::time64) &&
                       (wants.type == Type::time32 || wants.type == Type::time64);
    const bool same = field_.format == type.format ||
                      (named->any_unit && (times || (has.type == wants.type && has.type == Type::timestamp))) ||
                      (type_.layout() == Layout::text && wants.type == Type::utf8) ||
                      (has.type == Type::date64 && wants.type == Type::date32);
    if (same && field_.dictionary == nullptr) return;
    auto made = field_.dictionary == nullptr ? conversion(subject_, field_, type) : nullptr;
    if (made == nullptr) {
      throw wrong(
          "column " + written(name_) + ": can't check " + type_.name + " as " + type.name, option,
          "the values of the column have the type already that it can keep; cast it in derive if that is meant");
    }
    rule_.conversion = std::move(made);
    rule_.leaves_converted = subject_.on != OnBad::warn;
    type_ = type;
  }

  // The value at `option`, of the column's type.
  Bound bound(const std::string& option) const {
    Bound value;
    const std::int32_t kind = config_.kind(option);
    std::string text;
    if (kind == WEIR_CONFIG_INTEGER) text = std::to_string(config_.integer(option));
    if (kind == WEIR_CONFIG_TEXT) text = std::string(config_.text(option));
    if (kind == WEIR_CONFIG_NUMBER) text = written(config_.number(option));
    if (type_.layout() == Layout::text && kind == WEIR_CONFIG_TEXT) {
      value.text = text;
      return value;
    }
    if (type_.layout() != Layout::text && read_value(text, type_, value)) return value;
    throw wrong("column " + written(name_) + ": expected a value of type " + type_.name + ", found " +
                    (kind == WEIR_CONFIG_TEXT ? written(text)
                     : text.empty()           ? "something else"
                                              : text),
                option, hint_for_value());
  }

  std::string hint_for_value() const {
    switch (type_.info().type) {
      case Type::date32:
      case Type::date64: return "write a date as \"2024-01-31\"";
      case Type::timestamp:
        return type_.info().zone.empty() ? "write a timestamp as \"2024-01-31 12:30:00\""
                                         : "write an instant as \"2024-01-31T12:30:00Z\"";
      case Type::time32:
      case Type::time64: return "write a time as \"12:30:00\"";
      case Type::utf8:
      case Type::large_utf8:
      case Type::utf8_view: return "write the text in quotes";
      default: return {};
    }
  }

  std::string shown(const std::string& option) const {
    const std::int32_t kind = config_.kind(option);
    if (kind == WEIR_CONFIG_TEXT) return std::string(config_.text(option).substr(0, 60));
    if (kind == WEIR_CONFIG_INTEGER) return std::to_string(config_.integer(option));
    return written(config_.number(option));
  }

  void require(std::initializer_list<Layout> layouts, const std::string& option, std::string_view what,
               std::string hint) const {
    for (const Layout layout : layouts) {
      if (type_.layout() == layout && field_.dictionary == nullptr) return;
    }
    throw wrong("column " + written(name_) + ": expected " + std::string(what) + ", found " + type_.name, option,
                std::move(hint));
  }
  bool is_null_type() const { return type_of(field_).type == Type::null; }

  void read_range() {
    const std::string low = path_ + "/min", high = path_ + "/max";
    if (!config_.has(low) && !config_.has(high)) return;
    if (is_null_type() && rule_.conversion == nullptr) return;
    const std::string& first = config_.has(low) ? low : high;
    require({Layout::word, Layout::wide, Layout::real}, first, "a number, date or time for min and max",
            type_.layout() == Layout::text ? "give the column a type, or use length, pattern or enum" : "");
    Bound least, most;
    if (config_.has(low)) least = bound(low);
    if (config_.has(high)) most = bound(high);
    std::string expected = config_.has(low) && config_.has(high) ? shown(low) + " to " + shown(high)
                           : config_.has(low)                    ? "at least " + shown(low)
                                                                 : "at most " + shown(high);
    if (config_.has(low) && config_.has(high) &&
        (least.word > most.word || least.wide > most.wide || least.real > most.real)) {
      throw wrong("column " + written(name_) + ": expected min to be at most max, found " + expected, low);
    }
    rule_.checks.push_back(in_range(subject_, type_, config_.has(low) ? &least : nullptr,
                                    config_.has(high) ? &most : nullptr, std::move(expected)));
  }

  void read_length() {
    const std::string option = path_ + "/length";
    if (!config_.has(option) || is_null_type()) return;
    require({Layout::text}, option, "a text for length", "min and max bound numbers");
    const std::int64_t least = config_.integer(option + "/min");
    const std::int64_t most = config_.has(option + "/max") ? config_.integer(option + "/max") : -1;
    if (most >= 0 && least > most) {
      throw wrong("column " + written(name_) + ": expected min to be at most max, found " + std::to_string(least) +
                      " to " + std::to_string(most),
                  option + "/min");
    }
    rule_.checks.push_back(of_length(subject_, type_, least, most));
  }

  void read_pattern() {
    const std::string option = path_ + "/pattern";
    if (!config_.has(option)) return;
    const std::string pattern(config_.text(option));
    const ColumnType tried = is_null_type() ? ColumnType{"u", "string"} : type_;
    if (!is_null_type()) require({Layout::text}, option, "a text for pattern", "min and max bound numbers");
    try {
      rule_.checks.push_back(of_pattern(subject_, tried, pattern));
    } catch (const std::string& problem) {
      throw wrong("column " + written(name_) + ": expected a pattern as RE2 knows them, found " + written(pattern) +
                      ": " + problem,
                  option, "no back references, no look-ahead");
    }
    if (is_null_type()) rule_.checks.pop_back();
  }

  void read_enumeration() {
    const std::string option = path_ + "/enum";
    const std::uint64_t count = config_.count(option);
    if (count == 0 || is_null_type()) return;
    require({Layout::word, Layout::wide, Layout::real, Layout::text}, option, "a text, number, date or time for enum",
            {});
    std::vector<Bound> values;
    std::string expected = "one of ";
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::string item = option + "/" + std::to_string(i);
      values.push_back(bound(item));
      if (expected.size() < 200) {
        expected += (i > 0 ? ", " : "") + shown(item);
        if (expected.size() >= 200 && i + 1 < count) expected += ", …";
      }
    }
    rule_.checks.push_back(one_of(subject_, type_, values, "not one of the allowed values", std::move(expected)));
  }

  void read_foreign() {
    const std::string option = path_ + "/foreign";
    if (!config_.has(option) || is_null_type()) return;
    require({Layout::word, Layout::wide, Layout::real, Layout::text}, option,
            "a text, number, date or time for foreign", {});
    const std::string file(config_.text(option + "/file")), shown = shown_file(file);
    const std::string_view column = config_.text(option + "/column");
    std::vector<Bound> values;
    for (ListedValue& value : listed_values(file, column, option + "/file", option + "/column")) {
      Bound& made = values.emplace_back();
      if (type_.layout() == Layout::text) {
        made.text = std::move(value.text);
      } else if (!read_value(value.text, type_, made)) {
        throw wrong("column " + written(name_) + ": expected values of type " + type_.name + " in " + shown +
                        ", found " + written(value.text) + " in line " + std::to_string(value.line),
                    option);
      }
    }
    if (values.empty()) {
      throw wrong("column " + written(name_) + ": expected values in " + shown + ", found none", option + "/file");
    }
    rule_.checks.push_back(one_of(subject_, type_, values, "not in the list",
                                  "a value of " + shown + (column.empty() ? "" : ", column " + written(column))));
  }

  const Config& config_;
  std::string_view name_;
  std::string path_;
  const ArrowSchema& field_;
  Subject subject_;
  Rule& rule_;
  ColumnType& type_;
};

}  // namespace

Failure wrong(std::string message, std::string option, std::string hint) {
  return Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST, std::move(message))
      .hint(std::move(hint))
      .option(std::move(option));
}

std::string written(double value) {
  char room[text::kMaxDouble];
  std::string made(room, text::write_double(room, value));
  if (made.ends_with(".0")) made.resize(made.size() - 2);
  return made;
}

std::string written(std::string_view text) { return "'" + std::string(text.substr(0, 60)) + "'"; }

OnBad on_bad(std::string_view word, OnBad otherwise) {
  if (word.empty()) return otherwise;
  return word == "fail" ? OnBad::fail : word == "warn" ? OnBad::warn : OnBad::reject;
}

void read_column_rules(const ColumnRules& rules, OnBad on, Rule& rule, ColumnType& type) {
  RuleReader(rules, on, rule, type).read();
}

}  // namespace weir::validate
