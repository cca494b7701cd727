// Judgement: what a link held the rows of a run to, and what came of it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::integrity {

struct Judgement {
  enum class Verdict : std::uint8_t { kept, warned, rejected, failed };  // from good to bad

  std::string link;
  std::string subject;     // "column 'total'"
  std::string expected;    // "a mean of 10 to 50"
  std::string found;       // empty: `rows` says it
  std::int64_t rows = -1;  // that broke it; -1: it is not about single rows
  Verdict verdict = Verdict::kept;

  // What was found, for people.
  std::string found_text() const;
};

// "kept", "warned", "rejected", "failed".
const char* verdict_name(Judgement::Verdict verdict);
// kept for a name of none.
Judgement::Verdict verdict_named(std::string_view name);

}  // namespace weir::integrity
