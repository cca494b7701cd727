// Text of values: how weir writes numbers, decimals, dates, times and timestamps as text, and reads them back. Plugins
// share it, so that the same value has the same text everywhere. Include arrow.hpp, not the pieces.
#pragma once

#include "text_numbers.hpp"  // IWYU pragma: export
#include "text_times.hpp"    // IWYU pragma: export
