#include "times.hpp"

#include <algorithm>
#include <chrono>

namespace weir::sqlite {
namespace {

constexpr std::int64_t kTimesKept = 1000;
constexpr const char* kMicroSpelling = "T6";
constexpr const char* kNanoSpelling = "T9";

// The field by which times are kept: timestamps with as many digits in each run, whatever unit the rows have, and in UTC.
Schema kept_as(const ArrowSchema& field) {
  const TypeInfo info = type_of(field);
  if (info.type != Type::timestamp) return Schema::copy_of(field);
  const std::string digits = info.unit == Unit::nano ? kNanoSpelling : kMicroSpelling;
  return Schema::field(field.format, "", true, {{std::string(kSpellingKey), digits + (info.zone.empty() ? "" : "Z")}});
}

std::string spelled(std::int64_t micros) {
  char text[text::kMaxTimestamp];
  text::Spelling spelling;
  spelling.digits = 6;
  spelling.zone = text::Spelling::Zone::utc;
  const char* const end = text::write_timestamp(text, micros, Unit::micro, spelling);
  return end == nullptr ? std::string() : std::string(text, static_cast<std::size_t>(end - text));
}

std::int64_t new_time(Database& database, const std::string& table) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  Statement last(database, "SELECT max(time) FROM main._weir_times WHERE target = ?1");
  last.with(1, table).next();
  const bool none = last.value(0).kind == Value::Kind::null;
  const std::int64_t micros = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
  return none ? micros : std::max(micros, last.integer(0) + 1);
}

std::int64_t micros_of_run(Database& database, const Context& context, const std::string& table) {
  database.run(
      "CREATE TABLE IF NOT EXISTS main._weir_times(id INTEGER PRIMARY KEY, run TEXT NOT NULL, "
      "target TEXT NOT NULL COLLATE NOCASE, time INTEGER NOT NULL, UNIQUE(run, target))");
  Statement noted(database, "SELECT time FROM main._weir_times WHERE run = ?1 AND target = ?2");
  if (noted.with(1, context.run()).with(2, table).next()) return noted.integer(0);
  const std::int64_t time = new_time(database, table);
  Statement note(database, "INSERT INTO main._weir_times(run, target, time) VALUES(?1, ?2, ?3)");
  note.with(1, context.run()).with(2, table).with(3, time).next();
  Statement forget(database,
                   "DELETE FROM main._weir_times WHERE target = ?1 AND id <= (SELECT id FROM main._weir_times "
                   "WHERE target = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)");
  forget.with(1, table).with(2, kTimesKept).next();
  return time;
}

}  // namespace

std::string time_of_run(Database& database, const Context& context, const std::string& table) {
  return spelled(micros_of_run(database, context, table));
}

Times::Times(const ArrowSchema& input, const Layout& layout) : input_column_(layout.time), type_(layout.time_type) {
  if (input_column_ < 0) return;
  const ArrowSchema& field = *input.children[input_column_];
  field_ = kept_as(field);
  column_ = std::make_unique<Column>(field_.get());
  if (type_ != "TIMESTAMP") return;
  zoned_ = !type_of(field).zone.empty();
  length_ = spelled(0).size() + (type_of(field).unit == Unit::nano ? 3 : 0) - (zoned_ ? 0 : 1);
}

void Times::begin(Database& database, const Context& context, const std::string& table) {
  if (column_ != nullptr) return;
  of_run_ = time_of_run(database, context, table);
  length_ = of_run_.size();
}

void Times::attach(const Batch& batch) {
  if (column_ != nullptr) column_->attach(batch.column(input_column_), batch.outer());
}

bool Times::sorts_with(const std::string& text) const {
  return type_ != "TIMESTAMP" || (text.size() == length_ && (text.back() == 'Z') == zoned_);
}

}  // namespace weir::sqlite
