/* Its table lacks a function that its kind requires. */
#define SIN "null_function"
#define SIN_PROCESS NULL
#include "bad_plugin.h"
