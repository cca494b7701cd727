/* Ignores a signal. */
#define SIN "keeps_signal_handlers"
#include <signal.h>
#define CREATING signal(SIGPIPE, SIG_IGN)
#include "sin_transformer.h"
