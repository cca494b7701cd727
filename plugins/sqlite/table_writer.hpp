// TableWriter: the rows of one input, on their way into one table of a database that somebody else holds open.
#pragma once

#include <weir/weir.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "column.hpp"
#include "database.hpp"
#include "settings.hpp"
#include "table.hpp"
#include "times.hpp"
#include "versions.hpp"

namespace weir::sqlite {

// A column of the input, and how the table calls it.
struct StoredColumn {
  std::int64_t number = 0;
  std::string name;
};

// A row is inserted by a statement of its own; one that SQLite refuses leaves the transaction as it was. Its statements go
// before the database: forget(). Threads: one caller at a time.
class TableWriter {
 public:
  // Checks the options, and that they go with the input.
  TableWriter(const Config& config, const ArrowSchema& input);

  const Settings& settings() const { return settings_; }
  // What the table will hold, as WEIR_HOLDS has it. `database`: null: there is none yet.
  std::string holds(const Database* database) const;
  // Checks that the table takes the input, as far as that can be known without changing anything. `first`: no epoch of
  // context's run was written before.
  void look(const Database& database, const Context& context, bool first);
  // The columns of the input that the table keeps, as look() has found it; as a new one would, where it was not called.
  const std::vector<StoredColumn>& stored() const { return stored_; }
  // What set_up() would run to make the table, or to change it, in a run's first epoch. `database`: null: there is none yet.
  std::vector<std::string> statements(const Database* database, const Context& context);

  // Makes the table if need be, or the one that is to replace it, and the statements. Precondition: a transaction is open.
  void set_up(Database& database, const Context& context, bool first);
  bool ready() const { return !insert_.empty() || !delete_.empty() || !versions_.insert.empty(); }
  // Ends the statements.
  void forget();

  void begin_epoch();
  void write(Database& database, Batch& batch, const Next& next);
  // What was written since begin_epoch().
  void tell(weir_receipt& receipt) const;

 private:
  struct Cell {
    explicit Cell(const ArrowSchema& field) : column(field) {}
    Column column;
    Affinity affinity = Affinity::none;
    bool guarded = false;            // the table's column might change a value
    std::optional<Declared> judged;  // it has to be one of these
    bool forgets = false;            // one that it can't hold is left out
    char scratch[40];
  };
  // A column of the input that the table lacks.
  struct Unheld {
    explicit Unheld(const ArrowSchema& field) : column(field), name(field.name) {}
    Column column;
    std::string name;
    std::int64_t number = 0;  // of the input's columns
    std::int64_t values = 0;  // that were left out since begin_epoch()
  };
  struct Counts {
    std::int64_t accepted = 0, inserted = 0, updated = 0, deleted = 0;
    std::int64_t forgotten = 0;  // values that their columns can't hold
  };

  void keep(const Layout& layout, const std::vector<std::size_t>& left_out);
  std::int32_t operation_named(std::int64_t row);
  void find_place(const Database& database, const Context& context);
  bool remember_key(std::int64_t row, const Next& next);
  void write_row(std::int64_t row, std::int32_t operation, const Next& next);
  bool bind_row(Statement& statement, std::int64_t row, bool only_key, const Next& next);
  bool bind_time(Statement& statement, std::int64_t row, const Next& next);
  void set_up_range(bool emptied);
  void make_cells(const Table& table, bool made);
  void leave_out(const Table& table);
  bool is_held(std::int64_t row, const Next& next);
  Value held(Cell& cell, std::int64_t row);
  void tell_losses(const Table& table) const;
  void prepare_statements(const Table& table);
  void check_times() const;
  void write_version(std::int64_t row, const Next& next);
  void end_version(std::int64_t row, const Next& next);
  bool replace_version(std::int64_t row, Versions::Found found, const Next& next);
  bool run_for_version(Statement& statement, std::int64_t row, bool only_key, const Next& next);
  void run_or_fail(Statement& statement) const;
  void judge_late(Statement& agrees, std::int64_t row, bool only_key, const Next& next);
  void count(std::int64_t row, bool deletes, const Next& next);
  void refuse(std::int64_t row, int code, const Next& next) const;
  void reject_value(std::int64_t row, std::size_t cell, const char* reason, const Next& next) const;
  std::string_view column_name(std::size_t cell) const;

  Settings settings_;
  Schema input_;
  Layout whole_, layout_;  // of all columns; of those that the table has
  std::vector<StoredColumn> stored_;
  std::vector<Cell> cells_;
  std::vector<Unheld> unheld_;
  Database* database_ = nullptr;  // of the write() in progress
  Times times_;
  std::unique_ptr<Column> operations_;  // of names; null: numbers, or none
  Statement insert_, delete_;
  Statement remember_;  // the keys that come; empty: nobody wants to know
  Versions versions_;
  Counts counts_;
  bool counts_kinds_ = false;  // tells inserts from updates, by last_insert_rowid
};

}  // namespace weir::sqlite
