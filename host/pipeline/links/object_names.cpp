#include "pipeline/links/object_names.hpp"

#include <algorithm>
#include <cstdio>

#include "arrow/json.hpp"
#include "base/units.hpp"
#include "pipeline/links/bytes.hpp"

namespace weir::pipeline {
namespace {

constexpr std::size_t kMostNameBytes = 128;
constexpr std::size_t kKeptBytes = 96;  // of a longer one
constexpr std::string_view kEmptyPart = "%empty";

std::uint64_t hash_of(std::string_view text) {  // FNV-1a
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const char letter : text) hash = (hash ^ static_cast<std::uint8_t>(letter)) * 0x100000001B3ULL;
  return hash;
}

bool is_escaped(std::string_view value, std::size_t i) {
  const char byte = value[i];
  if (static_cast<unsigned char>(byte) < 0x20 || byte == 0x7F) return true;
  if (std::string_view("/\\%~{").find(byte) != std::string_view::npos) return true;
  return (i == 0 && byte == '.') || (byte == ' ' && (i == 0 || i + 1 == value.size()));
}

// Appends a value that is not null: texts as they are, others as JSON has them, without quotes. `row` counts from the column's
// offset.
void append_text(std::string& to, const ArrowArray& column, const ArrowSchema& field, std::int64_t row) {
  const Type type = type_of(field).type;
  if (field.dictionary != nullptr) {
    const std::int64_t value = DictionaryColumn(column, type)[row];
    if (Validity(*column.dictionary).valid(value)) append_text(to, *column.dictionary, *field.dictionary, value);
    return;
  }
  if (type == Type::utf8) {
    to += TextColumn(column)[row];
  } else if (type == Type::large_utf8) {
    to += LargeTextColumn(column)[row];
  } else if (type == Type::utf8_view) {
    to += ViewColumn(column)[row];
  } else {
    const std::size_t before = to.size();
    arrow::append_value_as_json(to, column, field, row);
    if (to.size() < before + 2 || to[before] != '"') return;
    to.pop_back();
    to.erase(before, 1);
  }
}

// Whether values of the type have a text that names them.
bool has_name(const ArrowSchema& field) {
  const ArrowSchema& values = field.dictionary != nullptr ? *field.dictionary : field;
  switch (type_of(values).type) {
    case Type::binary:
    case Type::large_binary:
    case Type::binary_view:
    case Type::fixed_binary:
    case Type::list:
    case Type::large_list:
    case Type::fixed_list:
    case Type::structure:
    case Type::map:
    case Type::unknown: return false;
    default: return true;
  }
}

base::Unexpected refuse_name(const FileWriting& writing, const std::string& what, std::string hint) {
  base::Error error = base::manifest_error("manifest.by", writing.storage->name + ": " + what, writing.by_place);
  error.link = writing.storage->link;
  return base::unexpected(std::move(error).with_hint(std::move(hint)));
}

base::Unexpected no_column(const FileWriting& writing, const std::string& name, const ArrowSchema& input) {
  std::vector<std::string> names;
  for (std::int64_t i = 0; i < input.n_children; ++i) names.emplace_back(input.children[i]->name);
  const std::string near = base::nearest(name, names);
  return refuse_name(writing, "no column '" + name + "' in the input",
                     near.empty() ? "by: names columns of the rows that are written" : "did you mean '" + near + "'?");
}

}  // namespace

std::string name_part(std::string_view value) {
  if (value.empty()) return std::string(kEmptyPart);
  std::string part;
  std::size_t cut = 0;  // where the part may end if it becomes too long
  for (std::size_t i = 0; i < value.size(); ++i) {
    const bool whole = (static_cast<unsigned char>(value[i]) & 0xC0U) != 0x80U;  // a character begins here
    if (whole && part.size() <= kKeptBytes) cut = part.size();
    if (is_escaped(value, i)) {
      char escape[4];
      std::snprintf(escape, sizeof escape, "%%%02X", static_cast<unsigned>(static_cast<unsigned char>(value[i])));
      part += escape;
    } else {
      part += value[i];
    }
  }
  if (part.size() <= kMostNameBytes) return part;
  char hash[18];
  std::snprintf(hash, sizeof hash, "~%016llx", static_cast<unsigned long long>(hash_of(value)));
  return part.substr(0, cut) + hash;
}

base::Result<ObjectNames> ObjectNames::of(const FileWriting& writing, const ArrowSchema& input) {
  ObjectNames names;
  names.path_ = writing.path;
  for (const std::string& name : writing.by) {
    const std::int64_t number = column_index(input, name);
    if (number < 0) return no_column(writing, name, input);
    const ArrowSchema& field = *input.children[number];
    const std::string placeholder = "{" + name + "}";
    if (!has_name(field)) {
      return refuse_name(
          writing,
          "expected columns of text, numbers, booleans or times in by:, found '" + name + "' of " + type_name(field),
          "make a text of it before: use: derive");
    }
    if (name == "n") {
      return refuse_name(writing, "expected a column of another name than 'n', for {n} numbers the parts",
                         "give it another name before: use: rename");
    }
    if (writing.path.find(placeholder) == std::string::npos) {
      return refuse_name(writing,
                         "expected " + placeholder + " in the path, for its rows to have a file of their own, found '" +
                             shown_name(writing.path) + "'",
                         "path: out/" + placeholder + "/part-{n}.csv");
    }
    names.columns_.push_back({number, &field, placeholder});
  }
  for (std::int64_t i = 0; i < input.n_children; ++i) {
    const std::string name = input.children[i]->name;
    const bool chosen = std::find(writing.by.begin(), writing.by.end(), name) != writing.by.end();
    if (chosen || name == "n" || writing.path.find("{" + name + "}") == std::string::npos) continue;
    return refuse_name(writing,
                       "expected column '" + name + "' in by:, for the path has {" + name + "}, found it not named",
                       "a file for each of its values: by: [" + name + "]");
  }
  return names;
}

std::string_view ObjectNames::key(const ArrowArray& rows, std::int64_t row) {
  key_.clear();
  ends_.clear();
  for (const Column& column : columns_) {
    const ArrowArray& values = *rows.children[column.number];
    const bool null = type_of(*column.field).type == Type::null || !Validity(values, rows.offset).valid(row);
    if (!null) append_text(key_, values, *column.field, rows.offset + row);
    ends_.push_back(key_.size());
    key_ += null ? '\1' : '\0';
    const auto size = static_cast<std::uint32_t>(ends_.back());  // so that no two rows of other values have one key
    key_.append(reinterpret_cast<const char*>(&size), sizeof size);
  }
  return key_;
}

std::string ObjectNames::name() const {
  std::string name;
  for (std::size_t at = 0; at < path_.size();) {
    std::size_t begin = 0, taken = 0;
    for (std::size_t i = 0; i < columns_.size() && taken == 0; ++i) {
      const std::string& placeholder = columns_[i].placeholder;
      if (path_.compare(at, placeholder.size(), placeholder) == 0) {
        const std::string_view value = std::string_view(key_).substr(begin, ends_[i] - begin);
        name += key_[ends_[i]] == '\1' ? std::string(kNullPart) : name_part(value);
        taken = placeholder.size();
      }
      begin = ends_[i] + 1 + sizeof(std::uint32_t);
    }
    if (taken == 0) name += path_[at];
    at += std::max<std::size_t>(taken, 1);
  }
  return name;
}

}  // namespace weir::pipeline
