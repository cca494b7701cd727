/* Changes the working directory. */
#define SIN "keeps_working_directory"
#include <unistd.h>
static int moved;
#define CREATING moved = chdir("/")
#include "sin_transformer.h"
