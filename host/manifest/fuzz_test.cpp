// No input crashes: manifests are mutated at random, and read, checked and rendered. WEIR_SEED repeats a failing run.
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <weir_catch.hpp>

#include "manifest/checked.hpp"

using namespace weir;

namespace {

// The golden file is a corpus of every feature and mistake.
std::vector<std::string> corpus() {
  std::ifstream file(std::string(WEIR_GOLDEN) + "/errors.txt");
  std::vector<std::string> texts;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("### ")) texts.emplace_back();
    inside = line.starts_with("### ") || (inside && line != "---");
    if (inside && !line.starts_with("### ")) texts.back() += line + "\n";
  }
  return texts;
}

std::string mutated(std::string text, const std::vector<std::string>& all, std::mt19937_64& random) {
  static constexpr std::string_view kPieces[] = {
      "${",     "}",     "{",  "[",     "\"", "'",  ": ",   "\n",     "&a ",  "*a",
      "|\n",    ">-\n ", "\\", "# ",    "\t", "- ", "? ",   "!!str ", "\xC3", "\xF0\x9F\x98\x80",
      "${env:", "$${",   "%",  "---\n", "~",  "0x", "\r\n", "<<: "};
  const auto below = [&random](std::size_t limit) {
    return static_cast<std::size_t>(random() % std::max<std::size_t>(limit, 1));
  };
  for (std::size_t edits = 1 + below(4); edits > 0; --edits) {
    const std::size_t at = below(text.size() + 1);
    switch (below(5)) {
      case 0: text.insert(at, kPieces[below(std::size(kPieces))]); break;
      case 1: text.erase(at, 1 + below(12)); break;
      case 2: text.insert(at, text.substr(below(text.size()), below(60))); break;
      case 3:
        if (at < text.size()) text[at] = static_cast<char>(random());
        break;
      default: {
        const std::string& other = all[below(all.size())];
        text.insert(at, other.substr(below(other.size()), below(80)));
      }
    }
  }
  return text;
}

}  // namespace

TEST_CASE("no mutation of a manifest crashes, and what is told of it has a place in it") {
  const char* const given = std::getenv("WEIR_SEED");
  const std::uint64_t seed = given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  INFO("WEIR_SEED=" << seed);
  std::mt19937_64 random(seed);
  const std::vector<std::string> all = corpus();
  REQUIRE(all.size() > 50);
  for (int round = 0; round < 20'000; ++round) {
    const std::string text = mutated(all[random() % all.size()], all, random);
    const auto errors = manifest::test::errors_of(round % 2 == 0 ? "m.yaml" : "m.json", text);
    if (errors.empty()) continue;
    const base::Error error = manifest::joined(errors);
    const std::string told = manifest::render(error);
    const bool placed = error.place.known() && error.place.line >= 1 && error.place.column >= 1;
    if (!placed || std::count(told.begin(), told.end(), '\n') > 24)
      FAIL("round " << round << ": " << told << "\nof:\n" << text);
    (void)manifest::to_json(error).dump();
  }
}
