// Versions and ranges.
#include "base/version.hpp"

#include <weir_catch.hpp>

using namespace weir::base;

TEST_CASE("versions are ordered as semver.org says") {
  const char* const ordered[] = {"1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta",
                                 "1.0.0-beta",  "1.0.0-beta.2",  "1.0.0-beta.11",
                                 "1.0.0-rc.1",  "1.0.0",         "1.0.1",
                                 "1.2.0",       "2.0.0"};
  for (std::size_t at = 1; at < std::size(ordered); ++at) {
    INFO(ordered[at]);
    CHECK(parse_version(ordered[at - 1]).value() < parse_version(ordered[at]).value());
  }
  CHECK(parse_version("v1.2").value().text() == "1.2.0");
  CHECK(parse_version("1.2.3+build").value() == parse_version("1.2.3").value());
}

TEST_CASE("a range fits what it says") {
  const auto fits = [](const char* range, const char* version) {
    return parse_version_range(range).value().fits(parse_version(version).value());
  };
  CHECK((fits("^1.2", "1.2.0") && fits("^1.2", "1.9.9") && !fits("^1.2", "2.0.0") && !fits("^1.2", "1.1.9")));
  CHECK((fits("^1", "1.0.0") && fits("^0.3", "0.3.7") && !fits("^0.3", "0.4.0") && !fits("^0.0.3", "0.0.4") &&
         fits("^0", "0.9.0")));
  CHECK((fits("~1.2", "1.2.9") && !fits("~1.2", "1.3.0") && fits("~1", "1.9.0")));
  CHECK((fits(">=1.2", "3.0.0") && fits("1.2.3", "1.2.3") && !fits("1.2.3", "1.2.4") && fits("1.2", "1.2.4") &&
         fits("*", "0.0.1")));
  CHECK((!fits("^1", "1.5.0-rc.1") && fits("^1.5.0-rc.1", "1.5.0-rc.2") && fits("^1.5.0-rc.1", "1.5.0")));
}

TEST_CASE("what is no version and no range is refused") {
  for (const char* const text : {"", "x", "1.", "1.2.3.4", "1.-2", "1.2.3-", "99999999999"})
    CHECK_FALSE(parse_version(text).has_value());
  for (const char* const text : {"", "^", "<2", "^^1", "1 || 2", "latest"})
    CHECK_FALSE(parse_version_range(text).has_value());
}
