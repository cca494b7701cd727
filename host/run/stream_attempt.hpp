// How an attempt at a pipeline with streams is made.
#pragma once

#include <functional>
#include <utility>

#include "run/apart.hpp"
#include "run/stream_run.hpp"

namespace weir::run {

// As attempt(), of all streams of a pipeline.
template <class T>
base::Result<T> attempt_streams(const RunOptions& options, const RunWatch& watch, manifest::Draft draft,
                                std::function<base::Result<T>(StreamRun&)> step) {
  return apart<T>(
      [options, watch, draft = std::move(draft), step = std::move(step)](Parting& parting,
                                                                         const Answer<T>& answer) mutable {
        StreamRun made(options, watch, std::move(draft), parting);
        answer(step(made));
      },
      [&watch](const base::Error& error) {
        if (watch.log != nullptr) watch.log->warning(error.code, error.message);
      });
}

}  // namespace weir::run
