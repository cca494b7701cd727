// Affinity: what a column of an existing table does to values, and which values it would change.
#pragma once

#include <cstdint>
#include <string_view>

#include "value.hpp"

namespace weir::sqlite {

enum class Affinity : std::int32_t { none, text, integer, real, numeric };

// Gives the affinity of a declared type, by SQLite's rules ("Determination Of Column Affinity").
Affinity affinity_of(std::string_view declared);

// True if a column of this affinity may store a value of this kind as another one.
bool may_change(Affinity affinity, Value::Kind kind);

// Gives the value to bind so that a column of this affinity keeps all of it, or a refused one where it can't. `scratch`
// has room for 40 bytes and holds the text of a number for a TEXT column. Precondition: may_change().
Value kept(Affinity affinity, const Value& value, char* scratch);

}  // namespace weir::sqlite
