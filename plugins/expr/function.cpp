// The table of functions: its chapters, in the order of the page.
#include "function.hpp"

#include <algorithm>

namespace weir::expr {
namespace {

// Calls body(name) for each name of the function.
template <class Body>
void for_names(const Function& function, Body body) {
  std::string_view names = function.name;
  while (!names.empty()) {
    const std::size_t comma = std::min(names.find(", "), names.size());
    body(names.substr(0, comma));
    names.remove_prefix(std::min(comma + 2, names.size()));
  }
}

}  // namespace

const std::vector<Chapter>& chapters() {
  static const std::vector<Chapter> kChapters = {{"Choosing", choice_functions()},
                                                 {"Texts", text_functions()},
                                                 {"Parts of texts", text_part_functions()},
                                                 {"Numbers", number_functions()},
                                                 {"Doubles", real_functions()},
                                                 {"Dates and times", date_functions()},
                                                 {"Parts of dates", date_part_functions()},
                                                 {"Parts of times", clock_part_functions()},
                                                 {"Times as text, and zones", time_functions()},
                                                 {"Regular expressions", regexp_functions()},
                                                 {"Hashes", hash_functions()},
                                                 {"JSON in texts", json_functions()},
                                                 {"Structs and lists", nested_functions()}};
  return kChapters;
}

const Function* find_function(std::string_view name) {
  const Function* found = nullptr;
  for (const Chapter& chapter : chapters()) {
    for (const Function& function : chapter.functions) {
      for_names(function, [&](std::string_view known) {
        if (known == name) found = &function;
      });
    }
  }
  return found;
}

std::vector<std::string_view> function_names() {
  std::vector<std::string_view> names;
  for (const Chapter& chapter : chapters()) {
    for (const Function& function : chapter.functions)
      for_names(function, [&](std::string_view name) { names.push_back(name); });
  }
  std::sort(names.begin(), names.end());
  return names;
}

Arity arity_of(const Function& function) {
  const std::string_view text = function.parameters;
  if (text.empty()) return {};
  Arity arity{1, 1};
  bool optional = text.front() == '[';
  if (optional) arity.least = 0;
  for (const char c : text.substr(1)) {
    if (c == '[') optional = true;
    if (c != ',') continue;
    ++arity.most;
    if (!optional) ++arity.least;
  }
  if (text.ends_with("…")) {
    --arity.least;
    arity.most = Arity::kAny;
  }
  return arity;
}

std::string words_of(const Arity& arity) {
  if (arity.most == Arity::kAny) {
    return arity.least == 1 ? "one argument or more" : std::to_string(arity.least) + " arguments or more";
  }
  const std::string least = std::to_string(arity.least);
  const std::string counts = arity.least == arity.most       ? least
                             : arity.least + 1 == arity.most ? least + " or " + std::to_string(arity.most)
                                                             : least + " to " + std::to_string(arity.most);
  return counts + (arity.most == 1 ? " argument" : " arguments");
}

}  // namespace weir::expr
