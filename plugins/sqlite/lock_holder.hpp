// Who holds a lock of a database's file: what a person who waits wants to know.
#pragma once

#include <string>

namespace weir::sqlite {

// "python3 (process 4711)", or several of them; empty if it can't be told: another user's, another machine's, or nobody's by
// now. Looks at /proc/locks alone: to open the file would let go of the locks that this process has on it.
std::string lock_holders(const std::string& database);

}  // namespace weir::sqlite
