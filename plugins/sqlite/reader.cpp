#include "reader.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <numeric>

#include <weir/cpp/quoted.hpp>

#include "json.hpp"
#include "settings.hpp"
#include "source_type.hpp"

namespace weir::sqlite {
namespace {

constexpr std::size_t kRows = 65536;
constexpr std::size_t kBatchBytes = std::size_t{4} << 20U;
constexpr std::size_t kSampleRows = 1000;
constexpr std::size_t kSampleBytes = std::size_t{4} << 20U;
constexpr std::size_t kLongestId = 256;
constexpr std::size_t kShownBytes = 60;

// What changes when a file changes: size and time; empty if there is none.
std::string version_of(const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0 || status.st_size == 0) return {};
  return std::to_string(status.st_size) + "@" + std::to_string(status.st_mtim.tv_sec) + "." +
         std::to_string(status.st_mtim.tv_nsec);
}

void check_file(const std::string& path) {
  const auto wrong = [&](weir_status status, const std::string& message) {
    return Failure(status, WEIR_FAULT_SOURCE, "'" + path + "': " + message).object(path).option("/database");
  };
  std::error_code problem;
  const auto status = std::filesystem::status(path, problem);
  if (status.type() == std::filesystem::file_type::not_found)
    throw wrong(WEIR_NOT_FOUND, "expected a database, found none").hint("give the path of a SQLite database");
  if (std::filesystem::is_directory(status))
    throw wrong(WEIR_FAILED_PRECONDITION, "expected a database file, found a folder")
        .hint("give the path of a SQLite database");
}

Database opened(const Context& context, const std::string& path) {
  check_file(path);
  return Database(context, path, Access::read);
}

// `text`, or its first `most` bytes, without a broken character at the end.
std::string_view cut(std::string_view text, std::size_t most) {
  std::size_t length = std::min(text.size(), most);
  while (length < text.size() && length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U) --length;
  return text.substr(0, length);
}

// The split's name, as places show it: the file, and the table if it is one.
std::string split_id(const Wanted& wanted) {
  std::string id = std::filesystem::path(wanted.database).filename().string();
  if (!wanted.table.empty()) id += " table " + wanted.table;
  return std::string(cut(id, kLongestId));
}

// The value in words, for messages: integer 5, text "abc…", 12 bytes.
std::string shown(const Value& value) {
  char number[text::kMaxDouble];
  switch (value.kind) {
    case Value::Kind::integer: return "integer " + std::to_string(value.integer);
    case Value::Kind::real: return "real " + std::string(number, text::write_double(number, value.real));
    case Value::Kind::blob: return std::to_string(value.bytes.size()) + " bytes";
    default: break;
  }
  std::string out;
  append_json_text(out, cut(value.bytes, kShownBytes));
  return "text " + out + (value.bytes.size() > kShownBytes ? "…" : "");
}

}  // namespace

bool SqliteReader::plan(const Context& context, std::string_view /*state*/, const Plan& plan) {
  const Wanted wanted = read_wanted(context.config());
  check_file(wanted.database);
  const std::string id = split_id(wanted);
  std::error_code ignored;
  const auto bytes = static_cast<std::int64_t>(std::filesystem::file_size(wanted.database, ignored));
  plan.add(id, version_of(wanted.database) + " " + version_of(wanted.database + "-wal"), -1, ignored ? -1 : bytes);
  return false;
}

SqliteReader::SqliteReader(const Context& context, const weir_split& /*split*/, std::string_view /*position*/,
                           const Outputs& outputs)
    : wanted_(read_wanted(context.config())),
      database_(opened(context, wanted_.database)),
      statement_(prepare(database_, wanted_)),
      sample_(static_cast<std::size_t>(sqlite3_column_count(statement_.raw()))) {
  choose_types();
  outputs.same(schema_.get());
}

void SqliteReader::choose_types() {
  const int width = sqlite3_column_count(statement_.raw());
  std::vector<std::string> names;
  std::vector<Declared> declared;
  for (int i = 0; i < width; ++i) {
    const char* type = sqlite3_column_decltype(statement_.raw(), i);
    names.emplace_back(sqlite3_column_name(statement_.raw(), i));
    declared.push_back(declared_as(type == nullptr ? "" : type));
    const auto same = std::find(names.begin(), names.end() - 1, names.back());
    if (same == names.end() - 1) continue;
    throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
                  "expected column names that differ, found '" + names.back() + "' twice")
        .column(names.back())
        .option(wanted_.option())
        .hint("give one of them another name: AS");
  }
  const bool open = std::any_of(declared.begin(), declared.end(), [](const Declared& d) { return d.open(); });
  sampled_all_ = take_sample(open);
  std::vector<Schema> fields;
  for (std::size_t i = 0; i < names.size(); ++i) {
    try {
      fields.push_back(source_field(names[i], declared[i], sample_, i, sampled_all_));
    } catch (Failure& failure) {
      throw std::move(failure).option(wanted_.option());
    }
  }
  schema_ = Schema::rows(std::move(fields));
  for (std::int64_t i = 0; i < schema_->n_children; ++i) columns_.emplace_back(*schema_->children[i], kRows);
}

bool SqliteReader::take_sample(bool open) {
  if (!open) return false;
  for (std::size_t row = 0; row < kSampleRows && sample_.size_bytes() < kSampleBytes; ++row) {
    if (!step()) return true;
    for (int i = 0; i < sqlite3_column_count(statement_.raw()); ++i) sample_.add(statement_.value(i));
  }
  return false;
}

bool SqliteReader::step() {
  const int code = sqlite3_step(statement_.raw());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  if ((code & 0xFF) != SQLITE_ERROR) database_.fail(code, at_ == 0);
  throw Failure(WEIR_FAILED_PRECONDITION, WEIR_FAULT_DATA,
                "expected row " + std::to_string(std::max(static_cast<std::size_t>(at_), sample_.rows()) + 1) +
                    " of the result, found: " + sqlite3_errmsg(database_.raw()))
      .native(code)
      .option(wanted_.option());
}

Value SqliteReader::value(std::size_t column) const {
  const auto row = static_cast<std::size_t>(at_);
  return row < sample_.rows() ? sample_.at(row, column) : statement_.value(static_cast<int>(column));
}

std::int32_t SqliteReader::read(std::int64_t /*deadline*/, const Next& next) {
  database_.check_cancelled();
  for (auto& column : columns_) column.begin();
  base_ = at_;
  rejected_ = false;
  std::size_t rows = 0, bytes = 0;
  bool more = true;
  while (rows < kRows && bytes < kBatchBytes && static_cast<std::size_t>(at_ - base_) < kRows) {
    const bool sampled = static_cast<std::size_t>(at_) < sample_.rows();
    more = sampled || (!sampled_all_ && step());
    if (!more) break;
    if (put_row(rows, next)) {
      ++rows;
      bytes = 0;
      for (const auto& column : columns_) bytes += column.size_bytes(rows);
    }
    ++at_;
  }
  if (rows > 0) push(rows, next);
  if (more) return WEIR_READ_MORE;
  statement_ = Statement();  // lets go of the snapshot
  return WEIR_READ_END;
}

bool SqliteReader::put_row(std::size_t row, const Next& next) {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const char* reason = columns_[i].put(row, value(i));
    if (reason == nullptr) continue;
    if (!rejected_) {
      rejected_ = true;
      origins_.resize(row);
      std::iota(origins_.begin(), origins_.end(), 0U);
    }
    reject(i, reason, next);
    return false;
  }
  if (rejected_) origins_.push_back(static_cast<std::uint32_t>(at_ - base_));
  return true;
}

void SqliteReader::push(std::size_t rows, const Next& next) {
  std::vector<Array> columns;
  for (auto& column : columns_) columns.push_back(column.finish(rows));
  Array origins;
  if (rejected_) {
    std::vector<Buffer> buffers(2);
    buffers[1].append(origins_.data(), origins_.size() * sizeof(std::uint32_t));
    origins = make_array(static_cast<std::int64_t>(rows), 0, std::move(buffers));
  }
  next.push(rows_of(static_cast<std::int64_t>(rows), std::move(columns)), 0, std::move(origins), base_);
}

void SqliteReader::reject(std::size_t column, const char* reason, const Next& next) const {
  std::string fields;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    fields += fields.empty() ? '{' : ',';
    append_json_text(fields, columns_[i].name());
    fields += ':';
    append_json_value(fields, value(i));
  }
  fields += '}';
  const std::string detail =
      "expected " + columns_[column].type() + ", found " + shown(value(column)) + " in row " + std::to_string(at_ + 1);
  weir_reject rejected{};
  weir_reject_clear(&rejected);
  rejected.offset = at_;
  rejected.fields = to_bytes(fields);
  rejected.column = to_weir(columns_[column].name());
  rejected.reason = to_weir(reason);
  rejected.detail = to_weir(detail);
  next.reject(rejected);
}

}  // namespace weir::sqlite
