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
                           "192.168.100.200", "00000042", "0123456789", "415-555-26711", "2024-01-31 12.30.00.123",
                           "2024/01/31 2024/02/01", "0.4111111111111111"}) {
    INFO(text);
    CHECK(found(text).empty());
  }
}

TEST_CASE("a number, a date or a time beside a phone number hides none, and stays") {
  const std::pair<const char*, All> texts[] = {
      {"+442079460001 2024-05-17", {"phone +442079460001"}},
      {"+49 30 901820 17.05.2024", {"phone +49 30 901820"}},
      {"tel +442079460001 12:30", {"phone +442079460001"}},
      {"030 901820 12:30", {"phone 030 901820"}},
      {"202-555-0143 2 calls", {"phone 202-555-0143"}},
      {"call 202-555-0143 (202) 555-0144", {"phone 202-555-0143", "phone (202) 555-0144"}},
      {"+12025550143 (202) 555-0144", {"phone +12025550143", "phone (202) 555-0144"}},
      {"call 202-555-0143 202-555-0144", {"phone 202-555-0143", "phone 202-555-0144"}},
      {"+1 202 555 0143 202 555 0144", {"phone +1 202 555 0143", "phone 202 555 0144"}},
      {"020 7946 0001 020 7946 0002", {"phone 020 7946 0001", "phone 020 7946 0002"}},
      {"+44 20 7946 0001 020 7946 0002", {"phone +44 20 7946 0001", "phone 020 7946 0002"}},
      {"+1-202-555-0143x12", {"phone +1-202-555-0143"}},
      {"1-202-555-0143", {"phone 1-202-555-0143"}},
      {"4111111111111111 202-555-0143", {"card 4111111111111111", "phone 202-555-0143"}},
      {"202-555-0143 4111111111111111", {"phone 202-555-0143", "card 4111111111111111"}}};
  for (const auto& [text, all] : texts) {
    INFO(text);
    CHECK(found(text) == all);
  }
}

TEST_CASE("numbers are found behind punctuation that follows a word or number") {
  const std::pair<const char*, All> texts[] = {{"Ann,4111111111111111,12/27", {"card 4111111111111111"}},
                                               {"2024-05-17,4111111111111111", {"card 4111111111111111"}},
                                               {"2024-05-17-4111111111111111", {"card 4111111111111111"}},
                                               {"Visa-4111111111111111", {"card 4111111111111111"}},
                                               {"Ann,+442079460001", {"phone +442079460001"}},
                                               {"2024-05-17/+442079460001", {"phone +442079460001"}},
                                               {"tel.+442079460001", {"phone +442079460001"}},
                                               {"Tel.020 7946 0001", {"phone 020 7946 0001"}},
                                               {"7,020 7946 0001,x", {"phone 020 7946 0001"}}};
  for (const auto& [text, all] : texts) {
    INFO(text);
    CHECK(found(text) == all);
  }
}

TEST_CASE("addresses have apostrophes, letters of every script, and text right behind them") {
  CHECK(found("o'brien@example.com") == All{"email o'brien@example.com"});
  CHECK(found("name='ann@example.com'") == All{"email ann@example.com"});
  CHECK(found("to ann.secret@münchen.de.") == All{"email ann.secret@münchen.de"});
  CHECK(found("ann.secret@例え.jpへ") == All{"email ann.secret@例え.jp"});
  CHECK(found("ann@例え.テスト") == All{"email ann@例え.テスト"});
  CHECK(found("ann@x.xn--p1ai") == All{"email ann@x.xn--p1ai"});
  CHECK(found("ann@example.com-2024, bob@x.de.2") == All{"email ann@example.com", "email bob@x.de"});
}

TEST_CASE("a long text of numbers takes time by its length") {
  std::string text;
  for (int i = 0; i < 1'000'000; ++i) text += "1-";
  CHECK(found(text).empty());
}

TEST_CASE("only the kinds that are asked for are found") {
  const std::string text = "ann@example.com 4111111111111111 +49 30 901820";
  CHECK(found(text, {true, false, false}) == All{"email ann@example.com"});
  CHECK(found(text, {false, true, false}) == All{"card 4111111111111111"});
  CHECK(found(text, {false, false, true}) == All{"phone +49 30 901820"});
  CHECK(found(text).size() == 3);
}

}  // namespace weir::mask
