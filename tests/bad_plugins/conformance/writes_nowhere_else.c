/* Makes a file in a folder that nobody named. */
#define _POSIX_C_SOURCE 200809L
#define SIN "writes_nowhere_else"
#include <fcntl.h>
#include <unistd.h>
#define PLACE "/tmp/weir_writes_nowhere_else"
static int makes_a_file(void) {
  int file = open(PLACE, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return 0;
  unlink(PLACE);
  return close(file) == 0;
}
#define CREATING \
  if (!makes_a_file()) return weir_fail(error, WEIR_PERMISSION_DENIED, WEIR_FAULT_MANIFEST, "expected to make " PLACE ", found that it can't be")
#include "sin_transformer.h"
