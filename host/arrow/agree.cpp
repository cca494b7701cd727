// One schema for several files: a lattice of types, column by column.
#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include <weir/ext/open_files.h>

#include "arrow/layout.hpp"
#include "arrow/schema.hpp"

namespace weir::arrow {
namespace {

using Names = std::map<std::string_view, const ArrowSchema*>;

// What a column is by now, after some of the files.
struct Column {
  std::string format;
  weir::Metadata metadata;
  bool nullable = false;
  const ArrowSchema* first = nullptr;  // where it came from: its children and dictionary, if it has any
};

int integer_bits(Type type) {
  switch (type) {
    case Type::int8:
    case Type::uint8: return 8;
    case Type::int16:
    case Type::uint16: return 16;
    case Type::int32:
    case Type::uint32: return 32;
    case Type::int64:
    case Type::uint64: return 64;
    default: return 0;
  }
}

bool is_unsigned(Type type) {
  return type == Type::uint8 || type == Type::uint16 || type == Type::uint32 || type == Type::uint64;
}

bool is_float(Type type) { return type == Type::float16 || type == Type::float32 || type == Type::float64; }

bool is_date(Type type) { return type == Type::date32 || type == Type::date64; }

bool is_text(Type type) { return type == Type::utf8 || type == Type::large_utf8 || type == Type::utf8_view; }

// Types whose values have no text of their own.
bool has_no_text(const ArrowSchema& field) {
  const Form form = layout_of(field).form;
  const Type type = weir::type_of(field).type;
  return field.dictionary != nullptr || field.n_children > 0 || form == Form::structure || type == Type::binary ||
         type == Type::large_binary || type == Type::binary_view || type == Type::fixed_binary;
}

std::string wider_integer(Type a, Type b) {
  static constexpr std::string_view kSigned = "csil", kUnsigned = "CSIL";
  const auto level = [](int bits) { return bits == 8 ? 0U : bits == 16 ? 1U : bits == 32 ? 2U : 3U; };
  const bool same_sign = is_unsigned(a) == is_unsigned(b);
  const unsigned bits = level(std::max(integer_bits(a), integer_bits(b)));
  if (same_sign) return std::string(1, (is_unsigned(a) ? kUnsigned : kSigned)[bits]);
  const unsigned without_sign = level(integer_bits(is_unsigned(a) ? a : b));
  const unsigned with_sign = level(integer_bits(is_unsigned(a) ? b : a));
  const unsigned needed = std::max(without_sign + 1, with_sign);
  return needed > 3 ? "u" : std::string(1, kSigned[needed]);  // int64 with uint64 fits none
}

std::string finer_timestamp(const weir::TypeInfo& a, const weir::TypeInfo& b) {
  if (a.zone != b.zone) return "u";
  static constexpr char kUnits[] = "smun";
  const auto unit = static_cast<std::size_t>(std::max(a.unit, b.unit));
  return std::string("ts") + kUnits[unit] + ":" + std::string(a.zone);
}

// The format that holds values of both; "u" (text) where nothing else does.
std::string common_format(const std::string& in_a, const std::string& in_b) {
  const weir::TypeInfo a = weir::type_of(in_a.c_str()), b = weir::type_of(in_b.c_str());
  const bool numbers_a = integer_bits(a.type) > 0 || is_float(a.type);
  const bool numbers_b = integer_bits(b.type) > 0 || is_float(b.type);
  if (integer_bits(a.type) > 0 && integer_bits(b.type) > 0) return wider_integer(a.type, b.type);
  if (numbers_a && numbers_b) return "g";
  if (a.type == Type::timestamp && b.type == Type::timestamp) return finer_timestamp(a, b);
  if (a.type == Type::timestamp && is_date(b.type)) return in_a;
  if (is_date(a.type) && b.type == Type::timestamp) return in_b;
  if (is_date(a.type) && is_date(b.type)) return "tdD";
  if (is_text(a.type) && is_text(b.type)) return a.type == Type::large_utf8 || b.type == Type::large_utf8 ? "U" : "u";
  return "u";
}

std::string spelling_of(const weir::Metadata& metadata) {
  for (const auto& [key, value] : metadata) {
    if (key == weir::kSpellingKey) return value;
  }
  return {};
}

void become_text(Column& column) {
  column.format = "u";
  std::erase_if(column.metadata, [](const auto& pair) { return pair.first == weir::kSpellingKey; });
}

Column column_of(const ArrowSchema& field) {
  return {field.format, weir::metadata_of(field), (field.flags & ARROW_FLAG_NULLABLE) != 0, &field};
}

base::Unexpected disagree(std::string message, std::string hint) {
  base::Error error =
      base::make_error(base::Status::failed_precondition, base::Fault::source, "schema.disagree", std::move(message));
  error.hint = std::move(hint);
  return base::unexpected(std::move(error));
}

// Takes another file's field into the column; false: the two have nothing in common.
bool take_in(Column& column, const ArrowSchema& field) {
  column.nullable = column.nullable || (field.flags & ARROW_FLAG_NULLABLE) != 0;
  const bool null_a = column.format == "n", null_b = std::string_view(field.format) == "n";
  if (null_b) {
    column.nullable = true;
    return true;
  }
  if (null_a) {
    column = column_of(field);
    column.nullable = true;
    return true;
  }
  const bool nested = has_no_text(field) || (column.first != nullptr && has_no_text(*column.first));
  if (nested) return column.first != nullptr && equal(*column.first, field);
  const bool timestamps =
      weir::type_of(column.format.c_str()).type == Type::timestamp && weir::type_of(field).type == Type::timestamp;
  const bool same_spelling = spelling_of(column.metadata) == weir::metadata_value(field, weir::kSpellingKey);
  if (timestamps && !same_spelling) {
    become_text(column);
    return true;
  }
  if (column.format == field.format) return true;
  const std::string format = common_format(column.format, field.format);
  if (format == "u") {
    become_text(column);
  } else {
    if (weir::type_of(column.format.c_str()).type != Type::timestamp) column.metadata = weir::metadata_of(field);
    column.format = format;
  }
  return true;
}

Names names_of(const ArrowSchema& rows) {
  Names names;
  for (std::int64_t i = 0; i < rows.n_children; ++i) names.emplace(rows.children[i]->name, rows.children[i]);
  return names;
}

std::string missing(std::string_view column, std::string_view has, std::string_view lacks) {
  return "expected the same columns in every file, found '" + std::string(column) + "' in " + std::string(has) +
         " and not in " + std::string(lacks);
}

constexpr const char* kMissingHint =
    "give files with other columns a pipeline of their own, or put them together: format: { use: csv, files: union }";

bool is_open(const NamedSchema& file) { return !weir::metadata_value(*file.schema, WEIR_OPEN_FILES).empty(); }

// The columns of the files so far, in order.
struct Agreeing {
  std::span<const NamedSchema> files;
  std::vector<std::pair<std::string, Column>> columns;
  std::set<std::string, std::less<>> names;  // of the columns

  void put(const ArrowSchema& field) {
    if (names.insert(field.name).second) columns.emplace_back(field.name, column_of(field));
  }
};

// A column that the files so far lack.
base::Result<void> add(Agreeing& so_far, const NamedSchema& file, const ArrowSchema& field) {
  for (const NamedSchema& lacking : so_far.files) {
    if (!is_open(lacking)) return disagree(missing(field.name, file.name, lacking.name), kMissingHint);
  }
  so_far.put(field);
  so_far.columns.back().second.nullable = true;
  return {};
}

base::Result<void> take_in_file(Agreeing& so_far, const NamedSchema& file) {
  const NamedSchema& first = so_far.files.front();
  const Names names = names_of(*file.schema);
  const std::size_t before = so_far.columns.size();
  for (std::int64_t i = 0; i < file.schema->n_children; ++i) {
    const ArrowSchema& field = *file.schema->children[i];
    if (!so_far.names.contains(field.name)) WEIR_TRY(add(so_far, file, field));
  }
  for (std::size_t i = 0; i < before; ++i) {
    auto& [name, column] = so_far.columns[i];
    const auto found = names.find(name);
    if (found == names.end()) {
      if (!is_open(file)) return disagree(missing(name, first.name, file.name), kMissingHint);
      column.nullable = true;
    } else if (!take_in(column, *found->second)) {
      const std::string was = column.first == nullptr ? std::string("string") : describe_type(*column.first);
      return disagree("column '" + name + "': expected one type in every file, found " + was + " in " +
                          std::string(first.name) + ", " + describe_type(*found->second) + " in " +
                          std::string(file.name),
                      "nested and binary types must be the same in all files of a stream");
    }
  }
  return {};
}

weir::Schema field_of(const std::string& name, const Column& column) {
  const bool as_first =
      column.first != nullptr && (column.first->dictionary != nullptr || column.first->n_children > 0);
  if (!as_first) return weir::Schema::field(column.format, name, column.nullable, column.metadata);
  weir::Schema copy = weir::Schema::copy_of(*column.first);
  if (column.nullable) copy.address()->flags |= ARROW_FLAG_NULLABLE;
  return copy;
}

// Files that can give JSON text (WEIR_OPEN_FILES): the union of their columns, and JSON text where nothing else holds the values.

bool gives_json_text(const NamedSchema& file) {
  return is_open(file) && weir::metadata_value(*file.schema, WEIR_OPEN_FILES) != WEIR_OPEN_COLUMNS;
}

bool is_json_text(const ArrowSchema& field) { return weir::metadata_value(field, weir::kExtensionKey) == "arrow.json"; }

weir::Schema json_text(const ArrowSchema& field) {
  return weir::Schema::field("u", field.name, true, {{std::string(weir::kExtensionKey), "arrow.json"}});
}

weir::Schema together(const ArrowSchema& a, const ArrowSchema& b);

// The fields of both, those of `a` first.
std::vector<weir::Schema> fields_together(const ArrowSchema& a, const ArrowSchema& b) {
  std::vector<weir::Schema> fields;
  const Names in_a = names_of(a), in_b = names_of(b);
  for (std::int64_t i = 0; i < a.n_children; ++i) {
    const auto found = in_b.find(a.children[i]->name);
    fields.push_back(found == in_b.end() ? weir::Schema::copy_of(*a.children[i])
                                         : together(*a.children[i], *found->second));
  }
  for (std::int64_t i = 0; i < b.n_children; ++i) {
    if (!in_a.contains(b.children[i]->name)) fields.push_back(weir::Schema::copy_of(*b.children[i]));
  }
  return fields;
}

weir::Schema numbers_together(const ArrowSchema& a, const ArrowSchema& b) {
  const Type type_a = weir::type_of(a).type, type_b = weir::type_of(b).type;
  const bool float_a = is_float(type_a), float_b = is_float(type_b);
  const bool exact_a = integer_bits(type_a) > 0 || type_a == Type::decimal128;
  const bool exact_b = integer_bits(type_b) > 0 || type_b == Type::decimal128;
  if (!(float_a || exact_a) || !(float_b || exact_b)) return json_text(a);
  const bool decimals = type_a == Type::decimal128 || type_b == Type::decimal128;
  if ((float_a || float_b) && decimals) return json_text(a);
  if (decimals && (weir::type_of(a).scale > 0 || weir::type_of(b).scale > 0)) return json_text(a);
  const std::string format = decimals ? "u" : common_format(a.format, b.format);
  return weir::Schema::field(format == "u" ? "d:38,0" : format, a.name);
}

weir::Schema together(const ArrowSchema& a, const ArrowSchema& b) {
  const std::string_view format_a = a.format, format_b = b.format;
  if (format_b == "n" || is_json_text(a)) return weir::Schema::copy_of(a);
  if (format_a == "n" || is_json_text(b)) return weir::Schema::copy_of(b);
  if (format_a == "+s" && format_b == "+s")
    return weir::Schema::field("+s", a.name, true, weir::metadata_of(a), fields_together(a, b));
  if (format_a == "+l" && format_b == "+l") {
    std::vector<weir::Schema> items;
    items.push_back(together(*a.children[0], *b.children[0]));
    return weir::Schema::field("+l", a.name, true, weir::metadata_of(a), std::move(items));
  }
  if (format_a == format_b && a.n_children == 0) return weir::Schema::copy_of(a);
  return numbers_together(a, b);
}

weir::Schema agree_open(std::span<const NamedSchema> files) {
  weir::Schema agreed = weir::Schema::copy_of(*files.front().schema);
  for (const NamedSchema& file : files.subspan(1)) {
    agreed = weir::Schema::field("+s", "", false, weir::metadata_of(agreed.get()),
                                 fields_together(agreed.get(), *file.schema));
  }
  return agreed;
}

}  // namespace

base::Result<weir::Schema> agree(std::span<const NamedSchema> files) {
  if (files.size() == 1) return weir::Schema::copy_of(*files.front().schema);
  if (std::all_of(files.begin(), files.end(), gives_json_text)) return agree_open(files);
  Agreeing so_far;
  for (std::int64_t i = 0; i < files.front().schema->n_children; ++i) so_far.put(*files.front().schema->children[i]);
  for (std::size_t i = 1; i < files.size(); ++i) {
    so_far.files = files.first(i);
    WEIR_TRY(take_in_file(so_far, files[i]));
  }
  std::vector<weir::Schema> fields;
  for (const auto& [name, column] : so_far.columns) fields.push_back(field_of(name, column));
  if (!std::all_of(files.begin(), files.end(), is_open)) return weir::Schema::rows(std::move(fields));
  return weir::Schema::field("+s", "", false, {{WEIR_OPEN_FILES, WEIR_OPEN_COLUMNS}}, std::move(fields));
}

}  // namespace weir::arrow
