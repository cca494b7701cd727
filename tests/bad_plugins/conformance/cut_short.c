/* Does not stand a line without an end. */
#define SIN "cut_short"
#include <stdlib.h>
#define AFTER_READ \
  if (made->length > 0 && made->bytes[made->length - 1] != '\n') abort()
#include "sin_format.h"
