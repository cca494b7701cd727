/* Stands somewhere else each time it is asked. */
#define SIN "position_repeats"
#include "sin_rows.h"
static weir_status tells(void *self, const struct weir_sink *position, struct weir_error *error) {
  static int64_t asked;
  struct weir_bytes bytes = {(const uint8_t *)&asked, sizeof asked};
  (void)self, (void)error;
  asked++;
  return position->put(position, bytes);
}
#define POSITION tells
#include "sin_extractor.h"
