/* Needs an ABI above any host's, and says so in both places. */
#define SIN "needs_higher_abi"
#define SIN_INFO_NEEDS_ABI "1.999"
#define SIN_NEEDS_ABI WEIR_VERSION(1, 999)
#include "bad_plugin.h"
