/* Opens any version. */
#define SIN "refuses_other_version"
#define VERSIONS 0
#include "sin_storage.h"
