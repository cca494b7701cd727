/* What the plugins have in common that prove the cases of the conformance kit: each is right in all but one thing, and called as
 * the case that finds it. The headers sin_KIND.h make a right component of a kind; a sin defines SIN and, before it includes one,
 * what it does differently:
 *
 *   SCHEMA, CONFORMANCE        JSON of the options; ",\"conformance\":{…}" if it needs one
 *   LICENCE, DESCRIPTION       texts
 *   ABOUT, NAME, NEEDS         the component's text, the plugin's name in the descriptor, needs_abi in the section
 *   OPEN, CLOSE, EXTENSION     functions of its own; OPENING, CLOSING: what is done in the usual ones
 *   ENTRY                      what the entry returns
 *   MUTABLE                    instead of const, for the descriptor
 */
#ifndef SIN_PLUGIN_H
#define SIN_PLUGIN_H

#include <weir/weir.h>

#ifndef LICENCE
#define LICENCE "Apache-2.0"
#endif
#ifndef DESCRIPTION
#define DESCRIPTION "For tests."
#endif
#ifndef SCHEMA
#define SCHEMA "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{}}"
#endif
#ifndef CONFORMANCE
#define CONFORMANCE ""
#endif
#ifndef NEEDS
#define NEEDS "1.0"
#endif
#define SIN_ABOUT                                                                                                          \
  "{\"name\":\"" SIN "\",\"kind\":\"" KIND_NAME "\",\"summary\":\"Is wrong.\",\"description\":\"" DESCRIPTION "\",\"schema\":" SCHEMA \
      CONFORMANCE "}"
#ifndef ABOUT
#define ABOUT SIN_ABOUT
#endif
WEIR_INFO("{\"abi\":\"1.0\",\"needs_abi\":\"" NEEDS "\",\"sdk\":\"0.1.0\",\"name\":\"" SIN "\",\"version\":\"1.0.0\",\"license\":\"" LICENCE
          "\",\"summary\":\"Is wrong.\",\"components\":{\"" SIN "\":" SIN_ABOUT "}}");

#ifndef NAME
#define NAME SIN
#endif
#ifndef OPENING
#define OPENING
#endif
#ifndef CLOSING
#define CLOSING
#endif
#ifndef OPEN
#define OPEN sin_open
static weir_status sin_open(const struct weir_host *host, struct weir_error *error) {
  (void)host, (void)error;
  OPENING;
  return WEIR_OK;
}
#endif
#ifndef CLOSE
#define CLOSE sin_close
static void sin_close(void) { CLOSING; }
#endif
#ifndef EXTENSION
#define EXTENSION NULL
#endif
#ifndef MUTABLE
#define MUTABLE const
#endif
#ifndef TABLE
#define TABLE &sin_table
#endif

static const char sin_about[] = ABOUT;
static MUTABLE struct weir_component sin_component = {
    sizeof sin_component, {SIN, sizeof SIN - 1}, {sin_about, sizeof sin_about - 1}, KIND, 0, TABLE, EXTENSION};
static const struct weir_component *const sin_components[] = {&sin_component};
static const struct weir_plugin sin_plugin = {sizeof sin_plugin, WEIR_ABI, WEIR_VERSION(1, 0), {NAME, sizeof NAME - 1}, {"1.0.0", 5},
                                              OPEN, CLOSE, 1, sin_components};
#ifndef ENTRY
#define ENTRY &sin_plugin
#endif
WEIR_EXPORT const struct weir_plugin *weir_plugin_v1(void) { return ENTRY; }

#endif
