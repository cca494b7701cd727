#include "run/given_rows.hpp"

#include <algorithm>
#include <optional>

#include <weir/cpp/timestamp_guess.hpp>
#include <weir/cpp/type_names.hpp>

#include "arrow/schema.hpp"
#include "manifest/diagnostics.hpp"

namespace weir::run {
namespace {

using manifest::Kind;
using manifest::Node;
using GivenValues = std::vector<const Node*>;  // of a column, row by row; null: none

struct Column {
  weir::Schema field;
  weir::Array values;
};

bool is_given(const Node* node) { return manifest::given(node); }

// A value's text: numbers as they are spelled.
std::string text_of_node(const Node& node) {
  if (node.kind == Kind::boolean) return node.boolean ? "true" : "false";
  return node.kind == Kind::integer ? std::to_string(node.integer) : node.text;
}

base::Error misfit(const Node& node, const std::string& column, const std::string& type, std::string hint = {}) {
  return base::manifest_error(
             "manifest.type",
             "given: column '" + column + "': expected " + type + ", found " + manifest::describe(node), node.place())
      .with_hint(std::move(hint));
}

// Which types all values of a column have.
struct Shown {
  bool booleans = true, integers = true, numbers = true, texts = true, dates = true, timestamps = true;
  bool objects = true, lists = true, any = false;
  bool beyond = false;                                      // an integer of more than 64 bits
  bool moments = true, naive = false, nanoseconds = false;  // timestamps however they are spelled; some without a zone
  weir::TimestampGuess guess;

  void add(const Node& node) {
    any = true;
    booleans &= node.kind == Kind::boolean;
    const bool whole = node.kind == Kind::number && node.text.find_first_not_of("-0123456789") == std::string::npos;
    beyond |= whole;
    integers &= node.kind == Kind::integer || whole;
    numbers &= node.kind == Kind::integer || node.kind == Kind::number;
    texts &= node.kind == Kind::text;
    objects &= node.kind == Kind::object;
    lists &= node.kind == Kind::array;
    std::int32_t days = 0;
    const char* const begin = node.text.data();
    dates &= node.kind == Kind::text && text::parse_date(begin, begin + node.text.size(), days);
    timestamps &= node.kind == Kind::text && guess.add(node.text);
    text::ReadTimestamp read;
    moments &= node.kind == Kind::text && text::parse_timestamp(begin, begin + node.text.size(), read);
    naive |= moments && read.spelling.zone == text::Spelling::Zone::none;
    nanoseconds |= moments && read.spelling.digits > 6;
  }
};

class ColumnMaker {
 public:
  // `zone`: what timestamps without one mean; null: nobody says so.
  ColumnMaker(std::string name, const GivenValues& values, const NaiveZone* zone)
      : name_(std::move(name)), values_(values), zone_(zone) {}

  base::Result<Column> inferred() {
    Shown shown;
    for (const Node* const node : values_) {
      if (is_given(node)) shown.add(*node);
    }
    if (!shown.any) return nulls();
    if (shown.objects) return structs();
    if (shown.lists) return lists();
    if (shown.moments && shown.naive && zone_ != nullptr)
      return typed(weir::Schema::field(shown.nanoseconds ? "tsn:UTC" : "tsu:UTC", name_));
    if (shown.timestamps) return typed(shown.guess.field(name_));
    const char* const format = shown.booleans   ? "b"
                               : shown.integers ? (shown.beyond ? "d:38,0" : "l")
                               : shown.numbers  ? "g"
                               : shown.dates    ? "tdD"
                               : shown.texts    ? "u"
                                                : "";
    if (*format != 0) return typed(weir::Schema::field(format, name_));
    const auto odd = std::find_if(values_.begin(), values_.end(), [this](const Node* node) {
      return is_given(node) && node->kind != (*std::find_if(values_.begin(), values_.end(), is_given))->kind;
    });
    return base::unexpected(misfit(odd == values_.end() ? *values_.front() : **odd, name_, "one type in all rows",
                                   "say which it is: types: { " + name_ + ": string }"));
  }

  base::Result<Column> named(const Node& type) {
    if (type.text == "json") return json();
    const auto found = weir::type_named(type.text);
    if (!found) {
      return base::unexpected(
          base::manifest_error("manifest.type",
                               "types: '" + name_ + "': expected the name of a type, found " + manifest::describe(type),
                               type.place())
              .with_hint(weir::type_hint(type.text)));
    }
    return typed(weir::Schema::field(found->format, name_));
  }

 private:
  base::Result<Column> nulls() {
    weir::NullBuilder builder;
    for (std::size_t i = 0; i < values_.size(); ++i) builder.append_null();
    return Column{weir::Schema::field("n", name_), builder.finish()};
  }

  // JSON text of whatever stands there.
  base::Result<Column> json() {
    weir::TextBuilder builder;
    for (const Node* const node : values_) {
      if (is_given(node))
        builder.append(node->to_json().dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
      else
        builder.append_null();
    }
    return Column{weir::Schema::field("u", name_, true, {{std::string(weir::kExtensionKey), "arrow.json"}}),
                  builder.finish()};
  }

  base::Result<Column> structs() {
    std::vector<std::string> names;
    for (const Node* const node : values_) {
      if (!is_given(node)) continue;
      for (const auto& member : node->members) {
        if (std::find(names.begin(), names.end(), member.key) == names.end()) names.push_back(member.key);
      }
    }
    weir::StructBuilder builder;
    for (const Node* const node : values_) {
      if (is_given(node))
        builder.append();
      else
        builder.append_null();
    }
    std::vector<weir::Schema> fields;
    std::vector<weir::Array> columns;
    for (const std::string& name : names) {
      GivenValues inner;
      for (const Node* const node : values_) inner.push_back(is_given(node) ? node->find(name) : nullptr);
      WEIR_TRY_ASSIGN(Column made, ColumnMaker(name, inner, zone_).inferred());
      fields.push_back(std::move(made.field));
      columns.push_back(std::move(made.values));
    }
    return Column{weir::Schema::field("+s", name_, true, {}, std::move(fields)), builder.finish(std::move(columns))};
  }

  base::Result<Column> lists() {
    GivenValues inner;
    weir::ListBuilder builder;
    for (const Node* const node : values_) {
      if (!is_given(node)) {
        builder.append_null();
        continue;
      }
      for (const Node& item : node->items) inner.push_back(&item);
      builder.append(static_cast<std::int64_t>(inner.size()));
    }
    WEIR_TRY_ASSIGN(Column items, ColumnMaker("item", inner, zone_).inferred());
    return Column{weir::Schema::nested("+l", name_, std::move(items.field)), builder.finish(std::move(items.values))};
  }

  template <class Builder, class Append>
  base::Result<Column> build(weir::Schema field, Builder builder, const Append& append) {
    for (const Node* const node : values_) {
      if (!is_given(node)) {
        builder.append_null();
        continue;
      }
      const bool plain = node->kind != Kind::object && node->kind != Kind::array;
      if (!plain || !append(builder, *node, text_of_node(*node)))
        return base::unexpected(misfit(*node, name_, arrow::describe_type(field.get()), hint_of(field.get())));
    }
    return Column{std::move(field), builder.finish()};
  }

  static std::string hint_of(const ArrowSchema& field) {
    const auto info = weir::type_of(field);
    if (info.type == weir::Type::timestamp)
      return std::string("write it as \"2026-01-31T12:30:00") + (info.zone.empty() ? "\"" : "Z\"");
    if (info.type == weir::Type::date32) return "write it as 2026-01-31";
    if (info.type == weir::Type::utf8) return "put it in quotes";
    return "mend the value, or say another type: types: { COLUMN: string }";
  }

  // Values that `read` takes from their text.
  template <class T, class Read>
  base::Result<Column> numbers(weir::Schema field, const Read& read) {
    return build(std::move(field), weir::NumberBuilder<T>(),
                 [&read](auto& builder, const Node&, const std::string& text) {
                   T value{};
                   if (!read(text.data(), text.data() + text.size(), value)) return false;
                   builder.append(value);
                   return true;
                 });
  }
  template <class T>
  base::Result<Column> integers(weir::Schema field) {
    return numbers<T>(std::move(field), [](const char* begin, const char* end, T& value) {
      std::int64_t wide = 0;
      if (!text::parse_int64(begin, end, wide) || !std::in_range<T>(wide)) return false;
      value = static_cast<T>(wide);
      return true;
    });
  }
  template <class T>
  base::Result<Column> times(weir::Schema field, weir::Unit unit) {
    return numbers<T>(std::move(field), [unit](const char* begin, const char* end, T& value) {
      std::int64_t wide = 0;
      if (!text::parse_time(begin, end, unit, wide)) return false;
      value = static_cast<T>(wide);
      return true;
    });
  }

  base::Result<Column> timestamps(weir::Schema field, const weir::TypeInfo& info) {
    const weir::Unit unit = info.unit;
    const bool zoned = !info.zone.empty();
    const NaiveZone* const zone = zoned ? zone_ : nullptr;
    return numbers<std::int64_t>(std::move(field), [=](const char* begin, const char* end, std::int64_t& value) {
      text::ReadTimestamp read;
      if (!text::parse_timestamp(begin, end, read)) return false;
      const bool says_zone = read.spelling.zone != text::Spelling::Zone::none;
      if (!says_zone && zone != nullptr) read.seconds = zone->instant_of(read.seconds);
      return (says_zone == zoned || zone != nullptr) && text::to_unit(read, unit, value);
    });
  }

  base::Result<Column> texts(weir::Schema field) {
    return build(std::move(field), weir::TextBuilder(), [](auto& builder, const Node&, const std::string& text) {
      builder.append(text);
      return true;
    });
  }

  base::Result<Column> booleans(weir::Schema field) {
    return build(std::move(field), weir::BooleanBuilder(), [](auto& builder, const Node&, const std::string& text) {
      if (text != "true" && text != "false") return false;
      builder.append(text == "true");
      return true;
    });
  }

  base::Result<Column> typed(weir::Schema field) {
    const weir::TypeInfo info = weir::type_of(field.get());
    switch (info.type) {
      case weir::Type::boolean: return booleans(std::move(field));
      case weir::Type::int8: return integers<std::int8_t>(std::move(field));
      case weir::Type::uint8: return integers<std::uint8_t>(std::move(field));
      case weir::Type::int16: return integers<std::int16_t>(std::move(field));
      case weir::Type::uint16: return integers<std::uint16_t>(std::move(field));
      case weir::Type::int32: return integers<std::int32_t>(std::move(field));
      case weir::Type::uint32: return integers<std::uint32_t>(std::move(field));
      case weir::Type::int64: return integers<std::int64_t>(std::move(field));
      case weir::Type::uint64: return numbers<std::uint64_t>(std::move(field), text::parse_uint64);
      case weir::Type::float32: return numbers<float>(std::move(field), text::parse_float);
      case weir::Type::float64: return numbers<double>(std::move(field), text::parse_double);
      case weir::Type::decimal128: {
        const auto read = [info](const char* begin, const char* end, weir::Int128& value) {
          return text::parse_decimal(begin, end, info.precision, info.scale, value);
        };
        return numbers<weir::Int128>(std::move(field), read);
      }
      case weir::Type::date32: return numbers<std::int32_t>(std::move(field), text::parse_date);
      case weir::Type::time32: return times<std::int32_t>(std::move(field), info.unit);
      case weir::Type::time64: return times<std::int64_t>(std::move(field), info.unit);
      case weir::Type::timestamp: return timestamps(std::move(field), info);
      default: return texts(std::move(field));
    }
  }

  std::string name_;
  const GivenValues& values_;
  const NaiveZone* zone_;
};

const Node* last_named(const ColumnTypes& types, const std::string& column) {
  const auto found = std::find_if(types.rbegin(), types.rend(), [&](const auto& one) { return one.first == column; });
  return found == types.rend() ? nullptr : &found->second;
}

std::vector<std::string> given_columns_of(const Node& rows, const ColumnTypes& wanted) {
  std::vector<std::string> names;
  const auto add = [&names](const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  for (const Node& row : rows.items) {
    for (const auto& member : row.members) add(member.key);
  }
  for (const auto& [name, type] : wanted) add(name);
  return names;
}

}  // namespace

base::Result<GivenRows> make_given_rows(const Node& rows, const GivenTypes& types) {
  std::vector<weir::Schema> fields;
  std::vector<weir::Array> columns;
  std::vector<base::Error> errors;
  for (const std::string& name : given_columns_of(rows, types.wanted)) {
    GivenValues values;
    for (const Node& row : rows.items) values.push_back(row.find(name));
    const Node* type = last_named(types.wanted, name);
    if (type == nullptr) type = last_named(types.known, name);
    ColumnMaker maker(name, values, types.zone ? &*types.zone : nullptr);
    auto made = type != nullptr ? maker.named(*type) : maker.inferred();
    if (!made) {
      errors.push_back(std::move(made).error());
      continue;
    }
    fields.push_back(std::move(made->field));
    columns.push_back(std::move(made->values));
  }
  if (!errors.empty()) return base::unexpected(manifest::joined(std::move(errors)));
  GivenRows given;
  given.schema = weir::Schema::rows(std::move(fields));
  given.rows = weir::rows_of(static_cast<std::int64_t>(rows.items.size()), std::move(columns));
  for (const Node& row : rows.items) {
    given.source = row.where.source;
    given.offsets.push_back(static_cast<std::uint32_t>(row.where.offset));
  }
  return given;
}

}  // namespace weir::run
