/* Says nothing in read(), for ever, until it is cancelled: that ends it at once. */
#include <poll.h>
#include <unistd.h>

#include <weir/weir.h>

#include "tells_reading.h"
#define SIN "blocks"
#define SIN_READ sins
#define SIN_CANCEL sin_cancel
#define SIN_CLOSE_READER sin_close_reader
#define SIN_OPEN sin_open_pipe

static int ends[2];

static weir_status sin_open_pipe(const struct weir_host* host, struct weir_error* error) {
  (void)host;
  return pipe(ends) == 0 ? WEIR_OK : weir_fail(error, WEIR_INTERNAL, WEIR_FAULT_UNKNOWN, "expected a pipe");
}

static weir_status sins(void* self, int64_t deadline, const struct weir_next* next, int32_t* outcome,
                        struct weir_error* error) {
  struct pollfd waited = {ends[0], POLLIN, 0};
  (void)self, (void)deadline, (void)next, (void)outcome;
  tell_reading();
  while (poll(&waited, 1, -1) != 1) {
  }
  return weir_fail(error, WEIR_CANCELLED, WEIR_FAULT_UNKNOWN, "cancelled");
}

static void sin_cancel(void* self) {
  (void)self;
  if (write(ends[1], "x", 1) < 0) return;
}
/* What was told is for this reader, perhaps before its read() began: the next one begins without. */
static void sin_close_reader(void* self) {
  struct pollfd waited = {ends[0], POLLIN, 0};
  char told[64];
  (void)self;
  while (poll(&waited, 1, 0) == 1 && read(ends[0], told, sizeof told) > 0) {
  }
}

#include "bad_reader.h"
