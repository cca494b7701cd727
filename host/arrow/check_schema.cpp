// Checks of schemas that plugins tell.
#include <cstdlib>
#include <set>
#include <string_view>

#include "arrow/bad.hpp"
#include "arrow/layout.hpp"
#include "arrow/validate.hpp"
#include "base/utf8.hpp"

namespace weir::arrow {
namespace {

constexpr std::size_t kMaxFormatBytes = 256;
constexpr std::size_t kMaxNameBytes = 64 * 1024;
constexpr std::int32_t kMaxMetadata = 16 << 20;
constexpr std::int32_t kMaxScale = 76;  // the room that writers of decimals have is for no more

// Sizes that a type has: what its format says otherwise is known to be as it should.
bool possible_sizes(const weir::TypeInfo& type) {
  switch (type.type) {
    case Type::decimal128: return type.precision >= 1 && type.precision <= 38 && std::abs(type.scale) <= kMaxScale;
    case Type::decimal256: return type.precision >= 1 && type.precision <= 76 && std::abs(type.scale) <= kMaxScale;
    case Type::fixed_binary:
    case Type::fixed_list: return type.width >= 1;
    default: return true;
  }
}

base::Result<void> check_text(const ColumnPath& path, std::string_view what, const char* text, std::size_t limit) {
  if (text == nullptr) return {};
  const std::size_t length = ::strnlen(text, limit + 1);
  if (length > limit)
    return bad_schema(path, "expected a " + std::string(what) + " of at most " + std::to_string(limit) +
                                " bytes, found a longer one");
  if (!base::is_utf8({text, length}))
    return bad_schema(path, "expected a " + std::string(what) + " in UTF-8, found other bytes");
  return {};
}

// Metadata has no length of its own: only its counts can be judged.
base::Result<void> check_metadata(const ColumnPath& path, const char* at) {
  if (at == nullptr) return {};
  const auto number = [&at] {
    const auto value = load<std::int32_t>(at, 0);
    at += sizeof value;
    return value;
  };
  std::int64_t total = 0;
  const std::int32_t pairs = number();
  if (pairs < 0 || pairs > kMaxMetadata / 8)
    return bad_schema(path, expected("a possible number of metadata entries", pairs));
  for (std::int64_t i = 0; i < 2 * std::int64_t{pairs}; ++i) {
    const std::int32_t length = number();
    total += length;
    if (length < 0 || total > kMaxMetadata) return bad_schema(path, expected("a possible length of metadata", length));
    at += length;
  }
  return {};
}

base::Result<void> check_dictionary(const ColumnPath& path, const ArrowSchema& schema) {
  const std::string_view format = schema.format;
  if (format.size() != 1 || std::string_view("cCsSiIlL").find(format[0]) == std::string_view::npos) {
    return bad_schema(path, "expected dictionary indices of an integer type, found " + weir::type_name(schema));
  }
  if (schema.dictionary->dictionary != nullptr)
    return bad_schema(path, "expected dictionary values of a plain type, found another dictionary");
  return {};
}

base::Result<void> check_map(const ColumnPath& path, const ArrowSchema& schema) {
  const ArrowSchema& entries = *schema.children[0];
  if (entries.format == nullptr || std::string_view(entries.format) != "+s" || entries.n_children != 2) {
    return bad_schema(path, "expected a map of structs of key and value, found " +
                                (entries.format == nullptr ? std::string("nothing") : weir::type_name(entries)) +
                                " of " + std::to_string(entries.n_children) + " fields");
  }
  return {};
}

base::Result<void> check_children_count(const ColumnPath& path, const ArrowSchema& schema, const Layout& layout) {
  const bool any = layout.children < 0;
  if (schema.n_children < 0 || schema.n_children > kMaxColumns || (!any && schema.n_children != layout.children)) {
    return bad_schema(path,
                      expected(any ? "0 to " + std::to_string(kMaxColumns) + " fields"
                                   : std::to_string(layout.children) + " child fields of a " + weir::type_name(schema),
                               schema.n_children));
  }
  if (schema.n_children > 0 && schema.children == nullptr)
    return bad_schema(path, "expected child fields, found a null pointer");
  return {};
}

// A released field's name may be gone: it is told by its number, before anything of it is read.
base::Result<void> check_present(const ColumnPath& path, const ArrowSchema* field, const std::string& what) {
  if (field == nullptr) return bad_schema(path, "expected " + what + ", found a null pointer");
  if (field->release == nullptr) return bad_schema(path, "expected " + what + ", found one that was released");
  return {};
}

base::Result<void> check_field(const ColumnPath& path, const ArrowSchema& schema, int depth) {
  if (depth > kMaxDepth)
    return bad_schema(path, "expected types nested at most " + std::to_string(kMaxDepth) + " deep, found more");
  if (schema.format == nullptr) return bad_schema(path, "expected a format, found a null pointer");
  WEIR_TRY(check_text(path, "name", schema.name, kMaxNameBytes));
  WEIR_TRY(check_text(path, "format", schema.format, kMaxFormatBytes));
  WEIR_TRY(check_metadata(path, schema.metadata));
  const Layout layout = layout_of(schema);
  if (layout.form == Form::unknown || !possible_sizes(layout.type)) {
    return bad_schema(path,
                      "expected a type that weir knows, found the format \"" + base::printable(schema.format) + "\"");
  }
  WEIR_TRY(check_children_count(path, schema, layout));
  for (std::int64_t i = 0; i < schema.n_children; ++i) {
    WEIR_TRY(check_present(path, schema.children[i], "child field " + std::to_string(i + 1)));
    WEIR_TRY(check_field({&path, schema.children[i]}, *schema.children[i], depth + 1));
  }
  if (layout.type.type == Type::map) WEIR_TRY(check_map(path, schema));
  if (schema.dictionary == nullptr) return {};
  WEIR_TRY(check_present(path, schema.dictionary, "a dictionary"));
  WEIR_TRY(check_dictionary(path, schema));
  return check_field({&path, schema.dictionary}, *schema.dictionary, depth + 1);
}

}  // namespace

base::Result<void> check_schema(const ArrowSchema& schema) {
  const ColumnPath path{nullptr, &schema};
  WEIR_TRY(check_present(path, &schema, "a schema"));
  return check_field(path, schema, 0);
}

base::Result<void> check_rows_schema(const ArrowSchema& rows) {
  WEIR_TRY(check_schema(rows));
  const ColumnPath path{nullptr, &rows};
  if (std::string_view(rows.format) != "+s" || rows.dictionary != nullptr) {
    return bad_schema(path, "expected a struct of columns, found " + weir::type_name(rows));
  }
  std::set<std::string_view> names;
  for (std::int64_t i = 0; i < rows.n_children; ++i) {
    const char* name = rows.children[i]->name;
    if (name == nullptr) return bad_schema(path, "expected a name of column " + std::to_string(i + 1) + ", found none");
    if (!names.insert(name).second)
      return bad_schema(path, "expected each column once, found '" + base::printable(name) + "' twice");
  }
  return {};
}

}  // namespace weir::arrow
