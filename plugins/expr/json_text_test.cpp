// The scanner of JSON in texts against nlohmann's parser: what is JSON, and what stands at a path.
#include <nlohmann/json.hpp>

#include <random>
#include <regex>

#include <weir/cpp/utf8.hpp>
#include <weir_catch.hpp>

#include "json_text.hpp"

namespace {

using namespace weir;
using Json = nlohmann::ordered_json;

class RandomJson {
 public:
  std::size_t below(std::size_t count) { return engine_() % count; }

  Json value(int depth) {
    switch (below(depth > 0 ? 8 : 6)) {
      case 0: return nullptr;
      case 1: return below(2) == 0;
      case 2: return static_cast<std::int64_t>(engine_()) - 2'000'000'000;
      case 3: return static_cast<double>(below(1000)) / 8 - 20;
      case 4: return text();
      case 5: return std::string();
      case 6: {
        Json list = Json::array();
        for (std::size_t i = below(4); i > 0; --i) list.push_back(value(depth - 1));
        return list;
      }
      default: {
        Json object = Json::object();
        for (std::size_t i = below(4); i > 0; --i) object[text()] = value(depth - 1);
        return object;
      }
    }
  }
  std::string text() {
    static const std::vector<std::string> kTexts = {"a",    "b",  "a\"b",   "line\nend", "\\", "ä",
                                                    "日本", "😀", "\t\x01", "a b",       "",   "[{,:}]"};
    return kTexts[below(kTexts.size())];
  }
  // The text with one byte exchanged, put in or taken out.
  std::string damaged(std::string text) {
    static constexpr std::string_view kBytes = "{}[]\",:0-+.eEtfn \\u1/";
    const std::size_t at = below(text.size() + 1);
    const char byte = kBytes[below(kBytes.size())];
    if (at < text.size() && below(2) == 0) {
      text.erase(at, 1);
    } else {
      text.insert(at, 1, byte);
    }
    return text;
  }

 private:
  std::mt19937 engine_{20261126};
};

// A path to a place in `json` that the random numbers choose, and what stands there; null: nothing.
const Json* choose(RandomJson& random, const Json& json, std::string& path) {
  const Json* at = &json;
  while (!at->empty() && random.below(4) != 0) {
    if (at->is_array()) {
      const std::size_t item = random.below(at->size());
      path += random.below(2) == 0 ? "[" + std::to_string(item) + "]" : "[#-" + std::to_string(at->size() - item) + "]";
      at = &(*at)[item];
    } else if (at->is_object()) {
      auto member = at->begin();
      std::advance(member, static_cast<std::ptrdiff_t>(random.below(at->size())));
      if (member.key().find('"') != std::string::npos) break;
      path += ".\"" + member.key() + "\"";
      at = &member.value();
    } else {
      break;
    }
  }
  return at;
}

}  // namespace

TEST_CASE("what stands at a path is what nlohmann finds there") {
  RandomJson random;
  for (int i = 0; i < 20'000; ++i) {
    const Json json = random.value(4);
    const std::string text = json.dump(i % 3 == 0 ? 2 : -1, ' ', i % 2 == 0);
    std::string spelt = "$";
    const Json* wanted = choose(random, json, spelt);
    const auto path = expr::JsonPath::of(spelt);
    INFO(text << "\n" << spelt);
    REQUIRE(path.has_value());
    std::string_view found;
    REQUIRE(expr::find_json(text, *path, found) == expr::Found::value);
    REQUIRE(Json::parse(found) == *wanted);
    expr::Frame frame;
    if (wanted->is_string()) REQUIRE(expr::json_characters(found, frame) == wanted->get<std::string>());
    if (wanted->is_array() || wanted->is_object())
      REQUIRE(expr::json_count(found) == static_cast<std::int64_t>(wanted->size()));
  }
}

TEST_CASE("what is JSON is what nlohmann takes for it") {
  RandomJson random;
  const expr::JsonPath top = *expr::JsonPath::of("$");
  int valid = 0;
  for (int i = 0; i < 50'000; ++i) {
    std::string text = random.value(3).dump(-1, ' ', i % 2 == 0);
    for (std::size_t times = random.below(3); times > 0; --times) text = random.damaged(std::move(text));
    // nlohmann refuses halves of pairs, and numbers beyond a double; JSON allows both.
    static const std::regex kRefused("\\\\ud|[eE][+-]?[0-9]{3}|[0-9]{200}");
    if (std::regex_search(text, kRefused) || invalid_utf8(text) < text.size()) continue;
    std::string_view found;
    const bool fine = expr::find_json(text, top, found) != expr::Found::no_json;
    INFO(text);
    REQUIRE(fine == Json::accept(text));
    valid += fine ? 1 : 0;
  }
  CHECK(valid > 10'000);
  CHECK(valid < 45'000);
}

TEST_CASE("of members with one name the first counts; too deep a text is no JSON") {
  std::string_view found;
  REQUIRE(expr::find_json(R"({"a": 1, "a": 2})", *expr::JsonPath::of("a"), found) == expr::Found::value);
  CHECK(found == "1");
  REQUIRE(expr::find_json(R"({"a\/b": {"~": [7]}})", *expr::JsonPath::of("/a~1b/~0/0"), found) == expr::Found::value);
  CHECK(found == "7");
  CHECK(expr::find_json(std::string(100'000, '['), *expr::JsonPath::of("$"), found) == expr::Found::no_json);
  expr::Frame frame;
  CHECK(expr::json_characters(R"("\ud83d\ude00 \ud83d x")", frame) == "😀 \xEF\xBF\xBD x");
  for (const char* path : {"", "$x", "$.", "$[", "$[x]", "$[-]", "$[1", "$.a.", "$.\"a"}) {
    INFO(path);
    CHECK_FALSE(expr::JsonPath::of(path).has_value());
  }
}
