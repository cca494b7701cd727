#include "cursor.hpp"

#include <algorithm>
#include <atomic>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include <weir/cpp/suggest.hpp>

#include "cursor_state.hpp"
#include "ranges.hpp"
#include "settings.hpp"
#include "snapshot.hpp"

namespace weir::sqlite {
namespace {

constexpr std::size_t kMostSeen = std::size_t{4} << 20U;  // 64 MiB of digests
constexpr std::size_t kMostArguments = 100;               // of an SQL function; SQLite takes 127
constexpr std::size_t kMostHeld = 256;                    // plans of other links and runs in this process

Failure no_cursor(const std::string& message, const char* option = "/cursor/column") {
  return Failure(WEIR_FAILED_PRECONDITION, WEIR_FAULT_SOURCE, message).option(option);
}

const char* cursor_kind(const CursorValue& value) {
  if (value.is_number()) return "numbers";
  return value.kind == Value::Kind::text ? "text" : "bytes";
}

std::string column_of(const std::vector<std::string>& all, const std::string& name, const std::string& option) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& one) { return same_identifier(one, name); });
  if (found != all.end()) return *found;
  const std::vector<std::string_view> views(all.begin(), all.end());
  throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST, "no column '" + name + "' in what is read")
      .option(option)
      .hint(name_hint(name, views, "columns"));
}

std::vector<std::string> all_columns(const Database& database, const Wanted& wanted) {
  const Statement all = prepare(database, wanted);
  std::vector<std::string> names;
  for (int i = 0; i < sqlite3_column_count(all.raw()); ++i) names.emplace_back(sqlite3_column_name(all.raw(), i));
  return names;
}

// What the manifest says, else the table's primary key.
std::vector<std::string> key_of(const Database& database, const Wanted& wanted, const std::vector<std::string>& all) {
  std::vector<std::string> key;
  for (std::size_t i = 0; i < wanted.cursor->key.size(); ++i)
    key.push_back(column_of(all, wanted.cursor->key[i], "/cursor/key/" + std::to_string(i)));
  if (!key.empty() || wanted.table.empty()) return key;
  Statement primary(database, "SELECT name FROM pragma_table_xinfo(?1, 'main') WHERE pk > 0 ORDER BY pk");
  primary.with(1, wanted.table);
  while (primary.next()) key.push_back(primary.text(0));
  return key;
}

// The first column of a statement's only row; null: it has none.
CursorValue only_value(const Database& database, const std::string& sql) {
  Statement statement(database, sql);
  return statement.next() ? CursorValue::of(statement.value(0)) : CursorValue();
}

void check_kinds(const CursorRead& read, const CursorValue& least, const CursorValue& greatest) {
  const auto wrong = [](const CursorValue& value) {
    return value.kind == Value::Kind::blob || value.text.find('\0') != std::string::npos;
  };
  if (wrong(least) || wrong(greatest)) {
    throw no_cursor("expected numbers or text in the cursor '" + read.column + "', found bytes")
        .hint("take a column of numbers, or of times as text");
  }
  const bool differ = least.is_number() != greatest.is_number();
  const bool changed = !read.kept.is_null() && !greatest.is_null() && read.kept.is_number() != greatest.is_number();
  if (!differ && !changed) return;
  throw no_cursor("expected values of one kind in the cursor '" + read.column + "', found " +
                  cursor_kind(changed ? read.kept : least) + " and " + cursor_kind(greatest))
      .hint(
          "a value of the other kind is less, or greater, than all of the one: make them alike, or take another "
          "column");
}

void check_start(const CursorValue& start, const CursorValue& greatest) {
  if (start.is_null() || greatest.is_null() || start.is_number() == greatest.is_number()) return;
  throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
                std::string("expected a start of the cursor's kind, which is ") + cursor_kind(greatest) + ", found " +
                    cursor_kind(start))
      .option("/cursor/start")
      .hint("write it as the column has it: " + greatest.shown());
}

void check_nulls(const Database& database, const Wanted& wanted, const std::string& column) {
  if (wanted.cursor->skips_nulls) return;
  Statement found(database, "SELECT 1 FROM " + source_of(wanted) + " WHERE " + column + " IS NULL LIMIT 1");
  if (!found.next()) return;
  throw no_cursor("expected a value of the cursor " + column + " in each row, found null")
      .hint(
          "nobody can say whether such a row is new: fill it in, take another column, or leave those rows out: nulls: "
          "skip");
}

void add_value(std::string& bytes, const Value& value) {
  const auto add = [&bytes](const auto& number) {
    bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
  };
  bytes += static_cast<char>(value.kind);
  if (value.kind == Value::Kind::integer) add(value.integer);
  if (value.kind == Value::Kind::real) add(value.real);
  if (value.kind != Value::Kind::text && value.kind != Value::Kind::blob) return;
  add(static_cast<std::uint64_t>(value.bytes.size()));
  bytes += value.bytes;
}

const std::vector<std::string>& identity(const CursorRead& read) { return read.key.empty() ? read.all : read.key; }

// The arguments by which rows are told apart: the cursor's value, and those of the key.
std::string arguments(const CursorRead& read) {
  std::string list = quote_identifier(read.column);
  for (const auto& column : identity(read)) list += ", " + quote_identifier(column);
  return list;
}

// Digests of the rows that the next run reads again.
std::vector<RowDigest> digests_from(const Database& database, const Wanted& wanted, const CursorRead& read,
                                    const CursorValue& from) {
  std::vector<RowDigest> digests;
  if (from.is_null()) return digests;
  const std::string column = quote_identifier(read.column);
  Statement rows(database, "SELECT " + arguments(read) + " FROM " + source_of(wanted) + " WHERE " + column +
                               " >= " + from.literal() + " AND " + column + " <= " + read.to.literal());
  const int width = sqlite3_column_count(rows.raw());
  std::string bytes;
  while (rows.next()) {
    if (digests.size() == kMostSeen) {
      throw no_cursor("expected at most 4194304 rows within the window, found more", "/cursor")
          .hint("take a smaller window, or a cursor with more values");
    }
    bytes.clear();
    for (int i = 0; i < width; ++i) add_value(bytes, rows.value(i));
    digests.push_back(digest_of(bytes));
  }
  std::sort(digests.begin(), digests.end());
  return digests;
}

Value argument_of(sqlite3_value* raw) {
  const auto bytes = [raw](const void* data) {
    return std::string_view(static_cast<const char*>(data), static_cast<std::size_t>(sqlite3_value_bytes(raw)));
  };
  switch (sqlite3_value_type(raw)) {
    case SQLITE_INTEGER: return Value::of(static_cast<std::int64_t>(sqlite3_value_int64(raw)));
    case SQLITE_FLOAT: return Value::of(sqlite3_value_double(raw));
    case SQLITE_TEXT: return Value::text(bytes(sqlite3_value_text(raw)));
    case SQLITE_BLOB: return Value::blob(bytes(sqlite3_value_blob(raw)));
    default: return {};
  }
}

// Tells rows that were read before from new ones.
struct Filter {
  std::shared_ptr<const CursorRead> read;
  std::map<RowDigest, std::ptrdiff_t> met;  // rows without a key: how many of one digest came
  std::string bytes;

  bool is_new(int count, sqlite3_value** values) {
    bytes.clear();
    for (int i = 0; i < count; ++i) add_value(bytes, argument_of(values[i]));
    const RowDigest digest = digest_of(bytes);
    const auto [first, last] = std::equal_range(read->seen.begin(), read->seen.end(), digest);
    if (first == last) return true;
    return read->key.empty() && met[digest]++ >= last - first;
  }
};

void call_is_new(sqlite3_context* call, int count, sqlite3_value** values) {
  try {
    sqlite3_result_int(call, static_cast<Filter*>(sqlite3_user_data(call))->is_new(count, values) ? 1 : 0);
  } catch (...) {
    sqlite3_result_error_nomem(call);
  }
}

struct HeldReads {
  std::mutex guard;
  std::map<std::string, std::shared_ptr<const CursorRead>> by_owner;
  std::deque<std::string> oldest;
};

HeldReads& held_reads() {
  static HeldReads all;
  return all;
}

}  // namespace

std::string CursorRead::condition(const std::string& is_new) const {
  if (to.is_null()) return "0";
  const std::string name = quote_identifier(column);
  std::string sql = name + " <= " + to.literal();
  if (!from.is_null()) sql += " AND " + name + " >= " + from.literal();
  if (!seen.empty()) sql += " AND (" + name + " > " + kept.literal() + " OR " + is_new + "(" + arguments(*this) + "))";
  return sql;
}

std::shared_ptr<const CursorRead> plan_cursor(const Database& database, const Wanted& wanted, std::string& left) {
  auto read = std::make_shared<CursorRead>();
  const CursorWanted& cursor = *wanted.cursor;
  read->all = all_columns(database, wanted);
  read->column = column_of(read->all, cursor.column, "/cursor/column");
  read->key = key_of(database, wanted, read->all);
  const std::string column = quote_identifier(read->column), source = source_of(wanted);
  if (identity(*read).size() >= kMostArguments) {
    throw no_cursor(
        "expected at most 99 columns by which to tell rows apart, found " + std::to_string(identity(*read).size()),
        "/cursor")
        .hint("name those that identify a row: key: [id]");
  }
  CursorState before = state_in(left, wanted, *read);
  read->kept = std::move(before.greatest);
  // Two statements: SQLite seeks for one extreme, and scans for two.
  const CursorValue least = only_value(database, "SELECT min(" + column + ") FROM " + source);
  const CursorValue greatest = only_value(database, "SELECT max(" + column + ") FROM " + source);
  check_kinds(*read, least, greatest);
  check_nulls(database, wanted, column);
  read->to = read->kept;
  if (read->kept.is_null()) {
    read->to = greatest;
    read->from = cursor.start;
    check_start(cursor.start, greatest);
    // Of rows before the start nothing is read, so nothing is left: the next run begins at the start, too.
    if (!cursor.start.is_null() && !greatest.is_null() && greatest.less_than(cursor.start)) read->to = CursorValue();
  } else {
    read->from = window_before(read->kept, cursor);
    // Of rows before the window that the last run had it is not known which were there.
    if (read->from.less_than(before.from)) read->from = before.from;
    const CursorValue newer = only_value(
        database, "SELECT max(" + column + ") FROM " + source + " WHERE " + column + " > " + read->kept.literal());
    if (!newer.is_null()) read->to = newer;
    read->seen = std::move(before.seen);
  }
  CursorState now{window_before(read->to, cursor), read->to, {}};
  now.seen = digests_from(database, wanted, *read, now.from);
  left = state_text(wanted, *read, now);
  return read;
}

std::string add_is_new(Database& database, std::shared_ptr<const CursorRead> read) {
  static std::atomic<std::uint64_t> number{0};
  const std::string name = "weir_is_new_" + std::to_string(number.fetch_add(1));
  auto filter = std::make_unique<Filter>();
  filter->read = std::move(read);
  const int code =
      sqlite3_create_function_v2(database.raw(), name.c_str(), -1, SQLITE_UTF8, filter.release(), call_is_new, nullptr,
                                 nullptr, [](void* self) { delete static_cast<Filter*>(self); });
  if (code != SQLITE_OK) database.fail(code);  // SQLite has destroyed it
  return name;
}

namespace cursors {

void keep(const Context& whose, std::shared_ptr<const CursorRead> read) {
  const std::string owner = owner_of(whose);
  const std::lock_guard lock(held_reads().guard);
  auto& reads = held_reads();
  if (reads.by_owner.insert_or_assign(owner, std::move(read)).second) reads.oldest.push_back(owner);
  if (reads.oldest.size() <= kMostHeld) return;
  reads.by_owner.erase(reads.oldest.front());
  reads.oldest.pop_front();
}

std::shared_ptr<const CursorRead> find(const Context& whose) {
  const std::lock_guard lock(held_reads().guard);
  const auto found = held_reads().by_owner.find(owner_of(whose));
  return found == held_reads().by_owner.end() ? nullptr : found->second;
}

}  // namespace cursors
}  // namespace weir::sqlite
