/* Writes a line into the file WEIR_WITNESS when it is loaded, by a constructor, and one when it is opened; then crashes if
 * WEIR_WITNESS_CRASHES is set. */
#include <stdio.h>
#include <stdlib.h>

#include <weir/weir.h>
#define SIN "witness"
#define SIN_OPEN sins
static void tell(const char *what) {
  const char *const name = getenv("WEIR_WITNESS");
  FILE *const file = name == NULL ? NULL : fopen(name, "a");
  if (file == NULL) return;
  fprintf(file, "%s\n", what);
  fclose(file);
}
__attribute__((constructor)) static void loaded(void) { tell("loaded"); }
static weir_status sins(const struct weir_host *host, struct weir_error *error) {
  (void)host, (void)error;
  tell("opened");
  if (getenv("WEIR_WITNESS_CRASHES") != NULL) abort();
  return WEIR_OK;
}
#include "bad_plugin.h"
