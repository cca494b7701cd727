/* Writes a 0 for the last byte. */
#define SIN "there_and_back"
#define LAST_BYTE 0
#include "sin_codec.h"
