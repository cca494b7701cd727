#include <memory>
#include <string>
#include <weir_catch.hpp>

#include "base/sort.hpp"

namespace weir::base {

TEST_CASE("a stable sort orders by the key and keeps what has the same one in its order") {
  std::vector<std::string> words{"b1", "a1", "b2", "c1", "a2", "b3"};
  sort_stably(words, [](const std::string& word) { return word[0]; });
  CHECK(words == std::vector<std::string>{"a1", "a2", "b1", "b2", "b3", "c1"});
}

TEST_CASE("a stable sort moves what can't be copied, and takes nothing at all") {
  std::vector<std::unique_ptr<int>> numbers;
  for (const int number : {2, 1, 3}) numbers.push_back(std::make_unique<int>(number));
  sort_stably(numbers, [](const auto& number) { return *number; });
  REQUIRE(numbers.size() == 3);
  CHECK(*numbers[0] == 1);
  CHECK(*numbers[2] == 3);
  numbers.clear();
  sort_stably(numbers, [](const auto& number) { return *number; });
  CHECK(numbers.empty());
}

}  // namespace weir::base
