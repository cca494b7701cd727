#include "run/rejects.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/utf8.hpp"
#include "run/plan.hpp"

namespace weir::run {
namespace {

// What plugins say, and records as they were found, need not be UTF-8; the columns of the sink are.
void text(weir::TextBuilder& column, const std::string& value) {
  if (value.empty())
    column.append_null();
  else if (base::is_utf8(value))
    column.append(value);
  else
    column.append(base::repaired_utf8(value));
}

std::string full_reason(const pipeline::Reject& reject) {
  return reject.column.empty() ? reject.reason : reject.column + ": " + reject.reason;
}

// Whatever a plugin calls a record's fields, the file must stay JSON.
bool is_json(const std::string& value) { return nlohmann::json::accept(value); }

}  // namespace

pipeline::TakeReject RejectWriter::refuse() {
  return [](const pipeline::Reject& reject) -> base::Result<void> { return base::unexpected(reject.error()); };
}

void RejectWriter::add(pipeline::Reject reject) {
  if (redactor_ != nullptr) {
    reject.reason = redactor_->redact(std::move(reject.reason));
    reject.detail = redactor_->redact(std::move(reject.detail));
  }
  waiting_.push_back(std::move(reject));
}

base::Result<void> RejectWriter::write(bool all) {
  if (!all && waiting_.size() < kBatchRows) return {};
  for (std::size_t from = 0; from < waiting_.size(); from += kBatchRows) {
    WEIR_TRY(write_batch(from, std::min(from + kBatchRows, waiting_.size())));
  }
  waiting_.clear();
  return {};
}

base::Result<void> RejectWriter::write_batch(std::size_t from, std::size_t to) {
  std::vector<weir::TextBuilder> texts(8);  // row, reason, column, detail, link, stream, file; record
  weir::NumberBuilder<std::int64_t> lines;
  for (std::size_t i = from; i < to; ++i) {
    const auto& reject = waiting_[i];
    const bool row = !reject.row.empty() && is_json(reject.row);
    text(texts[0], row ? reject.row : std::string());
    text(texts[1], full_reason(reject));
    text(texts[2], reject.column);
    text(texts[3], reject.detail);
    text(texts[4], reject.link);
    text(texts[5], reject.stream);
    text(texts[6], reject.place.file);
    if (reject.place.line == 0)
      lines.append_null();
    else
      lines.append(static_cast<std::int64_t>(reject.place.line));
    text(texts[7], row ? std::string() : reject.record);
  }
  std::vector<weir::Array> columns;
  for (std::size_t i = 0; i < 7; ++i) columns.push_back(texts[i].finish());
  columns.push_back(lines.finish());
  columns.push_back(texts[7].finish());
  pipeline::Batch batch;
  batch.rows = arrow::SharedArray(weir::rows_of(static_cast<std::int64_t>(to - from), std::move(columns)));
  return writer_.write(input_, std::move(batch));
}

}  // namespace weir::run
