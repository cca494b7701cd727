// What is found in texts, and what is not.
#include "detect.hpp"

#include <string>
#include <vector>

#include <weir_catch.hpp>

namespace weir::mask {
namespace {

std::vector<std::string> found(std::string_view text, Kinds kinds = {true, true, true}) {
  std::vector<std::string> all;
  Found one;
  for (std::size_t from = 0; find_personal(text, from, kinds, one); from = one.end) {
    constexpr const char* kNames[] = {"email ", "card ", "phone "};
    all.push_back(kNames[static_cast<std::size_t>(one.kind)] +
                  std::string(text.substr(one.begin, one.end - one.begin)));
  }
  return all;
}

using All = std::vector<std::string>;

}  // namespace

TEST_CASE("addresses are found wherever they stand") {
  CHECK(found("ann@example.com") == All{"email ann@example.com"});
  CHECK(found("write to <ann.b+x@mail.example.co.uk>, or bob@x.de.") ==
        All{"email ann.b+x@mail.example.co.uk", "email bob@x.de"});
  CHECK(found("4155552671@example.com") == All{"email 4155552671@example.com"});
  CHECK(found("jörg@example.com") == All{"email jörg@example.com"});
  CHECK(found("a@b.de,c@d.fr") == All{"email a@b.de", "email c@d.fr"});
  CHECK(found("@home, a@b, 12@3.4, x@.com, see you @ noon").empty());
}

TEST_CASE("card numbers are found by their Luhn sum") {
  CHECK(found("4111111111111111") == All{"card 4111111111111111"});
  CHECK(found("paid with 4111 1111 1111 1111 on 2024-01-31") == All{"card 4111 1111 1111 1111"});
  CHECK(found("3782-822463-10005;") == All{"card 3782-822463-10005"});
  CHECK(found("4111111111111112", {false, true, false}).empty());
  CHECK(found("x4111111111111111", {false, true, false}).empty());
  CHECK(found("41111111111111110000000000", {false, true, false}).empty());
  CHECK(found("1111111111111117", {false, true, false}).empty());
}

TEST_CASE("phone numbers are found as people write them") {
  for (const char* number : {"+49 30 901820", "+1 (415) 555-2671", "+4930901820", "0049 30 901820", "030/901820-12",
                             "(030) 901 82 01", "(415) 555-2671", "415-555-2671", "415.555.2671"}) {
    INFO(number);
    CHECK(found(number) == All{std::string("phone ") + number});
    CHECK(found("call " + std::string(number) + " now") == All{std::string("phone ") + number});
  }
}

TEST_CASE("dates, amounts and numbers of orders are no phone numbers") {
  for (const char* text : {"2024-01-31", "2024-01-31 12:30:00", "1,234,567.89", "0.123456789", "order 1234567890",
                           "192.168.100.200", "00000042", "0123456789", "415-555-26711", "SKU-415-555-2671"}) {
    INFO(text);
    CHECK(found(text).empty());
  }
}

TEST_CASE("only the kinds that are asked for are found") {
  const std::string text = "ann@example.com 4111111111111111 +49 30 901820";
  CHECK(found(text, {true, false, false}) == All{"email ann@example.com"});
  CHECK(found(text, {false, true, false}) == All{"card 4111111111111111"});
  CHECK(found(text, {false, false, true}) == All{"phone +49 30 901820"});
  CHECK(found(text).size() == 3);
}

}  // namespace weir::mask
