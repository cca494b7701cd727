/* A component with the option `path`. */
#ifndef SIN_PATH_H
#define SIN_PATH_H
#include <stdio.h>
#include <weir/weir.h>
#define SCHEMA                                                                                                                    \
  "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"path\"],\"properties\":{\"path\":{\"type\":\"string\",\"format\":" \
  "\"path\",\"description\":\"The file.\",\"examples\":[\"out.txt\"]}}}"

static inline void path_of(const struct weir_context *context, char *path, size_t capacity) {
  struct weir_string text = context->config->text(context->config, weir_text("/path"));
  snprintf(path, capacity, "%.*s", (int)text.length, text.data);
}
#endif
