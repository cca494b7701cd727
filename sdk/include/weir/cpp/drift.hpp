// DriftPolicy: what a loader does where its destination differs from the rows, in words that mean the same for every loader.
// A loader whose schema has an option `drift` gets the manifest's, laid beneath its own. [any]
//
//   columns, of one that the rows have and the destination lacks
//     evolve  it is added             freeze  an error that names it
//     reject  a row with a value for it is rejected; the others are loaded without it
//     ignore  it is left out, and said so once: its values are lost
//   types, of a column that can't hold the type of what comes
//     widen   it is made wide enough  freeze  an error that names it
//     reject  a row whose value it can't hold is rejected
//     ignore  such a value is left out, NULL in its place: it is lost
//   tables, of a destination that is not there
//     evolve  it is made              freeze  an error
//
// What would lose data is not done before somebody allows it: unless may_lose, the loader throws would_lose() instead.
#pragma once

#include <string>

#include "context.hpp"

namespace weir {

// What is said of columns that the destination lacks.
enum class ColumnDrift : std::int32_t { unsaid, evolve, freeze, reject, ignore };
// What is said of columns that can't hold what comes.
enum class TypeDrift : std::int32_t { unsaid, widen, freeze, reject, ignore };
// What is said of a destination that is not there.
enum class TableDrift : std::int32_t { unsaid, evolve, freeze };

// What is said. Where nothing is, the loader's page says what it does.
struct DriftPolicy {
  ColumnDrift columns = ColumnDrift::unsaid;
  TypeDrift types = TypeDrift::unsaid;
  TableDrift tables = TableDrift::unsaid;
  bool may_lose = false;  // loss: allow, or weir run --allow-loss

  // Reads the option `drift`.
  static DriftPolicy read(const Config& config) {
    DriftPolicy policy;
    const std::string_view columns = config.text("/drift/columns"), types = config.text("/drift/types"),
                           tables = config.text("/drift/tables");
    if (columns == "evolve") policy.columns = ColumnDrift::evolve;
    if (columns == "freeze") policy.columns = ColumnDrift::freeze;
    if (columns == "reject") policy.columns = ColumnDrift::reject;
    if (columns == "ignore") policy.columns = ColumnDrift::ignore;
    if (types == "widen") policy.types = TypeDrift::widen;
    if (types == "freeze") policy.types = TypeDrift::freeze;
    if (types == "reject") policy.types = TypeDrift::reject;
    if (types == "ignore") policy.types = TypeDrift::ignore;
    if (tables == "evolve") policy.tables = TableDrift::evolve;
    if (tables == "freeze") policy.tables = TableDrift::freeze;
    policy.may_lose = config.text("/drift/loss") == "allow";
    return policy;
  }
};

// The error of a change that would lose data and that nobody has allowed. `what`: "the values of column 'town', which is left
// out"; `instead`: what keeps them, "add it with drift: { columns: evolve }".
inline Failure would_lose(const std::string& destination, const std::string& what, const std::string& instead) {
  return Failure(WEIR_FAILED_PRECONDITION, WEIR_FAULT_DESTINATION,
                 destination + ": expected a change that loses no data, found one that loses " + what)
      .hint("allow it with --allow-loss, or " + instead);
}

}  // namespace weir
