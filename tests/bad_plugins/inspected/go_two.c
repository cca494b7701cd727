/* Has the mark of Go's linker: so weir takes it for a plugin in Go. */
#include <weir/weir.h>
#define SIN "go_two"
__attribute__((section(".note.go.buildid"), used)) static const char go_build[] = "no Go at all";
#include "bad_plugin.h"
