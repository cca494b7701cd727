// Names of columns as a destination holds them: where it can't hold one (its length, another in its case, a reserved word), by
// one rule for all loaders. [any]
//
//   1. A name has the destination's column of just that name.
//   2. A name that was given a column before has that one, for ever.
//   3. Where case does not count, a name has the column that differs from it by case, unless that is another's.
//   4. Any other name stays as it is, if the destination can hold it and no other name has it.
//   5. Else it is mapped: bytes that can't be held become '_', no byte at all becomes "column", and "_" and 8 hexadecimal digits of
//      the whole name's digest (FNV-1a of 64 bits, the upper half) are put behind, for which a long name is cut.
//
// So no name that comes later takes a column from one that has it. Two names with one column are an error.
#pragma once

#include <algorithm>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "failure.hpp"
#include "quoted.hpp"

namespace weir {

// What a destination can hold.
struct NameRule {
  std::size_t most_bytes = std::numeric_limits<std::size_t>::max();  // at least 16
  bool ignores_case = false;                                         // of ASCII letters: "a" and "A" are one column
  bool any_bytes = false;                             // an empty name, and control characters, can be held too
  bool (*reserved)(std::string_view name) = nullptr;  // whether a name can't be one even in quotes; null: any can
};

// A name, and the column that it was given.
struct GivenName {
  std::string name, held;
};

namespace detail {

inline bool same_name(std::string_view a, std::string_view b, bool ignores_case) {
  const auto lower = [](char byte) { return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte; };
  if (!ignores_case || a.size() != b.size()) return a == b;
  return std::equal(a.begin(), a.end(), b.begin(), [&](char x, char y) { return lower(x) == lower(y); });
}

inline bool is_steering(char byte) { return static_cast<unsigned char>(byte) < 0x20 || byte == 0x7F; }

inline bool can_hold(const NameRule& rule, std::string_view name) {
  const bool plain = !name.empty() && std::none_of(name.begin(), name.end(), is_steering);
  return (plain || rule.any_bytes) && name.size() <= rule.most_bytes &&
         (rule.reserved == nullptr || !rule.reserved(name));
}

inline std::string digest_digits(std::string_view name) {
  std::uint64_t digest = 0xcbf29ce484222325U;
  for (const char byte : name) digest = (digest ^ static_cast<unsigned char>(byte)) * 0x100000001b3U;
  std::string digits;
  for (unsigned shift = 64; shift > 32; shift -= 4) digits += "0123456789abcdef"[digest >> (shift - 4) & 15U];
  return digits;
}

inline std::string mapped_name(const NameRule& rule, std::string_view name) {
  constexpr std::size_t kDigits = 9;  // with the '_'
  std::string mapped(name.empty() ? "column" : name);
  std::replace_if(mapped.begin(), mapped.end(), is_steering, '_');
  std::size_t length = std::min(mapped.size(), rule.most_bytes - kDigits);
  while (length < mapped.size() && (static_cast<unsigned char>(mapped[length]) & 0xC0U) == 0x80U) --length;
  return mapped.substr(0, length) + "_" + digest_digits(name);
}

}  // namespace detail

// Gives the column of each of `names`, in their order. `existing`: the destination's columns; `given`: what names were given
// before. Throws a Failure, of the manifest, for two names with one column.
inline std::vector<std::string> held_names(const NameRule& rule, std::span<const std::string> names,
                                           std::span<const std::string> existing, std::span<const GivenName> given) {
  std::vector<std::string> held(names.size());
  std::vector<bool> found(names.size());
  const auto same = [&rule](std::string_view a, std::string_view b) {
    return detail::same_name(a, b, rule.ignores_case);
  };
  // Whose column it is, by what was found so far or was given before; null: nobody's.
  const auto owner = [&](std::string_view column) -> const std::string* {
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (found[i] && same(held[i], column)) return &names[i];
    }
    for (const GivenName& one : given) {
      if (same(one.held, column)) return &one.name;
    }
    return nullptr;
  };
  const auto take = [&](std::size_t i, std::string column) {
    held[i] = std::move(column);
    found[i] = true;
  };
  const auto free_for = [&](std::size_t i, std::string_view column) {
    const std::string* const whose = owner(column);
    return whose == nullptr || *whose == names[i];
  };
  const auto each_left = [&](auto&& step) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (!found[i]) step(i);
    }
  };
  each_left([&](std::size_t i) {
    const auto one = std::find(existing.begin(), existing.end(), names[i]);
    if (one != existing.end()) take(i, *one);
  });
  each_left([&](std::size_t i) {
    const auto one = std::find_if(given.begin(), given.end(), [&](const GivenName& g) { return g.name == names[i]; });
    if (one != given.end()) take(i, one->held);
  });
  each_left([&](std::size_t i) {
    const auto one = std::find_if(existing.begin(), existing.end(), [&](const auto& e) { return same(e, names[i]); });
    if (one != existing.end() && free_for(i, *one)) take(i, *one);
  });
  each_left([&](std::size_t i) {
    const bool stays = detail::can_hold(rule, names[i]) && free_for(i, names[i]);
    take(i, stays ? names[i] : detail::mapped_name(rule, names[i]));
  });
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string* whose = nullptr;
    for (std::size_t j = 0; j < i && whose == nullptr; ++j) {
      if (same(held[j], held[i])) whose = &names[j];
    }
    for (std::size_t j = 0; j < given.size() && whose == nullptr; ++j) {
      if (!same(given[j].name, names[i]) && same(given[j].held, held[i])) whose = &given[j].name;
    }
    if (whose == nullptr) continue;
    throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
                  "expected names of columns that the destination can tell apart, found " + quoted_for_message(*whose) +
                      " and " + quoted_for_message(names[i]) + ", which both become " + quoted_for_message(held[i]))
        .column(names[i])
        .hint("rename one of them before");
  }
  return held;
}

}  // namespace weir
