// How an attempt at a pipeline is made.
#pragma once

#include <functional>
#include <utility>

#include "run/apart.hpp"
#include "run/attempt.hpp"

namespace weir::run {

// Makes an attempt at a pipeline on a thread of its own, with copies of all that it is lent: if a call of it is given up,
// they are left to it. `step` owns what it uses.
template <class T>
base::Result<T> attempt(const RunOptions& options, const RunWatch& watch, manifest::Draft draft,
                        std::function<base::Result<T>(Attempt&)> step) {
  return apart<T>(
      [options, watch, draft = std::move(draft), step = std::move(step)](Parting& parting,
                                                                         const Answer<T>& answer) mutable {
        Attempt made(options, watch, std::move(draft), parting);
        answer(step(made));
      },
      [&watch](const base::Error& error) {
        if (watch.log != nullptr) watch.log->warning(error.code, error.message);
      });
}

}  // namespace weir::run
