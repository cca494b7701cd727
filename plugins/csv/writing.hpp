// For tests: rows as the encoder writes them.
#pragma once

#include <span>
#include <string>

#include "encoder.hpp"
#include "fake_host.hpp"

namespace weir::test {

struct Written {
  std::string text;
  std::size_t rejects = 0;
  std::string first;  // "REASON; DETAIL" of the first of them
};

// The arrays stay the caller's.
inline Written write_rows(const Schema& schema, std::span<const Array> rows, const std::string& options = "{}") {
  const FakeHost host;
  const FakeConfig config(options);
  FakeContext context(host, config);
  const FakeSchemas stored;
  const FakeOutput output;
  const FakeNext next;
  csv::CsvEncoder encoder(Context(&context), schema.get(), Outputs(&stored), Output(&output));
  for (const Array& array : rows) {
    weir_batch batch{};
    weir_batch_clear(&batch);
    batch.rows = array.get();
    Batch in_hand(&batch);
    encoder.encode(in_hand, Next(&next));
  }
  encoder.end();
  return {output.bytes, next.rejects.size(),
          next.rejects.empty() ? "" : next.rejects[0].reason + "; " + next.rejects[0].detail};
}

}  // namespace weir::test
