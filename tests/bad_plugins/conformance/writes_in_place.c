/* Writes into the working directory. */
#define SIN "writes_in_place"
#include <stdio.h>
#include <stdlib.h>
static void leave(const char *folder) {
  char name[4096];
  FILE *file;
  snprintf(name, sizeof name, "%s/trace", folder);
  file = fopen(name, "w");
  if (file != NULL) fclose(file);
}
#define CREATING leave(".")
#include "sin_transformer.h"
