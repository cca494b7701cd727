/* Leaves files open. */
#define SIN "no_file_open"
#include <fcntl.h>
static int opened;
#define CREATING opened = open("/dev/null", O_RDONLY)
#include "sin_transformer.h"
