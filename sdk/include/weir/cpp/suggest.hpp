// Suggestions for names that are not there: the same words in every plugin's errors.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

namespace detail {

inline char small_letter(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// How many bytes must be put in, left out, replaced or exchanged with their neighbour to make one of the other, in any case
// of letters; `most` + 1 if it is more.
inline std::size_t distance(std::string_view a, std::string_view b, std::size_t most) {
  if (a.size() > b.size() + most || b.size() > a.size() + most) return most + 1;
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const char x = small_letter(a[i - 1]), y = small_letter(b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (x == y ? 0 : 1)});
      if (i > 1 && j > 1 && x == small_letter(b[j - 2]) && y == small_letter(a[i - 2]))
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return std::min(last[b.size()], most + 1);
}

}  // namespace detail

// The name of `names` that was most likely meant by `name`, or an empty one: at most a third of its letters differ.
inline std::string_view nearest_name(std::string_view name, std::span<const std::string_view> names) {
  if (name.size() > 256) return {};
  std::size_t least = std::max<std::size_t>(1, name.size() / 3) + 1;
  std::string_view nearest;
  for (const std::string_view candidate : names) {
    if (candidate.size() > 512 || candidate.empty()) continue;
    const std::size_t found = detail::distance(name, candidate, least);
    if (found >= least || found >= candidate.size()) continue;
    least = found;
    nearest = candidate;
  }
  return nearest;
}

// The hint for an unknown name: "did you mean 'quantity'?", else what there is: "there are a, b, c, …", of at most about
// 200 bytes, `what` being their plural ("columns"); empty if there are none.
inline std::string name_hint(std::string_view name, std::span<const std::string_view> names, std::string_view what) {
  const std::string_view nearest = nearest_name(name, names);
  if (!nearest.empty()) return "did you mean '" + std::string(nearest) + "'?";
  if (names.empty()) return {};
  std::string hint = "the " + std::string(what) + " are ";
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) hint += ", ";
    if (hint.size() + names[i].size() > 200) return hint + "…";
    hint += names[i];
  }
  return hint;
}

}  // namespace weir
