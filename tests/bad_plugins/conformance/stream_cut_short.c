/* Takes what was cut for whole. */
#define SIN "stream_cut_short"
#define LOSS *done = 1
#include "sin_codec.h"
