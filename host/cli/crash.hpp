// Crash: a plugin that crashes in this process ends it; what is left is to say which.
#pragma once

namespace weir::cli {

// From here on a crash (SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT) tells on stderr which call of which plugin it was in,
// then ends the program by the same signal. Nothing under a sanitizer, which has its own. [main]
void name_crashes();

// Ends the program at once if a plugin's call was given up: its thread is still within it, so that nothing may be taken
// down. Else does nothing. What was printed is written out first. [main]
void leave_given_up(int exit_code);

}  // namespace weir::cli
