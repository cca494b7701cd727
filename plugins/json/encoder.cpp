#include "encoder.hpp"

#include "quoted.hpp"

namespace weir::json {
namespace {

constexpr std::size_t kFlushSize = std::size_t{256} * 1024;
constexpr std::size_t kSpare = std::size_t{64} * 1024;  // what a row may overshoot before memory grows
constexpr std::size_t kStride = 16;

}  // namespace

LinesEncoder::Prefix::Prefix(const std::string& name, bool first) {
  TextBuffer made(64);
  made.put(first ? '{' : ',');
  put_quoted(made, name);
  made.put(':');
  size = made.size();
  text.assign(reinterpret_cast<const char*>(made.data()), size);
  text.append(kStride, ' ');
}

void LinesEncoder::Prefix::put(TextBuffer& out) const {
  char* const to = out.room(size + kStride);
  for (std::size_t i = 0; i < size; i += kStride) std::memcpy(to + i, text.data() + i, kStride);
  out.advance_to(to + size);
}

LinesEncoder::LinesEncoder(const Context& /*context*/, const ArrowSchema& input, const Outputs& stored, Output output)
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

void LinesEncoder::encode(Batch& batch, const Next& next) {
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

void LinesEncoder::flush() {
  if (buffer_.size() == 0) return;
  output_.write(buffer_.data(), buffer_.size());
  buffer_.cut(0);
}

// Gives the column that JSON can't say, or null.
const Column* LinesEncoder::write_row(std::int64_t row) {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    prefixes_[i].put(buffer_);
    values_.value(columns_[i], row);
    if (values_.problem() != nullptr) return &columns_[i];
  }
  buffer_.put(columns_.empty() ? std::string_view("{}\n") : std::string_view("}\n"));
  return nullptr;
}

}  // namespace weir::json
