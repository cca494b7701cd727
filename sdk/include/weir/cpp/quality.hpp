// weir.quality/1 for C++: tells the host what a link held the rows to, and what came of it.
#pragma once

#include <cstdint>
#include <string_view>

#include "../ext/draft/quality.h"
#include "context.hpp"

namespace weir {

// What came of one thing that was asked of rows. Texts are lent for the call.
struct Judgement {
  std::string_view subject;   // "column 'total'"
  std::string_view expected;  // "10 to 50"
  std::string_view found;     // empty: `rows` says it
  std::int64_t rows = -1;     // that broke it; -1: it is not about single rows
  std::int32_t verdict = WEIR_VERDICT_KEPT;
};

// Does nothing where the host does not ask. Errors: none.
inline void tell_judgement(const Context& context, const Judgement& judgement) {
  const auto* const table = static_cast<const weir_quality*>(context.extension(WEIR_QUALITY));
  if (table == nullptr) return;
  const auto text = [](std::string_view view) { return weir_string{view.data(), view.size()}; };
  const weir_judgement told{sizeof told,
                            text(judgement.subject),
                            text(judgement.expected),
                            text(judgement.found),
                            judgement.rows,
                            judgement.verdict,
                            0};
  table->judged(context.raw()->host, &told);
}

}  // namespace weir
