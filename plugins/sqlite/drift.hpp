// Drift: where a table and the input differ, and what the options say to do about it.
#pragma once

#include <string>
#include <vector>

#include <weir/weir.hpp>

#include "database.hpp"
#include "settings.hpp"

namespace weir::sqlite {

// A column of a table, as it is.
struct Existing {
  std::string name, type;
  bool required = false;  // must be given a value
  bool generated = false;
  bool key = false;    // part of the primary key
  bool plain = false;  // may be dropped and made anew: neither a key nor NOT NULL, and without a default
};

// A column to be added (its name is new), or to be made wider.
struct Change {
  std::string column, from, to;  // declared types
  bool added = false;
};

// The error of a table that does not take the input.
Failure unfit(const Settings& settings, std::string message);

// Collects the differences of one table, so that all of a kind are told together. Threads: as a value.
class Drift {
 public:
  // Precondition: `settings` outlives it.
  explicit Drift(const Settings& settings) : settings_(&settings) {}

  // The table has no column of that name.
  void missing(const ArrowSchema& field);
  // The table has this one: gives the type that it will be declared with.
  std::string compare(const Existing& column, const ArrowSchema& field);
  // What is to be done; throws if the options don't let it.
  std::vector<Change> changes() const;

 private:
  void check_missing() const;
  void check_types() const;

  const Settings* settings_;
  std::vector<Change> added_, widened_;
  std::vector<std::string> frozen_;  // what is wrong with a type, column by column
  std::vector<std::string> frozen_columns_;
};

// Makes the changes. Precondition: a transaction is open. Throws if a value would not be kept, or something else of the
// database is made of the column (an index, a view, a trigger).
void apply_changes(Database& database, const Settings& settings, const std::vector<Change>& changes);

}  // namespace weir::sqlite
