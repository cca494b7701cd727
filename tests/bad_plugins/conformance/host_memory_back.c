/* Keeps memory of the host's. */
#define SIN "host_memory_back"
#include <weir/ext/memory.h>
static weir_status take(const struct weir_host *host, struct weir_error *error, int give_back) {
  const struct weir_memory *memory = host->extension(host, weir_text(WEIR_MEMORY));
  uint8_t *buffer = NULL;
  weir_status status = memory == NULL ? WEIR_OK : memory->allocate(host, 100, 0, &buffer, error);
  if (status == WEIR_OK && buffer != NULL && give_back) memory->free(host, buffer);
  return status;
}
#define CREATING \
  if (take(context->host, error, 0) != WEIR_OK) return WEIR_RESOURCE_EXHAUSTED
#include "sin_transformer.h"
