// libFuzzer target of the json format. The first bytes say the options and where the bytes are cut, the rest is the file: it
// is read the same however it is cut, whatever the options, and of the usual ones what plugins/json/reference.hpp demands.
#include <cstdio>
#include <cstdlib>

#include "bytes.hpp"
#include "reference.hpp"

namespace {

using namespace weir::json::test;
using weir::testing::Options;

Options options_of(std::size_t number) {
  switch (number) {
    case 0: return {};
    case 1: return {{"/rows", "/data/items"}};
    case 2: return {{"/rows", "/a"}, {"/unknown_keys", "ignore"}};
    case 3: return {{"/rows", "/0/b"}};
    case 4: return {{"/unknown_keys", "ignore"}};
    case 5: return {{"/types/a", "decimal(10,2)"}, {"/types/b", "json"}};
    case 6: return {{"/types/a", "int32"}, {"/types/b", "string"}, {"/types/c", "bool"}};
    case 7: return {{"/types/a", "timestamp(us, UTC)"}, {"/types/b", "date"}};
    default: return {{"/types/a", "double"}, {"/types/b", "time"}, {"/types/c", "timestamp(ms)"}};
  }
}

void fail(const std::string& what) {
  std::fprintf(stderr, "violated: %s\n", what.c_str());
  std::abort();
}

// What users can't tell apart: a failure's place and words may be of another piece that was looked at first.
bool same(const Reading& a, const Reading& b) {
  if (a.failure.empty() != b.failure.empty()) return false;
  return !a.failure.empty() ||
         (a.types == b.types && a.rows == b.rows && a.origins == b.origins && a.rejects == b.rejects);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  weir::fuzz::Bytes bytes(data, size);
  const std::size_t number = bytes.below(9);
  std::vector<std::size_t> pieces = {bytes.below(32) + 1, bytes.below(32) + 1, std::size_t{bytes.byte()} + 1};
  const bool narrow = bytes.byte() >= 128;
  const std::string text = bytes.rest();
  if (number == 0) {
    if (const std::string problem = violated(text, pieces[0]); !problem.empty()) fail(problem);
  }
  How how{.options = options_of(number)};
  if (narrow) how.wanted = {"a"};
  const Reading whole = read_json(text, how);
  how.pieces = pieces;
  const Reading cut = read_json(text, how);
  if (!same(whole, cut))
    fail("cut, it is read otherwise: " + whole.failure + " " + whole.rows + "\n / " + cut.failure + " " + cut.rows);
  return 0;
}
