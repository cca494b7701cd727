#include "writer.hpp"

#include <weir/ext/draft/holds.h>
#include <weir/cpp/quoted.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "seen.hpp"
#include "staged.hpp"
#include "tokens.hpp"

namespace weir::sqlite {
namespace {

constexpr int kMostLinks = 40;  // as the kernel follows

Failure bad_path(weir_status status, const std::string& path, const std::string& message) {
  return Failure(status, WEIR_FAULT_DESTINATION, "'" + path + "': " + message).object(path).option("/database");
}

std::filesystem::path folder_of(const std::filesystem::path& path) {
  const std::filesystem::path folder = path.parent_path();
  return folder.empty() ? "." : folder;
}

// The database's folder may be yet to be made: then the nearest one above it counts.
void check_place(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))
    throw bad_path(WEIR_FAILED_PRECONDITION, path, "expected a database file, found a folder");
  std::filesystem::path folder = folder_of(path);
  while (!std::filesystem::exists(folder, ignored) && folder != folder_of(folder)) folder = folder_of(folder);
  const std::string shown = folder.string();
  if (!std::filesystem::is_directory(shown, ignored))
    throw bad_path(WEIR_FAILED_PRECONDITION, path,
                   "expected '" + shown + "' to be a folder, found another kind of file");
  if (::access(shown.c_str(), W_OK | X_OK) != 0) {
    throw bad_path(WEIR_PERMISSION_DENIED, path,
                   "expected to write in the folder '" + shown + "', found it closed: " + std::strerror(errno));
  }
}

// The database is not there: is it to be made?
void check_made(const std::string& path, const Settings& settings) {
  const bool removes = settings.mode == Mode::remove;
  if (settings.create && !removes) return;
  const bool frozen = settings.drift.tables == TableDrift::freeze;
  throw bad_path(WEIR_NOT_FOUND, path, "expected a database, found none")
      .hint(removes  ? "give the path of the database to delete rows from"
            : frozen ? "let weir make it with drift: { tables: evolve }"
                     : "let weir make it with create: true");
}

// `holds`: what WEIR_HOLDS says of the table; `kept`: the columns that are kept, each by its name in the table.
void tell_stored(const Outputs& stored, const ArrowSchema& input, std::string holds,
                 const std::vector<StoredColumn>& kept) {
  Metadata said;
  if (!holds.empty()) said.emplace_back(WEIR_HOLDS, std::move(holds));
  std::vector<Schema> columns;
  std::string from = "[";
  bool as_sent = kept.size() == static_cast<std::size_t>(input.n_children);
  for (const StoredColumn& column : kept) {
    ArrowSchema field = *input.children[column.number];  // lent, to be copied
    if (from.size() > 1) from += ',';
    append_json_text(from, field.name);
    as_sent = as_sent && column.name == field.name;
    field.name = column.name.c_str();
    columns.push_back(Schema::copy_of(field));
  }
  if (!as_sent) said.emplace_back(WEIR_STORED_FROM, from + "]");
  stored.put(Schema::field("+s", "", false, std::move(said), std::move(columns)));
}

}  // namespace

void SqliteWriter::traits(const Config& config, weir_traits& traits) {
  traits.commit = WEIR_COMMIT_ATOMIC;
  traits.max_instances = 1;
  traits.many_inputs = 1;
  // Of rows with one key the last must win.
  traits.ordered = config.count("/key") > 0 ? 1 : 0;
}

std::string SqliteWriter::destination(const Config& config) {
  std::error_code problem;
  std::filesystem::path path(config.text("/database"));
  // A link may point to a database that is yet to be made.
  for (int i = 0; i < kMostLinks && std::filesystem::is_symlink(path, problem); ++i) {
    const auto target = std::filesystem::read_symlink(path, problem);
    path = target.is_absolute() ? target : path.parent_path() / target;
  }
  const auto real = std::filesystem::weakly_canonical(path, problem);
  return problem ? path.lexically_normal().string() : real.string();
}

std::vector<std::string> SqliteWriter::statements(const Context& context, const ArrowSchema& input) {
  const std::string path(context.config().text("/database"));
  TableWriter table(context.config(), input);
  check_place(path);
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    check_made(path, table.settings());
    return table.statements(nullptr, context);
  }
  const Database database(context, path, Access::read);
  return table.statements(&database, context);
}

SqliteWriter::SqliteWriter(const Context& context, const Inputs& inputs, const Outputs& stored)
    : context_(context), path_(context.config().text("/database")), epoch_(context.epoch()) {
  tables_.push_back(std::make_unique<TableWriter>(context.config(), inputs[0]));
  look(stored, inputs);
}

SqliteWriter::SqliteWriter(Contexts contexts, const Inputs& inputs, const Outputs& stored)
    : context_(contexts[0]), path_(context_.config().text("/database")), epoch_(context_.epoch()) {
  for (std::size_t i = 0; i < contexts.size(); ++i) {
    try {
      tables_.push_back(std::make_unique<TableWriter>(Context(contexts[i]).config(), inputs[i]));
      check_same_mode(i);
    } catch (Failure& failure) {
      throw std::move(failure).within("/" + std::to_string(i));
    }
  }
  look(stored, inputs);
}

// Two inputs of one table: what one replaces the other would not add to, the rows of a key are one row for both, and so are
// its versions and marks.
void SqliteWriter::check_same_mode(std::size_t input) const {
  const Settings& own = tables_[input]->settings();
  for (std::size_t i = 0; i < input; ++i) {
    const Settings& other = tables_[i]->settings();
    const bool both_fill = (own.mode == Mode::replace) == (other.mode == Mode::replace);
    if (!same_identifier(own.table, other.table)) continue;
    if (own.delete_missing || other.delete_missing) {
      throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
                    "expected one load of table '" + own.table +
                        "', whose missing rows are deleted, found another here: each would delete what the other loads")
          .option("/table")
          .hint("give each a table of its own, or leave delete_missing: out");
    }
    if (both_fill && own.key == other.key && own.own_columns() == other.own_columns()) continue;
    throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
                  "expected one key in all loads of table '" + own.table +
                      "', and mode replace, mode history and deletes: soft in all or none, found another here")
        .option("/table")
        .hint(
            "give them the same key:, and mode: replace, mode: history or deletes: soft to all or none, or tables of "
            "their own");
  }
}

// Checks all that can be checked without changing anything.
void SqliteWriter::look(const Outputs& stored, const Inputs& inputs) {
  check_place(path_);
  std::error_code ignored;
  if (std::filesystem::exists(path_, ignored)) open_database(false);
  for (std::size_t i = 0; i < tables_.size(); ++i) {
    try {
      if (is_made_by_another(i)) {
        // Rows are deleted of a table that this very run makes.
      } else if (database_ != nullptr) {
        tables_[i]->look(*database_, context_, epoch_ <= 1);
      } else {
        check_made(path_, tables_[i]->settings());
      }
    } catch (Failure& failure) {
      if (tables_.size() == 1) throw;
      throw std::move(failure).within("/" + std::to_string(i));
    }
    tell_stored(stored, inputs[i], tables_[i]->holds(database_.get()), tables_[i]->stored());
  }
}

// Of an input that deletes rows: the table is not there, and another input makes it.
bool SqliteWriter::is_made_by_another(std::size_t input) const {
  const Settings& own = tables_[input]->settings();
  if (own.mode != Mode::remove) return false;
  if (database_ != nullptr) {
    Statement found(*database_, "SELECT 1 FROM pragma_table_list WHERE schema = 'main' AND name = ?1 COLLATE NOCASE");
    if (found.with(1, own.table).next()) return false;
  }
  return std::any_of(tables_.begin(), tables_.end(), [&own](const auto& other) {
    const Settings& its = other->settings();
    return its.create && its.mode != Mode::remove && same_identifier(its.table, own.table);
  });
}

SqliteWriter::~SqliteWriter() {
  if (database_ == nullptr) return;
  forget_statements();
  if (database_->in_transaction()) sqlite3_exec(database_->raw(), "ROLLBACK", nullptr, nullptr, nullptr);
  database_.reset();
  if (!made_file_ || committed_) return;
  std::error_code ignored;
  if (std::filesystem::file_size(path_, ignored) == 0 && !ignored) std::filesystem::remove(path_, ignored);
  // A folder that holds something by now stays.
  for (const auto& folder : made_folders_) std::filesystem::remove(folder, ignored);
}

void SqliteWriter::make_folders() {
  std::vector<std::filesystem::path> missing;
  std::error_code problem;
  for (auto folder = folder_of(path_); !std::filesystem::exists(folder, problem); folder = folder_of(folder))
    missing.push_back(folder);
  for (auto folder = missing.rbegin(); folder != missing.rend(); ++folder) {
    if (std::filesystem::create_directory(*folder, problem)) made_folders_.insert(made_folders_.begin(), *folder);
    if (problem) {
      throw bad_path(WEIR_PERMISSION_DENIED, path_,
                     "expected to make the folder '" + folder->string() + "': " + problem.message())
          .native(problem.value());
    }
  }
}

void SqliteWriter::open_database(bool create) {
  if (create) {
    make_folders();
    const int file = ::open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file >= 0)
      ::close(file);
    else if (errno != EEXIST)
      throw bad_path(WEIR_PERMISSION_DENIED, path_, std::string("expected to make the file: ") + std::strerror(errno))
          .native(errno);
    made_file_ = made_file_ || file >= 0;
  }
  auto opened = std::make_unique<Database>(context_, path_);
  if (sqlite3_db_readonly(opened->raw(), "main") == 1) opened->fail(SQLITE_READONLY);
  const std::lock_guard lock(guard_);
  if (cancelled_) opened->cancel();
  database_ = std::move(opened);
}

void SqliteWriter::begin() {
  if (database_ == nullptr) open_database(true);
  database_->check_cancelled();
  if (database_->in_transaction()) return;
  database_->run("BEGIN IMMEDIATE");
  try {
    check_token();
    if (!tables_.front()->ready()) set_up_tables();
  } catch (...) {
    forget_statements();
    sqlite3_exec(database_->raw(), "ROLLBACK", nullptr, nullptr, nullptr);
    throw;
  }
  for (const auto& table : tables_) table->begin_epoch();
}

void SqliteWriter::check_token() {
  const Token token = read_token(*database_, context_);
  check_fence(token, context_);
  if (token.epoch + 1 == epoch_) return;
  throw Failure(WEIR_ABORTED, WEIR_FAULT_DESTINATION,
                "'" + path_ + "': expected epoch " + std::to_string(epoch_ - 1) +
                    " to be the last one committed, found " + std::to_string(token.epoch))
      .object(path_);
}

// Those that delete rows come last: another may make their table.
void SqliteWriter::set_up_tables() {
  set_up_tables(false);
  set_up_tables(true);
}

void SqliteWriter::set_up_tables(bool removing) {
  for (const auto& table : tables_) {
    if ((table->settings().mode == Mode::remove) == removing) table->set_up(*database_, context_, epoch_ <= 1);
  }
}

void SqliteWriter::forget_statements() {
  for (const auto& table : tables_) table->forget();
}

void SqliteWriter::write(std::uint64_t input, Batch& batch, const Next& next) {
  begin();
  tables_[input]->write(*database_, batch, next);
}

void SqliteWriter::prepare(std::uint64_t epoch, const Sink& /*committable*/, std::span<weir_receipt* const> receipts) {
  if (epoch != epoch_) {
    throw Failure(WEIR_INTERNAL, WEIR_FAULT_UNKNOWN,
                  "expected to prepare epoch " + std::to_string(epoch_) + ", found " + std::to_string(epoch));
  }
  begin();
  for (std::size_t i = 0; i < receipts.size(); ++i) tables_[i]->tell(*receipts[i]);
}

void SqliteWriter::commit(std::uint64_t epoch) {
  if (database_ == nullptr || !database_->in_transaction() || epoch != epoch_) {
    throw Failure(WEIR_FAILED_PRECONDITION, WEIR_FAULT_UNKNOWN,
                  "expected epoch " + std::to_string(epoch) + " to be prepared, found no transaction of it");
  }
  check_fence(read_token(*database_, context_), context_);
  write_token(*database_, context_, {epoch, context_.fence()});
  const auto any = [this](const auto& is) {
    return std::any_of(tables_.begin(), tables_.end(), [&is](const auto& table) { return is(table->settings()); });
  };
  if (any([](const Settings& one) { return one.mode == Mode::replace; })) staged_tables().touch(*database_, context_);
  if (any([](const Settings& one) { return one.delete_missing; })) seen_tables().touch(*database_, context_);
  const int code = sqlite3_exec(database_->raw(), "COMMIT", nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) database_->fail(code, true);
  committed_ = true;
  epoch_ = epoch + 1;
}

void SqliteWriter::cancel() noexcept {
  const std::lock_guard lock(guard_);
  cancelled_ = true;
  if (database_ != nullptr) database_->cancel();
}

}  // namespace weir::sqlite
