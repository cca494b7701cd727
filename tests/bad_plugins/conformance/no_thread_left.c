/* Leaves a thread behind. */
#define SIN "no_thread_left"
#include <pthread.h>
#include <unistd.h>
static void *sleeps(void *nothing) {
  for (;;) pause();
  return nothing;
}
static void begin(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, sleeps, NULL);
}
#define OPENING begin()
#include "sin_transformer.h"
