// libFuzzer target of the csv format. The first bytes say the options and where the bytes are cut, the rest is the file: it is
// read the same however it is cut, whatever the options, and of the usual ones what plugins/csv/reference.hpp demands.
#include <cstdio>
#include <cstdlib>
#include <set>
#include <string>
#include <vector>

#include "bytes.hpp"
#include "reference.hpp"

namespace {

using namespace weir::csv::test;

constexpr const char* kOptions[] = {
    R"o({})o",
    R"o({"infer": false, "delimiter": ";", "quote": "'"})o",
    R"o({"quote": "none", "ragged": "fill"})o",
    R"o({"escape": "\\", "nulls": ["\\N", "NA"]})o",
    R"o({"comment": "#", "skip": 1, "trim": true})o",
    R"o({"ragged": "reject", "comment": "%"})o",
    R"o({"ragged": "fill", "header": false, "trim": true})o",
    R"o({"decimal": ",", "thousands": ".", "delimiter": ";"})o",
    R"o({"header": false, "columns": ["a", "b"], "types": {"a": "decimal(10,2)", "b": "timestamp(us, UTC)"}})o",
    R"o({"columns": ["a", "b", "c"], "types": {"a": "int16", "b": "date", "c": "time(ms)"}, "ragged": "fill"})o",
    R"o({"formats": {"a": "%d/%m/%Y", "b": "%H:%M"}, "nulls": ["-"]})o",
    R"o({"times": {"naive": "Europe/Rome"}, "escape": "^", "quote": "'", "ragged": "reject"})o",
    R"o({"trim": true, "quote": "\"", "delimiter": "\t", "nulls": ["x"]})o",
    R"o({"header": true, "files": "union", "types": {"a": "bool", "b": "double"}})o",
};

void fail(const std::string& what) {
  std::fprintf(stderr, "violated: %s\n", what.c_str());
  std::abort();
}

std::string columns_of(const Result& read) {
  std::string shown;
  for (std::int64_t i = 0; i < read.schema->n_children; ++i)
    shown += std::string(read.schema->children[i]->name) + " " + weir::type_name(*read.schema->children[i]) + "\n";
  return shown;
}

// By their place: within a chunk they come by reason.
std::string rejects_of(const Result& read) {
  std::set<std::string> lines;
  for (const FakeReject& reject : read.rejects)
    lines.insert(std::to_string(reject.offset) + "+" + std::to_string(reject.within) + " " + reject.column + " " +
                 reject.reason + " " + reject.detail + " " + reject.record + " " + reject.fields + "\n");
  std::string shown = std::to_string(read.rejects.size()) + "\n";
  for (const auto& line : lines) shown += line;
  return shown;
}

// Where the two differ; empty: nowhere. A failure's place and words may be of another piece that was looked at first.
std::string difference(const Result& a, const Result& b) {
  if (a.failure.has_value() != b.failure.has_value())
    return "refused: " + a.failure.value_or("no") + " / " + b.failure.value_or("no");
  if (a.failure) return "";
  if (columns_of(a) != columns_of(b)) return "columns: " + columns_of(a) + " / " + columns_of(b);
  if (a.origins != b.origins) return "origins";
  const std::string rejects = rejects_of(a), others = rejects_of(b);
  if (rejects != others) return "rejects: " + rejects + " / " + others;
  const std::string rows = write_rows(a.schema, a.batches).text, other = write_rows(b.schema, b.batches).text;
  return rows == other ? "" : "rows: " + rows + " / " + other;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  weir::fuzz::Bytes bytes(data, size);
  const std::size_t number = bytes.below(std::size(kOptions) + 2);
  const Steps steps = {bytes.below(32) + 1, bytes.below(32) + 1, std::size_t{bytes.byte()} + 1};
  const std::string text = bytes.rest();
  if (number >= std::size(kOptions)) {
    if (const std::string problem = violated(text, steps[0]); !problem.empty()) fail(problem);
    return 0;
  }
  const Result whole = read_in_steps(text, kOptions[number], {});
  const std::string problem = difference(whole, read_in_steps(text, kOptions[number], steps));
  if (!problem.empty()) fail("cut, it is read otherwise: " + problem);
  return 0;
}
