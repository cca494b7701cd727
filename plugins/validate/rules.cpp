// Reading of rules: what they say must fit the column that they are about.
#include "rules.hpp"

#include <array>

#include <weir/cpp/named_column.hpp>
#include <weir/cpp/type_names.hpp>

namespace weir::validate {
namespace {

Failure wrong(std::string message, std::string option, std::string hint = {}, std::int64_t offset = -1) {
  return Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST, std::move(message))
      .hint(std::move(hint))
      .option(std::move(option), offset);
}

std::string written(std::string_view text) { return "'" + std::string(text.substr(0, 60)) + "'"; }

// Makes the rule of one column.
class RuleReader {
 public:
  RuleReader(const Config& config, std::string_view name, const ArrowSchema& field, std::int64_t column)
      : config_(config), name_(name), path_(pointer_to("/columns", name)), field_(field), type_(column_type_of(field)) {
    rule_.column = column;
  }

  Rule read() {
    if (config_.has(path_ + "/type")) read_type();
    if (config_.kind(path_ + "/nullable") == WEIR_CONFIG_BOOLEAN && !config_.boolean(path_ + "/nullable")) {
      rule_.checks.push_back(not_null(rule_.column));
    }
    read_range();
    read_length();
    read_pattern();
    read_enumeration();
    return std::move(rule_);
  }
  const ColumnType& type() const { return type_; }

 private:
  void read_type() {
    const std::string option = path_ + "/type";
    const std::string_view text = config_.text(option);
    const auto named = type_named(text);
    if (!named) throw wrong("expected a type, found " + written(text), option, type_hint(text));
    const ColumnType type{named->format, type_name(Schema::field(named->format, "").get())};
    const TypeInfo has = type_of(field_), wants = type.info();
    if (has.type == Type::null) return;  // no value that could offend
    const bool times = (has.type == Type::time32 || has.type == Type::time64) &&
                       (wants.type == Type::time32 || wants.type == Type::time64);
    const bool same = field_.format == type.format ||
                      (named->any_unit && (times || (has.type == wants.type && has.type == Type::timestamp))) ||
                      (type_.layout() == Layout::text && wants.type == Type::utf8) ||
                      (has.type == Type::date64 && wants.type == Type::date32);
    if (same && field_.dictionary == nullptr) return;
    auto made = field_.dictionary == nullptr ? conversion(rule_.column, field_, type) : nullptr;
    if (made == nullptr) {
      throw wrong(
          "column " + written(name_) + ": can't check " + type_.name + " as " + type.name, option,
          "the values of the column have the type already that it can keep; cast it in derive if that is meant");
    }
    rule_.conversion = std::move(made);
    type_ = type;
  }

  // The value at `option`, of the column's type.
  Bound bound(const std::string& option) const {
    Bound value;
    const std::int32_t kind = config_.kind(option);
    std::string text;
    if (kind == WEIR_CONFIG_INTEGER) text = std::to_string(config_.integer(option));
    if (kind == WEIR_CONFIG_TEXT) text = std::string(config_.text(option));
    if (kind == WEIR_CONFIG_NUMBER) {
      char room[text::kMaxDouble];
      text.assign(room, text::write_double(room, config_.number(option)));
      if (text.ends_with(".0")) text.resize(text.size() - 2);
    }
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
    char room[text::kMaxDouble];
    std::string text(room, text::write_double(room, config_.number(option)));
    if (text.ends_with(".0")) text.resize(text.size() - 2);
    return text;
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
    rule_.checks.push_back(in_range(rule_.column, type_, config_.has(low) ? &least : nullptr,
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
    rule_.checks.push_back(of_length(rule_.column, type_, least, most));
  }

  void read_pattern() {
    const std::string option = path_ + "/pattern";
    if (!config_.has(option)) return;
    const std::string pattern(config_.text(option));
    const ColumnType tried = is_null_type() ? ColumnType{"u", "string"} : type_;
    if (!is_null_type()) require({Layout::text}, option, "a text for pattern", "min and max bound numbers");
    try {
      rule_.checks.push_back(of_pattern(rule_.column, tried, pattern));
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
    rule_.checks.push_back(one_of(rule_.column, type_, values, std::move(expected)));
  }

  const Config& config_;
  std::string_view name_;
  std::string path_;
  const ArrowSchema& field_;
  ColumnType type_;
  Rule rule_;
};

OnBad on_bad(std::string_view text) {
  return text == "fail" ? OnBad::fail : text == "warn" ? OnBad::warn : OnBad::reject;
}

// The input's schema, with the converted columns in their new types. A field that changes type loses its metadata, which
// spoke of the old one.
Schema output_of(const ArrowSchema& input, const std::vector<std::string>& formats) {
  std::vector<Schema> fields;
  for (std::int64_t i = 0; i < input.n_children; ++i) {
    const ArrowSchema& field = *input.children[i];
    const std::string& format = formats[static_cast<std::size_t>(i)];
    fields.push_back(format.empty() ? Schema::copy_of(field)
                                    : Schema::field(format, field.name == nullptr ? "" : field.name,
                                                    (field.flags & ARROW_FLAG_NULLABLE) != 0));
  }
  return Schema::rows(std::move(fields));
}

}  // namespace

Rules rules_of(const Config& config, const ArrowSchema& input) {
  Rules made;
  made.on = on_bad(config.text("/on"));
  std::vector<std::string> formats(static_cast<std::size_t>(input.n_children));
  const std::uint64_t count = config.count("/columns");
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::string_view name = config.key("/columns", i);
    const std::int64_t column = named_column(input, name, pointer_to("/columns", name));
    RuleReader reader(config, name, *input.children[column], column);
    Rule rule = reader.read();
    if (rule.conversion != nullptr && made.on != OnBad::warn) {
      formats[static_cast<std::size_t>(column)] = reader.type().format;
      made.converts = true;
    }
    if (rule.conversion != nullptr || !rule.checks.empty()) made.rules.push_back(std::move(rule));
  }
  made.output = output_of(input, formats);
  return made;
}

}  // namespace weir::validate
