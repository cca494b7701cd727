/* Tells two positions. */
#define SIN "position_told"
#include "sin_rows.h"
static weir_status tells(void *self, const struct weir_sink *position, struct weir_error *error) {
  struct weir_bytes bytes = {self, sizeof(int64_t)};
  weir_status status = position->put(position, bytes);
  (void)error;
  return status != WEIR_OK ? status : position->put(position, bytes);
}
#define POSITION tells
#include "sin_extractor.h"
