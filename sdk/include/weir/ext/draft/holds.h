/* Draft: what a loader's destination holds when a run is complete. Not a table, but a key of metadata on the schema that open()
 * tells as stored, in the run's first epoch. weir runs verify compares by it.
 *   "run"     the rows of this run and no others: it replaces what was there, or found nothing
 *   "among"   each of them as it was sent, perhaps beside others: rows are appended
 * Nothing said: a row may take another's place, or be left out, as where rows are put by a key. */
#ifndef WEIR_EXT_HOLDS_H
#define WEIR_EXT_HOLDS_H
#include "../../weir.h"
#define WEIR_HOLDS "weir.holds"
#define WEIR_HOLDS_RUN "run"
#define WEIR_HOLDS_AMONG "among"
/* On that schema too, where its columns are not the input's by name: the input's column that each of them is made of, as a JSON list of
 * names. A column of the input that is not among them is not stored. */
#define WEIR_STORED_FROM "weir.stored_from"
#endif
