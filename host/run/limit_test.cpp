#include "run/limit.hpp"

#include <weir_catch.hpp>

#include "base/error.hpp"

namespace weir::run {
namespace {

pipeline::Reject reject(const std::string& reason, std::uint64_t line = 0) {
  pipeline::Reject made;
  made.column = "id";
  made.reason = reason;
  if (line != 0) made.place = {"in.csv", line, 0, 0, ""};
  return made;
}

}  // namespace

TEST_CASE("a count of rejects is a limit that may be reached, not passed") {
  manifest::Limits limits;
  limits.rejects = 2;
  RejectLimit limit(limits);
  CHECK(limit.add(reject("too big", 3)));
  CHECK(limit.add(reject("too big", 4)));
  const auto beyond = limit.add(reject("null", 9));
  REQUIRE_FALSE(beyond);
  CHECK(base::exit_code(beyond.error()) == 3);
  CHECK(beyond.error().message ==
        "limits: expected at most 2 rejected rows, found 3; first: id: too big (in.csv:3), id: null (in.csv:9)");
}

TEST_CASE("no reject at all is a limit too") {
  manifest::Limits limits;
  limits.rejects = 0;
  RejectLimit limit(limits);
  CHECK(limit.judge_all());
  CHECK_FALSE(limit.add(reject("too big")));
}

TEST_CASE("a share is judged once the sample is full, and at the end") {
  manifest::Limits limits;
  limits.rejects_share = 0.01;
  limits.sample = 1000;
  RejectLimit limit(limits);
  for (int i = 0; i < 15; ++i) REQUIRE(limit.add(reject("null", 7)));
  CHECK(limit.judge(999, 15));
  CHECK_FALSE(limit.judge_all());
  CHECK(limit.judge(501, 0));
  CHECK(limit.judge_all());
  REQUIRE(limit.add(reject("null", 8)));
  const auto beyond = limit.judge(0, 1);
  REQUIRE_FALSE(beyond);
  CHECK(
      beyond.error().message ==
      "limits: expected at most 1% of the rows to be rejected, found 16 of 1,500, 1.067%; first: id: null (in.csv:7)");
}

TEST_CASE("rejects without a limit are never too many") {
  const manifest::Limits limits;
  RejectLimit limit(limits);
  for (int i = 0; i < 1000; ++i) REQUIRE(limit.add(reject("null")));
  CHECK(limit.judge(10, 1000));
  CHECK(limit.judge_all());
}

}  // namespace weir::run
