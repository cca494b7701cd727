/* Tells its option, `word`, in every way that a plugin has: logs, and the error with which it fails. With `how: cut` the error
 * is so long that the word is cut at its end; with `how: reject` the word is the reason of a reject. */
#include <stdio.h>
#include <string.h>
#include <weir/weir.h>

#define SIN "tells"
#define SIN_INFO                                                                                                      \
  "{\"abi\":\"1.0\",\"needs_abi\":\"1.0\",\"sdk\":\"0.1.0\",\"name\":\"tells\",\"version\":\"1.0.0\",\"license\":"          \
  "\"Apache-2.0\",\"summary\":\"Tells its option.\",\"components\":{\"tells\":{\"kind\":\"transformer\",\"summary\":\"Tells."   \
  "\",\"description\":\"For tests.\",\"schema\":{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{\"word\":"  \
  "{\"type\":\"string\"},\"hidden\":{\"type\":\"string\",\"writeOnly\":true,\"pattern\":\"^[a-z0-9-]*$\"},\"how\":{\"type\":" \
  "\"string\"}}}}}}"
#define SIN_CREATE create
#define SIN_PROCESS process

/* `before`, the word, `between`, the word, `behind`. */
static void tell(const struct weir_host* host, const char* const parts[3], struct weir_string word) {
  char detail[4096];
  const int length = (int)word.length;
  snprintf(detail, sizeof detail, "%s%.*s%s%.*s%s", parts[0], length, word.data, parts[1], length, word.data, parts[2]);
  host->log(host, WEIR_LOG_ERROR, weir_text("told"), weir_text(detail));
}

static const char* const kSayings[][3] = {{"{\"message\": \"as it is: ", "\", \"", "\": 1}"},
                                          {"{\"list\": [{\"inside\": \"", "\"}], \"x", "x\": true}"},
                                          {"no JSON: ", ", ", ""}};

static const struct weir_config* config_of_only;

static weir_status create(const struct weir_context* context, const struct ArrowSchema* const* inputs,
                          const struct weir_string* names, uint64_t count, const struct weir_schema_sink* outputs,
                          void** self, struct weir_error* error) {
  const struct weir_config* const config = context->config;
  const struct weir_string only = {"", 0};
  (void)names, (void)count, (void)error;
  *self = NULL;
  config_of_only = config;
  for (int hidden = 0; hidden < 2; ++hidden) {
    const struct weir_string word = config->text(config, weir_text(hidden ? "/hidden" : "/word"));
    if (word.length == 0) continue;
    for (size_t i = 0; i < sizeof kSayings / sizeof kSayings[0]; ++i) tell(context->host, kSayings[i], word);
  }
  return outputs->same(outputs, only, inputs[0]);
}

static weir_status process(void* self, uint64_t input, struct weir_batch* batch, const struct weir_next* next,
                           struct weir_error* error) {
  const struct weir_config* const config = config_of_only;
  const struct weir_string how = config->text(config, weir_text("/how"));
  struct weir_string word = config->text(config, weir_text("/word"));
  (void)self, (void)input;
  if (word.length == 0) word = config->text(config, weir_text("/hidden"));
  if (how.length == 6) {
    struct weir_reject reject;
    for (int64_t row = 0; row < batch->rows.length; ++row) {
      weir_reject_clear(&reject);
      reject.row = row;
      reject.reason = word;
      reject.detail = word;
      const weir_status status = next->reject(next, &reject);
      if (status != WEIR_OK) return status;
    }
    return WEIR_OK;
  }
  error->fault = WEIR_FAULT_DATA;
  if (how.length == 3) {
    memset(error->message, '.', sizeof error->message);
    snprintf(error->message + sizeof error->message - 13, 13, "%.*s", (int)word.length, word.data);
  } else {
    snprintf(error->message, sizeof error->message, "it was %.*s", (int)word.length, word.data);
  }
  snprintf(error->hint, sizeof error->hint, "not %.*s", (int)word.length, word.data);
  snprintf(error->column, sizeof error->column, "%.*s", (int)word.length, word.data);
  return WEIR_INVALID_ARGUMENT;
}
#include "bad_plugin.h"
