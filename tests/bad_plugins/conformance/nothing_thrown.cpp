// Throws.
#include <stdexcept>
#pragma GCC diagnostic ignored "-Wold-style-cast"  // the headers are C
#define SIN "nothing_thrown"
#define PROCESSING \
  if (batch->rows.length >= 0) throw std::runtime_error("thrown")
#include "sin_transformer.h"
