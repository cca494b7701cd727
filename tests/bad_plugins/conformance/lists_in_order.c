/* Tells each object twice. */
#define SIN "lists_in_order"
#define LISTED 2
#include "sin_storage.h"
