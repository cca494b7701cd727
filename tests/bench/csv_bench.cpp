// Measures the csv format on a file: boundary scan, parsing, encoding, and both; then a table of twenty columns, all of
// them and three. User time of one thread, the least of
// some rounds. csv_bench FILE [ROUNDS]; the file is made by ../shared/bench/orders.cpp.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <sstream>

#include "bench.hpp"
#include "encoder.hpp"
#include "fake_host.hpp"
#include "reader.hpp"

using namespace weir;
using namespace weir::csv;

namespace {

constexpr std::size_t kChunk = std::size_t{1} << 20U;

void measure(const char* what, int rounds, std::size_t bytes, const std::function<std::int64_t()>& work) {
  double least = 1e9;
  std::int64_t rows = 0;
  for (int i = 0; i < rounds; ++i) {
    const double start = bench::user_seconds();
    rows = work();
    const double took = bench::user_seconds() - start;
    least = took < least ? took : least;
  }
  std::printf("%-12s %8.3f s  %8.0f MB/s  %10lld rows\n", what, least, static_cast<double>(bytes) / least / 1e6,
              static_cast<long long>(rows));
}

// Hands each batch to an encoder, or drops it.
struct Through : weir_next {
  CsvEncoder* encoder = nullptr;
  mutable std::int64_t rows = 0;
  Through() : weir_next{} {
    size = sizeof(weir_next);
    push = [](const weir_next* self, std::uint64_t, weir_batch* batch) -> weir_status {
      const auto& through = *static_cast<const Through*>(self);
      through.rows += batch->rows.length;
      const Array taken(&batch->rows), origins(&batch->origins);
      if (through.encoder != nullptr) {
        weir_batch again{};
        weir_batch_clear(&again);
        again.rows = taken.get();
        Batch in_hand(&again);
        through.encoder->encode(in_hand, Next(self));
      }
      return WEIR_OK;
    };
    reject = [](const weir_next*, const weir_reject*) -> weir_status { return WEIR_OK; };
  }
};

struct Nowhere : weir_output {
  mutable std::uint64_t bytes = 0;
  Nowhere() : weir_output{} {
    size = sizeof(weir_output);
    write = [](const weir_output* self, weir_bytes more, weir_error*) -> weir_status {
      static_cast<const Nowhere*>(self)->bytes += more.length;
      return WEIR_OK;
    };
  }
};

template <class Each>
void for_each_chunk(CsvReader& reader, const std::string& text, Each&& each) {
  std::uint64_t state[4] = {};
  std::size_t begin = reader.start(), at = begin;
  while (at < text.size()) {
    const std::string_view bytes = std::string_view(text).substr(at, kChunk);
    const std::uint64_t end = reader.boundary(bytes, state);
    if (end != 0) {
      each(std::string_view(text).substr(begin, at + end - begin));
      begin = at + end;
    }
    at += bytes.size();
  }
  if (begin < text.size()) each(std::string_view(text).substr(begin));
}

// Integers, numbers, times and texts in turn, twenty columns of them.
std::string twenty_columns() {
  std::string text;
  for (int i = 0; i < 20; ++i) text += (i > 0 ? ",c" : "c") + std::to_string(i);
  std::uint64_t random = 1;
  for (int row = 0; row < 200'000; ++row) {
    for (int i = 0; i < 20; ++i) {
      random = random * 6364136223846793005ULL + 1442695040888963407ULL;
      const std::string value = std::to_string(random >> 44U);
      text += i == 0 ? '\n' : ',';
      if (i % 4 == 0) text += value;
      if (i % 4 == 1) text += value + ".25";
      if (i % 4 == 2) text += "2025-03-1" + value.substr(0, 1) + "T10:00:00Z";
      if (i % 4 == 3) text += random % 8 == 0 ? "\"note, " + value + "\"" : "note " + value;
    }
  }
  return text += '\n';
}

// Of twenty columns, all and three.
void measure_narrow(int rounds) {
  const std::string text = twenty_columns();
  const test::FakeHost host;
  const test::FakeConfig config("{}");
  test::FakeContext context(host, config);
  const test::FakeSchemas schemas;
  for (const auto& [what, columns] : std::initializer_list<std::pair<const char*, std::vector<std::string>>>{
           {"20 of 20", {}}, {"3 of 20", {"c4", "c9", "c15"}}}) {
    const test::Wanted wanted(columns);
    const test::InputBytes input(text, SIZE_MAX, true);
    CsvReader reader(Context(&context), Input(&input), "", Outputs(&schemas), wanted.get());
    measure(what, rounds, text.size(), [&] {
      const Through through;
      for_each_chunk(reader, text, [&](std::string_view chunk) { reader.parse(chunk, Next(&through)); });
      return through.rows;
    });
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) return std::fprintf(stderr, "usage: csv_bench FILE [ROUNDS]\n"), 2;
  const int rounds = count > 2 ? std::atoi(arguments[2]) : 5;
  std::ifstream file(arguments[1], std::ios::binary);
  std::stringstream content;
  content << file.rdbuf();
  const std::string text = content.str();

  const test::FakeHost host;
  const test::FakeConfig config("{}");
  test::FakeContext context(host, config);
  const test::FakeSchemas schemas;
  const test::InputBytes input(text, SIZE_MAX, true);
  const auto open = [&] {
    return std::make_unique<CsvReader>(Context(&context), Input(&input), "", Outputs(&schemas));
  };
  const auto reader = open();

  measure("open", rounds, text.size(), [&] {
    const test::InputBytes anew(text.substr(0, std::size_t{8} << 20U), SIZE_MAX, true);
    const CsvReader opened(Context(&context), Input(&anew), "", Outputs(&schemas));
    return 0;
  });
  measure("boundary", rounds, text.size(), [&] {
    std::int64_t chunks = 0;
    for_each_chunk(*reader, text, [&](std::string_view) { ++chunks; });
    return chunks;
  });
  const Marks marks;
  Scan scan;
  measure("scan", rounds, text.size(), [&] {
    std::int64_t fields = 0;
    for_each_chunk(*reader, text, [&](std::string_view chunk) {
      scan_fields(chunk, marks, scan);
      fields += static_cast<std::int64_t>(scan.count);
    });
    return fields;
  });
  measure("parse", rounds, text.size(), [&] {
    const Through through;
    for_each_chunk(*reader, text, [&](std::string_view chunk) { reader->parse(chunk, Next(&through)); });
    return through.rows;
  });
  measure("both", rounds, text.size(), [&] {
    Through through;
    const Nowhere nowhere;
    CsvEncoder encoder(Context(&context), schemas.schema.get(), Outputs(&schemas), Output(&nowhere));
    through.encoder = &encoder;
    for_each_chunk(*reader, text, [&](std::string_view chunk) { reader->parse(chunk, Next(&through)); });
    encoder.end();
    return through.rows;
  });
  measure_narrow(rounds);
  return 0;
}
