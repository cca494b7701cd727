// Comparison and description of schemas.
#include "arrow/schema.hpp"

#include <cstring>

#include "arrow/layout.hpp"

namespace weir::arrow {
namespace {

std::string_view text_of(const char* text) { return text == nullptr ? std::string_view() : std::string_view(text); }

std::string_view name_of(const ArrowSchema& field) { return text_of(field.name); }

// Flags that say something of the rows. Whether map keys are sorted is a promise about the values, not a type.
constexpr std::int64_t kFlags = ARROW_FLAG_NULLABLE | ARROW_FLAG_DICTIONARY_ORDERED;

bool same_dictionary(const ArrowSchema& a, const ArrowSchema& b, FieldMetadata metadata) {
  if ((a.dictionary == nullptr) != (b.dictionary == nullptr)) return false;
  return a.dictionary == nullptr || equal(*a.dictionary, *b.dictionary, metadata);
}

bool same_field(const ArrowSchema& a, const ArrowSchema& b, FieldMetadata metadata) {
  return name_of(a) == name_of(b) && (a.flags & kFlags) == (b.flags & kFlags) && equal(a, b, metadata);
}

std::string quoted(std::string_view path, const ArrowSchema& field) {
  std::string name(path);
  if (!name.empty()) name += '.';
  return name + std::string(name_of(field));
}

std::string nullability(const ArrowSchema& field) {
  return (field.flags & ARROW_FLAG_NULLABLE) != 0 ? "may be null" : "never null";
}

struct Sides {
  std::string_view here, there;
};

std::string tell(const std::string& column, const std::string& a, const std::string& b, const Sides& sides) {
  return "column '" + column + "': " + a + " " + std::string(sides.here) + ", " + b + " " + std::string(sides.there);
}

std::string first_difference(const ArrowSchema& a, const ArrowSchema& b, std::string_view path, const Sides& sides);

std::string field_difference(const ArrowSchema& a, const ArrowSchema& b, std::string_view path, const Sides& sides) {
  const std::string column = quoted(path, a);
  if (text_of(a.format) != text_of(b.format) || !same_dictionary(a, b, FieldMetadata::ignored)) {
    std::string in_a = describe_type(a), in_b = describe_type(b);
    if (in_a == in_b) {  // string and large string look alike to people
      in_a += " (" + std::string(text_of(a.format)) + ")";
      in_b += " (" + std::string(text_of(b.format)) + ")";
    }
    return tell(column, in_a, in_b, sides);
  }
  if (a.n_children > 0 || b.n_children > 0) {
    std::string inner = first_difference(a, b, column, sides);
    if (!inner.empty()) return inner;
  }
  if ((a.flags & kFlags) != (b.flags & kFlags)) return tell(column, nullability(a), nullability(b), sides);
  return {};
}

std::string first_difference(const ArrowSchema& a, const ArrowSchema& b, std::string_view path, const Sides& sides) {
  for (std::int64_t i = 0; i < a.n_children; ++i) {
    const ArrowSchema& field = *a.children[i];
    const std::int64_t at =
        i < b.n_children && name_of(*b.children[i]) == name_of(field) ? i : weir::column_index(b, name_of(field));
    if (at < 0) return "column '" + quoted(path, field) + "' is missing " + std::string(sides.there);
    std::string found = field_difference(field, *b.children[at], path, sides);
    if (!found.empty()) return found;
  }
  for (std::int64_t i = 0; i < b.n_children; ++i) {
    if (weir::column_index(a, name_of(*b.children[i])) < 0) {
      return "column '" + quoted(path, *b.children[i]) + "' is missing " + std::string(sides.here);
    }
  }
  for (std::int64_t i = 0; i < a.n_children; ++i) {
    if (i < b.n_children && name_of(*a.children[i]) == name_of(*b.children[i])) continue;
    const std::int64_t at = weir::column_index(b, name_of(*a.children[i]));
    return tell(quoted(path, *a.children[i]), "number " + std::to_string(i + 1), "number " + std::to_string(at + 1),
                sides);
  }
  if (a.n_children != b.n_children) {
    return std::to_string(a.n_children) + " columns " + std::string(sides.here) + ", " + std::to_string(b.n_children) +
           " " + std::string(sides.there);
  }
  return {};
}

}  // namespace

bool equal(const ArrowSchema& a, const ArrowSchema& b, FieldMetadata metadata) {
  if (text_of(a.format) != text_of(b.format) || a.n_children != b.n_children) return false;
  if (metadata == FieldMetadata::compared && weir::metadata_of(a) != weir::metadata_of(b)) return false;
  if (!same_dictionary(a, b, metadata)) return false;
  for (std::int64_t i = 0; i < a.n_children; ++i) {
    if (!same_field(*a.children[i], *b.children[i], metadata)) return false;
  }
  return true;
}

std::string difference(const ArrowSchema& a, const ArrowSchema& b, std::string_view here, std::string_view there) {
  if (equal(a, b)) return {};
  const Sides sides{here, there};
  if (text_of(a.format) != text_of(b.format)) {
    return describe_type(a) + " " + std::string(here) + ", " + describe_type(b) + " " + std::string(there);
  }
  std::string found = first_difference(a, b, {}, sides);
  return found.empty() ? "dictionaries differ" : found;
}

std::string describe_type(const ArrowSchema& field) {
  if (field.dictionary != nullptr) return "dictionary<" + describe_type(*field.dictionary) + ">";
  std::string text = weir::type_name(field);
  const Layout layout = layout_of(field);
  if (layout.form == Form::fixed_list || layout.type.type == Type::fixed_binary) {
    text += "[" + std::to_string(layout.type.width) + "]";
  }
  if (field.n_children > 0) text += "<" + describe(field) + ">";
  return text;
}

std::string describe(const ArrowSchema& rows) {
  std::string text;
  for (std::int64_t i = 0; i < rows.n_children; ++i) {
    const ArrowSchema& field = *rows.children[i];
    if (i > 0) text += ", ";
    text += std::string(name_of(field)) + " " + describe_type(field);
    if ((field.flags & ARROW_FLAG_NULLABLE) != 0) text += "?";
  }
  return text;
}

}  // namespace weir::arrow
