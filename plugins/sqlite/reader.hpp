// Reader: the extractor: the rows of a query, or of a table, whose rowids are divided among several splits if it is large.
//
// All splits are of one snapshot: a statement sees the database as it was when it began, whatever others write meanwhile;
// several see one state because a Snapshot holds it from the plan on.
#pragma once

#include <weir/weir.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cursor.hpp"
#include "database.hpp"
#include "place.hpp"
#include "query.hpp"
#include "ranges.hpp"
#include "result_column.hpp"
#include "sample.hpp"
#include "snapshot.hpp"
#include "source_type.hpp"
#include "streams.hpp"

namespace weir::sqlite {

// Threads: one caller at a time, but cancel().
class SqliteReader : public Reader {
 public:
  // A query that may give other rows at another time can't be gone on with.
  static void traits(const Config& config, weir_traits& traits);
  static bool plan(const Context& context, std::string_view state, const Plan& plan);
  static void streams(const Context& context, const StreamSink& streams) { list_streams(context, streams); }

  // Opens the database, or takes a seat at the snapshot of the plan, and runs the statement as far as it takes to tell the
  // types, and to come to the position, if there is one: then the database has to be as it was planned. `narrowed`: which columns are wanted; null: all.
  SqliteReader(const Context& context, const weir_split& split, std::string_view position, const Outputs& outputs,
               const weir_wanted* narrowed = nullptr);
  ~SqliteReader() override;

  // Pushes one batch: 65,536 rows or 4 MiB, or all that are left.
  std::int32_t read(std::int64_t deadline, const Next& next) override;
  // The rowid that was reached, or how many rows of a result, which come in the same order while the database stays as it is.
  void position(const Sink& position) override;
  void cancel() noexcept override { seat_.cancel(); }

 private:
  // The columns to read, and the statement that gives them.
  void choose_columns(const weir_wanted* narrowed);
  void order_as_expected();
  std::string condition() const;
  bool goes_by_rowid() const { return !wanted_.table.empty() && (cursor_ == nullptr || cursor_->by_key()); }
  void go_to_position();
  // Takes rows of `from` into the sample; true if that was all of them.
  bool take_sample(Statement& from);
  void choose_types();
  void end_statements();
  // Makes schema and columns of what the declarations say and, where they say nothing, of the sample, which may be all.
  void settle(const std::vector<Declared>& declared, const Sample& sample, bool whole);
  // Puts rows into the columns; gives how many. False in `more`: there are no more.
  std::size_t collect(bool& more, const Next& next);
  // Steps to the next row; false behind the last one.
  bool step(Statement& statement);
  // Where the row's values come from: the sample first, then the statement.
  Value value(std::size_t column) const;
  // Puts the row's values at `row`; false if it was rejected.
  bool put_row(std::size_t row, const Next& next);
  // Why the value can't stand in the column, or null.
  const char* put(std::size_t row, std::size_t column);
  void reject(std::size_t column, const char* reason, const Next& next) const;
  void push(std::size_t rows, const Next& next);

  Context context_;
  Wanted wanted_;
  std::string split_;
  std::optional<Range> range_;                // none: all rows
  Place from_;                                // where it goes on
  std::shared_ptr<const CursorRead> cursor_;  // null: all rows are read
  Seat seat_;
  Statement statement_;  // after its seat: goes before it, in a turn
  std::string is_new_;   // the SQL function that tells rows that were read before
  std::string rowid_;    // the name by which the statement selects rowids; empty: it does not
  std::vector<std::string> names_;
  std::vector<int> source_;  // of each column: its place in the statement's result
  Sample sample_{0};
  Schema schema_;
  std::vector<ResultColumn> columns_;
  std::vector<bool> is_json_;           // of each column
  Statement is_valid_;                  // asks whether a text is JSON; empty: no column is
  std::vector<std::uint32_t> origins_;  // of the batch's rows, once one was rejected
  std::int64_t rowid_reached_ = 0;      // of the last row, if rowids are selected
  std::int64_t base_ = 0;               // rows of the result before the batch
  std::int64_t at_ = 0;                 // rows of the result so far
  bool rejected_ = false;               // some row of the batch
  bool sampled_all_ = false;
};

}  // namespace weir::sqlite
