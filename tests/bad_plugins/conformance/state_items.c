/* Tells an item twice. */
#define SIN "state_items"
#define SNAPPING                                             \
  do {                                                       \
    struct weir_bytes twice = {(const uint8_t *)"low", 3};   \
    weir_status told = changes->put(changes, twice, twice);  \
    if (told != WEIR_OK) return told;                        \
  } while (0)
#include "sin_state.h"
