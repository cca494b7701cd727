// The reader: takes the head of an input (byte order mark, layout, types), then gives its records.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <weir/cpp/chunked_reader.hpp>
#include <weir/weir.hpp>

#include "field.hpp"
#include "guess.hpp"
#include "layout.hpp"
#include "options.hpp"
#include "rows_finder.hpp"

namespace weir::json {

class JsonReader final : public ChunkedReader {
 public:
  // Reads the head and tells the schema. `position`, if not empty, is one that position() told. `wanted`: the columns to
  // read, the others are read over; null: all.
  JsonReader(const Context& context, Input input, std::string_view position, const Outputs& outputs,
             const weir_wanted* wanted = nullptr);

  std::uint64_t boundary(std::string_view bytes, ScanState& state) const override;

 private:
  void parse_records(std::string_view records, std::int64_t offset, const Next& next) const override;
  void check_end(const ScanState& state, std::int64_t offset) const override;
  void find_layout();
  void find_rows();
  // Gives true if there are no more records than the sample.
  bool sample(Guess& rows);
  std::vector<Schema> find_columns(const Context& context);
  void read_fields(Schema schema, const weir_wanted* wanted, const Outputs& outputs);

  Options options_;
  Layout layout_ = Layout::unknown;
  std::unique_ptr<RowsFinder> finder_;  // if the manifest says where the rows are
  std::unique_ptr<Field> rows_;
};

}  // namespace weir::json
