// Names: which column of a table each column of the input has, where SQLite, which ignores case, can't tell two apart.
//
//   _weir_names(target TEXT COLLATE NOCASE, name, held TEXT, PRIMARY KEY(target, name))
//
// The rule is that of all loaders (weir/cpp/held_names.hpp). A name that has another column than that of its own is noted, in the
// transaction in which it gets it.
#pragma once

#include <weir/cpp/held_names.hpp>

#include <string>
#include <vector>

#include "database.hpp"
#include "settings.hpp"

namespace weir::sqlite {

// The table's column of each of layout.columns. `existing`: its columns; `given`: what was noted before. Throws for two with one.
std::vector<std::string> column_names(const ArrowSchema& input, const Layout& layout,
                                      const std::vector<std::string>& existing, const std::vector<GivenName>& given);

// What is noted for a table.
std::vector<GivenName> given_names(const Database& database, const std::string& table);
// Notes what isn't yet. Precondition: a transaction is open.
void note_names(Database& database, const std::string& table, const ArrowSchema& input, const Layout& layout);

}  // namespace weir::sqlite
