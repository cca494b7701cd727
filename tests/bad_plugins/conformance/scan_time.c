/* Works in a static constructor. */
#define _GNU_SOURCE
#define SIN "scan_time"
#include <time.h>
__attribute__((constructor)) static void work(void) {
  const struct timespec while_ = {0, 200000000};
  nanosleep(&while_, NULL);
}
#include "sin_transformer.h"
