// Catch2 under one name: version 2.13 (Debian 12) or 3. Tests use what both share: TEST_CASE, SECTION, REQUIRE, CHECK,
// GENERATE, REQUIRE_THAT with weir::test::Contains, and Approx.
#pragma once

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Approx;
namespace weir::test {
using Catch::Matchers::ContainsSubstring;
inline auto Contains(const std::string& text) { return ContainsSubstring(text); }
}  // namespace weir::test
#else
#include <catch2/catch.hpp>
namespace weir::test {
inline auto Contains(const std::string& text) { return Catch::Matchers::Contains(text); }
}  // namespace weir::test
#endif
