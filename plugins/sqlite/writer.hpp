// Writer: the loader's half that writes rows, one transaction an epoch, of all inputs.
//
//   closed ──first write() or prepare() of an epoch──► open ──prepare()──► prepared ──commit()──► closed
//
// 1. In `open` and `prepared` the connection holds the write lock: from the check of the token until the commit nobody
//    else can write, so a token that was right at the beginning still is.
// 2. The token is written in the transaction of the rows, so either both are there or none.
#pragma once

#include <weir/weir.hpp>

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "database.hpp"
#include "table_writer.hpp"

namespace weir::sqlite {

// Threads: one caller at a time, but cancel().
class SqliteWriter : public Writer {
 public:
  static void traits(const Config& config, weir_traits& traits);

  // Where it writes: loads of the same database share a writer.
  static std::string destination(const Config& config);

  // What a writer of this input would run to make its table, or to change it.
  static std::vector<std::string> statements(const Context& context, const ArrowSchema& input);

  // Checks all that can be checked without changing anything: folder, file, tables, columns, keys.
  SqliteWriter(const Context& context, const Inputs& inputs, const Outputs& stored);
  // The same for several inputs, each with a table and a mode of its own.
  SqliteWriter(Contexts contexts, const Inputs& inputs, const Outputs& stored);
  ~SqliteWriter() override;

  void write(std::uint64_t input, Batch& batch, const Next& next) override;
  void prepare(std::uint64_t epoch, const Sink& committable, std::span<weir_receipt* const> receipts) override;
  void commit(std::uint64_t epoch) override;
  void cancel() noexcept override;

 private:
  void look(const Outputs& stored, const Inputs& inputs);
  void check_same_mode(std::size_t input) const;
  bool is_made_by_another(std::size_t input) const;
  void begin();
  void open_database(bool create);
  void make_folders();
  void check_token();
  void set_up_tables();
  void set_up_tables(bool removing);
  void forget_statements();

  Context context_;
  std::string path_;
  std::vector<std::unique_ptr<TableWriter>> tables_;  // one an input
  std::mutex guard_;                                  // of database_ against cancel()
  std::unique_ptr<Database> database_;                // the statements of the tables go before it
  std::uint64_t epoch_;
  bool cancelled_ = false;  // by guard_
  bool made_file_ = false;
  std::vector<std::filesystem::path> made_folders_;  // the deepest first
  bool committed_ = false;
};

}  // namespace weir::sqlite
