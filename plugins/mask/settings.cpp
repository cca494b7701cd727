#include "settings.hpp"

#include <algorithm>
#include <utility>

#include <weir/cpp/named_column.hpp>
#include <weir/cpp/quoted.hpp>
#include <weir/cpp/type_names.hpp>

namespace weir::mask {
namespace {

Failure wrong(std::string message, std::string option, std::string hint = {}) {
  return Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST, std::move(message))
      .hint(std::move(hint))
      .option(std::move(option));
}

Way way_of(std::string_view word) {
  if (word == "hash") return Way::hash;
  if (word == "truncate") return Way::truncate;
  if (word == "tokenise") return Way::tokenise;
  return word == "preserve" ? Way::preserve : Way::redact;
}

// A method stands as its word alone, or with options of its own.
Method method_at(const Config& config, const std::string& option) {
  Method method;
  if (config.kind(option) == WEIR_CONFIG_TEXT) {
    method.way = way_of(config.text(option));
  } else {
    method.way = way_of(config.text(option + "/method"));
    if (config.has(option + "/with")) method.with = config.text(option + "/with");
    if (config.has(option + "/prefix")) method.prefix = config.text(option + "/prefix");
    if (config.has(option + "/digits")) method.digits = config.integer(option + "/digits");
    method.keep_first = config.integer(option + "/keep_first");
    method.keep_last = config.integer(option + "/keep_last");
  }
  if (method.way == Way::truncate && method.keep_first == 0) {
    throw wrong("expected keep_first for truncate, found none", option,
                "say how many characters stay: { method: truncate, keep_first: 3 }");
  }
  if (method.keyed() && !config.has("/key")) {
    throw wrong("expected a key, found none", option,
                "give one that nobody can guess: key: ${secret:env/MASK_KEY}, made by openssl rand -hex 32");
  }
  return method;
}

// Structs, lists and dictionaries may hold texts that nobody looks into.
bool may_hold_text(const ArrowSchema& field) {
  if (field.dictionary != nullptr) return may_hold_text(*field.dictionary) || is_text(*field.dictionary);
  return std::any_of(field.children, field.children + field.n_children,
                     [](const ArrowSchema* child) { return is_text(*child) || may_hold_text(*child); });
}

void check_type(const ArrowSchema& field, std::string_view name, const Method& method, const std::string& option) {
  const bool text = is_text(field);
  if (text || method.way == Way::redact) return;
  const Type type = type_of(field).type;
  const bool plain = field.dictionary == nullptr && field.n_children == 0 && type != Type::null;
  if (plain && (method.way == Way::hash || method.way == Way::tokenise)) return;
  const bool cuts = method.way == Way::truncate || method.way == Way::preserve;
  throw wrong("column " + quoted_for_message(name) + ": expected " +
                  (cuts ? "a text" : "a value that is no list, struct or dictionary") + ", found " + type_name(field),
              option, cuts ? "cast it to string before, with select" : "redact makes it null");
}

void read_columns(const Config& config, const ArrowSchema& input, Settings& settings) {
  for (std::uint64_t i = 0; i < config.count("/columns"); ++i) {
    const std::string_view name = config.key("/columns", i);
    const std::string option = pointer_to("/columns", name);
    MaskedColumn made{named_column(input, name, option), method_at(config, option)};
    check_type(*input.children[made.column], name, made.method, option);
    settings.columns.push_back(std::move(made));
  }
}

void read_detection(const Config& config, const ArrowSchema& input, Settings& settings) {
  for (std::uint64_t i = 0; i < config.count("/detect"); ++i) {
    const std::string_view word = config.text("/detect/" + std::to_string(i));
    (word == "email" ? settings.kinds.email : word == "card" ? settings.kinds.card : settings.kinds.phone) = true;
  }
  if (config.count("/detect") == 0) return;
  if (config.has("/detected")) settings.detected = method_at(config, "/detected");
  for (std::int64_t i = 0; i < input.n_children; ++i) {
    const ArrowSchema& field = *input.children[i];
    const bool named = std::any_of(settings.columns.begin(), settings.columns.end(),
                                   [i](const MaskedColumn& column) { return column.column == i; });
    if (named) continue;
    if (is_text(field)) {
      settings.searched.push_back(i);
    } else if (may_hold_text(field)) {
      settings.unsearched.emplace_back(column_name(input, i));
    }
  }
}

}  // namespace

bool is_text(const ArrowSchema& field) {
  if (field.dictionary != nullptr) return false;
  const Type type = type_of(field).type;
  return type == Type::utf8 || type == Type::large_utf8 || type == Type::utf8_view;
}

Settings settings_of(const Config& config, const ArrowSchema& input) {
  Settings settings;
  read_columns(config, input, settings);
  read_detection(config, input, settings);
  if (settings.columns.empty() && config.count("/detect") == 0) {
    throw wrong("expected columns to mask or kinds to detect, found none", "",
                "columns: { email: hash }, or detect: [email, card, phone]");
  }
  return settings;
}

}  // namespace weir::mask
