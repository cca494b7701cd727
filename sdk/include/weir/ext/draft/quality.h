/* Draft: weir.quality/1: what a link held the rows to, and what came of it, for those who read of the run later. Asked of the
 * host that a component's context has. */
#ifndef WEIR_EXT_QUALITY_H
#define WEIR_EXT_QUALITY_H
#include "../../weir.h"
#define WEIR_QUALITY "weir.quality/1"
enum {
  WEIR_VERDICT_KEPT = 0,     /* nothing broke it */
  WEIR_VERDICT_WARNED = 1,   /* something did, and the log was told */
  WEIR_VERDICT_REJECTED = 2, /* the rows that did were rejected */
  WEIR_VERDICT_FAILED = 3    /* the run ends by it */
};
struct weir_judgement {
  size_t size;
  struct weir_string subject;  /* "column 'total'", "rows" */
  struct weir_string expected; /* "a mean of 10 to 50" */
  struct weir_string found;    /* "61"; empty: `rows` says it */
  int64_t rows;                /* that broke it, of those that this instance saw; -1: it is not about single rows */
  int32_t verdict;             /* WEIR_VERDICT_... */
  int32_t reserved;            /* 0 */
};
struct weir_quality {
  size_t size;
  /* Tells what came of one thing that was asked, once: at the end of the input, or before the call fails that ends the run by
   * it. Of several instances each tells its own, and the host adds up what has one subject and expectation. [any] */
  void (*judged)(const struct weir_host *host, const struct weir_judgement *judgement);
};
#endif
