/* Leaves a temporary file behind. */
#define SIN "no_file_left"
#include <stdio.h>
#include <stdlib.h>
static void leave(const char *folder) {
  char name[4096];
  FILE *file;
  snprintf(name, sizeof name, "%s/trace", folder);
  file = fopen(name, "w");
  if (file != NULL) fclose(file);
}
#define CREATING leave(getenv("TMPDIR"))
#include "sin_transformer.h"
