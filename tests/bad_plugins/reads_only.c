/* A format that reads and can't write. No sin, but what is needed to see how it is told. */
#include "bad_rows.h"
#define SIN "reads_only"

static weir_status open_reader(const struct weir_context *context, const struct weir_input *input,
                               struct weir_bytes position, const struct weir_schema_sink *schema, void **self,
                               struct weir_error *error) {
  (void)context, (void)input, (void)position, (void)error;
  *self = NULL;
  return tell_column(schema, "l", 0);
}

static weir_status read_nothing(void *self, int64_t deadline, const struct weir_next *next, int32_t *outcome,
                                struct weir_error *error) {
  (void)self, (void)deadline, (void)next, (void)error;
  *outcome = WEIR_READ_END;
  return WEIR_OK;
}

static void close_reader(void *self) { (void)self; }

static const struct weir_reader sin_reader = {sizeof sin_reader, read_nothing, NULL, close_reader, NULL, NULL};
static const struct weir_format sin_format = {sizeof sin_format, NULL, open_reader, &sin_reader, NULL,
                                              NULL,              NULL, NULL,        NULL};

#define SIN_KIND WEIR_KIND_FORMAT
#define SIN_KIND_NAME "format"
#define SIN_CREATE NULL
#define SIN_PROCESS NULL
#define SIN_TABLE &sin_format
#include "bad_plugin.h"
