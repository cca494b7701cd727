// The table of functions: what the compiler looks up, what errors suggest, what docs/reference/expressions.md shows and what
// the tests run are all this one table. A new function is one entry, in the file of its chapter.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "operation.hpp"

namespace weir::expr {

class Call;

// An expression and the value that it gives, as the page shows it: null, true, 1.50, 'text', 2024-01-31; or "rejected: " and
// the reason.
struct Example {
  std::string_view expression, answer;
};

struct Function {
  std::string_view name;        // another name of the same function stands behind a comma
  std::string_view parameters;  // "text, from [, length]"; "…" at the end: any number more
  std::string_view summary;
  std::vector<Example> examples;
  // Makes the operation of a call that has the right number of arguments. Throws Mistake.
  OperationPointer (*make)(Call& call);
};

// An operator or another part of the syntax, which the parser knows.
struct Notation {
  std::string_view form, summary;
  std::vector<Example> examples;
};

struct Chapter {
  std::string_view title;
  std::span<const Function> functions;
};

// All functions, in the order of the page.
const std::vector<Chapter>& chapters();
std::span<const Notation> notations();

// The function that is called `name`, or null.
const Function* find_function(std::string_view name);
// The names of all functions.
std::vector<std::string_view> function_names();

// How many arguments a call may have.
struct Arity {
  std::size_t least = 0, most = 0;
  static constexpr std::size_t kAny = 1000;
};
Arity arity_of(const Function& function);
std::string words_of(const Arity& arity);  // "2 or 3 arguments"

// The chapters, each in the file that is named after it.
std::span<const Function> text_functions();
std::span<const Function> text_part_functions();
std::span<const Function> number_functions();
std::span<const Function> real_functions();
std::span<const Function> choice_functions();
std::span<const Function> date_functions();
std::span<const Function> date_part_functions();
std::span<const Function> clock_part_functions();
std::span<const Function> time_functions();
std::span<const Function> regexp_functions();
std::span<const Function> hash_functions();
std::span<const Function> json_functions();
std::span<const Function> nested_functions();

}  // namespace weir::expr
