// The encoder: writes rows as newline-delimited JSON, an object each.
#pragma once

#include <string>
#include <vector>

#include <weir/weir.hpp>

#include "column.hpp"
#include "text_buffer.hpp"
#include "value_writer.hpp"

namespace weir::json {

class LinesEncoder : public Encoder {
 public:
  LinesEncoder(const Context& context, const ArrowSchema& input, const Outputs& stored, Output output);

  void encode(Batch& batch, const Next& next) override;
  void flush() override;
  void end() override { flush(); }

 private:
  // `{"name":` or `,"name":`, with a few bytes more behind so that it can be copied in strides.
  struct Prefix {
    Prefix(const std::string& name, bool first);
    void put(TextBuffer& out) const;

    std::string text;
    std::size_t size = 0;
  };

  const Column* write_row(std::int64_t row);

  Output output_;
  TextBuffer buffer_;
  ValueWriter values_;
  std::vector<Column> columns_;
  std::vector<Prefix> prefixes_;
};

}  // namespace weir::json
