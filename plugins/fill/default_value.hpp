// The default of a column, as its options say it.
#pragma once

#include <string>

#include <weir/arrow.hpp>
#include <weir/cpp/context.hpp>

namespace weir::fill {

// The option at `option` as a value of the type of `field`: the bytes of one value in the column's buffer; of a boolean one
// byte, 0 or 1; of a string the text. Throws a Failure with the option's place if it doesn't fit.
std::string default_value(const Config& config, const std::string& option, const ArrowSchema& field);

}  // namespace weir::fill
