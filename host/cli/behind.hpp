// What a command does behind its answer, of which the answer does not depend: notices, a page.
#pragma once

#include <exception>

#include "cli/output.hpp"
#include "run/worker.hpp"

namespace weir::cli {

// Takes a step; false: it threw, which is a warning, for a program has one answer.
template <class Step>
bool taken_behind(Output& output, const Step& step) {
  try {
    step();
    return true;
  } catch (...) {
    output.log().warning("run.notice_lost", "what the run came to is told here alone: " +
                                                run::thrown_error(std::current_exception()).message);
    return false;
  }
}

}  // namespace weir::cli
