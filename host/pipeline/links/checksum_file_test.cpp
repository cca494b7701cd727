// The files that sha256sum writes: each form of a line, and what is none.
#include "pipeline/links/checksum_file.hpp"

#include <weir_catch.hpp>

#include "base/error.hpp"

namespace weir::pipeline {
namespace {

const std::string kOne(64, 'a');
const std::string kTwo = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

std::vector<ChecksumLine> parsed(const std::string& text, Digests digests = Digests::named) {
  auto lines = parse_checksums(text, "SHA256SUMS", digests);
  REQUIRE(lines);
  return std::move(*lines);
}

std::string name_in(const std::string& line) {
  const auto lines = parsed(line);
  REQUIRE(lines.size() == 1);
  CHECK(lines.front().sha256 == kOne);
  return lines.front().name;
}

std::string refused_list(const std::string& text, Digests digests = Digests::named) {
  const auto lines = parse_checksums(text, "SHA256SUMS", digests);
  REQUIRE_FALSE(lines);
  CHECK(lines.error().code == "source.checksum_file");
  CHECK(base::exit_code(lines.error()) == 1);
  return std::to_string(lines.error().place.line) + ": " + lines.error().message;
}

}  // namespace

TEST_CASE("a line of sha256sum names a file behind its digest, read as text or as binary") {
  CHECK(name_in(kOne + "  orders.csv\n") == "orders.csv");
  CHECK(name_in(kOne + " *orders.csv\n") == "orders.csv");
  CHECK(name_in(kOne + " orders.csv") == "orders.csv");
  CHECK(name_in(kOne + "\torders.csv") == "orders.csv");
  CHECK(name_in(std::string(64, 'A') + "  orders.csv\r\n") == "orders.csv");
  CHECK(name_in(kOne + "  two words, and more.csv") == "two words, and more.csv");
  CHECK(name_in(kOne + "   begins with a blank") == " begins with a blank");
  CHECK(name_in(kOne + "  *starred") == "*starred");
}

TEST_CASE("a line of BSD names its algorithm and its file before the digest") {
  CHECK(name_in("SHA256 (orders.csv) = " + kOne + "\n") == "orders.csv");
  CHECK(name_in("SHA256 (a) = b (2).csv) = " + kOne) == "a) = b (2).csv");
  CHECK(parsed("MD5 (orders.csv) = d41d8cd98f00b204e9800998ecf8427e\nSHA512/256 (x) = " + kOne + "\n").empty());
}

TEST_CASE("names with a backslash or a line end are written with escapes, in both forms") {
  CHECK(name_in("\\" + kOne + "  a\\nb\\\\c\\rd") == "a\nb\\c\rd");
  CHECK(name_in("\\SHA256 (a\\nb) = " + kOne) == "a\nb");
  CHECK(name_in(kOne + "  a\\nb") == "a\\nb");
  CHECK_THAT(refused_list("\\" + kOne + "  a\\tb"), test::Contains("expected a SHA-256"));
  CHECK_THAT(refused_list("\\" + kOne + "  a\\"), test::Contains("expected a SHA-256"));
}

TEST_CASE("comments and empty lines tell nothing, and lines keep their numbers") {
  const auto lines = parsed("# made on Monday\r\n\r\n" + kOne + "  a\n\n" + kTwo + "  b\n");
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].line == 3);
  CHECK(lines[1].line == 5);
  CHECK(lines[1].sha256 == kTwo);
  CHECK(parsed("# nothing yet\n").empty());
}

TEST_CASE("a digest may stand alone where only one file is meant") {
  CHECK(parsed(kOne + "\n", Digests::or_alone).front().name.empty());
  CHECK(parsed(kOne + "  \n", Digests::or_alone).front().sha256 == kOne);
  CHECK_THAT(refused_list(kOne + "\n"), test::Contains("1: expected a SHA-256 of 64 hexadecimal digits and the name"));
}

TEST_CASE("what is no line is an error, with its place") {
  CHECK(refused_list(kOne + "  a\nnonsense\n") ==
        "2: expected a SHA-256 of 64 hexadecimal digits and the name of a file, found 'nonsense'");
  CHECK_THAT(refused_list(kOne.substr(1) + "  short.csv"), test::Contains("1: expected"));
  CHECK_THAT(refused_list(kOne + "a  long.csv"), test::Contains("1: expected"));
  CHECK_THAT(refused_list("g" + kOne.substr(1) + "  no-hex.csv"), test::Contains("found 'gaaa"));
  CHECK_THAT(refused_list("SHA256 (short) = abc"), test::Contains("1: expected"));
  CHECK_THAT(refused_list(""), test::Contains("found ''"));
  CHECK_THAT(refused_list("\x1b[2J" + std::string(5000, 'x')),
             test::Contains("found '\\x1b[2Jxxx") && test::Contains("…'"));
}

// A digest with one wrong bit must never be taken for none: its file would go unchecked.
TEST_CASE("no flipped bit of a line makes it a line that tells nothing, but for a comment's") {
  const std::string line = kTwo + "  orders.csv\n";
  for (std::size_t at = 0; at < line.size() - 1; ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = line;
      flipped[at] = static_cast<char>(static_cast<unsigned char>(flipped[at]) ^ (1U << static_cast<unsigned>(bit)));
      const auto lines = parse_checksums(flipped, "SHA256SUMS", Digests::named);
      if (!lines || flipped.starts_with('#')) continue;
      REQUIRE(lines->size() == 1);
      const bool told = lines->front().name != "orders.csv" || lines->front().sha256 != kTwo;
      const bool means_the_same = flipped[at] != line[at] && (line[at] == ' ' || (flipped[at] ^ line[at]) == 0x20);
      CHECK((told || means_the_same));
    }
  }
}

}  // namespace weir::pipeline
