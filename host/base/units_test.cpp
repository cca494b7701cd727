// Durations, sizes, counts and suggestions.
#include "base/units.hpp"

#include <weir_catch.hpp>

using namespace weir::base;

TEST_CASE("durations and sizes with a unit are parsed exactly") {
  CHECK(parse_duration_ns("200ms").value() == 200'000'000);
  CHECK(parse_duration_ns("1h").value() == 3'600'000'000'000);
  CHECK(parse_duration_ns("1.5 s").value() == 1'500'000'000);
  CHECK(parse_duration_ns("0.000000001s").value() == 1);
  CHECK(parse_duration_ns("0.1d").value() == 8'640'000'000'000);
  CHECK(parse_duration_ns("106751d").value() == 106751 * std::int64_t{86'400'000'000'000});
  CHECK(parse_size_bytes("64MiB").value() == 64 << 20);
  CHECK(parse_size_bytes("1.5kB").value() == 1500);
  CHECK(parse_size_bytes("0.1GiB").value() == 107'374'182);
  CHECK(parse_size_bytes("8388607TiB").value() == std::int64_t{8388607} << 40);
}

TEST_CASE("a quantity without a unit, with a wrong one, or out of range is refused") {
  for (const char* const text : {"", "10", "ms", "10 parsecs", "-1s", "1.s", ".5s", "1e3s", "10s ", "106752d",
                                 "99999999999999999999s", "10MS"}) {
    INFO(text);
    CHECK_FALSE(parse_duration_ns(text).has_value());
  }
  for (const char* const text : {"", "10", "10kb", "10mb", "8388608TiB", "0x10B", "1,5MiB"}) {
    INFO(text);
    CHECK_FALSE(parse_size_bytes(text).has_value());
  }
  CHECK(parse_duration_ns("10").error().message == "expected a duration with a unit, found \"10\"");
  CHECK(parse_duration_ns("10").error().hint == "write 10s; units: ns, us, ms, s, m, h, d");
  CHECK(weir::base::exit_code(parse_size_bytes("10").error()) == 2);
}

TEST_CASE("bytes, durations and counts are written for people") {
  CHECK(format_bytes(0) == "0 B");
  CHECK(format_bytes(999) == "999 B");
  CHECK(format_bytes(1'310'000'000) == "1.31 GB");
  CHECK(format_bytes(999'999) == "1 MB");
  CHECK(format_bytes(UINT64_MAX) == "18.4 EB");
  CHECK(format_binary_bytes(64 << 20) == "64 MiB");
  CHECK(format_binary_bytes(1536) == "1.5 KiB");
  CHECK(format_duration_ns(12'400'000'000) == "12.4 s");
  CHECK(format_duration_ns(200'000'000) == "200 ms");
  CHECK(format_duration_ns(59'990'000'000) == "1 m");
  CHECK(format_duration_ns(125'000'000'000) == "2 m 5 s");
  CHECK(format_duration_ns(3'720'000'000'000) == "1 h 2 m");
  CHECK(format_duration_ns(97'200'000'000'000) == "1 d 3 h");
  CHECK(format_duration_ns(-1'000'000) == "-1 ms");
  CHECK(format_count(0) == "0");
  CHECK(format_count(999) == "999");
  CHECK(format_count(10'000'000) == "10,000,000");
}

TEST_CASE("the nearest word is what was probably meant") {
  const std::vector<std::string> words{"path", "format", "where", "json", "quantity", "run", "transform", "rows"};
  CHECK(nearest("pth", words) == "path");
  CHECK(nearest("fromat", words) == "format");
  CHECK(nearest("were", words) == "where");
  CHECK(nearest("jsn", words) == "json");
  CHECK(nearest("quantty", words) == "quantity");
  CHECK(nearest("rnu", words) == "run");
  CHECK(nearest("tranform", words) == "transform");
  CHECK(nearest("PATH", words) == "path");
  CHECK(nearest("x", words).empty());
  CHECK(nearest("something", words).empty());
  CHECK(nearest(std::string(1000, 'a'), words).empty());
  CHECK(nearest("", words).empty());
}
