/* Shows its file before it is committed. */
#define SIN "unseen_until_commit"
#define PREPARING write_number(writer->path, 1)
#include "sin_loader.h"
