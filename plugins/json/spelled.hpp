// Values that JSON has as strings, because it has no type for them: dates, times, timestamps, bytes; and, where the
// manifest gives the type, numbers and booleans in quotes.
#pragma once

#include <string_view>

#include "field_builder.hpp"

namespace weir::json {

// Adds what `text` says to `to`, or gives the reason why it is none of its values: a constant.
const char* add_spelled(FieldBuilder& to, std::string_view text);

// Adds an integer that fits; false if the field's type can't hold it. Precondition: the field is of an integer type.
bool add_integer(FieldBuilder& to, const text::NumberText& number, const char* begin, const char* end);

}  // namespace weir::json
