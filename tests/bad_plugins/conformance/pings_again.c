/* Answers two pings. */
#define SIN "pings_again"
#define PINGING \
  if (session->pings > 2) return weir_fail(error, WEIR_UNAVAILABLE, WEIR_FAULT_SOURCE, "expected two pings, found a third")
#include "sin_connection.h"
