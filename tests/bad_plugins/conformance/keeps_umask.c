/* Changes the umask. */
#define SIN "keeps_umask"
#include <sys/stat.h>
#define CREATING umask(0)
#include "sin_transformer.h"
