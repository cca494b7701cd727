// The json format: an encoder that writes one object a row and a line, and the plugin's description. The reader is not
// there yet.
#include <string>
#include <vector>

#include <weir/weir.hpp>

#include "column.hpp"
#include "quoted.hpp"
#include "text_buffer.hpp"
#include "value_writer.hpp"
#include "weir_plugin_info.h"

namespace weir::json {
namespace {

constexpr std::size_t kFlushSize = std::size_t{256} * 1024;
constexpr std::size_t kSpare = std::size_t{64} * 1024;  // what a row may overshoot before memory grows
constexpr std::size_t kStride = 16;

// `{"name":` or `,"name":`, with a few bytes more behind so that it can be copied in strides.
struct Prefix {
  std::string text;
  std::size_t size = 0;

  explicit Prefix(const std::string& name, bool first) {
    TextBuffer made(64);
    made.put(first ? '{' : ',');
    put_quoted(made, name);
    made.put(':');
    size = made.size();
    text.assign(reinterpret_cast<const char*>(made.data()), size);
    text.append(kStride, ' ');
  }

  void put(TextBuffer& out) const {
    char* const to = out.room(size + kStride);
    for (std::size_t i = 0; i < size; i += kStride) std::memcpy(to + i, text.data() + i, kStride);
    out.advance_to(to + size);
  }
};

class LinesEncoder : public Encoder {
 public:
  LinesEncoder(const Context& /*context*/, const ArrowSchema& input, const Outputs& stored, Output output)
      : output_(output), buffer_(kFlushSize + kSpare), values_(buffer_) {
    for (std::int64_t i = 0; i < input.n_children; ++i) {
      const ArrowSchema& field = *input.children[i];
      columns_.emplace_back(field);
      const std::string& name = columns_.back().name();
      if (column_index(input, name) != i) {
        throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
                      "expected names that differ, found two columns '" + name + "'")
            .column(name)
            .hint("rename one: an object of JSON has each name once");
      }
      prefixes_.emplace_back(name, i == 0);
    }
    stored.same(input);
  }

  void encode(Batch& batch, const Next& next) override {
    for (std::size_t i = 0; i < columns_.size(); ++i) columns_[i].bind(batch.column(static_cast<std::int64_t>(i)));
    const std::int64_t outer = batch.outer();
    for (std::int64_t row = 0; row < batch.length(); ++row) {
      const std::size_t begin = buffer_.size();
      const Column* failed = write_row(outer + row);
      if (failed != nullptr) {
        buffer_.cut(begin);
        next.reject(rejected_row(row, failed->name(), values_.problem()));
        values_.forget_problem();
      } else if (buffer_.size() >= kFlushSize) {
        flush();
      }
    }
  }

  void flush() override {
    if (buffer_.size() == 0) return;
    output_.write(buffer_.data(), buffer_.size());
    buffer_.cut(0);
  }

  void end() override { flush(); }

 private:
  // Gives the column that JSON can't say, or null.
  const Column* write_row(std::int64_t row) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      prefixes_[i].put(buffer_);
      values_.value(columns_[i], row);
      if (values_.problem() != nullptr) return &columns_[i];
    }
    buffer_.put(columns_.empty() ? std::string_view("{}\n") : std::string_view("}\n"));
    return nullptr;
  }

  Output output_;
  TextBuffer buffer_;
  ValueWriter values_;
  std::vector<Column> columns_;
  std::vector<Prefix> prefixes_;
};

struct Sniffer {
  static std::int32_t sniff(const weir_sniff& found) {
    const std::string_view name = to_view(found.name), head = to_view(found.head);
    for (const std::string_view ending : {".json", ".ndjson", ".jsonl"}) {
      if (name.ends_with(ending)) return 90;
    }
    const std::size_t first = head.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && (head[first] == '{' || head[first] == '[') ? 40 : 0;
  }
};

}  // namespace
}  // namespace weir::json

WEIR_PLUGIN(weir::format<void, weir::json::LinesEncoder, weir::json::Sniffer>("json"));
