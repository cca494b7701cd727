/* What the bad plugins have in common: a transformer that passes its rows on, described as a plugin with one component of
 * the same name. A sin defines SIN, and before it includes this, whatever it does differently:
 *
 *   SIN_NEEDS_ABI, SIN_INFO_NEEDS_ABI   lowest ABI in the description, and in section .weir
 *   SIN_INFO_PREVIEW                    the ABI's preview in section .weir
 *   SIN_CREATE, SIN_PROCESS, SIN_DESTROY, SIN_OPEN   names of its own functions
 *   SIN_NAME                            name in the description
 *   SIN_SIZE                            size of the description
 *   SIN_TABLE                           the component's table
 *   SIN_KIND, SIN_KIND_NAME             the component's kind
 *   SIN_TRAITS                          the transformer's traits function
 *   SIN_COMPONENTS                      the list of components
 *   SIN_ENTRY                           name of the entry
 */
#ifndef BAD_PLUGIN_H
#define BAD_PLUGIN_H

#include <weir/weir.h>

#ifndef SIN_INFO_NEEDS_ABI
#define SIN_INFO_NEEDS_ABI "1.0"
#endif
#ifndef SIN_INFO_PREVIEW
#define SIN_INFO_PREVIEW "1"
#endif
#ifndef SIN_NEEDS_ABI
#define SIN_NEEDS_ABI WEIR_VERSION(1, 0)
#endif
#ifndef SIN_NAME
#define SIN_NAME SIN
#endif
#ifndef SIN_SIZE
#define SIN_SIZE sizeof(struct weir_plugin)
#endif
#ifndef SIN_ENTRY
#define SIN_ENTRY weir_plugin_v1
#endif

#ifndef SIN_KIND
#define SIN_KIND WEIR_KIND_TRANSFORMER
#define SIN_KIND_NAME "transformer"
#endif

#ifndef SIN_INFO
#define SIN_INFO                                                                                                        \
  "{\"abi\":\"1.0\",\"needs_abi\":\"" SIN_INFO_NEEDS_ABI "\",\"preview\":" SIN_INFO_PREVIEW ",\"sdk\":\"0.1.0\"," \
  "\"name\":\"" SIN "\",\"version\":\"1.0.0\","                                                                       \
  "\"license\":\"Apache-2.0\",\"summary\":\"A plugin that misbehaves.\",\"components\":{\"" SIN                          \
  "\":{\"kind\":\"" SIN_KIND_NAME "\",\"summary\":\"Passes rows on, badly.\",\"description\":\"For tests.\","                  \
  "\"schema\":{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{}}}}}"
#endif
WEIR_INFO(SIN_INFO);

#ifndef SIN_CREATE
#define SIN_CREATE sin_create
static weir_status sin_create(const struct weir_context *context, const struct ArrowSchema *const *inputs,
                              const struct weir_string *names, uint64_t count, const struct weir_schema_sink *outputs,
                              void **self, struct weir_error *error) {
  struct weir_string only = {"", 0};
  (void)context, (void)names, (void)count, (void)error;
  *self = NULL;
  return outputs->same(outputs, only, inputs[0]);
}
#endif

#ifndef SIN_PROCESS
#define SIN_PROCESS sin_process
static weir_status sin_process(void *self, uint64_t input, struct weir_batch *batch, const struct weir_next *next,
                               struct weir_error *error) {
  (void)self, (void)input, (void)batch, (void)error;
  return next->select(next, 0, NULL, 0);
}
#endif

#ifndef SIN_DESTROY
#define SIN_DESTROY sin_destroy
static inline void sin_destroy(void *self) { (void)self; }
#endif

#ifndef SIN_OPEN
#define SIN_OPEN sin_open
static weir_status sin_open(const struct weir_host *host, struct weir_error *error) {
  (void)host, (void)error;
  return WEIR_OK;
}
#endif

static void sin_close(void) {}

#ifndef SIN_TRAITS
#define SIN_TRAITS NULL
#endif

#ifndef SIN_TABLE
#define SIN_TABLE &sin_table
static const struct weir_transformer sin_table = {sizeof sin_table, SIN_TRAITS, SIN_CREATE, SIN_PROCESS, SIN_DESTROY, NULL, NULL};
#endif

#ifndef SIN_COMPONENTS
#define SIN_COMPONENTS &sin_component
static const struct weir_component sin_component = {
    sizeof sin_component, {SIN, sizeof SIN - 1}, {"{}", 2}, SIN_KIND, 0, SIN_TABLE, NULL};
#endif
static const struct weir_component *const sin_components[] = {SIN_COMPONENTS};
static const struct weir_plugin sin_plugin = {SIN_SIZE,
                                              WEIR_ABI,
                                              SIN_NEEDS_ABI,
                                              {SIN_NAME, sizeof SIN_NAME - 1},
                                              {"1.0.0", 5},
                                              SIN_OPEN,
                                              sin_close,
                                              sizeof sin_components / sizeof sin_components[0],
                                              sin_components};
WEIR_EXPORT const struct weir_plugin *SIN_ENTRY(void);
WEIR_EXPORT const struct weir_plugin *SIN_ENTRY(void) { return &sin_plugin; }

#endif
