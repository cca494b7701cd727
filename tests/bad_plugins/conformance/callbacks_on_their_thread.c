/* Passes rows on from a thread of its own. */
#define SIN "callbacks_on_their_thread"
#include <pthread.h>
#include <weir/weir.h>
static void *passes(void *next) {
  ((const struct weir_next *)next)->select(next, 0, NULL, 0);
  return NULL;
}
static weir_status elsewhere(const struct weir_next *next) {
  pthread_t thread;
  pthread_create(&thread, NULL, passes, (void *)(uintptr_t)next);
  pthread_join(thread, NULL);
  return WEIR_OK;
}
#define PROCESSING return elsewhere(next)
#include "sin_transformer.h"
