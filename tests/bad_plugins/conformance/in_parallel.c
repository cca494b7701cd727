/* Drops rows while there is another instance. */
#define _GNU_SOURCE
#define SIN "in_parallel"
#include <stdatomic.h>
#include <unistd.h>
static atomic_int alive;
#define CREATING alive++
#define DESTROYING alive--
#define PROCESSING \
  usleep(2000);    \
  if (alive > 1) return next->drop(next, (uint64_t)batch->rows.length, weir_text("crowded"))
#include "sin_transformer.h"
