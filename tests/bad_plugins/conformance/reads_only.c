/* Writes to what it reads. */
#define SIN "reads_only"
#include "sin_path.h"
#define CONFORMANCE ",\"conformance\":{\"options\":{\"path\":\"in.txt\"},\"files\":{\"in.txt\":\"x\"}}"
static void spoil(const struct weir_context *context) {
  char path[512];
  FILE *file;
  path_of(context, path, sizeof path);
  file = fopen(path, "a");
  if (file == NULL) return;
  fputc('y', file);
  fclose(file);
}
#define OPENED spoil(context)
#include "sin_extractor.h"
