#include "pipeline/breaker.hpp"

#include <weir_catch.hpp>

namespace weir::pipeline {

using Change = Breaker::Change;

TEST_CASE("a breaker opens after so many calls in a row without an answer, and an answer begins the count anew") {
  Breaker breaker("shop", {3, 100});
  CHECK(breaker.answered(WEIR_UNAVAILABLE, 0) == Change::none);
  CHECK(breaker.answered(WEIR_DEADLINE_EXCEEDED, 1) == Change::none);
  CHECK(breaker.answered(WEIR_NOT_FOUND, 2) == Change::none);
  CHECK(breaker.answered(WEIR_UNAVAILABLE, 3) == Change::none);
  CHECK(breaker.answered(WEIR_UNAVAILABLE, 4) == Change::none);
  CHECK(breaker.admit(4) == 0);
  CHECK(breaker.answered(WEIR_UNAVAILABLE, 5) == Change::opened);
  CHECK(breaker.failures() == 3);
}

TEST_CASE("while it is open no call goes out; then one finds out, and the others wait for it") {
  Breaker breaker("shop", {1, 1'000'000'000});
  CHECK(breaker.answered(WEIR_UNAVAILABLE, 0) == Change::opened);
  CHECK(breaker.admit(0) == 1'000'000'000);
  CHECK(breaker.admit(999'999'999) == 1);
  CHECK(breaker.admit(1'000'000'000) == 0);
  CHECK(breaker.admit(1'000'000'000) > 0);
  CHECK(breaker.answered(WEIR_OK, 1'000'000'001) == Change::closed);
  CHECK(breaker.admit(1'000'000'001) == 0);
  CHECK(breaker.admit(1'000'000'001) == 0);
  CHECK(breaker.failures() == 0);
}

TEST_CASE("if the one call gets no answer it stays open for another pause") {
  Breaker breaker("shop", {2, 100});
  CHECK(breaker.answered(WEIR_UNAVAILABLE, 0) == Change::none);
  CHECK(breaker.answered(WEIR_UNAVAILABLE, 0) == Change::opened);
  CHECK(breaker.admit(100) == 0);
  CHECK(breaker.answered(WEIR_UNAVAILABLE, 110) == Change::opened);
  CHECK(breaker.admit(110) == 100);
  CHECK(breaker.failures() == 3);
}

TEST_CASE("a call that was cancelled says nothing, and lets another try") {
  Breaker breaker("shop", {1, 100});
  CHECK(breaker.answered(WEIR_UNAVAILABLE, 0) == Change::opened);
  CHECK(breaker.admit(100) == 0);
  CHECK(breaker.admit(100) > 0);
  CHECK(breaker.answered(WEIR_CANCELLED, 100) == Change::none);
  CHECK(breaker.admit(100) == 0);
}

TEST_CASE("being told to come later is an answer") {
  Breaker breaker("shop", {1, 100});
  CHECK(breaker.answered(WEIR_RESOURCE_EXHAUSTED, 0) == Change::none);
  CHECK(breaker.admit(0) == 0);
}

TEST_CASE("a call that went out before it opened does not prolong the pause") {
  Breaker breaker("shop", {1, 100});
  CHECK(breaker.answered(WEIR_UNAVAILABLE, 0) == Change::opened);
  CHECK(breaker.answered(WEIR_UNAVAILABLE, 50) == Change::none);
  CHECK(breaker.admit(100) == 0);
}

TEST_CASE("a breaker of no failures never opens") {
  Breaker breaker("shop", {0, 100});
  for (int i = 0; i < 100; ++i) CHECK(breaker.answered(WEIR_UNAVAILABLE, 0) == Change::none);
  CHECK(breaker.admit(0) == 0);
}

}  // namespace weir::pipeline
