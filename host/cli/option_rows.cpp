#include "cli/option_rows.hpp"

#include <algorithm>
#include <array>

#include "cli/text.hpp"

namespace weir::cli {
namespace {

using nlohmann::ordered_json;

constexpr int kDeepest = 16;  // of options within options
constexpr std::size_t kMostRows = 10000;
constexpr std::size_t kColumns = 4;
constexpr std::array<const char*, kColumns> kHead = {"option", "type", "default", "what it does"};

std::string compact_json(const ordered_json& value) {
  return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::string text_member(const ordered_json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string joined_values(const ordered_json& values, const char* between, bool plain) {
  std::string text;
  for (const auto& value : values)
    text +=
        (text.empty() ? "" : between) + (plain && value.is_string() ? value.get<std::string>() : compact_json(value));
  return text;
}

std::string range_of(const ordered_json& schema) {
  const bool least = schema.contains("minimum"), most = schema.contains("maximum");
  if (least && most) return ", " + compact_json(schema["minimum"]) + " to " + compact_json(schema["maximum"]);
  if (least) return ", at least " + compact_json(schema["minimum"]);
  return most ? ", at most " + compact_json(schema["maximum"]) : std::string();
}

// The schema of what an array or an object holds; null: it says nothing of it.
const ordered_json* inner_of(const ordered_json& schema) {
  for (const char* const key : {"items", "additionalProperties"}) {
    const auto found = schema.find(key);
    if (found != schema.end() && found->is_object()) return &*found;
  }
  return nullptr;
}

std::string type_of(const ordered_json& schema, int depth = 0) {
  if (const auto values = schema.find("enum"); values != schema.end() && values->is_array())
    return joined_values(*values, ", ", false);
  const auto said = schema.find("type");
  std::string type = said == schema.end() ? "any"
                     : said->is_array()   ? joined_values(*said, " or ", true)
                                          : text_member(schema, "type");
  const ordered_json* const inner = inner_of(schema);
  if ((type == "array" || type == "object") && inner != nullptr && !inner->contains("properties") && depth < kDeepest)
    type += " of " + type_of(*inner, depth + 1);
  if (const std::string format = text_member(schema, "format"); !format.empty()) type += " (" + format + ")";
  return type + range_of(schema);
}

bool is_required(const ordered_json& schema, const std::string& name) {
  const auto found = schema.find("required");
  return found != schema.end() && found->is_array() && std::find(found->begin(), found->end(), name) != found->end();
}

OptionRow option_row(const ordered_json& schema, const std::string& path) {
  OptionRow row;
  row.path = path;
  row.type = type_of(schema);
  row.description = text_member(schema, "description");
  if (schema.contains("default")) row.fallback = compact_json(schema["default"]);
  const auto examples = schema.find("examples");
  for (std::size_t i = 0; examples != schema.end() && examples->is_array() && i < examples->size(); ++i)
    row.examples.push_back(compact_json((*examples)[i]));
  return row;
}

void add_rows(const ordered_json& schema, const std::string& path, int depth, std::vector<OptionRow>& rows) {
  const auto properties = schema.find("properties");
  if (properties == schema.end() || !properties->is_object() || depth > kDeepest) return;
  for (const auto& [name, option] : properties->items()) {
    if (!option.is_object() || rows.size() >= kMostRows) continue;
    rows.push_back(option_row(option, path + name));
    rows.back().required = is_required(schema, name);
    add_rows(option, path + name + ".", depth + 1, rows);
    for (const auto& [key, suffix] : {std::pair{"additionalProperties", ".NAME."}, std::pair{"items", "[]."}}) {
      const auto inner = option.find(key);
      if (inner != option.end() && inner->is_object()) add_rows(*inner, path + name + suffix, depth + 1, rows);
    }
  }
}

using Cells = std::array<std::string, kColumns>;

// Breaks a text at blanks into lines of at most `width` bytes; a longer word is broken where it must be.
std::vector<std::string> lines_within(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  while (text.size() > width) {
    std::size_t end = text.rfind(' ', width);
    if (end == std::string_view::npos || end == 0) {
      end = width;
      while (end > 1 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;  // not within a character
    }
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
    while (text.starts_with(' ')) text.remove_prefix(1);
  }
  lines.emplace_back(text);
  return lines;
}

// Its characters, taken for one column each.
std::size_t columns_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }));
}

std::array<std::size_t, kColumns> widths_of(const std::vector<Cells>& rows, std::size_t room) {
  constexpr std::array<std::size_t, kColumns> kMost = {32, 24, 20, 0};
  std::array<std::size_t, kColumns> widths{};
  std::size_t taken = 0;
  for (std::size_t column = 0; column + 1 < kColumns; ++column) {
    for (const Cells& row : rows) widths[column] = std::max(widths[column], columns_of(row[column]));
    widths[column] = std::min(widths[column], kMost[column]);
    taken += widths[column] + 2;
  }
  constexpr std::size_t kLeast = 30;
  widths.back() = room > taken + kLeast ? room - taken : kLeast;
  return widths;
}

std::string drawn(const Cells& row, const std::array<std::size_t, kColumns>& widths, const std::string& indent) {
  std::array<std::vector<std::string>, kColumns> cells;
  std::size_t height = 0;
  for (std::size_t column = 0; column < kColumns; ++column) {
    cells[column] = lines_within(row[column], widths[column]);
    height = std::max(height, cells[column].size());
  }
  std::string text;
  for (std::size_t line = 0; line < height; ++line) {
    std::string drawn_line = indent;
    for (std::size_t column = 0; column < kColumns; ++column) {
      const std::string cell = line < cells[column].size() ? cells[column][line] : std::string();
      drawn_line += cell + std::string(widths[column] + 2 - std::min(widths[column], columns_of(cell)), ' ');
    }
    drawn_line.erase(drawn_line.find_last_not_of(' ') + 1);
    text += drawn_line + "\n";
  }
  return text;
}

Cells cells_of(const OptionRow& row) {
  std::string what = row.description;
  for (std::size_t i = 0; i < row.examples.size(); ++i)
    what += (i > 0 ? ", " : what.empty() ? "e.g. " : " e.g. ") + row.examples[i];
  return {row.path, row.type, row.required ? "required" : row.fallback, what};
}

}  // namespace

std::vector<OptionRow> option_rows(const ordered_json& schema) {
  std::vector<OptionRow> rows;
  add_rows(schema, "", 0, rows);
  return rows;
}

std::string options_as_list(const std::vector<OptionRow>& rows, const std::string& indent) {
  std::string text;
  for (const OptionRow& row : rows) text += indent + row.path + ": " + row.description + "\n";
  return text;
}

std::string options_as_table(const std::vector<OptionRow>& rows, const std::string& indent) {
  if (rows.empty()) return indent + "no options\n";
  std::vector<Cells> cells{{kHead[0], kHead[1], kHead[2], kHead[3]}};
  for (const OptionRow& row : rows) cells.push_back(cells_of(row));
  const std::size_t width = terminal_width();
  const auto widths = widths_of(cells, width > indent.size() ? width - indent.size() : 0);
  std::string text;
  for (const Cells& row : cells) text += drawn(row, widths, indent);
  return text;
}

ordered_json options_as_json(const std::vector<OptionRow>& rows) {
  ordered_json list = ordered_json::array();
  for (const OptionRow& row : rows) {
    ordered_json item{{"option", row.path}, {"type", row.type}, {"required", row.required}};
    if (!row.fallback.empty()) item["default"] = ordered_json::parse(row.fallback);
    item["description"] = row.description;
    item["examples"] = ordered_json::array();
    for (const std::string& example : row.examples) item["examples"].push_back(ordered_json::parse(example));
    list.push_back(std::move(item));
  }
  return list;
}

}  // namespace weir::cli
