// What the reader says of bad files, by the table golden/messages.txt: a document, spelled with \n, \t, \xNN for what has no
// place on a line; then what is said of it, each on a line: "offset+within column: reason: detail" of a reject, "offset
// message (hint)" of a failure; a blank line between. In front of a document may stand a pointer to its rows. With WEIR_GOLDEN_WRITE set in the environment it is written anew.
#include <weir_catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "reading.hpp"

using namespace weir::json::test;

namespace {

std::filesystem::path table_path() { return std::filesystem::path(WEIR_GOLDEN) / "messages.txt"; }

std::string spelled_out(const std::string& spelled) {
  std::string bytes;
  for (std::size_t i = 0; i < spelled.size(); ++i) {
    if (spelled[i] != '\\' || i + 1 == spelled.size()) {
      bytes += spelled[i];
    } else if (spelled[i + 1] == 'x') {
      bytes += static_cast<char>(std::stoi(spelled.substr(i + 2, 2), nullptr, 16));
      i += 3;
    } else if (spelled[i + 1] == 'n' || spelled[i + 1] == 't') {
      bytes += spelled[++i] == 'n' ? '\n' : '\t';
    } else {
      bytes += spelled[i];
    }
  }
  return bytes;
}

// Columns whose types are declared, so that a short document can have values that do not fit.
weir::testing::Options options() {
  return {{"/types/int", "int64"},    {"/types/small", "int8"}, {"/types/double", "double"},
          {"/types/day", "date"},     {"/types/clock", "time"}, {"/types/at", "timestamp(us, UTC)"},
          {"/types/bytes", "binary"}, {"/types/yes", "bool"},   {"/types/money", "decimal(5,2)"},
          {"/types/large", "uint64"}, {"/types/real", "float"}};
}

std::string answer_to(const std::string& document) {
  const std::size_t pointer = document.starts_with('/') ? document.find(' ') : 0;
  weir::testing::Options all = options();
  if (pointer > 0) all.with({"/rows", document.substr(0, pointer)});
  const Reading reading = read_json(spelled_out(document.substr(pointer == 0 ? 0 : pointer + 1)), {.options = all});
  std::string said;
  for (const Rejected& reject : reading.rejects) {
    said += std::to_string(reject.offset) + "+" + std::to_string(reject.within) + " " +
            (reject.column.empty() ? "" : reject.column + ": ") + reject.reason + ": " + reject.detail + "\n";
  }
  if (!reading.failure.empty()) said += reading.failure + "\n";
  return said.empty() ? "fine\n" : said;
}

}  // namespace

TEST_CASE("every mistake in a file is answered as the golden table says") {
  std::ifstream file(table_path());
  REQUIRE(file);
  std::string document, line, written;
  int count = 0;
  while (std::getline(file, document)) {
    std::string expected;
    while (std::getline(file, line) && !line.empty()) expected += line + "\n";
    const std::string found = answer_to(document);
    if (std::getenv("WEIR_GOLDEN_WRITE") == nullptr) {
      INFO(document);
      CHECK(found == expected);
    }
    written += document + "\n" + found + "\n";
    ++count;
  }
  CHECK(count > 50);
  if (std::getenv("WEIR_GOLDEN_WRITE") == nullptr) return;
  file.close();
  std::ofstream(table_path()) << written;
}
