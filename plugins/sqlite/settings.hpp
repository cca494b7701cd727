// Settings: the loader's options, and what they make of an input's schema, before any database is asked.
#pragma once

#include <weir/cpp/drift.hpp>
#include <weir/weir.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace weir::sqlite {

enum class Mode : std::int32_t { append, replace, upsert, ignore, remove, history };

// The rows of a range: those whose column is from `from` to before `to`, as SQLite compares them.
struct Within {
  std::string column, from, to;  // no column: no range

  bool given() const { return !column.empty(); }
};

struct Settings {
  std::string database;
  std::string table;
  std::string place;         // the table that rows go into: `table`, or the one that is to replace it
  Mode mode = Mode::append;  // a replaced range is appended to what is left
  Within within;             // rows that are deleted before the first is appended; all that are loaded are of them
  std::vector<std::string> key;
  bool create = true;
  DriftPolicy drift;
  std::string operation;  // the input's column that says what a row does; empty: the one that has the role, if any
  bool soft = false;      // rows that are deleted are marked, and stay
  bool delete_missing = false;  // rows whose key the run does not bring are deleted when it is complete
  std::string time;             // the input's column of times; empty: the time of the run
  std::string deleted_at, valid_from, valid_to;

  // The columns that the loader itself fills: of marks, or of versions.
  std::vector<std::string> own_columns() const;
  // The one of them that says since when a row is gone; empty: it is taken away.
  std::string ends() const;
};

// Reads the options. Throws for those that don't go together or name what SQLite keeps for itself.
Settings read_settings(const Config& config);

// Which columns of the input go into the table, and which say what to do.
struct Layout {
  std::vector<std::int64_t> columns;  // of the input, in order
  std::vector<std::string> names;     // of each: its column of the table
  std::vector<std::size_t> key;       // places in `columns`
  std::int64_t operation = -1;        // the input column that holds WEIR_OPERATION_..., or their names, or -1
  bool upserts = false;
  bool ignores = false;                 // rows whose key is there
  bool removes = false;                 // every row: then the key's columns are all
  bool versions = false;                // a changed row is added as a new version of its key
  std::int64_t time = -1;               // the input column that says when, or -1: the time of the run
  std::string time_type = "TIMESTAMP";  // as declared

  // The number of the parameter that has the time, in every statement.
  int time_parameter() const { return static_cast<int>(columns.size()) + 1; }
  bool is_key(std::size_t column) const;
  // The table's columns of the key.
  std::vector<std::string> key_names() const;
};

// Throws for what the table can't take: two columns of one name, or one that is the loader's own, a missing key column,
// changes without a key, times that don't sort as they are kept. Its names are those of a table that is made.
Layout layout_of(const Settings& settings, const ArrowSchema& input);

// True if SQLite takes both for the same identifier: it ignores the case of ASCII letters.
bool same_identifier(std::string_view a, std::string_view b);

}  // namespace weir::sqlite
