// Calls side by side: each once, together, and none behind a failure.
#include <weir_catch.hpp>

#include <atomic>
#include <latch>
#include <string>
#include <vector>

#include "pipeline/links/side_by_side.hpp"

namespace weir::pipeline {
namespace {

base::Error broken(std::size_t number) {
  return base::make_error(base::Status::internal, base::Fault::host, "test.broken", std::to_string(number));
}

TEST_CASE("each number is called once, however many there are") {
  for (const std::size_t count : {0U, 1U, 3U, 100U}) {
    std::vector<std::atomic<int>> calls(count);
    CHECK(side_by_side(count, [&](std::size_t i) {
      ++calls[i];
      return base::Result<void>();
    }));
    for (const auto& called : calls) CHECK(called == 1);
  }
}

TEST_CASE("calls are made at the same time") {
  std::latch together(4);  // one at a time would wait here for ever
  CHECK(side_by_side(4, [&](std::size_t) {
    together.arrive_and_wait();
    return base::Result<void>();
  }));
}

TEST_CASE("of calls that fail together the error is the first one's") {
  std::latch together(4);
  const auto done = side_by_side(4, [&](std::size_t i) -> base::Result<void> {
    together.arrive_and_wait();
    if (i == 0) return {};
    return base::unexpected(broken(i));
  });
  REQUIRE_FALSE(done);
  CHECK(done.error().message == "1");
}

TEST_CASE("behind a failure no call begins") {
  std::atomic<int> calls{0};
  CHECK_FALSE(side_by_side(1000, [&](std::size_t i) -> base::Result<void> {
    ++calls;
    return base::unexpected(broken(i));
  }));
  CHECK(calls <= 8);
}

}  // namespace
}  // namespace weir::pipeline
