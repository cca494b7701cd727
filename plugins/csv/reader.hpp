// The reader: takes the head of an input (byte order mark, delimiter, header, types), then gives its records, one
// chunk after another by read(), or chunk by chunk to whoever asks, in parallel (weir.chunked/1).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <weir/weir.hpp>

#include "infer.hpp"
#include "options.hpp"
#include "parser.hpp"

namespace weir::csv {

class CsvReader : public Reader {
 public:
  // Reads the head and tells the schema. `position`, if not empty, is one that position() told. `wanted`: the columns to
  // make, the others are only cut out; null: all.
  CsvReader(const Context& context, Input input, std::string_view position, const Outputs& outputs,
            const weir_wanted* wanted = nullptr);

  std::int32_t read(std::int64_t deadline, const Next& next) override;
  void position(const Sink& sink) override;

  // weir.chunked/1
  std::uint64_t start();
  std::uint64_t boundary(std::string_view bytes, std::uint64_t (&state)[4]) const;
  void parse(std::string_view chunk, const Next& next) const;

 private:
  std::string_view pending() const;
  bool fill(std::size_t wanted, std::int64_t deadline = INT64_MAX);
  bool find_header(std::size_t from);
  void read_header(const Context& context);
  void check_names() const;
  void warn_of_delimiter(const Context& context, std::string_view header) const;
  void sample(Inference& inference);
  Schema infer_schema(const weir_wanted* wanted);
  void check_expected(const ArrowSchema& expected, const weir_wanted* wanted) const;
  void skip_to(std::string_view position);

  Input input_;
  Options options_;
  Parser parser_;
  std::vector<std::string> names_;

  Buffer buffer_;  // bytes read and not parsed: from taken_ on
  std::size_t taken_ = 0;
  std::int64_t base_ = 0;       // where the buffer begins in the input
  std::size_t header_end_ = 0;  // where the first record begins in the input
  std::size_t looked_ = 0;      // bytes of pending() that have been looked at for the end of a record
  State state_ = State::start;  // behind them
  bool end_ = false;            // the input has no more
};

}  // namespace weir::csv
