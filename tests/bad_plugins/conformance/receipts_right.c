/* Counts wrong. */
#define SIN "receipts_right"
#define RECEIPT writer->rows + 1
#include "sin_loader.h"
