// Random documents, sound and damaged, against another library.
#include <weir_catch.hpp>

#include <cstdlib>
#include <random>

#include "reference.hpp"

using namespace weir::json::test;

namespace {

class Documents {
 public:
  explicit Documents(std::uint64_t seed) : random_(seed) {}

  std::string document() {
    const std::size_t layout = below(3), rows = below(12);
    spread_ = layout == 2;
    shape_ = random_();
    std::string text = layout == 0 ? "[" + blank(true) : "";
    for (std::size_t i = 0; i < rows; ++i) {
      if (layout == 0 && i > 0) text += "," + blank(true);
      text += object(1, layout != 1) + (layout == 0 ? blank(true) : "\n");
    }
    return text + (layout == 0 ? "]" : "");
  }
  // The same with some bytes changed, left out or doubled.
  std::string damaged(std::string text) {
    static constexpr std::string_view kBytes = "{}[]\",:\\\n\x01\xC3\xED 0-.e9tnu";
    for (std::size_t times = below(3) + 1; times > 0 && !text.empty(); --times) {
      const std::size_t at = below(text.size());
      const char byte = kBytes[below(kBytes.size())];
      if (below(3) == 0)
        text.erase(at, 1);
      else if (below(2) == 0)
        text[at] = byte;
      else
        text.insert(at, 1, byte);
    }
    return text;
  }
  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(random_() % limit); }

 private:
  std::string blank(bool breaks) {
    static constexpr std::string_view kBlanks[] = {"", "", "", " ", "\t", "  ", "\n", "\r\n "};
    return std::string(kBlanks[below(breaks ? 8 : 6)]);
  }
  std::string number() {
    switch (below(7)) {
      case 0: return std::to_string(static_cast<std::int64_t>(random_()));
      case 1: return std::to_string(random_());
      case 2: return std::to_string(below(1000)) + "." + std::to_string(below(1000));
      case 3: return "-" + std::to_string(below(100)) + "e" + std::to_string(static_cast<int>(below(400)) - 200);
      case 4: return "0";
      case 5: return std::to_string(random_()) + std::to_string(random_()) + (below(2) == 0 ? "" : ".5");
      default: return std::to_string(below(100000));
    }
  }
  std::string text() {
    static constexpr std::string_view kParts[] = {
        "a",       "plain text ",    "ü", "日本", "𝄞", "\\n", "\\\"", "\\\\",
        "\\u00e9", "\\ud834\\udd1e", "[", "}",    ",", ":",   "\\/",  "0123456789abcdef0123456789abcdef",
        "\x7F"};
    std::string made = "\"";
    for (std::size_t i = below(6); i > 0; --i) made += kParts[below(std::size(kParts))];
    return made + "\"";
  }
  // Most keys have one kind of value in a document, as `shape_` says.
  std::string value(int depth, bool breaks, std::uint64_t kind) {
    if (below(8) == 0) kind = random_();
    switch (kind % (depth > 4 ? 4 : 6)) {
      case 0: return number();
      case 1: return text();
      case 2: return below(2) == 0 ? "true" : "false";
      case 3: return "null";
      case 4: return object(depth + 1, breaks);
      default: {
        std::string made = "[" + blank(breaks);
        for (std::size_t i = 0, count = below(4); i < count; ++i)
          made += (i == 0 ? "" : "," + blank(breaks)) + value(depth + 1, breaks, kind / 7) + blank(breaks);
        return made + "]";
      }
    }
  }
  std::string object(int depth, bool breaks) {
    // The first record decides on the layout, so it must show that records take several lines.
    std::string made = "{" + (spread_ && depth == 1 ? "\n" : blank(breaks));
    bool first = true;
    for (std::uint64_t key = 0; key < 5; ++key) {
      if (below(6) == 0) continue;
      const std::uint64_t kind = shape_ / 5 + key * 3 + static_cast<std::uint64_t>(depth);
      const std::string name = below(20) == 0 ? text() : "\"key" + std::to_string(key) + "\"";
      made += (first ? "" : "," + blank(breaks)) + name + blank(breaks) + ":" + blank(breaks) +
              value(depth, breaks, kind) + blank(breaks);
      first = false;
    }
    return made + "}";
  }

  std::mt19937_64 random_;
  std::uint64_t shape_ = 0;
  bool spread_ = false;
};

std::uint64_t seed() {
  const char* given = std::getenv("WEIR_SEED");
  return given == nullptr ? 20261126 : std::strtoull(given, nullptr, 10);
}

// Sanitizers make each some twenty times as slow.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kDocuments = 400;
#else
constexpr int kDocuments = 4000;
#endif

}  // namespace

TEST_CASE("a random document has the rows that another library reads") {
  Documents documents(seed());
  for (int i = 0; i < kDocuments; ++i) {
    const std::string bytes = documents.document();
    INFO("WEIR_SEED=" << seed() << " document " << i << ": " << bytes);
    REQUIRE(violated(bytes, documents.below(40) + 1) == "");
    const Reading reading = read_json(bytes);
    REQUIRE(reading.failure == "");
    REQUIRE(reading.rejects.empty());
  }
}

TEST_CASE("a damaged document gives rows that are JSON, or is refused with a place") {
  Documents documents(seed() + 1);
  for (int i = 0; i < 5 * kDocuments; ++i) {
    const std::string bytes = documents.damaged(documents.document());
    INFO("WEIR_SEED=" << seed() << " document " << i << ": " << bytes);
    REQUIRE(violated(bytes, documents.below(40) + 1) == "");
    REQUIRE(!read_json(bytes).failure.starts_with("-1"));
  }
}
