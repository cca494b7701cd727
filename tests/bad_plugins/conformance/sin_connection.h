/* A connection to nothing. PINGING, DISCONNECTING: what is done first in the usual functions, of `session`. */
#include <stdlib.h>
#include <weir/weir.h>

#include "sin_memory.h"
#define KIND WEIR_KIND_CONNECTION
#define KIND_NAME "connection"

#ifndef PINGING
#define PINGING
#endif
#ifndef DISCONNECTING
#define DISCONNECTING
#endif

struct session {
  int pings;
};

static weir_status sin_connect(const struct weir_context *context, void **self, struct weir_error *error) {
  (void)context;
  *self = calloc(1, sizeof(struct session));
  if (*self == NULL) return no_memory(error);
  return WEIR_OK;
}
static weir_status sin_ping(void *self, struct weir_error *error) {
  struct session *session = (struct session *)self;
  (void)error;
  session->pings++;
  PINGING;
  return WEIR_OK;
}
static void sin_disconnect(void *self) {
  DISCONNECTING;
  free(self);
}
static const struct weir_connection sin_table = {sizeof sin_table, sin_connect, sin_ping, sin_disconnect, NULL};
#include "sin_plugin.h"
