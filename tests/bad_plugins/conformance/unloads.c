/* Loads itself, and stays in memory. */
#define _GNU_SOURCE
#define SIN "unloads"
#include <dlfcn.h>
#include <weir/weir.h>
static int anchor;
static void stay(void) {
  Dl_info here;
  if (dladdr(&anchor, &here) != 0) dlopen(here.dli_fname, RTLD_NOW);
}
#define OPENING stay()
#include "sin_transformer.h"
