/* Blocks a signal. */
#define _GNU_SOURCE
#define SIN "keeps_signal_mask"
#include <signal.h>
static void block(void) {
  sigset_t mask;
  sigemptyset(&mask);
  sigaddset(&mask, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &mask, NULL);
}
#define CREATING block()
#include "sin_transformer.h"
