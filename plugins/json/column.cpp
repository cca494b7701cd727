#include "column.hpp"

#include <cstring>
#include <utility>

namespace weir::json {
namespace {

constexpr int kMaxColumnDepth = 64;

Kind scalar_kind(Type type, bool raw) {
  switch (type) {
    case Type::utf8: return raw ? Kind::raw32 : Kind::text32;
    case Type::large_utf8: return raw ? Kind::raw64 : Kind::text64;
    case Type::utf8_view: return raw ? Kind::raw_view : Kind::text_view;
    case Type::boolean: return Kind::boolean;
    case Type::int8: return Kind::int8;
    case Type::uint8: return Kind::uint8;
    case Type::int16: return Kind::int16;
    case Type::uint16: return Kind::uint16;
    case Type::int32: return Kind::int32;
    case Type::uint32: return Kind::uint32;
    case Type::int64: return Kind::int64;
    case Type::uint64: return Kind::uint64;
    case Type::float16: return Kind::float16;
    case Type::float32: return Kind::float32;
    case Type::float64: return Kind::float64;
    case Type::decimal128: return Kind::decimal128;
    case Type::decimal256: return Kind::decimal256;
    case Type::binary: return Kind::bytes32;
    case Type::large_binary: return Kind::bytes64;
    case Type::binary_view: return Kind::bytes_view;
    case Type::fixed_binary: return Kind::fixed_bytes;
    case Type::date32: return Kind::date32;
    case Type::date64: return Kind::date64;
    case Type::time32: return Kind::time32;
    case Type::time64: return Kind::time64;
    case Type::timestamp: return Kind::timestamp;
    case Type::duration: return Kind::duration;
    case Type::interval: return Kind::months;
    default: return Kind::null;
  }
}

[[noreturn]] void refuse(const ArrowSchema& field, const std::string& what) {
  throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST, "expected a type that JSON can say, found " + what)
      .column(field.name == nullptr ? "" : field.name)
      .hint("leave the column out, or convert it first");
}

Kind dictionary_kind(const ArrowSchema& field, Type index) {
  if (index < Type::int8 || index > Type::uint64)
    refuse(field, "a dictionary with indices of another type than integer");
  return static_cast<Kind>(static_cast<int>(Kind::dictionary8) + static_cast<int>(index) -
                           static_cast<int>(Type::int8));
}

}  // namespace

Column::Column(const ArrowSchema& field, int depth)
    : info_(type_of(field)), name_(field.name == nullptr ? "" : field.name) {
  if (depth > kMaxColumnDepth) refuse(field, "one that is nested deeper than " + std::to_string(kMaxColumnDepth));
  if (field.dictionary != nullptr) {
    kind_ = dictionary_kind(field, info_.type);
    children_.emplace_back(*field.dictionary, depth + 1);
  } else if (info_.type >= Type::list && info_.type <= Type::map) {
    resolve_nested(field, depth);
  } else {
    resolve(field);
  }
  info_.zone = {};  // points into the schema, which may go; the spelling has what is needed
}

void Column::resolve(const ArrowSchema& field) {
  if (info_.type == Type::unknown) refuse(field, "the Arrow type '" + std::string(field.format) + "'");
  const bool raw = metadata_value(field, kExtensionKey) == "arrow.json";
  kind_ = scalar_kind(info_.type, raw);
  if (info_.type == Type::timestamp) spelling_ = text::spelling_of(field);
  if (info_.type == Type::interval) {
    kind_ = field.format[2] == 'M' ? Kind::months : field.format[2] == 'D' ? Kind::days : Kind::months_days;
  }
}

void Column::resolve_nested(const ArrowSchema& field, int depth) {
  for (std::int64_t i = 0; i < field.n_children; ++i) children_.emplace_back(*field.children[i], depth + 1);
  const bool one_child = children_.size() == 1;
  if (info_.type != Type::structure && !one_child) refuse(field, "a list or map without exactly one child");
  switch (info_.type) {
    case Type::list: kind_ = Kind::list32; break;
    case Type::large_list: kind_ = Kind::list64; break;
    case Type::fixed_list: kind_ = Kind::fixed_list; break;
    case Type::structure: kind_ = Kind::object; break;
    default:
      if (children_[0].children().size() != 2) refuse(field, "a map without keys and values");
      kind_ = children_[0].children()[0].is_text() ? Kind::map_object : Kind::map_pairs;
  }
}

bool Column::is_text() const {
  if (kind_ >= Kind::dictionary8) return children_[0].is_text();
  return kind_ == Kind::text32 || kind_ == Kind::text64 || kind_ == Kind::text_view;
}

void Column::bind(const ArrowArray& array) {
  offset_ = array.offset;
  validity_ =
      array.null_count != 0 && array.n_buffers > 0 ? static_cast<const std::uint8_t*>(array.buffers[0]) : nullptr;
  values_ = array.n_buffers > 1 ? array.buffers[1] : nullptr;
  data_ = array.n_buffers > 2 ? static_cast<const char*>(array.buffers[2]) : nullptr;
  variadic_ = array.n_buffers > 2 ? array.buffers + 2 : nullptr;
  if (kind_ >= Kind::dictionary8) {
    children_[0].bind(*array.dictionary);
    return;
  }
  for (std::size_t i = 0; i < children_.size(); ++i) children_[i].bind(*array.children[i]);
}

std::string_view Column::view(std::int64_t place) const {
  const char* view = fixed(place, 16);
  std::int32_t length = 0;
  std::memcpy(&length, view, sizeof length);
  if (length <= 12) return {view + 4, static_cast<std::size_t>(length)};
  std::int32_t where[2];
  std::memcpy(where, view + 8, sizeof where);
  return {static_cast<const char*>(variadic_[where[0]]) + where[1], static_cast<std::size_t>(length)};
}

}  // namespace weir::json
