/* Takes back its state, and begins anew. */
#define SIN "state_restores"
#define RESTORING continue
#include "sin_state.h"
