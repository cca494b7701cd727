// The syntax of expressions, for the page of reference: what the parser knows beside calls, from the weakest operator on.
#include <utility>

#include "function.hpp"

namespace weir::expr {
namespace {

std::vector<Notation> values() {
  return {
      {"1, 1.5, 1e3", "An integer, a decimal, which is exact, a double.", {{"0.1 + 0.2", "0.3"}, {"1e3", "1000.0"}}},
      {"'text'", "A text; a quote inside is written twice.", {{"'it''s'", "'it''s'"}}},
      {"true, false, null", "The two conditions, and no value.", {{"null", "null"}}},
      {"date '…', timestamp '…', time '…'",
       "A day, what a clock shows, with Z or an offset an instant, a time of day.",
       {{"date '2024-02-29'", "2024-02-29"}, {"timestamp '2024-02-29 12:30:00+02:00'", "2024-02-29T10:30:00Z"}}},
      {"name, \"a name\"", "A column, exactly as it is spelt; with other characters in double quotes.", {}}};
}

std::vector<Notation> operators() {
  return {
      {"or", "True if either side is.", {{"null or true", "true"}, {"null or false", "null"}}},
      {"and", "True if both sides are.", {{"null and false", "false"}}},
      {"not", "The opposite; null stays null.", {{"not null", "null"}}},
      {"=, ==, <>, !=, <, <=, >, >=",
       "Comparison: numbers by value, whatever their types, texts by their characters' numbers in Unicode. A text in "
       "quotes beside a date, time or timestamp is read as one. Null if either side is.",
       {{"1 = 1.0", "true"},
        {"'a' < 'B'", "false"},
        {"null = null", "null"},
        {"date '2024-01-31' = '2024-01-31'", "true"}}},
      {"is null, is not null", "Whether there is no value.", {{"null is null", "true"}}},
      {"in (…), not in (…)", "Whether it is one of those.", {{"2 in (1, 2)", "true"}, {"3 in (1, null)", "null"}}},
      {"between … and …", "Whether it is neither below the one nor above the other.", {{"2 between 1 and 2", "true"}}},
      {"like, ilike, not like … escape 'c'",
       "Whether the text is as the pattern says: % is any text, _ one character; ilike in any case of letters.",
       {{"'abc' like 'a%'", "true"}, {"'ABC' ilike '_b_'", "true"}, {"'5%' like '%!%' escape '!'", "true"}}},
      {"||", "Joins texts; null if either side is.", {{"'a' || 'b'", "'ab'"}, {"'a' || null", "null"}}},
      {"+, -",
       "Sum and difference; days added to a date; the days between two. Integers have 64 bits.",
       {{"1.50 + 1", "2.50"},
        {"9223372036854775807 + 1", "rejected: integer overflow"},
        {"date '2024-02-28' + 2", "2024-03-01"}}},
      {"*, /, %",
       "Product, quotient, rest. Of integers / cuts the fraction off; of decimals it has at least 6 digits after the "
       "point.",
       {{"7 / 2", "3"}, {"7.0 / 2", "3.500000"}, {"-7 % 3", "-1"}, {"1 / 0", "rejected: division by zero"}}},
      {"date + interval 1 month, - interval '1 year 2 days'",
       "A date or timestamp moved: microsecond to century. Months end where their month does; days and months count on "
       "the "
       "clock of its zone, hours and less on the line of time, and make a timestamp of a date.",
       {{"date '2024-01-31' + interval 1 month", "2024-02-29"},
        {"timestamp '2024-01-01 00:00:00' - interval '1 day 2 hours'", "2023-12-30T22:00:00"}}},
      {"-x", "The negative.", {{"- (1 + 2)", "-3"}}},
      {"case when … then … else … end",
       "The value behind the first condition that is true; without else, null. No other is computed.",
       {{"case when 1 > 2 then 'a' else 'b' end", "'b'"}, {"case 2 when 1 then 'a' when 2 then 'b' end", "'b'"}}},
      {"cast(x as type)",
       "The value as int64, double, decimal(p,s), string, bool, date, timestamp, timestamp(us, Europe/Rome), time or "
       "time(ms). "
       "Rounded half away from zero where digits are lost; a text must be, as a whole, what it shall become.",
       {{"cast('42' as int64)", "42"},
        {"cast(2.5 as int64)", "3"},
        {"cast(1.005 as decimal(5,2))", "1.01"},
        {"cast('x' as int64)", "rejected: not an integer"}}},
      {"try_cast(x as type)",
       "The same, but null where there is no such value.",
       {{"try_cast('x' as int64)", "null"},
        {"try_cast('2024-02-30' as date)", "null"},
        {"try_cast('7' as int64)", "7"}}},
      {"extract(part from moment), position(part in text)",
       "As date_part('part', moment) and strpos(text, part).",
       {{"extract(month from date '2024-05-17')", "5"}, {"position('b' in 'abc')", "2"}}},
      {"moment at time zone 'ZONE'",
       "What a clock in the zone shows at an instant, or the instant at which it shows a timestamp without zone.",
       {{"timestamp '2024-07-01 12:00:00' at time zone 'Europe/Rome'", "2024-07-01T10:00:00Z"}}},
      {"json -> path, json ->> path",
       "What stands in a text of JSON, as JSON and as text.",
       {{"'{\"a\": [\"x\"]}' -> 'a'", "'[\"x\"]'"}, {"'{\"a\": [\"x\"]}' ->> '$.a[0]'", "'x'"}}},
      {"struct.name, list[1]",
       "A member of a struct, an item of a list. Here item is a column of structs, {sku: 'A-1', sizes: [38, 40]}, and "
       "tags "
       "one of lists, ['new', null, 'sale'].",
       {{"item.sku", "'A-1'"}, {"item.sizes[2]", "40"}, {"tags[-1]", "'sale'"}}}};
}

}  // namespace

std::span<const Notation> notations() {
  static const std::vector<Notation> kNotations = [] {
    std::vector<Notation> all = values();
    for (Notation& notation : operators()) all.push_back(std::move(notation));
    return all;
  }();
  return kNotations;
}

}  // namespace weir::expr
