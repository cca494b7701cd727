/* Needs an ABI above any host's, and says so in its description only. */
#define SIN "hides_needs_abi"
#define SIN_NEEDS_ABI WEIR_VERSION(1, 999)
#include "bad_plugin.h"
