// Settings: the loader's options, and what they make of an input's schema, before any database is asked.
#pragma once

#include <weir/weir.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace weir::sqlite {

enum class Mode : std::int32_t { append, replace, upsert, ignore, remove };

// What is done where the table and the input differ.
enum class Types : std::int32_t {
  as_they_are,  // the table's column takes what it can keep; a row with another value is rejected
  freeze,       // an error
  widen
};

struct Settings {
  std::string database;
  std::string table;
  std::string place;  // the table that rows go into: `table`, or the one that is to replace it
  Mode mode = Mode::append;
  std::vector<std::string> key;
  bool create = true;
  bool evolves = false;  // columns that the table lacks are added
  Types types = Types::as_they_are;
};

// Reads the options. Throws for those that don't go together or name what SQLite keeps for itself.
Settings read_settings(const Config& config);

// Which columns of the input go into the table, and which say what to do.
struct Layout {
  std::vector<std::int64_t> columns;  // of the input, in order
  std::vector<std::size_t> key;       // places in `columns`
  std::int64_t operation = -1;        // the input column that holds WEIR_OPERATION_..., or -1
  bool upserts = false;
  bool ignores = false;  // rows whose key is there
  bool removes = false;  // every row: then the key's columns are all
};

// Throws for what the table can't take: two columns of one name, a missing key column, changes without a key.
Layout layout_of(const Settings& settings, const ArrowSchema& input);

// True if SQLite takes both for the same identifier: it ignores the case of ASCII letters.
bool same_identifier(std::string_view a, std::string_view b);

}  // namespace weir::sqlite
