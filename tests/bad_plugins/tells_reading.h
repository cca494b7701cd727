/* For sins that never end: tells a test that read() is under way, by making the file that it named. */
#ifndef TELLS_READING_H
#define TELLS_READING_H

#include <stdio.h>
#include <stdlib.h>

static void tell_reading(void) {
  const char *name = getenv("BAD_PLUGIN_READS");
  FILE *file = name != NULL ? fopen(name, "w") : NULL;
  if (file != NULL) fclose(file);
}

#endif
