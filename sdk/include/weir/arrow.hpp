// Arrow for C++: owners, typed views and builders over the structs of the Arrow C Data Interface in weir.h. Needs
// nothing but the standard library. Include this, not the pieces.
#pragma once

#include "cpp/array.hpp"    // IWYU pragma: export
#include "cpp/builder.hpp"  // IWYU pragma: export
#include "cpp/schema.hpp"   // IWYU pragma: export
#include "cpp/text.hpp"     // IWYU pragma: export
