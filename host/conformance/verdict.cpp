#include "conformance/verdict.hpp"

#include <array>

namespace weir::conformance {
namespace {

constexpr std::array<std::string_view, 5> kNames{"pass", "warn", "skip", "fail", "crashed"};

base::Unexpected ending(Outcome outcome, std::string text) {
  return base::unexpected(base::make_error(base::Status::internal, base::Fault::plugin,
                                           std::string(outcome_name(outcome)), std::move(text)));
}

}  // namespace

std::string_view outcome_name(Outcome outcome) { return kNames[static_cast<std::size_t>(outcome)]; }

Outcome outcome_from_name(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<Outcome>(i);
  }
  return Outcome::crashed;
}

base::Unexpected fail(std::string found) { return ending(Outcome::fail, std::move(found)); }
base::Unexpected warn(std::string found) { return ending(Outcome::warn, std::move(found)); }
base::Unexpected skip(std::string why) { return ending(Outcome::skip, std::move(why)); }

Verdict verdict_of(const Step& step) {
  if (step) return {};
  const base::Error& error = step.error();
  for (const Outcome outcome : {Outcome::warn, Outcome::skip}) {
    if (error.code == outcome_name(outcome)) return {outcome, error.message};
  }
  return {Outcome::fail, error.message};
}

}  // namespace weir::conformance
