/* Takes a column by its name alone. */
#define SIN "wrong_types"
#include <stdlib.h>
#include <string.h>
#define CREATING \
  if (inputs[0]->n_children > 0 && strcmp(inputs[0]->children[0]->name, "id") == 0 && inputs[0]->children[0]->format[0] != 'l') abort()
#include "sin_transformer.h"
