/* Draft: weir.earlier/1: what earlier runs of the pipeline came to, for those who hold this one against them. Asked of the
 * host that a component's context has. */
#ifndef WEIR_EXT_EARLIER_H
#define WEIR_EXT_EARLIER_H
#include "../../weir.h"
#define WEIR_EARLIER "weir.earlier/1"
struct weir_earlier {
  size_t size;
  /* Fills `rows` with how many rows came to this link in each of the pipeline's last complete runs, the newest first, `room`
   * of them at most; gives how many it filled. 0: there was none, or none is kept. [any] */
  uint64_t (*rows)(const struct weir_host *host, uint64_t *rows, uint64_t room);
};
#endif
