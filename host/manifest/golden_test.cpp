// Every message of the manifest, in golden/errors.txt: a case is `### FILE: what it shows`, the manifest, `---`, and
// what is told. FILE may be followed by --profile=NAME, --pipeline=NAME and --set=PATH=VALUE; if it is .env, the text is an
// env file. With WEIR_UPDATE_GOLDEN=1 the file is written anew (and the change is read before it is committed).
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <weir_catch.hpp>

#include "manifest/checked.hpp"
#include "manifest/env_file.hpp"

namespace {

using namespace weir;

struct GoldenCase {
  std::string title;
  std::string manifest;
  std::string told;
};

std::string golden_path() { return std::string(WEIR_GOLDEN) + "/errors.txt"; }

std::vector<GoldenCase> read_golden_cases() {
  std::ifstream file(golden_path());
  std::vector<GoldenCase> cases;
  std::string* part = nullptr;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("### ")) {
      cases.push_back({line.substr(4), "", ""});
      part = &cases.back().manifest;
    } else if (part && line == "---") {
      part = &cases.back().told;
    } else if (part) {
      *part += line + "\n";
    }
  }
  return cases;
}

// \xHH, \t and \r in a case's manifest, so that the golden file itself is plain text.
std::string unescaped(const std::string& text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool hexadecimal = text.compare(at, 3, "%%x") == 0 && at + 5 <= text.size();
    if (!hexadecimal) {
      plain += text[at];
      continue;
    }
    plain += static_cast<char>(std::stoi(text.substr(at + 3, 2), nullptr, 16));
    at += 4;
  }
  return plain;
}

// The errors of an env file.
std::vector<base::Error> errors_of_env(const std::string& text) {
  auto parsed = manifest::parse_env(manifest::make_source(".env", text));
  return parsed ? std::vector<base::Error>{} : std::vector{std::move(parsed).error()};
}

std::string tell_case(const GoldenCase& one) {
  std::istringstream words(one.title.substr(0, one.title.find(": ")));
  std::string file;
  words >> file;
  manifest::Values values = manifest::test::values();
  for (std::string word; words >> word;) {
    if (word.starts_with("--set=")) values.assignments.push_back(unescaped(word.substr(6)));
    if (word.starts_with("--profile=")) values.profile = word.substr(10);
    if (word.starts_with("--pipeline=")) values.pipelines.push_back(word.substr(11));
  }
  const std::string text = unescaped(one.manifest);
  const auto errors = file == ".env" ? errors_of_env(text) : manifest::test::errors_of(file, text, values);
  return errors.empty() ? "nothing\n" : manifest::render(manifest::joined(errors));
}

}  // namespace

TEST_CASE("every mistake in a manifest is told as its golden file says") {
  const std::vector<GoldenCase> cases = read_golden_cases();
  REQUIRE(cases.size() >= 60);
  const bool update = std::getenv("WEIR_UPDATE_GOLDEN") != nullptr;
  std::ostringstream fresh;
  for (const GoldenCase& one : cases) {
    const std::string told = tell_case(one);
    fresh << "### " << one.title << "\n" << one.manifest << "---\n" << told;
    INFO(one.title);
    if (!update) CHECK(told == one.told);
  }
  if (update) std::ofstream(golden_path()) << fresh.str();
}

TEST_CASE("whatever is told of a manifest fits 24 lines and holds no control character") {
  for (const GoldenCase& one : read_golden_cases()) {
    const std::string told = tell_case(one);
    INFO(one.title);
    CHECK(std::count(told.begin(), told.end(), '\n') <= 24);
    CHECK(std::none_of(told.begin(), told.end(),
                       [](char letter) { return static_cast<unsigned char>(letter) < 0x20 && letter != '\n'; }));
    CHECK(told.find("s3cr3t") == std::string::npos);
  }
}
