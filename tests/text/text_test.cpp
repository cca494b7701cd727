// The text of values (sdk/include/weir/cpp/text.hpp): round trips, edges, and agreement with the standard library. Set
// WEIR_TEST_SEED to repeat a run.
#include <weir_catch.hpp>

#include <cstdlib>
#include <optional>
#include <random>
#include <string>

#include <weir/arrow.hpp>

using namespace weir;
using namespace weir::text;

namespace {

std::mt19937_64 engine() {
  const char* given = std::getenv("WEIR_TEST_SEED");
  return std::mt19937_64(given != nullptr ? std::strtoull(given, nullptr, 10) : 20261124);
}

template <class Write, class... Value>
std::string written(Write write, Value... values) {
  char buffer[512];
  char* end = write(buffer, values...);
  return end == nullptr ? "none" : std::string(buffer, end);
}

std::string text_of(double value) { return written(write_double, value); }

template <class T, class Parse, class... More>
std::optional<T> parsed(Parse parse, const std::string& text, More... more) {
  T value{};
  if (!parse(text.data(), text.data() + text.size(), more..., value)) return std::nullopt;
  return value;
}

std::optional<std::int64_t> integer(const std::string& text) { return parsed<std::int64_t>(parse_int64, text); }
std::optional<double> real(const std::string& text) { return parsed<double>(parse_double, text); }

std::string again(const std::string& text, Unit unit = Unit::micro) {
  ReadTimestamp read;
  std::int64_t value = 0;
  if (!parse_timestamp(text.data(), text.data() + text.size(), read)) return "refused";
  if (!to_unit(read, unit, value)) return "does not fit";
  char buffer[64];
  char* end = write_timestamp(buffer, value, unit, read.spelling);
  return end == nullptr ? "none" : std::string(buffer, end);
}

}  // namespace

TEST_CASE("integers of every length are written and read") {
  auto random = engine();
  for (int round = 0; round < 200000; ++round) {
    const auto value = static_cast<std::int64_t>(random()) >> (random() % 64);
    const std::string text = written(write_int64, value);
    REQUIRE(text == std::to_string(value));
    REQUIRE(integer(text) == value);
    const std::uint64_t whole = random() >> (random() % 64);
    REQUIRE(written(write_uint64, whole) == std::to_string(whole));
    REQUIRE(parsed<std::uint64_t>(parse_uint64, std::to_string(whole)) == whole);
  }
}

TEST_CASE("integers at the edges") {
  for (const std::int64_t value : {std::int64_t{0}, INT64_MAX, INT64_MIN, std::int64_t{-1}, std::int64_t{9},
                                   std::int64_t{10}, std::int64_t{99999999}, std::int64_t{100000000}}) {
    CHECK(integer(written(write_int64, value)) == value);
  }
  for (std::uint64_t ten = 1, i = 0; i < 19; ++i, ten *= 10) {
    for (const std::uint64_t value : {ten - 1, ten, ten + 1})
      CHECK(written(write_uint64, value) == std::to_string(value));
  }
  CHECK(written(write_uint64, UINT64_MAX) == "18446744073709551615");
  CHECK(parsed<std::uint64_t>(parse_uint64, "18446744073709551615") == UINT64_MAX);
  for (const char* bad :
       {"", "-", "-0", "00", "007", "+1", " 1", "1 ", "1.", "1e2", "9223372036854775808", "-9223372036854775809",
        "18446744073709551616", "99999999999999999999", "123456789012345678901", "1234567a", "12345678a", "/", ":"}) {
    CAPTURE(bad);
    CHECK_FALSE(integer(bad));
  }
}

TEST_CASE("doubles are written with the fewest digits, and a point or an exponent") {
  CHECK(text_of(0.0) == "0.0");
  CHECK(text_of(-0.0) == "-0.0");
  CHECK(text_of(1.0) == "1.0");
  CHECK(text_of(-12345.67) == "-12345.67");
  CHECK(text_of(0.1) == "0.1");
  CHECK(text_of(0.1 + 0.2) == "0.30000000000000004");
  CHECK(text_of(1e300) == "1e+300");
  CHECK(text_of(1.7976931348623157e308) == "1.7976931348623157e+308");
  CHECK(text_of(5e-324) == "5e-324");
  CHECK(text_of(0.0004) == "0.0004");
  CHECK(text_of(123456789012345680.0) == "1.2345678901234568e+17");
  CHECK(text_of(std::nan("")) == "NaN");
  CHECK(text_of(-HUGE_VAL) == "-Infinity");
  CHECK(written(write_float, 0.1F) == "0.1");
  CHECK(written(write_float, 16777216.0F) == "16777216.0");
}

TEST_CASE("doubles come back, and agree with the standard library") {
  auto random = engine();
  const auto digits = [](std::string text) {  // what counts: no sign of exponents, points and zeros around
    text = text.substr(0, text.find('e'));
    std::erase_if(text, [](char byte) { return byte == '.' || byte == '-'; });
    text.erase(0, text.find_first_not_of('0'));
    while (text.ends_with('0')) text.pop_back();
    return text;
  };
  for (int round = 0; round < 300000; ++round) {
    double value = std::bit_cast<double>(random());
    if (round % 3 == 1)
      value = static_cast<double>(static_cast<std::int64_t>(random() % 2000000000000) - 1000000000000) /
              std::pow(10, random() % 10);
    if (round % 3 == 2) value = static_cast<double>(random() % 100000) / 100;
    if (!std::isfinite(value)) continue;
    const std::string text = text_of(value);
    char shortest[40];
    *std::to_chars(shortest, shortest + sizeof shortest, value).ptr = 0;
    CAPTURE(text, shortest);
    REQUIRE(std::strtod(text.c_str(), nullptr) == value);
    REQUIRE(real(text) == value);
    REQUIRE(digits(text).size() <= digits(shortest).size());
  }
}

TEST_CASE("numbers are read as the standard library reads them") {
  auto random = engine();
  for (int round = 0; round < 200000; ++round) {
    std::string text = random() % 2 == 0 ? "-" : "";
    const auto put = [&](std::size_t count) {
      for (std::size_t i = 0; i < count; ++i) text += static_cast<char>('0' + random() % 10);
    };
    text += static_cast<char>('1' + random() % 9);
    put(random() % 20);
    if (random() % 2 == 0) text += '.', put(1 + random() % 20);
    if (random() % 3 == 0) text += "e" + std::to_string(static_cast<int>(random() % 700) - 350);
    const double wanted = std::strtod(text.c_str(), nullptr);
    CAPTURE(text);
    if (std::isfinite(wanted))
      REQUIRE(real(text) == wanted);
    else
      REQUIRE_FALSE(real(text));
  }
  for (const char* bad : {"", "-", ".5", "1.", "01", "-01.5", "+1", "1e", "1e+", "e5", "1.e5", "0x1", "NaN", "inf",
                          "1 ", " 1", "1,5", "--1", "1e5.0"}) {
    CAPTURE(bad);
    CHECK_FALSE(real(bad));
  }
  CHECK(real("1e-400") == 0.0);
  CHECK_FALSE(real("1e400"));
  CHECK(std::signbit(real("-0.0").value_or(1)));
}

TEST_CASE("it is known when a double does not keep a number") {
  const auto kept = [](const std::string& text) {
    NumberText number;
    double value = 0;
    REQUIRE(scan_number(text.data(), text.data() + text.size(), number));
    REQUIRE(to_double(number, text.data(), text.data() + text.size(), value));
    return keeps_value(number, value);
  };
  for (const char* fine :
       {"0", "0.000", "9007199254740992", "0.1", "12345678901234567e5", "0.00012345678901234567", "1e-300"})
    CHECK(kept(fine));
  for (const char* lost :
       {"9007199254740993", "0.123456789012345678", "1e-400", "100000000000000000000", "1.00000000000000000000"})
    CHECK_FALSE(kept(lost));
}

TEST_CASE("decimals are written and read with their scale") {
  CHECK(written(write_decimal, Int128{-12345}, 2) == "-123.45");
  CHECK(written(write_decimal, Int128{5}, 3) == "0.005");
  CHECK(written(write_decimal, Int128{5}, -2) == "500");
  CHECK(written(write_decimal, Int128{0}, -2) == "0");
  CHECK(written(write_decimal, Int128{0}, 2) == "0.00");
  Int128 most = 1;
  for (int i = 0; i < 38; ++i) most *= 10;
  most -= 1;
  CHECK(written(write_decimal, most, 0) == std::string(38, '9'));
  CHECK(written(write_decimal, -most, 38) == "-0." + std::string(38, '9'));
  CHECK(parsed<Int128>(parse_decimal, std::string(38, '9'), 38, 0) == most);
  CHECK_FALSE(parsed<Int128>(parse_decimal, std::string(39, '9'), 38, 0));
  CHECK(parsed<Int128>(parse_decimal, "12.5", 10, 2) == Int128{1250});
  CHECK(parsed<Int128>(parse_decimal, "-12.5000", 10, 2) == Int128{-1250});
  CHECK_FALSE(parsed<Int128>(parse_decimal, "12.505", 10, 2));
  CHECK_FALSE(parsed<Int128>(parse_decimal, "123456789", 10, 2));
  for (const char* bad : {"", "-", ".", ".5", "5.", "1e5", "1.2.3", "+1", " 1"})
    CHECK_FALSE(parsed<Int128>(parse_decimal, bad, 10, 2));
  CHECK(parsed<Int128>(parse_decimal, "12300", 3, -2) == Int128{123});
  CHECK_FALSE(parsed<Int128>(parse_decimal, "12301", 3, -2));
  std::uint32_t words[8] = {0, 0, 0, 0, 0, 0, 0, 0x80000000U};
  CHECK(written(write_decimal256, static_cast<const void*>(words), 0) ==
        "-57896044618658097711785492504343953926634992332820282019728792003956564819968");
  words[7] = 0;
  words[0] = 12345;
  CHECK(written(write_decimal256, static_cast<const void*>(words), 2) == "123.45");
  words[0] = 0;
  CHECK(written(write_decimal256, static_cast<const void*>(words), 2) == "0.00");
}

TEST_CASE("every day of ten thousand years comes back, in order") {
  char text[16];
  std::string last;
  for (std::int32_t day = kFirstDay; day <= kLastDay; ++day) {
    const std::string now(text, write_date(text, day));
    std::int32_t back = 0;
    if (now.size() != 10 || now <= last || !parse_date(now.data(), now.data() + 10, back) || back != day) FAIL(now);
    last = now;
  }
  CHECK(written(write_date, kFirstDay) == "0001-01-01");
  CHECK(written(write_date, kLastDay) == "9999-12-31");
  CHECK(written(write_date, 0) == "1970-01-01");
  CHECK(written(write_date, kFirstDay - 1) == "none");
  CHECK(written(write_date, kLastDay + 1) == "none");
}

TEST_CASE("days that are none are refused") {
  for (const char* bad :
       {"2023-02-29", "1900-02-29", "2024-02-30", "2024-04-31", "2024-13-01", "2024-00-10", "2024-01-00", "2024-01-32",
        "0000-01-01", "2024-1-01", "2024/01/01", "20240101", "2024-01-1a", "2024-01-01 ", "a024-01-01",
        "2024-01-\xFF"
        "1"}) {
    CAPTURE(bad);
    CHECK_FALSE(parsed<std::int32_t>(parse_date, bad));
  }
  CHECK(parsed<std::int32_t>(parse_date, "2000-02-29") == 11016);
}

TEST_CASE("timestamps keep their spelling") {
  for (const char* text :
       {"2024-02-29T23:59:59Z", "2024-02-29 23:59:59", "2024-02-29T23:59:59.123456Z", "2024-02-29T23:59:59.100",
        "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999",
        "2024-01-01T00:30:00+02:00", "2024-01-01 00:30:00.5-11:30", "2024-01-01T00:00:00.000000Z"}) {
    CHECK(again(text) == text);
  }
  for (const char* text :
       {"2262-04-11T23:47:16.854775807Z", "1677-09-21T00:12:43.145224192Z", "1970-01-01T00:00:00.1234567"}) {
    CHECK(again(text, Unit::nano) == text);
  }
  CHECK(again("2262-04-11T23:47:16.854775808Z", Unit::nano) == "does not fit");
  CHECK(again("1677-09-21T00:12:43.145224191Z", Unit::nano) == "does not fit");
  CHECK(again("2024-01-01T00:00:00.1234567Z") == "does not fit");
  CHECK(again("2024-01-01T00:00:00.123Z", Unit::second) == "does not fit");
}

TEST_CASE("what is no timestamp is refused") {
  for (const char* bad :
       {"2024-01-01", "2024-01-01T10:00", "2024-01-01t10:00:00", "2024-01-01T24:00:00", "2024-01-01T10:60:00",
        "2024-01-01T10:00:60", "2024-01-01T10:00:00.", "2024-01-01T10:00:00.Z", "2024-01-01T10:00:00.1234567890",
        "2024-01-01T10:00:00z", "2024-01-01T10:00:00+2:00", "2024-01-01T10:00:00+24:00", "2024-01-01T10:00:00+0200",
        "2024-01-01T10:00:00 Z", "2024-02-30T10:00:00Z", "2024-01-01T10:00:00.12a", "2024-01-01T10:00:00,5",
        "2024-01-01T1a:00:00"}) {
    CAPTURE(bad);
    CHECK(again(bad) == "refused");
  }
}

TEST_CASE("random instants come back in every unit and spelling") {
  auto random = engine();
  for (int round = 0; round < 200000; ++round) {
    Spelling spelling;
    spelling.separator = random() % 2 == 0 ? 'T' : ' ';
    spelling.digits = static_cast<std::int8_t>(static_cast<int>(random() % 11) - 1);
    spelling.zone = static_cast<Spelling::Zone>(random() % 3);
    if (spelling.zone == Spelling::Zone::offset)
      spelling.offset_minutes = static_cast<std::int16_t>(static_cast<int>(random() % 2879) - 1439);
    const auto unit = static_cast<Unit>(random() % 4);
    const auto per_second = static_cast<std::int64_t>(std::pow(10, 3 * static_cast<int>(unit)));
    const std::int64_t seconds = static_cast<std::int64_t>(random() % 18000000000) - 9000000000;
    if (spelling.digits > 9) spelling.digits = 9;
    const std::int64_t value =
        seconds * per_second + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(per_second));
    const std::string text = written(write_timestamp, value, unit, spelling);
    ReadTimestamp read;
    std::int64_t back = 0;
    CAPTURE(text, value);
    REQUIRE(parse_timestamp(text.data(), text.data() + text.size(), read));
    REQUIRE(to_unit(read, unit, back));
    REQUIRE(back == value);
  }
  CHECK(written(write_timestamp, INT64_MAX, Unit::second, Spelling()) == "none");
  CHECK(written(write_timestamp, INT64_MIN, Unit::micro, Spelling()) == "none");
  CHECK(written(write_timestamp, INT64_MIN, Unit::nano, Spelling()) == "1677-09-21T00:12:43.145224192");
}

TEST_CASE("spellings are told as metadata") {
  for (const char* text : {"T6Z", " 0", "T*+02:00", " 9-11:30", "T*"}) {
    Spelling spelling;
    REQUIRE(parse_spelling(text, spelling));
    CHECK(spelling_text(spelling) == text);
  }
  for (const char* bad : {"", "T", "x6", "Ta", "T6X", "T6+2"}) {
    Spelling spelling;
    CHECK_FALSE(parse_spelling(bad, spelling));
  }
  const auto of = [](const char* format, Metadata metadata) {
    return spelling_text(spelling_of(Schema::field(format, "a", true, std::move(metadata)).get()));
  };
  CHECK(of("tsu:", {}) == "T*");
  CHECK(of("tsu:UTC", {}) == "T*Z");
  CHECK(of("tsu:+02:00", {}) == "T*+02:00");
  CHECK(of("tsu:Europe/Rome", {}) == "T*Z");
  CHECK(of("tsu:UTC", {{std::string(kSpellingKey), " 6Z"}}) == " 6Z");
  CHECK(of("tsu:", {{std::string(kSpellingKey), "T3Z"}}) == "T3");
}

TEST_CASE("times of day are written and read") {
  const auto read = [](const std::string& text, Unit unit) { return parsed<std::int64_t>(parse_time, text, unit); };
  const int as_needed = Spelling::kAsNeeded;
  CHECK(written(write_time, std::int64_t{86399999999}, Unit::micro, as_needed) == "23:59:59.999999");
  CHECK(written(write_time, std::int64_t{0}, Unit::nano, as_needed) == "00:00:00");
  CHECK(written(write_time, std::int64_t{86400}, Unit::second, as_needed) == "none");
  CHECK(written(write_time, std::int64_t{-1}, Unit::second, as_needed) == "none");
  CHECK(read("10:30:00.25", Unit::milli) == 37800250);
  CHECK_FALSE(read("10:30:00.2501", Unit::milli));
  for (const char* bad : {"24:00:00", "10:30", "10:30:00.", "1:30:00", "10-30-00"}) CHECK_FALSE(read(bad, Unit::nano));
}
