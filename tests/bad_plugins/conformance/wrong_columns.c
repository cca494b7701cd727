/* Takes a first column for granted. */
#define SIN "wrong_columns"
#include <stdint.h>
static volatile char first_byte;
#define CREATING first_byte = inputs[0]->children[0]->name[0]
#include "sin_transformer.h"
