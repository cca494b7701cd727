// What links judge: instances of one link are one.
#include "run/quality.hpp"

#include <weir_catch.hpp>

namespace weir::run {
namespace {

using integrity::Judgement;
using Verdict = Judgement::Verdict;

Judgement judgement(const std::string& link, std::int64_t rows, Verdict verdict, const std::string& found = {}) {
  return {link, "column 'x'", "1 to 9", found, rows, verdict};
}

}  // namespace

TEST_CASE("what several instances tell of one rule is added up, and the worst verdict stands") {
  Quality quality;
  quality.judged(judgement("validate", 0, Verdict::kept));
  quality.judged(judgement("other", 1, Verdict::warned));
  quality.judged(judgement("validate", 3, Verdict::rejected));
  quality.judged(judgement("validate", 0, Verdict::kept));
  const auto all = quality.all();
  REQUIRE(all.size() == 2);
  CHECK(all[0].rows == 3);
  CHECK(all[0].verdict == Verdict::rejected);
  CHECK(all[0].found_text() == "3 rows break it");
  CHECK(all[1].found_text() == "1 row breaks it");
  quality.clear();
  CHECK(quality.all().empty());
}

TEST_CASE("what was found is that of the worst") {
  Quality quality;
  quality.judged(judgement("expect", -1, Verdict::warned, "12"));
  quality.judged(judgement("expect", -1, Verdict::kept, "5"));
  CHECK(quality.all().front().found_text() == "12");
  CHECK(quality.all().front().rows == -1);
}

TEST_CASE("a plugin that judges without end is heard a while") {
  Quality quality;
  for (std::size_t i = 0; i < Quality::kMost + 5; ++i) quality.judged(judgement(std::to_string(i), 0, Verdict::kept));
  CHECK(quality.all().size() == Quality::kMost);
}

TEST_CASE("verdicts have names") {
  for (const auto verdict : {Verdict::kept, Verdict::warned, Verdict::rejected, Verdict::failed})
    CHECK(integrity::verdict_named(integrity::verdict_name(verdict)) == verdict);
}

}  // namespace weir::run
