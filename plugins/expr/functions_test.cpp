// What functions, casts and operators give: expressions without columns, whose value is compared with what it should be.
#include <weir_catch.hpp>

#include "compile.hpp"

namespace {

using namespace weir;

const expr::Scope kNothing;

// "true", "false", "null", or the mistake.
std::string constant_answer(const std::string& condition) {
  try {
    const auto operation = expr::compile_condition(condition, kNothing);
    const expr::Constant* constant = operation->constant();
    if (constant == nullptr) return "not constant";
    return constant->null ? "null" : constant->boolean ? "true" : "false";
  } catch (const expr::Mistake& mistake) {
    return mistake.message;
  }
}

}  // namespace

TEST_CASE("functions, casts and operators give what the language says") {
  const char* truths[] = {
      // texts
      "lower('ÀÉŽΣЯ x') = 'àéžσя x'", "upper('straße ÿ') = 'STRAßE Ÿ'", "lower('ẞ Ἀ Ɓ Ａ 𐐀 Ⱥ') = 'ß ἀ ɓ ａ 𐐨 ⱥ'",
      "upper('ἀ ɓ ａ 𐐨 ɐ') = 'Ἀ Ɓ Ａ 𐐀 Ɐ'", "'ＡƁ' ilike 'ａɓ'", "trim(' \t a b ') = 'a b'", "ltrim('  a ') = 'a '",
      "rtrim(' a ') = ' a'", "length('häß') = 3", "length('') = 0", "substr('äbc', 2) = 'bc'",
      "substr('äbc', 2, 1) = 'b'", "substr('abc', 0, 2) = 'a'", "substr('abc', -1) = 'abc'", "substr('abc', 9) = ''",
      "substr('abc', 2, 9223372036854775807) = 'bc'", "'a' || 'b' || 'c' = 'abc'", "concat('a', 'b') = 'ab'",
      "replace('aXbX', 'X', 'yy') = 'ayybyy'", "replace('abc', '', 'x') = 'abc'", "replace('aaa', 'aa', 'b') = 'ba'",
      "starts_with('abc', 'ab')", "not starts_with('a', 'ab')", "ends_with('abc', 'bc')", "contains('abc', 'b')",
      "contains('abc', '')", "'it''s' = replace('it-s', '-', '''')", "'B' < 'a'", "'a' < 'ab'", "'é' > 'z'",
      // like
      "'abc' like 'a%'", "'abc' like '_b_'", "not 'abc' like 'b%'", "'äbc' like '_bc'", "'a%c' like 'a!%c' escape '!'",
      "not 'abc' like 'a!%c' escape '!'", "'' like ''", "'' like '%'", "not '' like '_'", "'aab' like '%ab'",
      "'abab' like '%ab'", "'abcabd' like '%abd%'", "'xaybz' like '%a_b%'", "'ÄPFEL' ilike 'äpf%'",
      "not 'ÄPFEL' like 'äpf%'", "'aaa' like 'a%a'", "not 'a' like 'a%a'", "'a\nb' like 'a_b'",
      // numbers
      "7 / 2 = 3", "-7 / 2 = -3", "7 % 3 = 1", "-7 % 3 = -1", "7.0 / 2 = 3.5", "7e0 / 2 = 3.5", "1.1 + 2.2 = 3.3",
      "0.1e0 + 0.2e0 <> 0.3e0", "1.25 * 1.25 = 1.5625", "10.0 / 3 = 3.333333", "2.0 / 3 = 0.666667",
      "-2.0 / 3 = -0.666667", "5.5 % 2 = 1.5", "1 - 1.5 = -0.5", "abs(-3) = 3", "abs(-3.5) = 3.5", "abs(-3e0) = 3",
      "round(2.5) = 3", "round(-2.5) = -3", "round(2.345, 2) = 2.35", "round(2.675e0, 2) = 2.68",
      "round(-2.675e0, 2) = -2.68", "round(1.005e0, 2) = 1.01", "round(0.5e0) = 1", "round(1234, -2) = 1200",
      "round(1250, -2) = 1300", "round(1e300, 2) = 1e300", "round(25.5, -1) = 30", "floor(2.7) = 2", "floor(-2.1) = -3",
      "ceil(2.1) = 3", "ceil(-2.7) = -2", "floor(-2.5e0) = -3", "ceil(7) = 7", "trunc(4.35e0, 2) = 4.35e0",
      "trunc(-4.359e0, 2) = -4.35e0", "trunc(0.29e0, 2) = 0.29e0", "trunc(1.15e0, 2) = 1.15e0", "trunc(12e0, 2) = 12e0",
      "trunc(1e-300, 2) = 0", "trunc(4503599627370495.5e0, 1) = 4503599627370495.5e0",
      "round(4999999999999999999, -19) = 0", "trunc(9223372036854775807, -19) = 0",
      "round(9223372036854775807, -20) = 0", "round(99999999999999999999999999999999999.99, -38) = 0",
      "round(-49999999999999999999999999999999999999, -38) = 0", "9223372036854775807 = 9223372036854775807.0",
      "9223372036854775807 < 9223372036854775808", "-9223372036854775808 < -9223372036854775807", "0.1 = 0.10",
      "1e2 = 100", "- -1 = 1", "+1 = 1",
      // casts
      "cast('42' as int64) = 42", "cast(2.5 as int64) = 3", "cast(-2.5 as int64) = -3", "cast(2.4e0 as int64) = 2",
      "cast(true as int64) = 1", "cast('1.50' as decimal(5,2)) = 1.5", "cast(1.005 as decimal(5,2)) = 1.01",
      "cast(2.675e0 as decimal(5,2)) = 2.68", "cast(1e0 as decimal(3,0)) = 1", "cast('1e3' as double) = 1000",
      "cast(1.5 as double) = 1.5e0", "cast(1 as string) = '1'", "cast(1.50 as string) = '1.50'",
      "cast(0.1e0 as string) = '0.1'", "cast(1e0 as string) = '1.0'", "cast(true as string) = 'true'",
      "cast('TRUE' as bool)", "cast('2024-02-29' as date) = date '2024-02-29'",
      "cast(date '2024-02-29' as string) = '2024-02-29'",
      "cast(timestamp '2024-01-01 12:30:00' as date) = date '2024-01-01'",
      "cast(timestamp '2024-01-01 12:30:00.5' as string) = '2024-01-01T12:30:00.5'",
      "cast(timestamp '2024-01-01T00:00:00+02:00' as string) = '2023-12-31T22:00:00Z'",
      "cast(date '2024-01-01' as timestamp) = timestamp '2024-01-01 00:00:00'",
      "cast(timestamp '1969-12-31 23:59:59' as date) = date '1969-12-31'",
      "cast(timestamp '2024-01-01 12:30:00' as time) = time '12:30:00'", "cast('12:30:00' as time) = time '12:30:00'",
      // dates
      "year(date '2024-02-29') = 2024 and month(date '2024-02-29') = 2 and day(date '2024-02-29') = 29",
      "hour(timestamp '2024-01-01 23:45:06') = 23 and minute(timestamp '2024-01-01 23:45:06') = 45 and "
      "second(timestamp '2024-01-01 23:45:06') = 6",
      "date '2024-02-28' + 1 = date '2024-02-29'", "date '2024-03-01' - date '2024-02-01' = 29",
      "date '2024-03-01' - 1 = '2024-02-29'", "timestamp '2024-01-01 00:00:00' = date '2024-01-01'",
      "timestamp '2024-01-01 00:00:00.000000001' > date '2024-01-01'",
      "timestamp '2024-01-01T02:00:00+02:00' = timestamp '2024-01-01T00:00:00Z'",
      "date '0001-01-01' < timestamp '9999-12-31 23:59:59'", "'2024-01-01' = date '2024-01-01'",
      "time '12:00:00' < '13:00:00'",
      // case, coalesce, nullif, in, between
      "case when false then 1 when true then 2 else 3 end = 2", "case 2 when 1 then 'a' when 2 then 'b' end = 'b'",
      "case when null then 1 else 2 end = 2", "coalesce(null, 2, 3) = 2", "coalesce(null, 1, 2.5) = 1",
      "nullif(1, 2) = 1", "nullif(1, 1) is null", "1 in (1, null)", "2 not in (1, 3)", "1 in (0.5, 1.0)",
      "1 between 0 and 1", "not 2 between 0 and 1", "'b' between 'a' and 'c'", "1 is not null", "null is null",
      // logic
      "true or null", "not (false and null)", "true and not false or false", "not false and true"};
  for (const char* condition : truths) {
    INFO(condition);
    CHECK(constant_answer(condition) == "true");
  }
}

TEST_CASE("a number in a JSON Pointer is an item of an array, and a member of an object") {
  for (const char* condition :
       {"'{\"0\":\"x\"}' ->> '/0' = 'x'", "'[\"x\"]' ->> '/0' = 'x'", "'{\"a\":[{\"1\":2}]}' ->> '/a/0/1' = '2'",
        "'{\"01\":2}' ->> '/01' = '2'", "('[1,2]' ->> '/01') is null", "('[1]' ->> '/-0') is null",
        "('{\"0\":1}' ->> '$[0]') is null"}) {
    INFO(condition);
    CHECK(constant_answer(condition) == "true");
  }
}

TEST_CASE("null is what a condition becomes that can't be told") {
  for (const char* condition : {"null",
                                "null = null",
                                "1 = null",
                                "true and null",
                                "false or null",
                                "not null",
                                "1 in (2, null)",
                                "1 not in (2, null)",
                                "null in (1, 2)",
                                "null between 1 and 2",
                                "1 between null and 2",
                                "null like 'a'",
                                "lower(null) = 'a'",
                                "1 + null > 0",
                                "null || 'a' = 'a'",
                                "case when false then 1 end = 1",
                                "nullif(1, 1) = 1",
                                "cast(null as int64) > 1",
                                "abs(null) = 1",
                                "year(null) > 1",
                                "substr(null, 1) = ''",
                                "-cast(null as int64) = 1",
                                "coalesce(null, null) = 1"}) {
    INFO(condition);
    CHECK(constant_answer(condition) == "null");
  }
  CHECK(constant_answer("1 between 2 and null") == "false");
  CHECK(constant_answer("2 not between 3 and null") == "true");
  CHECK(constant_answer("false and null") == "false");
}

TEST_CASE("what can't be computed without a column is a mistake before the run") {
  const std::pair<const char*, const char*> mistakes[] = {
      {"1 / 0 = 1", "division by zero"},
      {"1.0 / 0 = 1", "division by zero"},
      {"1e0 / 0 = 1", "division by zero"},
      {"1 % 0 = 1", "division by zero"},
      {"-9223372036854775808 / -1 = 1", "integer overflow"},
      {"9223372036854775807 * 2 = 1", "integer overflow"},
      {"abs(-9223372036854775808) = 1", "integer overflow"},
      {"round(9223372036854775807, -19) = 1", "integer overflow"},
      {"round(-5000000000000000000, -19) = 1", "integer overflow"},
      {"round(99999999999999999999999999999999999999, -1) = 1", "decimal overflow"},
      {"round(-50000000000000000000000000000000000000, -38) = 1", "decimal overflow"},
      {"99999999999999999999999999999999999999.0 + 1 = 1", "38 digits"},
      {"99999999999999999999999999999999999999 + 1 = 1", "decimal overflow"},
      {"cast('x' as int64) = 1", "not an integer"},
      {"cast('1.5' as int64) = 1", "not an integer"},
      {"cast(1e30 as int64) = 1", "integer overflow"},
      {"cast('x' as double) = 1", "not a number"},
      {"cast('1.234' as decimal(5,2)) = 1", "not a number"},
      {"cast(1000 as decimal(3,0)) = 1", "decimal overflow"},
      {"cast('2024-13-01' as date) = date '2024-01-01'", "not a date"},
      {"cast('yes' as bool)", "not true or false"},
      {"substr('abc', 1, -1) = ''", "a length below zero"},
      {"date '2024-01-01' + 9223372036854775807 = date '2024-01-01'", "date out of range"}};
  for (const auto& [condition, reason] : mistakes) {
    INFO(condition);
    CHECK_THAT(constant_answer(condition), test::Contains(reason));
  }
}
