/* Says no licence. */
#define SIN "licence_said"
#define LICENCE ""
#include "sin_transformer.h"
