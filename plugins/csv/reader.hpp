// The reader: takes the head of an input (byte order mark, delimiter, header, types), then gives its records.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <weir/cpp/chunked_reader.hpp>
#include <weir/weir.hpp>

#include "infer.hpp"
#include "options.hpp"
#include "parser.hpp"

namespace weir::csv {

class CsvReader final : public ChunkedReader {
 public:
  // Reads the head and tells the schema. `position`, if not empty, is one that position() told. `wanted`: the columns to
  // make, the others are only cut out; null: all.
  CsvReader(const Context& context, Input input, std::string_view position, const Outputs& outputs,
            const weir_wanted* wanted = nullptr);

  std::uint64_t boundary(std::string_view bytes, ScanState& state) const override;

 private:
  void parse_records(std::string_view records, std::int64_t offset, const Next& next) const override;
  bool find_start(std::size_t& from);
  bool find_header(std::size_t from, std::size_t& header_end);
  void read_header(const Context& context);
  void mend_names(const Context& context);
  void check_names() const;
  void warn_of_delimiter(const Context& context, std::string_view header) const;
  void sample(Inference& inference);
  std::string found_text() const;
  Metadata spelling_for(const std::string& format, const Guess& guess) const;
  Schema in_zone(Schema field) const;
  Schema infer_schema(const weir_wanted* wanted);
  void check_expected(const ArrowSchema& expected, const weir_wanted* wanted) const;

  Options options_;
  Lexer lexer_;
  Parser parser_;
  std::vector<std::string> names_;
};

}  // namespace weir::csv
