// Random files against the reference, with random cuts, in both instruction sets. Set WEIR_TEST_SEED to repeat a run.
#include <weir_catch.hpp>

#include <random>

#include "reference.hpp"

using namespace weir;
using namespace weir::csv;
using namespace weir::csv::test;

namespace {

std::uint64_t seed() {
  const char* given = std::getenv("WEIR_TEST_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : 20261124;
}

class RandomPick {
 public:
  explicit RandomPick(std::uint64_t start) : engine_(start) {}
  std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(engine_); }
  template <class List>
  auto one_of(const List& list) {
    return list[below(std::size(list))];
  }

 private:
  std::mt19937_64 engine_;
};

std::string noise(RandomPick& random) {
  static constexpr const char* kParts[] = {
      "a",    "b",    ",", ",", "\"", "\"\"", "\n", "\n",
      "\r\n", "\r",   " ", "1", "é",  "日",   ";",  "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
      "\xC3", "true", "."};
  std::string text = "h,i\n";
  for (std::size_t i = random.below(120); i > 0; --i) text += random.one_of(kParts);
  return text;
}

std::string value(RandomPick& random, std::size_t flavour) {
  static constexpr const char* kNumbers[] = {
      "0", "-1", "12", "123456789", "9223372036854775807", "-9223372036854775808", "4503599627370497"};
  static constexpr const char* kReals[] = {"0.1",  "-0.0",       "1.5e10",
                                           "1e-7", "123456.789", "0.30000000000000004",
                                           "1e22", "5e-324",     "1.7976931348623157e308",
                                           "12",   "0.00001",    "99999999999999.5",
                                           "1E5"};
  static constexpr const char* kTimes[] = {"2024-02-29T10:00:00Z", "1969-12-31T23:59:59.999999Z",
                                           "2024-01-01T10:00:00.5Z", "0001-01-01T00:00:00Z"};
  static constexpr const char* kDates[] = {"2024-02-29", "1969-12-31", "9999-12-31", "0001-01-01"};
  static constexpr const char* kTexts[] = {"",
                                           "x",
                                           "two\nlines",
                                           "a \"word\"",
                                           "comma, there",
                                           "007",
                                           "1.",
                                           "é日本",
                                           " ",
                                           "\r",
                                           "NaN",
                                           "a text that is longer than thirty-two bytes, and than forty"};
  switch (flavour) {
    case 0: return random.one_of(kNumbers);
    case 1: return random.one_of(kReals);
    case 2: return random.one_of(kTimes);
    case 3: return random.one_of(kDates);
    case 4: return random.below(2) == 0 ? "true" : "false";
    case 5: return random.one_of(kTexts);
    default: return value(random, random.below(6));
  }
}

std::string in_quotes(std::string_view text) {
  std::string quoted = "\"";
  for (const char byte : text) quoted += byte == '"' ? std::string("\"\"") : std::string(1, byte);
  return quoted + "\"";
}

std::string sensible(RandomPick& random) {
  const std::size_t width = 1 + random.below(5), nulls = 1 + random.below(8);
  std::vector<std::size_t> flavours;
  std::string text = random.below(9) == 0 ? "\xEF\xBB\xBF" : "";
  for (std::size_t i = 0; i < width; ++i) {
    flavours.push_back(random.below(8));
    text += (i > 0 ? ",c" : "c") + std::to_string(i);
  }
  text += "\n";
  for (std::size_t row = random.below(60); row > 0; --row) {
    for (std::size_t i = 0; i < width; ++i) {
      if (i > 0) text += ',';
      if (random.below(nulls + 1) == 0) continue;
      const std::string made = value(random, flavours[i]);
      const bool must = made.empty() || made.find_first_of(",\"\r\n") != std::string::npos;
      text += must || random.below(9) == 0 ? in_quotes(made) : made;
    }
    text += random.below(4) == 0 ? "\r\n" : "\n";
    if (random.below(20) == 0) text += "\n";
  }
  if (random.below(4) == 0 && text.ends_with('\n')) text.pop_back();
  return text;
}

void check_many(std::string (*make)(RandomPick&), std::uint64_t salt, int rounds) {
  CAPTURE(seed());
  RandomPick random(seed() + salt);
  for (int round = 0; round < rounds; ++round) {
    const std::string text = make(random);
    const std::size_t step = 1 + random.below(random.below(2) == 0 ? 8 : 200);
    for (const bool baseline : {false, true}) {
      use_baseline_scan(baseline);
      const std::string problem = violated(text, step);
      use_baseline_scan(false);
      CAPTURE(round, step, baseline, text);
      REQUIRE(problem == "");
    }
  }
}

}  // namespace

TEST_CASE("random bytes are read as the reference reads them, however they are cut") { check_many(noise, 1, 4000); }

TEST_CASE("random tables keep every value through types and writing, and are written alike again") {
  check_many(sensible, 2, 1000);
}

TEST_CASE("records longer than blocks and chunks are found") {
  for (const std::size_t length :
       {std::size_t{63}, std::size_t{64}, std::size_t{65}, std::size_t{4096}, std::size_t{3} << 20U}) {
    const std::string text = "a,b\n\"" + std::string(length, 'x') + "\n\"\"\",1\n,2\n";
    CAPTURE(length);
    CHECK(violated(text, 1000) == "");
  }
}

TEST_CASE("UTF-8 is checked to the letter of the standard") {
  const auto fine = [](std::string_view bytes) { return invalid_utf8(bytes) == std::string_view::npos; };
  CHECK(fine("a\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"));
  for (const std::string_view bad : {"\x80", "\xC1\xBF", "\xC2", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xEF\xBF",
                                     "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xC3\x28"}) {
    CHECK_FALSE(fine(bad));
    CHECK(invalid_utf8(std::string(70, 'a') + "é" + std::string(bad)) == 72);
  }
}
