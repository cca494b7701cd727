#include "run/same_value.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace weir::run {
namespace {

using manifest::Kind;
using manifest::Node;

bool is_number(const Node& node) { return node.kind == Kind::integer || node.kind == Kind::number; }

std::string number_text(const Node& node) {
  return node.kind == Kind::integer ? std::to_string(node.integer) : node.text;
}

// A number as its digits, without zeros at either end, and the power of ten that they count.
struct Digits {
  std::string digits;
  std::int64_t exponent = 0;
  bool negative = false;
  friend bool operator==(const Digits&, const Digits&) = default;
};

Digits digits_of(std::string_view text) {
  Digits made;
  const std::size_t mark = std::min(text.find_first_of("eE"), text.size());
  if (mark < text.size()) {
    const char* from = text.data() + mark + 1;
    if (*from == '+') ++from;
    std::from_chars(from, text.data() + text.size(), made.exponent);
  }
  bool fraction = false;
  for (const char letter : text.substr(0, mark)) {
    if (letter == '-') made.negative = true;
    if (letter == '.') fraction = true;
    if (letter < '0' || letter > '9') continue;
    if (fraction) --made.exponent;
    if (letter != '0' || !made.digits.empty()) made.digits += letter;
  }
  while (made.digits.ends_with('0')) {
    made.digits.pop_back();
    ++made.exponent;
  }
  return made.digits.empty() ? Digits{} : made;
}

bool same_number(const Node& expected, const Node& found, const ArrowSchema* field) {
  if (digits_of(number_text(expected)) == digits_of(number_text(found))) return true;
  const weir::Type type = field == nullptr ? weir::Type::unknown : weir::type_of(*field).type;
  if (type == weir::Type::float32) return static_cast<float>(expected.number) == static_cast<float>(found.number);
  return type == weir::Type::float64 && expected.number == found.number;
}

// A text that means a moment: its instant, and whether it has a zone.
bool same_timestamp(const std::string& expected, const std::string& found) {
  weir::text::ReadTimestamp one, other;
  return weir::text::parse_timestamp(expected.data(), expected.data() + expected.size(), one) &&
         weir::text::parse_timestamp(found.data(), found.data() + found.size(), other) &&
         one.seconds == other.seconds && one.nanos == other.nanos &&
         (one.spelling.zone == weir::text::Spelling::Zone::none) ==
             (other.spelling.zone == weir::text::Spelling::Zone::none);
}

bool same_time(const std::string& expected, const std::string& found) {
  std::int64_t one = 0, other = 0;
  return weir::text::parse_time(expected.data(), expected.data() + expected.size(), weir::Unit::nano, one) &&
         weir::text::parse_time(found.data(), found.data() + found.size(), weir::Unit::nano, other) && one == other;
}

bool same_text(const Node& expected, const Node& found, const ArrowSchema* field) {
  if (expected.text == found.text) return true;
  switch (field == nullptr ? weir::Type::unknown : weir::type_of(*field).type) {
    case weir::Type::timestamp: return same_timestamp(expected.text, found.text);
    case weir::Type::time32:
    case weir::Type::time64: return same_time(expected.text, found.text);
    default: return false;
  }
}

bool same_items(const Node& expected, const Node& found, const ArrowSchema* field, bool parts) {
  const ArrowSchema* const item = field != nullptr && field->n_children == 1 ? field->children[0] : nullptr;
  return std::equal(expected.items.begin(), expected.items.end(), found.items.begin(), found.items.end(),
                    [&](const Node& one, const Node& other) { return same_value(one, other, item, parts); });
}

bool same_members(const Node& expected, const Node& found, const ArrowSchema* field, bool parts) {
  const auto same = [&](const std::string& key, const Node& one, const Node& other) {
    const std::int64_t index =
        field == nullptr || weir::type_of(*field).type != weir::Type::structure ? -1 : weir::column_index(*field, key);
    return same_value(one, other, index < 0 ? nullptr : field->children[index], parts);
  };
  const Node null;
  for (const auto& member : expected.members) {
    const Node* const other = found.find(member.key);
    if (!same(member.key, member.value, other == nullptr ? null : *other)) return false;
  }
  return parts || std::all_of(found.members.begin(), found.members.end(), [&](const auto& member) {
           return expected.find(member.key) != nullptr || member.value.kind == Kind::null;
         });
}

}  // namespace

bool same_value(const Node& expected, const Node& found, const ArrowSchema* field, bool parts) {
  if (is_number(expected) && is_number(found)) return same_number(expected, found, field);
  if (expected.kind != found.kind) return false;
  switch (expected.kind) {
    case Kind::null: return true;
    case Kind::boolean: return expected.boolean == found.boolean;
    case Kind::text: return same_text(expected, found, field);
    case Kind::array: return same_items(expected, found, field, parts);
    case Kind::object: return same_members(expected, found, field, parts);
    default: return false;
  }
}

}  // namespace weir::run
