/* Ends all sessions with one. */
#define SIN "connections_apart"
static int ended;
#define PINGING \
  if (ended) return weir_fail(error, WEIR_UNAVAILABLE, WEIR_FAULT_SOURCE, "expected a session, found that it has ended")
#define DISCONNECTING ended = 1
#include "sin_connection.h"
