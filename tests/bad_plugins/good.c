/* The control: nothing is wrong with it. */
#define SIN "good"
#include "bad_plugin.h"
