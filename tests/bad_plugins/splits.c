/* No sinner: a transformer with two outputs, named by its options. Rows go to them in turn, or, with `all`, each to both. */
#include <weir/weir.h>
#define SIN "splits"
#define SIN_INFO                                                                                                       \
  "{\"abi\":\"1.0\",\"needs_abi\":\"1.0\",\"sdk\":\"0.1.0\",\"name\":\"splits\",\"version\":\"1.0.0\","                \
  "\"license\":\"Apache-2.0\",\"summary\":\"Has two outputs.\",\"components\":{\"splits\":{\"kind\":\"transformer\","   \
  "\"summary\":\"Has two outputs.\",\"description\":\"For tests.\",\"schema\":{\"type\":\"object\","                    \
  "\"additionalProperties\":false,\"required\":[\"first\",\"second\"],\"properties\":{"                                 \
  "\"first\":{\"type\":\"string\",\"description\":\"Name.\",\"examples\":[\"a\"]},"                                     \
  "\"second\":{\"type\":\"string\",\"description\":\"Name.\",\"examples\":[\"b\"]},"                                    \
  "\"all\":{\"type\":\"boolean\",\"description\":\"Each row to both.\",\"examples\":[true]}}}}}}"
#define SIN_TRAITS traits
#define SIN_CREATE create
#define SIN_PROCESS process

static const char copies, splits; /* what an instance does, by address */

static weir_status traits(const struct weir_config *config, struct weir_traits *traits, struct weir_error *error) {
  (void)error;
  if (config->boolean(config, weir_text("/all")) == 1) traits->rows = WEIR_ROWS_MULTIPLY;
  return WEIR_OK;
}

static weir_status create(const struct weir_context *context, const struct ArrowSchema *const *inputs,
                          const struct weir_string *names, uint64_t count, const struct weir_schema_sink *outputs,
                          void **self, struct weir_error *error) {
  const struct weir_config *config = context->config;
  weir_status status = outputs->same(outputs, config->text(config, weir_text("/first")), inputs[0]);
  (void)names, (void)count, (void)error;
  *self = (void *)(uintptr_t)(config->boolean(config, weir_text("/all")) == 1 ? &copies : &splits);
  return status != WEIR_OK ? status : outputs->same(outputs, config->text(config, weir_text("/second")), inputs[0]);
}

static weir_status process(void *self, uint64_t input, struct weir_batch *batch, const struct weir_next *next,
                           struct weir_error *error) {
  uint32_t rows[1024];
  int64_t row = 0;
  (void)input, (void)error;
  if (self == &copies) {
    weir_status status = next->select(next, 0, NULL, 0);
    return status != WEIR_OK ? status : next->select(next, 1, NULL, 0);
  }
  for (uint64_t output = 0; output < 2; output++) {
    for (row = (int64_t)output; row < batch->rows.length;) {
      uint64_t count = 0;
      weir_status status = WEIR_OK;
      for (; count < 1024 && row < batch->rows.length; row += 2) rows[count++] = (uint32_t)row;
      status = next->select(next, output, rows, count);
      if (status != WEIR_OK) return status;
    }
  }
  return WEIR_OK;
}
#include "bad_plugin.h"
