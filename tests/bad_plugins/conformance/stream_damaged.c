/* Does not stand a damaged stream. */
#define SIN "stream_damaged"
#define FOREIGN abort()
#include "sin_codec.h"
