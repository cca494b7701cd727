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

void number(weir::NumberBuilder<std::int64_t>& column, std::int64_t value, bool known) {
  if (known)
    column.append(value);
  else
    column.append_null();
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
  if (origins_ != nullptr) origins_->restore(reject);
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
  weir::TextBuilder row, reason, column, detail, link, stream, split, file, record;
  weir::NumberBuilder<std::int64_t> position, line;
  for (std::size_t i = from; i < to; ++i) {
    const auto& reject = waiting_[i];
    const bool is_row = !reject.row.empty() && is_json(reject.row);
    text(row, is_row ? reject.row : std::string());
    text(reason, full_reason(reject));
    text(column, reject.column);
    text(detail, reject.detail);
    text(link, reject.link);
    text(stream, reject.stream);
    text(split, reject.split);
    number(position, reject.position, reject.position >= 0);
    text(file, reject.place.file);
    number(line, static_cast<std::int64_t>(reject.place.line), reject.place.line != 0);
    text(record, is_row ? std::string() : reject.record);
  }
  std::vector<weir::Array> columns;
  for (auto* one : {&row, &reason, &column, &detail, &link, &stream, &split}) columns.push_back(one->finish());
  columns.push_back(position.finish());
  columns.push_back(file.finish());
  columns.push_back(line.finish());
  columns.push_back(record.finish());
  pipeline::Batch batch;
  batch.rows = arrow::SharedArray(weir::rows_of(static_cast<std::int64_t>(to - from), std::move(columns)));
  return writer_.write(input_, std::move(batch));
}

}  // namespace weir::run
