// Writer: the loader's half that writes rows, one transaction an epoch.
//
//   closed ──first write() or prepare() of an epoch──► open ──prepare()──► prepared ──commit()──► closed
//
// 1. In `open` and `prepared` the connection holds the write lock: from the check of the token until the commit nobody
//    else can write, so a token that was right at the beginning still is.
// 2. A row is inserted by a statement of its own; one that SQLite refuses leaves the transaction as it was.
// 3. The token is written in the transaction of the rows, so either both are there or none.
#pragma once

#include <weir/weir.hpp>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "column.hpp"
#include "database.hpp"
#include "settings.hpp"
#include "table.hpp"

namespace weir::sqlite {

// Threads: one caller at a time, but cancel().
class SqliteWriter : public Writer {
 public:
  static void traits(const Config& config, weir_traits& traits);

  // Checks all that can be checked without changing anything: folder, file, table, columns, key.
  SqliteWriter(const Context& context, const Inputs& inputs, const Outputs& stored);
  ~SqliteWriter() override;

  void write(std::uint64_t input, Batch& batch, const Next& next) override;
  void prepare(std::uint64_t epoch, const Sink& committable, std::span<weir_receipt* const> receipts) override;
  void commit(std::uint64_t epoch) override;
  void cancel() noexcept override;

 private:
  struct Cell {
    explicit Cell(const ArrowSchema& field) : column(field) {}
    Column column;
    Affinity affinity = Affinity::none;
    bool guarded = false;  // the table's column might change a value
    char scratch[40];
  };
  struct Counts {
    std::int64_t accepted = 0, inserted = 0, updated = 0, deleted = 0;
  };

  void begin();
  void open_database(bool create);
  void check_token();
  void set_up_table();
  void take(const Table& table);
  void write_row(std::int64_t row, std::int32_t operation, const Next& next);
  bool bind_row(Statement& statement, std::int64_t row, bool only_key, const Next& next);
  void count(std::int64_t row, bool deletes, const Next& next);
  void refuse(std::int64_t row, int code, const Next& next) const;
  void reject_value(std::int64_t row, std::size_t cell, const char* reason, const Next& next) const;
  std::string_view column_name(std::size_t cell) const;

  Context context_;
  Settings settings_;
  Schema input_;
  Layout layout_;
  std::vector<Cell> cells_;
  std::mutex guard_;                    // of database_ against cancel()
  std::unique_ptr<Database> database_;  // before the statements: goes after them
  Statement insert_, delete_;
  Counts counts_;
  std::uint64_t epoch_;
  bool cancelled_ = false;  // by guard_
  bool made_file_ = false;
  bool committed_ = false;
  bool counts_kinds_ = false;  // tells inserts from updates, by last_insert_rowid
};

}  // namespace weir::sqlite
