// Fit: whether a single value is one of those that a column is declared for, where not all that come are.
#pragma once

#include "source_type.hpp"
#include "value.hpp"

namespace weir::sqlite {

// True for null, and for a value that a column so declared holds and gives back as it is. JSON is not looked into: no text is any.
bool holds_value(const Declared& declared, const Value& value);

}  // namespace weir::sqlite
