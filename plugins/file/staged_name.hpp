// Names of staged files: hidden, beside their target, and telling whose they are:
//
//   name = ".weir-" RUN "." LINK "." LANE "." EPOCH "." FENCE "." INSTANCE "." HASH "~"
//
// HASH is of the target's path. Run, link and lane have no dots (weir.h); a long one is cut, and ends with "+" and its
// hash.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <weir/cpp/context.hpp>

namespace weir::file {

struct StagedName {
  std::string run, link, lane;  // as they stand in the name
  std::uint64_t epoch = 0;
  std::uint64_t fence = 0;
  std::uint64_t instance = 0;
  std::uint64_t hash = 0;

  static StagedName of(const Context& context, std::uint64_t epoch, std::string_view target);
  // Takes a name apart; nothing if it is none.
  static std::optional<StagedName> parse(std::string_view name);
  static bool is_one(std::string_view name) { return parse(name).has_value(); }

  std::string text() const;
  // True if context's run, link and lane (empty: every lane) staged it with a lower fence (empty lane: with any).
  bool is_left_by(const Context& context) const;
};

}  // namespace weir::file
