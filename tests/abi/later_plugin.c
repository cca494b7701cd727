/* A plugin of the next minor: built against longer structs, it asks for what only a host of that minor has, and does without. The
 * transformer `later` passes on the rows that the host's weir.later/1 keeps, or all of them. Compiled by later_test.py, with
 * NEEDS_MINOR and NEEDS_TEXT saying what it claims to need. */
#include <stdlib.h>
#include <weir/ext/later.h>

#define ABOUT                                                                                                    \
  "{\"kind\":\"transformer\",\"summary\":\"Passes on what the host keeps.\",\"description\":\"For tests.\","            \
  "\"schema\":{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{}}}"
WEIR_INFO("{\"abi\":\"1." BUILT_TEXT "\",\"needs_abi\":\"1." NEEDS_TEXT "\",\"preview\":" PREVIEW_TEXT ",\"sdk\":\"0.2.0\",\"name\":\"later\","
          "\"version\":\"1.0.0\",\"license\":\"Apache-2.0\",\"summary\":\"Of the next minor.\",\"components\":{\"later\":" ABOUT "}}");

struct instance {
  const struct weir_host *host;
  const struct weir_later *later; /* null: an older host */
};

static weir_status create(const struct weir_context *context, const struct ArrowSchema *const *inputs,
                          const struct weir_string *names, uint64_t count, const struct weir_schema_sink *outputs,
                          void **self, struct weir_error *error) {
  struct instance *made = malloc(sizeof *made);
  const struct weir_host *host = context->host;
  (void)names, (void)count;
  if (made == NULL) return weir_fail(error, WEIR_RESOURCE_EXHAUSTED, WEIR_FAULT_UNKNOWN, "out of memory");
  made->host = host;
  made->later = host->extension(host, weir_text(WEIR_LATER));
  /* What was appended: to be looked at only where the maker of the struct knew it. */
  if ((host->abi >= WEIR_ABI) != WEIR_CAN(host, later) || (made->later != NULL) != WEIR_CAN(host, later)) {
    free(made);
    return weir_fail(error, WEIR_INTERNAL, WEIR_FAULT_UNKNOWN, "expected a host that is as new as its ABI says");
  }
  *self = made;
  return outputs->same(outputs, weir_text(""), inputs[0]);
}

static weir_status process(void *self, uint64_t input, struct weir_batch *batch, const struct weir_next *next,
                           struct weir_error *error) {
  const struct instance *instance = self;
  weir_status status = WEIR_OK;
  uint64_t dropped = 0;
  (void)input, (void)error;
  if (instance->later == NULL) return next->select(next, 0, NULL, 0);
  for (int64_t row = 0; row < batch->rows.length && status == WEIR_OK; row++) {
    const uint32_t kept = (uint32_t)row;
    if (instance->later->keeps(instance->host, kept))
      status = next->select(next, 0, &kept, 1);
    else
      dropped++;
  }
  return status != WEIR_OK || dropped == 0 ? status : next->drop(next, dropped, weir_text("not kept"));
}

static const struct weir_transformer table = {
    .size = sizeof table, .create = create, .process = process, .destroy = free, .later = 0xA5A5A5A5A5A5A5A5U};
static const struct weir_component component = {.size = sizeof component, .name = WEIR_STRING("later"), .about = WEIR_STRING(ABOUT),
    .kind = WEIR_KIND_TRANSFORMER, .table = &table, .later = 0xA5A5A5A5A5A5A5A5U};
static const struct weir_component *const components[] = {&component};
static const struct weir_plugin plugin = {.size = sizeof plugin, .abi = WEIR_ABI, .needs_abi = WEIR_VERSION(1, NEEDS_MINOR),
    .name = WEIR_STRING("later"), .version = WEIR_STRING("1.0.0"), .open = weir_open_nothing, .close = weir_close_nothing,
    .count = 1, .components = components, .later = 0xA5A5A5A5A5A5A5A5U};

const struct weir_plugin *weir_plugin_v1(void) { return &plugin; }
