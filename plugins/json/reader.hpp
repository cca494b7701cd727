// The reader: takes the head of an input (byte order mark, layout, types), then gives its records, one piece after another
// by read(), or piece by piece to whoever asks, in parallel (weir.chunked/1).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <weir/weir.hpp>

#include "field.hpp"
#include "guess.hpp"
#include "layout.hpp"
#include "options.hpp"

namespace weir::json {

class JsonReader : public Reader {
 public:
  // Reads the head and tells the schema. `position`, if not empty, is one that position() told. `wanted`: the columns to
  // read, the others are read over; null: all.
  JsonReader(const Context& context, Input input, std::string_view position, const Outputs& outputs,
             const weir_wanted* wanted = nullptr);

  std::int32_t read(std::int64_t deadline, const Next& next) override;
  void position(const Sink& sink) override;

  // weir.chunked/1
  std::uint64_t start() { return start_; }
  std::uint64_t boundary(std::string_view bytes, std::uint64_t (&state)[4]) const;
  void parse(std::string_view chunk, const Next& next) const;
  void finish(const std::uint64_t (&state)[4]) const;

 private:
  std::string_view pending() const;
  bool fill(std::size_t wanted, std::int64_t deadline = INT64_MAX);
  void find_layout();
  void sample(Guess& rows);
  void sample_lines_between(Guess& rows);
  std::vector<Schema> find_columns();
  void read_fields(Schema schema, const weir_wanted* wanted, const Outputs& outputs);
  void check_closed(const ScanState& state, std::int64_t offset) const;
  void skip_to(std::string_view position);

  Input input_;
  Options options_;
  Layout layout_ = Layout::unknown;
  std::unique_ptr<Field> rows_;

  Buffer buffer_;  // bytes read and not parsed: from taken_ on
  std::size_t taken_ = 0;
  std::int64_t base_ = 0;   // where the buffer begins in the input
  std::size_t start_ = 0;   // where the records begin in the input
  std::size_t looked_ = 0;  // bytes of pending() that have been looked at for the end of a record
  ScanState state_;         // behind them
  bool end_ = false;        // the input has no more
};

}  // namespace weir::json
