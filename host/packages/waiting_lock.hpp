// The lock of an open file that processes take one after the other, and what whoever waits for it is told.
#pragma once

#include <functional>
#include <string>

namespace weir::packages {

// Gets a line: "waiting for process 1234, which installs into FOLDER".
using WhenWaiting = std::function<void(const std::string& text)>;

// Waits for the exclusive lock of an open file. While another process has it `waiting`, if it is not empty, is told so, once. `what`: what
// that process does, "installs into FOLDER". False: errno says why. The lock ends with the descriptor.
bool take_lock(int descriptor, const std::string& what, const WhenWaiting& waiting);

}  // namespace weir::packages
