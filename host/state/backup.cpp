#include "state/backup.hpp"

#include <unistd.h>

#include <array>
#include <span>
#include <vector>

#include "security/checksum.hpp"
#include "security/small_file.hpp"
#include "state/pipeline_lock.hpp"
#include "state/places.hpp"
#include "state/sqlite_schema.hpp"

namespace weir::state {
namespace {

namespace fs = std::filesystem;
using base::Result;
using base::unexpected;
using Mode = SqliteDatabase::Mode;

// A backup is a store with this table, of one row.
constexpr const char* kLabel =
    "CREATE TABLE backup(made_ns INTEGER NOT NULL, schema INTEGER NOT NULL, entries INTEGER NOT NULL, digest TEXT NOT "
    "NULL)";

base::Error not_written(const fs::path& file, const std::string& found) {
  return base::make_error(base::Status::failed_precondition, base::Fault::host, "state.backup",
                          "expected to write a backup of the state to '" + file.string() + "', found: " + found)
      .with_hint("name a file that is not there yet, in a folder that can be written and has room");
}

// What a failure was for is told by who names the file that people know.
std::string reason_of(const base::Error& error) {
  constexpr std::string_view kFound = "found: ";
  const std::size_t at = error.message.rfind(kFound);
  return at == std::string::npos ? error.message : error.message.substr(at + kFound.size());
}

base::Error no_backup(const fs::path& file, const std::string& found) {
  return base::manifest_error("state.no_backup", "expected a backup that weir state backup has made, '" +
                                                     file.string() + "', found " + found)
      .with_hint("name the file that was given to weir state backup");
}

base::Error backup_damaged(const fs::path& file, const std::string& found) {
  return base::make_error(base::Status::data_loss, base::Fault::host, "state.backup_damaged",
                          "expected the backup '" + file.string() + "' as it was written, found " + found)
      .with_hint("take another backup, or another copy of this one");
}

// A file that goes with the object, and what SQLite has beside it.
class Passing {
 public:
  explicit Passing(fs::path file) : file_(std::move(file)) { remove(); }
  Passing(const Passing&) = delete;
  Passing& operator=(const Passing&) = delete;
  ~Passing() { remove(); }
  const fs::path& file() const { return file_; }

 private:
  void remove() {
    std::error_code gone;
    for (const char* const end : {"", "-journal", "-wal", "-shm"}) fs::remove(file_.string() + end, gone);
  }
  fs::path file_;
};

class RowsDigest {
 public:
  void add(std::string_view bytes) {
    add_number(static_cast<std::int64_t>(bytes.size()));
    add_bytes(bytes);
  }
  void add_number(std::int64_t number) {
    std::array<char, 8> bytes{};
    for (char& byte : bytes) {
      byte = static_cast<char>(number & 0xff);
      number >>= 8;
    }
    add_bytes({bytes.data(), bytes.size()});
  }
  std::string end() { return sum_.end(); }

 private:
  void add_bytes(std::string_view bytes) {
    sum_.add(std::span(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()));
  }
  security::Checksum sum_{"sha256"};
};

// Adds each value of the rows with its type, so that it holds for the tables of each schema.
Result<std::uint64_t> add_rows(SqliteDatabase& database, const char* sql, RowsDigest& digest) {
  WEIR_TRY_ASSIGN(const Statement rows, database.prepare(sql));
  std::uint64_t count = 0;
  int code = SQLITE_ROW;
  for (; (code = sqlite3_step(rows.get())) == SQLITE_ROW; ++count) {
    for (int i = 0; i < sqlite3_column_count(rows.get()); ++i) {
      const int type = sqlite3_column_type(rows.get(), i);
      digest.add_number(type);
      if (type == SQLITE_INTEGER)
        digest.add_number(column_number(rows, i));
      else
        digest.add(column_bytes(rows, i));
    }
  }
  if (code != SQLITE_DONE) return unexpected(database.failure("read"));
  return count;
}

// What a store would say of itself as a backup.
Result<Backup> described(SqliteDatabase& database, std::int64_t made_ns) {
  Backup backup;
  backup.made_ns = made_ns;
  WEIR_TRY_ASSIGN(backup.schema, schema_of(database));
  RowsDigest digest;
  digest.add("weir state backup");
  digest.add_number(made_ns);
  digest.add_number(backup.schema);
  WEIR_TRY_ASSIGN(backup.entries, add_rows(database, "SELECT * FROM entries ORDER BY key", digest));
  if (backup.schema > 1) WEIR_TRY(add_rows(database, "SELECT * FROM removed", digest));
  backup.digest = digest.end();
  return backup;
}

// One reading of the source in one step of SQLite's backup interface: of one moment, and in nobody's way.
Result<void> copy_pages(SqliteDatabase& from, SqliteDatabase& to) {
  sqlite3_backup* const copying = sqlite3_backup_init(to.handle(), "main", from.handle(), "main");
  if (copying == nullptr) return unexpected(to.failure("write"));
  const int code = sqlite3_backup_step(copying, -1);
  const int ended = sqlite3_backup_finish(copying);
  if (code == SQLITE_DONE && ended == SQLITE_OK) return {};
  return unexpected(code == SQLITE_BUSY || code == SQLITE_LOCKED ? from.failure("read") : to.failure("write"));
}

Result<Backup> write_backup(SqliteDatabase& from, const fs::path& file, std::int64_t made_ns) {
  security::FileProblem problem;
  if (!security::write_new_file(file, "", security::kForOwner, problem))
    return unexpected(not_written(file, problem.text()));
  WEIR_TRY_ASSIGN(SqliteDatabase to, SqliteDatabase::open(file, Mode::write));
  WEIR_TRY(to.run("PRAGMA synchronous=EXTRA", "write"));
  WEIR_TRY(copy_pages(from, to));
  WEIR_TRY(to.run("PRAGMA journal_mode=DELETE", "write"));  // so that it is one file
  WEIR_TRY_ASSIGN(Backup backup, described(to, made_ns));
  WEIR_TRY(to.run("BEGIN IMMEDIATE", "write"));
  WEIR_TRY(to.run(kLabel, "write"));
  WEIR_TRY_ASSIGN(const Statement label, to.prepare("INSERT INTO backup VALUES(?1, ?2, ?3, ?4)"));
  bind_number(label, 1, backup.made_ns);
  bind_number(label, 2, backup.schema);
  bind_number(label, 3, static_cast<std::int64_t>(backup.entries));
  bind_text(label, 4, backup.digest);
  if (sqlite3_step(label.get()) != SQLITE_DONE) return unexpected(to.failure("write"));
  sqlite3_reset(label.get());
  WEIR_TRY(to.run("COMMIT", "write"));
  return backup;
}

// A copy of a backup, looked through and brought to today's schema.
Result<Backup> take_copy(const fs::path& file, const fs::path& copy) {
  std::error_code problem;
  fs::copy_file(file, copy, problem);
  if (problem == std::errc::no_such_file_or_directory) return unexpected(no_backup(file, "none"));
  if (problem) return unexpected(no_backup(file, "one that can't be read: " + problem.message()));
  fs::permissions(copy, fs::perms::owner_read | fs::perms::owner_write, problem);
  WEIR_TRY_ASSIGN(SqliteDatabase database, SqliteDatabase::open(copy, Mode::write, file.string()));
  const auto tables = database.number("SELECT count(*) FROM sqlite_schema WHERE name IN ('backup', 'entries')");
  if (!tables) return unexpected(no_backup(file, "a file of another kind, or one of which only a part is there"));
  if (*tables != 2) return unexpected(no_backup(file, "a database that is none"));
  WEIR_TRY(schema_of(database));
  WEIR_TRY_ASSIGN(const bool intact, database.is_intact());
  if (!intact) return unexpected(backup_damaged(file, "pages that are damaged"));
  Backup said;
  {
    WEIR_TRY_ASSIGN(const Statement label, database.prepare("SELECT made_ns, schema, entries, digest FROM backup"));
    if (sqlite3_step(label.get()) != SQLITE_ROW) return unexpected(backup_damaged(file, "no label in it"));
    said = {column_number(label, 0), column_number(label, 1), static_cast<std::uint64_t>(column_number(label, 2)),
            std::string(column_bytes(label, 3))};
  }
  WEIR_TRY_ASSIGN(const Backup found, described(database, said.made_ns));
  if (found.digest != said.digest || found.schema != said.schema || found.entries != said.entries)
    return unexpected(backup_damaged(file, "another digest: of " + std::to_string(found.entries) + " entries " +
                                               found.digest.substr(0, 8) + "…, where it says " +
                                               said.digest.substr(0, 8) + "… of " + std::to_string(said.entries)));
  WEIR_TRY(migrate(database));
  WEIR_TRY(database.run("DROP TABLE backup; PRAGMA journal_mode=DELETE", "write"));
  return said;
}

// Of all pipelines that ever ran here, so that none of them begins meanwhile.
Result<std::vector<PipelineLock>> take_all_locks(const fs::path& folder,
                                                 const std::function<std::string(const std::string&)>& name_of) {
  std::vector<PipelineLock> locks;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder / "locks", none)) {
    if (entry.path().extension() != ".lock") continue;
    const std::string id = entry.path().stem().string();
    WEIR_TRY_ASSIGN(PipelineLock lock, PipelineLock::take(folder, id, name_of(id)));
    locks.push_back(std::move(lock));
  }
  return locks;
}

bool is_there(const fs::path& path) {
  std::error_code problem;  // what it is, whoever uses it tells
  return fs::exists(fs::symlink_status(path, problem));
}

// A name beside the store that is not there yet.
fs::path free_name(const fs::path& folder, const std::string& what, std::int64_t now_ns) {
  std::string time = observe::time_text(now_ns);
  std::erase_if(time, [](char letter) { return letter == '-' || letter == ':'; });
  const std::string name = "state.db." + what + "-" + time;
  fs::path path = folder / name;
  for (int i = 2; is_there(path); ++i) path = folder / (name + "-" + std::to_string(i));
  return path;
}

// Writes a store to a file beside it, as a backup.
Result<fs::path> keep_beside(SqliteDatabase& database, const fs::path& folder, std::int64_t now_ns) {
  const fs::path kept = free_name(folder, "before", now_ns);
  const Passing part(kept.string() + ".part");
  WEIR_TRY(write_backup(database, part.file(), now_ns));
  std::error_code problem;
  fs::rename(part.file(), kept, problem);
  if (!problem) sync_folder(folder, problem);
  if (problem) return unexpected(not_written(kept, problem.message()));
  return kept;
}

// Puts a copy of a backup in the place of a store that SQLite can't read, so nobody has it open: there is no moment without one of the
// two. The files that it was are kept beside it.
Result<fs::path> replace_damaged(const fs::path& folder, const fs::path& copy, std::int64_t now_ns) {
  const fs::path store = store_file(folder), kept = free_name(folder, "damaged", now_ns);
  std::error_code problem;
  for (const char* const end : {"", "-wal", "-shm"}) {
    if (!problem && is_there(store.string() + end)) fs::copy_file(store.string() + end, kept.string() + end, problem);
  }
  for (const char* const end : {"-wal", "-shm"}) {  // or SQLite would take it for that of what comes
    if (!problem) fs::remove(store.string() + end, problem);
  }
  if (!problem) fs::rename(copy, store, problem);
  if (!problem) sync_folder(folder, problem);
  if (problem) return unexpected(not_written(kept, problem.message()));
  return kept;
}

// In one transaction. The floor has all versions of what goes by then, and is laid beneath those of what comes.
Result<void> replace_entries(SqliteDatabase& database, const fs::path& copy) {
  {
    WEIR_TRY_ASSIGN(const Statement attach, database.prepare("ATTACH ?1 AS copy"));
    bind_text(attach, 1, copy.native());
    if (sqlite3_step(attach.get()) != SQLITE_DONE) return unexpected(database.failure("write"));
  }
  auto replaced = database.run(
      "BEGIN IMMEDIATE;"
      "DELETE FROM main.entries;"
      "UPDATE main.removed SET floor = max(floor, (SELECT floor FROM copy.removed));"
      "INSERT INTO main.entries(key, value, version, expires_ns)"
      " SELECT key, value, version + (SELECT floor FROM main.removed), expires_ns FROM copy.entries;"
      "COMMIT",
      "write");
  if (!replaced) sqlite3_exec(database.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
  WEIR_TRY(database.run("DETACH copy", "write"));
  return replaced;
}

}  // namespace

Result<Backup> back_up(const fs::path& folder, const fs::path& file, const Clock& clock) {
  const fs::path store = store_file(folder);
  if (!is_there(store)) {
    return unexpected(
        base::manifest_error("state.backup", "expected a state store to back up, '" + store.string() + "', found none")
            .with_hint("weir doctor shows which folder the state is in; a run makes it"));
  }
  if (is_there(file)) return unexpected(not_written(file, "it is there already"));
  const Passing part(file.string() + ".part-" + std::to_string(::getpid()));
  WEIR_TRY_ASSIGN(SqliteDatabase from, SqliteDatabase::open(store, Mode::write));
  WEIR_TRY(schema_of(from));
  auto backup = write_backup(from, part.file(), clock());
  if (!backup) return unexpected(not_written(file, reason_of(backup.error())));
  std::error_code problem;
  fs::rename(part.file(), file, problem);
  if (problem) return unexpected(not_written(file, problem.message()));
  sync_folder(file.parent_path().empty() ? fs::path(".") : file.parent_path(), problem);
  if (problem) return unexpected(not_written(file, problem.message()));
  return backup;
}

Result<Restored> restore(const fs::path& folder, const fs::path& file,
                         const std::function<std::string(const std::string& id)>& name_of, const Clock& clock) {
  WEIR_TRY(make_state_folder(folder));
  const security::FolderLock alone(folder);  // one restores at a time
  Restored restored;
  const Passing copy(folder / "state.db.restoring");
  WEIR_TRY_ASSIGN(restored.backup, take_copy(file, copy.file()));
  WEIR_TRY_ASSIGN(const auto locks, take_all_locks(folder, name_of));
  WEIR_TRY_ASSIGN(SqliteDatabase database, SqliteDatabase::open(store_file(folder), Mode::make));
  WEIR_TRY_ASSIGN(const bool intact, database.is_intact());
  if (!intact) {
    WEIR_TRY_ASSIGN(restored.kept, replace_damaged(folder, copy.file(), clock()));
    return restored;
  }
  WEIR_TRY_ASSIGN(const std::int64_t schema, schema_of(database));
  if (schema > 0) {
    WEIR_TRY_ASSIGN(restored.kept, keep_beside(database, folder, clock()));
  }
  WEIR_TRY(open_sqlite_store(store_file(folder)));  // makes it, or brings it to today's schema
  WEIR_TRY(database.run("PRAGMA synchronous=EXTRA", "write"));
  WEIR_TRY(replace_entries(database, copy.file()));
  return restored;
}

}  // namespace weir::state
