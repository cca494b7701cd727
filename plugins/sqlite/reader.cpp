#include "reader.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <thread>
#include <utility>

#include <weir/cpp/quoted.hpp>

#include "json.hpp"

namespace weir::sqlite {
namespace {

constexpr std::size_t kRows = 65536;
constexpr std::size_t kBatchBytes = std::size_t{4} << 20U;
constexpr std::size_t kSampleRows = 1000;
constexpr std::size_t kSampleBytes = std::size_t{4} << 20U;
constexpr std::size_t kLongestId = 256;
constexpr std::size_t kShownBytes = 60;
constexpr std::size_t kMostReaders = 8;
constexpr std::streamoff kCounterPlace = 24;  // in a database's header
constexpr std::size_t kCounterBytes = 4;
constexpr std::uint64_t kWorthDividing = std::uint64_t{4} << 20U;

// What changes when a file changes: size and time; empty if there is none.
std::string version_of(const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0 || status.st_size == 0) return {};
  return std::to_string(status.st_size) + "@" + std::to_string(status.st_mtim.tv_sec) + "." +
         std::to_string(status.st_mtim.tv_nsec);
}

std::uint64_t bytes_of_file(const std::string& path) {
  std::error_code none;
  const auto bytes = std::filesystem::file_size(path, none);
  return none ? 0 : bytes;
}

std::size_t readers_at_once() { return std::clamp<std::size_t>(std::thread::hardware_concurrency(), 2, kMostReaders); }

// What a split's token says behind the versions of database and log.
std::optional<Range> range_in(std::string_view token) {
  const auto at = token.rfind(' ');
  return at == std::string_view::npos ? std::nullopt : Range::of(token.substr(at + 1));
}

// The change counter in the header: times of files don't tell two changes apart that follow each other closely.
std::string counter_of(const std::string& path) {
  std::array<char, kCounterBytes> bytes{};
  std::ifstream file(path, std::ios::binary);
  if (!file.seekg(kCounterPlace) || !file.read(bytes.data(), bytes.size())) return {};
  std::uint32_t counter = 0;
  for (const char byte : bytes) counter = counter << 8U | static_cast<unsigned char>(byte);
  return "#" + std::to_string(counter);
}

std::string versions_of(const std::string& database) {
  return version_of(database) + counter_of(database) + " " + version_of(database + "-wal");
}

Failure changed(const std::string& database) {
  return Failure(WEIR_FAILED_PRECONDITION, WEIR_FAULT_SOURCE,
                 "'" + database + "': expected the database as it was when its reading was planned, found it changed")
      .object(database)
      .option("/database")
      .hint("run again");
}

// The snapshot that the split is to be read from. One that is not held since the plan is held from here on, if it is to be
// the same as there.
std::shared_ptr<Snapshot> snapshot_of(const Context& context, const Wanted& wanted, const weir_split& split,
                                      bool goes_on) {
  const std::string_view token = to_view(split.token);
  const auto range = range_in(token);
  const bool planned = range || wanted.cursor;  // as of the plan
  if (planned) {
    if (auto held = snapshots::find(context, to_view(split.id))) return held;
  }
  check_file(wanted.database);
  auto snapshot = std::make_shared<Snapshot>(context, wanted.database, 1);
  if (!planned && !goes_on) return snapshot;
  Seat seat(context, snapshot);
  const auto turn = seat.take_turn();
  seat.database().run("BEGIN");
  Statement(seat.database(), "SELECT 1 FROM sqlite_schema LIMIT 1").next();
  const std::string_view versions = range ? token.substr(0, token.rfind(' ')) : token;
  if (versions != versions_of(wanted.database)) throw changed(wanted.database);
  return snapshot;
}

// What was planned of a cursor in this process.
std::shared_ptr<const CursorRead> cursor_of(const Context& context, const Wanted& wanted) {
  if (!wanted.cursor) return nullptr;
  auto read = cursors::find(context);
  if (read == nullptr) throw changed(wanted.database);
  return read;
}

// `text`, or its first `most` bytes, without a broken character at the end.
std::string_view cut(std::string_view text, std::size_t most) {
  std::size_t length = std::min(text.size(), most);
  while (length < text.size() && length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U) --length;
  return text.substr(0, length);
}

// The split's name, as places show it: the file, the table if it is one, the rowids if they are some.
std::string split_id(const Wanted& wanted, const std::string& rowids) {
  std::string id = std::filesystem::path(wanted.database).filename().string();
  if (!wanted.table.empty()) id += " table " + wanted.table;
  return std::string(cut(id, kLongestId - rowids.size())) + rowids;
}

// The value in words, for messages: integer 5, text "abc…", 12 bytes.
std::string shown_value(const Value& value) {
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

const ArrowSchema* agreed_on(const ArrowSchema* rows, const std::string& name) {
  for (std::int64_t i = 0; rows != nullptr && i < rows->n_children; ++i) {
    if (name == rows->children[i]->name) return rows->children[i];
  }
  return nullptr;
}

// Whether a table is to be divided: by one connection, for most tables of a database are small, and a snapshot takes several.
bool has_many_rows(const Context& context, const Wanted& wanted, std::uint64_t bytes) {
  if (wanted.table.empty()) return false;
  const Database database(context, wanted.database, Access::read);
  return ranges_of(database, wanted, bytes).size() > 1;
}

}  // namespace

namespace {

// The state of a database that is read, and the parts that are read side by side: less than two of them is all of it.
struct Planned {
  std::string versions;
  std::shared_ptr<Snapshot> snapshot;  // null: each statement is one by itself
  std::vector<Range> ranges;
};

Planned plan_snapshot(const Context& context, const Wanted& wanted, std::uint64_t bytes, bool divides) {
  Planned planned;
  planned.versions = versions_of(wanted.database);
  divides = divides && bytes >= kWorthDividing && has_many_rows(context, wanted, bytes);
  if (!divides && !wanted.cursor) return planned;
  const std::size_t connections = divides ? readers_at_once() : 2;  // of one alone no transaction is kept
  planned.snapshot = std::make_shared<Snapshot>(context, wanted.database, connections);
  if (std::string later = versions_of(wanted.database); later != planned.versions) {
    // Whoever wrote may have done so before or after: once more, and what changes all the time has no version to go on with.
    planned.snapshot = std::make_shared<Snapshot>(context, wanted.database, connections);
    planned.versions = versions_of(wanted.database) == later ? later : "changing";
  }
  Seat seat(context, planned.snapshot);
  const auto turn = seat.take_turn();
  if (divides && planned.snapshot->connections() > 1) planned.ranges = ranges_of(seat.database(), wanted, bytes);
  return planned;
}

// Asks for what is new since the plan that left `state`, and leaves what the next is to know; gives how that is shown.
std::string plan_new_rows(const Context& context, const Wanted& wanted, std::string_view state, const Plan& plan,
                          Planned& planned) {
  Seat seat(context, planned.snapshot);
  const auto turn = seat.take_turn();
  Database& database = seat.database();
  const bool alone =
      !database.in_transaction();  // others write all the time: the reader sees whether it is as it was here
  if (alone) {
    database.run("BEGIN");
    Statement(database, "SELECT 1 FROM sqlite_schema LIMIT 1").next();
    planned.versions = versions_of(wanted.database);
  }
  std::string left(state);
  auto read = plan_cursor(database, wanted, left);
  if (alone) database.run("ROLLBACK");
  plan.state(left);
  std::string shown = " " + read->column + (read->from.is_null() ? "" : " from " + read->from.shown());
  cursors::keep(context, std::move(read));
  return std::string(cut(shown, kShownBytes));
}

}  // namespace

bool SqliteReader::plan(const Context& context, std::string_view state, const Plan& plan) {
  const Wanted wanted = read_wanted(context);
  check_file(wanted.database);
  snapshots::forget(context);
  const std::uint64_t bytes = bytes_of_file(wanted.database) + bytes_of_file(wanted.database + "-wal");
  Planned planned = plan_snapshot(context, wanted, bytes, !wanted.cursor || state.empty());
  std::string what;
  if (wanted.cursor) what = plan_new_rows(context, wanted, state, plan, planned);
  std::vector<std::string> ids;
  if (planned.ranges.size() < 2) {
    ids.push_back(split_id(wanted, what));
    plan.add(ids.back(), planned.versions, -1, static_cast<std::int64_t>(bytes));
    if (planned.snapshot == nullptr || planned.snapshot->connections() < 2 || !wanted.cursor) return false;
  } else {
    for (const Range& range : planned.ranges) {
      ids.push_back(split_id(wanted, what + " rowid " + range.text()));
      plan.add(ids.back(), planned.versions + " " + range.text(), -1,
               static_cast<std::int64_t>(bytes / planned.ranges.size()));
    }
  }
  snapshots::keep(context, std::move(planned.snapshot), std::move(ids));
  return false;
}

void SqliteReader::traits(const Config& config, weir_traits& traits) {
  // What can't be gone on with comes again as a whole.
  traits.replay = gives_the_same_again(config.text("/query")) ? WEIR_REPLAY_EXACT : WEIR_REPLAY_REDELIVERY;
}

SqliteReader::SqliteReader(const Context& context, const weir_split& split, std::string_view position,
                           const Outputs& outputs, const weir_wanted* narrowed)
    : context_(context),
      wanted_(read_wanted(context)),
      split_(to_view(split.id)),
      range_(range_in(to_view(split.token))),
      from_(place_in(position, wanted_)),
      cursor_(cursor_of(context, wanted_)),
      seat_(context, snapshot_of(context, wanted_, split, !position.empty())) {
  {
    const auto turn = seat_.take_turn();
    try {
      choose_columns(narrowed);
      choose_types();
      go_to_position();
    } catch (...) {
      end_statements();
      throw;
    }
  }
  outputs.same(schema_.get());
}

SqliteReader::~SqliteReader() {
  const auto turn = seat_.take_turn();
  end_statements();
}

void SqliteReader::end_statements() {
  statement_ = Statement();
  is_valid_ = Statement();
  if (seat_.alone() && seat_.database().in_transaction()) seat_.database().run("ROLLBACK");
}

// What was read before is passed over: by its rowid where there is one, which the statement has seen to, else row by row.
void SqliteReader::go_to_position() {
  at_ = from_.rows;
  if (from_.rows == 0 || !rowid_.empty()) return;
  check_repeats(seat_.database(), wanted_);
  for (auto passed = static_cast<std::int64_t>(sample_.rows()); passed < at_; ++passed) {
    if (sampled_all_ || !step(statement_)) throw changed(wanted_.database);
  }
}

void SqliteReader::position(const Sink& position) {
  position.put(Place{at_, rowid_.empty() ? std::nullopt : std::optional(rowid_reached_)}.text());
}

void SqliteReader::choose_columns(const weir_wanted* narrowed) {
  statement_ = prepare(seat_.database(), wanted_);
  const int width = sqlite3_column_count(statement_.raw());
  std::vector<std::string> all;
  for (int i = 0; i < width; ++i) {
    all.emplace_back(sqlite3_column_name(statement_.raw(), i));
    if (std::find(all.begin(), all.end() - 1, all.back()) != all.end() - 1) {
      throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
                    "expected column names that differ, found '" + all.back() + "' twice")
          .column(all.back())
          .option(wanted_.option())
          .hint("give one of them another name: AS");
    }
    if (!is_wanted(narrowed, all.back())) continue;
    names_.push_back(all.back());
    source_.push_back(i);
  }
  order_as_expected();
  if (goes_by_rowid()) rowid_ = rowid_name(seat_.database(), wanted_.table);
  if (from_.rows > 0 && from_.rowid.has_value() == rowid_.empty()) throw changed(wanted_.database);
  if (cursor_ != nullptr && !cursor_->seen.empty()) is_new_ = add_is_new(seat_.database(), cursor_);
  if (rowid_.empty() && cursor_ != nullptr)
    statement_ = Statement(seat_.database(), "SELECT * FROM " + source_of(wanted_) + " WHERE " + condition());
  if (rowid_.empty()) return;  // a view, or the like: all columns of it are selected
  rowid_reached_ = from_.rowid.value_or(0);
  statement_ = Statement(seat_.database(), select_columns(wanted_, names_, rowid_, condition()));
  std::iota(source_.begin(), source_.end(), 0);
}

// Which rows are read.
std::string SqliteReader::condition() const {
  std::vector<std::string> parts;
  if (range_)
    parts.push_back(rowid_ + " BETWEEN " + std::to_string(range_->first) + " AND " + std::to_string(range_->last));
  if (from_.rows > 0 && !rowid_.empty()) parts.push_back(rowid_ + " > " + std::to_string(rowid_reached_));
  if (cursor_ != nullptr) parts.push_back(cursor_->condition(is_new_));
  std::string all;
  for (const auto& part : parts) all += (all.empty() ? "" : " AND ") + part;
  return all;
}

// In the order of the schema that several extracts agreed on.
void SqliteReader::order_as_expected() {
  if (context_.expected() == nullptr) return;
  const ArrowSchema& agreed = *context_.expected();
  std::vector<std::string> names;
  std::vector<int> source;
  for (std::int64_t i = 0; i < agreed.n_children; ++i) {
    const auto found = std::find(names_.begin(), names_.end(), agreed.children[i]->name);
    if (found == names_.end()) return;  // the host tells what is missing
    names.push_back(*found);
    source.push_back(source_[static_cast<std::size_t>(found - names_.begin())]);
  }
  if (names.size() < names_.size()) return;
  names_ = std::move(names);
  source_ = std::move(source);
}

void SqliteReader::choose_types() {
  std::vector<Declared> declared;
  for (const int place : source_) {
    const char* type = sqlite3_column_decltype(statement_.raw(), place);
    declared.push_back(declared_as(type == nullptr ? "" : type));
  }
  sample_ = Sample(names_.size());
  const bool open = std::any_of(declared.begin(), declared.end(), [](const Declared& d) { return d.open(); });
  Sample first(names_.size());
  if (open && (!rowid_.empty() || cursor_ != nullptr)) {
    // Each part has the types that the first rows of the table have.
    Statement head(seat_.database(), rowid_.empty() ? "SELECT * FROM " + source_of(wanted_)
                                                    : select_columns(wanted_, names_, rowid_, ""));
    const bool whole = take_sample(head);
    first = std::exchange(sample_, Sample(names_.size()));
    return settle(declared, first, whole);
  }
  sampled_all_ = open && take_sample(statement_);
  settle(declared, sample_, sampled_all_);
}

void SqliteReader::settle(const std::vector<Declared>& declared, const Sample& sample, bool whole) {
  std::vector<Schema> fields;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    try {
      Schema own = source_field(names_[i], declared[i], sample, i, whole);
      const ArrowSchema* const agreed = agreed_on(context_.expected(), names_[i]);
      fields.push_back(agreed == nullptr ? std::move(own) : kept_to(std::move(own), *agreed));
    } catch (Failure& failure) {
      throw std::move(failure).option(wanted_.option());
    }
  }
  schema_ = Schema::rows(std::move(fields));
  for (std::int64_t i = 0; i < schema_->n_children; ++i) {
    columns_.emplace_back(*schema_->children[i], kRows);
    is_json_.push_back(declared[static_cast<std::size_t>(i)].kind == Declared::Kind::json);
    if (is_json_.back() && is_valid_.empty()) is_valid_ = Statement(seat_.database(), "SELECT json_valid(?1)");
  }
}

bool SqliteReader::take_sample(Statement& from) {
  for (std::size_t row = 0; row < kSampleRows && sample_.size_bytes() < kSampleBytes; ++row) {
    if (!step(from)) return true;
    for (const int place : source_) sample_.add(from.value(place));
  }
  return false;
}

bool SqliteReader::step(Statement& statement) {
  const int code = sqlite3_step(statement.raw());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  if ((code & 0xFF) != SQLITE_ERROR) seat_.database().fail(code, at_ == 0);
  throw Failure(WEIR_FAILED_PRECONDITION, WEIR_FAULT_DATA,
                "expected row " + std::to_string(std::max(static_cast<std::size_t>(at_), sample_.rows()) + 1) +
                    " of the result, found: " + sqlite3_errmsg(seat_.database().raw()))
      .native(code)
      .option(wanted_.option());
}

Value SqliteReader::value(std::size_t column) const {
  const auto row = static_cast<std::size_t>(at_);
  return row < sample_.rows() ? sample_.at(row, column) : statement_.value(source_[column]);
}

std::int32_t SqliteReader::read(std::int64_t /*deadline*/, const Next& next) {
  bool more = true;
  std::size_t rows = 0;
  {
    const auto turn = seat_.take_turn();
    rows = collect(more, next);
    if (!more) end_statements();  // lets go of a snapshot that is the statement's
  }
  if (rows > 0) push(rows, next);
  if (more) return WEIR_READ_MORE;
  if (range_ || cursor_ != nullptr) snapshots::read_to_end(context_, split_);
  return WEIR_READ_END;
}

std::size_t SqliteReader::collect(bool& more, const Next& next) {
  seat_.database().check_cancelled();
  for (auto& column : columns_) column.begin();
  base_ = at_;
  rejected_ = false;
  std::size_t rows = 0, bytes = 0;
  while (rows < kRows && bytes < kBatchBytes && static_cast<std::size_t>(at_ - base_) < kRows) {
    const bool sampled = static_cast<std::size_t>(at_) < sample_.rows();
    more = sampled || (!sampled_all_ && step(statement_));
    if (!more) break;
    if (put_row(rows, next)) {
      ++rows;
      bytes = 0;
      for (const auto& column : columns_) bytes += column.size_bytes(rows);
    }
    ++at_;
    if (!rowid_.empty()) rowid_reached_ = statement_.integer(static_cast<int>(names_.size()));
  }
  return rows;
}

bool SqliteReader::put_row(std::size_t row, const Next& next) {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const char* reason = put(row, i);
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

// Whoever gets JSON text trusts that it is JSON.
const char* SqliteReader::put(std::size_t row, std::size_t column) {
  const Value cell = value(column);
  if (is_json_[column] && cell.kind == Value::Kind::text) {
    is_valid_.bind(1, cell);
    const bool valid = is_valid_.next() && is_valid_.integer(0) == 1;
    sqlite3_reset(is_valid_.raw());
    if (!valid) return "not JSON";
  }
  return columns_[column].put(row, cell);
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
  const bool by_rowid = range_.has_value();
  const std::string row = by_rowid ? "rowid " + std::to_string(statement_.integer(static_cast<int>(names_.size())))
                                   : "row " + std::to_string(at_ + 1);
  const std::string detail =
      "expected " + columns_[column].type() + ", found " + shown_value(value(column)) + " in " + row;
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
