/* Does not stand what is no digit. */
#define SIN "damaged"
#include <stdlib.h>
#define AFTER_READ                                                         \
  for (row = 0; row < (int64_t)made->length; row++) {                      \
    if (made->bytes[row] != '\n' && (made->bytes[row] < '0' || made->bytes[row] > '9')) abort(); \
  }
#include "sin_format.h"
