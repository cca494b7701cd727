// Case: one thing that the kit tries on a plugin. The tables of cases are the kit's list, its documentation, and what a
// test holds against the bad plugins; a new case is one entry in the table of its group.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include <weir/weir.h>

#include "conformance/verdict.hpp"

namespace weir::conformance {

class Subject;

// What a case is for: the file as a whole, or components of some kinds. Kinds are WEIR_KIND_..., as bits.
using Kinds = std::uint32_t;
constexpr Kinds bit_of(std::int32_t kind) { return Kinds{1} << static_cast<unsigned>(kind); }
inline constexpr Kinds kFile = 1;
inline constexpr Kinds kExtractor = bit_of(WEIR_KIND_EXTRACTOR);
inline constexpr Kinds kTransformer = bit_of(WEIR_KIND_TRANSFORMER);
inline constexpr Kinds kLoader = bit_of(WEIR_KIND_LOADER);
inline constexpr Kinds kFormat = bit_of(WEIR_KIND_FORMAT);
inline constexpr Kinds kStorage = bit_of(WEIR_KIND_STORAGE);
inline constexpr Kinds kCodec = bit_of(WEIR_KIND_CODEC);
inline constexpr Kinds kConnection = bit_of(WEIR_KIND_CONNECTION);
inline constexpr Kinds kTakesRows = kTransformer | kLoader | kFormat;
inline constexpr Kinds kGivesRows = kExtractor | kTransformer | kFormat;
inline constexpr Kinds kEveryKind = 0xFE;

// The case in which a language may end the process.
inline constexpr std::string_view kAllocationFails = "allocation-fails";

struct Case {
  std::string_view group;
  std::string_view name;      // "rows-balance"
  std::string_view sentence;  // what a plugin that passes does
  Kinds kinds;
  Step (*run)(Subject& subject);
  std::string_view change;  // what its author is to change
  std::string_view rule;    // of weir.h, word for word
};

// All cases, in the order in which they are tried.
const std::vector<Case>& all_cases();
// Finds one by its name; null: there is none.
const Case* case_named(std::string_view name);

// The tables, one a group.
std::span<const Case> descriptor_cases();
std::span<const Case> schema_cases();
std::span<const Case> life_cases();
std::span<const Case> manners_cases();
std::span<const Case> call_cases();
std::span<const Case> row_cases();
std::span<const Case> data_cases();
std::span<const Case> state_cases();
std::span<const Case> extractor_cases();
std::span<const Case> loader_cases();
std::span<const Case> format_cases();
std::span<const Case> codec_cases();
std::span<const Case> storage_cases();
std::span<const Case> connection_cases();

}  // namespace weir::conformance
