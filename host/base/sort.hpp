// Sorting that keeps what is equal in its order.
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>
#include <vector>

namespace weir::base {

// Sorts by `key`, a function from an element to something that is compared by `<`; what has the same key stays in its order.
// (It stands for std::stable_sort, whose buffer in libstdc++ 12 is deprecated, which clang reports.)
template <typename T, typename Key>
void sort_stably(std::vector<T>& elements, Key&& key) {
  std::vector<std::size_t> order(elements.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const auto& first = elements[a];
    const auto& second = elements[b];
    if (key(first) < key(second)) return true;
    return !(key(second) < key(first)) && a < b;
  });
  std::vector<T> sorted;
  sorted.reserve(elements.size());
  for (const std::size_t index : order) sorted.push_back(std::move(elements[index]));
  elements = std::move(sorted);
}

}  // namespace weir::base
