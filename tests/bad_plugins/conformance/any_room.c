/* Needs room for 64 bytes. */
#define SIN "any_room"
#define STEPPING \
  if (capacity < 64) return WEIR_OK
#include "sin_codec.h"
