/* Does not stand an empty input. */
#define SIN "nothing_in_it"
#include <stdlib.h>
#define AFTER_READ \
  if (made->length == 0) abort()
#include "sin_format.h"
