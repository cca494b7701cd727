// The table of functions: every example of it gives what it says, and errors suggest what stands in it.
#include <set>

#include <weir_catch.hpp>

#include "answer.hpp"
#include "example_rows.hpp"
#include "function.hpp"

namespace {

using namespace weir;

void check_examples(const std::vector<expr::Example>& examples) {
  static const expr::ExampleRows kRows;
  for (const expr::Example& example : examples) {
    INFO(example.expression);
    CHECK(expr::answers_of(std::string(example.expression), kRows.schema.get(), kRows.rows.get()).at(0) ==
          example.answer);
  }
}

}  // namespace

TEST_CASE("every example of a function gives the answer that stands beside it") {
  for (const expr::Chapter& chapter : expr::chapters()) {
    for (const expr::Function& function : chapter.functions) check_examples(function.examples);
  }
}

TEST_CASE("every example of an operator gives the answer that stands beside it") {
  for (const expr::Notation& notation : expr::notations()) check_examples(notation.examples);
}

TEST_CASE("every function is told of: a name of its own, a summary, an example") {
  std::set<std::string_view> names;
  for (const std::string_view name : expr::function_names()) {
    INFO(name);
    CHECK(names.insert(name).second);
    const expr::Function* function = expr::find_function(name);
    REQUIRE(function != nullptr);
    CHECK(function->summary.ends_with("."));
    CHECK(!function->examples.empty());
  }
  CHECK(expr::find_function("no_such") == nullptr);
  CHECK(expr::find_function("length, char_length") == nullptr);
}

TEST_CASE("how many arguments a function takes is what its parameters say") {
  const auto words = [](std::string_view parameters) {
    return expr::words_of(expr::arity_of({"f", parameters, "", {}, nullptr}));
  };
  CHECK(words("") == "0 arguments");
  CHECK(words("text") == "1 argument");
  CHECK(words("text, part") == "2 arguments");
  CHECK(words("text, from [, length]") == "2 or 3 arguments");
  CHECK(words("text, pattern [, group [, options]]") == "2 to 4 arguments");
  CHECK(words("value, …") == "one argument or more");
  CHECK(words("separator, text, …") == "2 arguments or more");
}
