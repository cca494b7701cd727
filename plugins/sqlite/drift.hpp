// Drift: where a table and the input differ, and what the options say to do about it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <weir/weir.hpp>

#include "database.hpp"
#include "settings.hpp"
#include "source_type.hpp"

namespace weir::sqlite {

// A column of a table, as it is.
struct Existing {
  std::string name, type;
  bool required = false;  // must be given a value
  bool generated = false;
  bool key = false;    // part of the primary key
  bool plain = false;  // may be dropped and made anew: neither a key nor NOT NULL, and without a default
};

// A column to be added (its name is new), to be made wider, or to be let take NULL.
struct Change {
  enum class Kind : std::int32_t { add, widen, loosen };
  Kind kind = Kind::add;
  std::string column, from, to;  // declared types
};

// The error of a table that does not take the input.
Failure unfit(const Settings& settings, std::string message);

// Collects the differences of one table, so that all of a kind are told together. Threads: as a value.
class Drift {
 public:
  // What comes of an input's column.
  struct Matched {
    std::string type;                // that its column will be declared with
    std::optional<Declared> judged;  // each value is to be one of these, for not all that come are
  };

  // Precondition: `settings` outlives it.
  explicit Drift(const Settings& settings) : settings_(&settings) {}

  // The table has no column `name`, for the input's column at `place` of the layout.
  void missing(std::size_t place, const ArrowSchema& field, const std::string& name, bool key);
  // The table has this one.
  Matched compare(const Existing& column, const ArrowSchema& field);
  // The table has this one, which must have a value, and the input lacks it.
  void vanished(const Existing& column);
  // The table has this one, the input lacks it, and the table is to be replaced.
  void goes(const Existing& column);
  // Throws if the options don't let be done what is to be done.
  void check() const;

  std::vector<Change> changes() const;
  const std::vector<std::size_t>& left_out() const { return left_out_; }  // places in the layout
  const std::vector<std::string>& losses() const { return losses_; }      // in words, each allowed after check()

 private:
  void check_missing() const;
  void check_types() const;

  const Settings* settings_;
  std::vector<Change> added_, widened_;
  std::vector<std::size_t> left_out_;
  std::vector<std::string> losses_;
  std::string instead_;              // of the first loss: what would keep the data
  std::vector<std::string> frozen_;  // what is wrong with a type, column by column
  std::vector<std::string> frozen_columns_;
};

// What a change is made by.
std::vector<std::string> statements_of(const Database& database, const Settings& settings, const Change& change);

// Makes the changes. Precondition: a transaction is open. Throws if a value would not be kept, and nobody allowed it, or something
// else of the database is made of the column (an index, a view, a trigger).
void apply_changes(Database& database, const Settings& settings, const std::vector<Change>& changes);

}  // namespace weir::sqlite
