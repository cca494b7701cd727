/* Goes on when it was refused. */
#define SIN "stops_when_refused"
#define PROCESSING                                      \
  weir_status status = next->select(next, 0, NULL, 0); \
  if (status != WEIR_OK) next->drop(next, 0, weir_text("odd")); \
  return status
#include "sin_transformer.h"
