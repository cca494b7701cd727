#include "integrity/judgement.hpp"

#include <array>

#include "base/counted.hpp"

namespace weir::integrity {
namespace {

constexpr std::array<const char*, 4> kVerdicts{"kept", "warned", "rejected", "failed"};

}  // namespace

std::string Judgement::found_text() const {
  if (!found.empty() || rows < 0) return found;
  return rows == 0 ? "no row that breaks it"
                   : base::counted(static_cast<std::uint64_t>(rows), "row") + (rows == 1 ? " breaks it" : " break it");
}

const char* verdict_name(Judgement::Verdict verdict) { return kVerdicts[static_cast<std::size_t>(verdict)]; }

Judgement::Verdict verdict_named(std::string_view name) {
  for (std::size_t i = 0; i < kVerdicts.size(); ++i) {
    if (name == kVerdicts[i]) return static_cast<Judgement::Verdict>(i);
  }
  return Judgement::Verdict::kept;
}

}  // namespace weir::integrity
