// Apart: a run on a thread of its own, so that whoever asked for it gets an answer even if a plugin's call never returns.
#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "base/result.hpp"

namespace weir::run {

// Where the end of a run is waited for: it ends, or it is given up. Threads: [any].
class Parting {
 public:
  // The answer is there; what is left is to take everything down.
  void answered();
  // Everything is taken down.
  void ended();
  // A call does not return: nobody need wait any longer. The first counts.
  void give_up(base::Error error);
  bool is_answered() const;

  // Waits until the run has ended, or was given up: then why.
  std::optional<base::Error> wait();

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool answered_ = false;                // guarded by mutex_
  bool ended_ = false;                   // guarded by mutex_
  std::optional<base::Error> given_up_;  // guarded by mutex_
};

// Takes what a run gives.
template <class T>
using Answer = std::function<void(base::Result<T>)>;

// Makes an answer on a thread of its own. `work` gives it to the Answer, before it takes down what it has used; it owns all
// of that. Gives the answer once everything is taken down. If the run is given up, the answer if it was there already (`late`
// is told why the rest is left), else the error; thread, work, and all that it holds are then left as they are, for ever.
template <class T>
base::Result<T> apart(std::function<void(Parting& parting, const Answer<T>& answer)> work,
                      const std::function<void(const base::Error&)>& late) {
  struct Shared {
    Parting parting;
    std::optional<base::Result<T>> answer;
    std::exception_ptr thrown;
  };
  auto shared = std::make_shared<Shared>();
  std::thread thread([shared, work = std::move(work)]() mutable {
    try {
      work(shared->parting, [&shared](base::Result<T> answer) {
        shared->answer.emplace(std::move(answer));
        shared->parting.answered();
      });
      work = nullptr;
    } catch (...) {
      shared->thrown = std::current_exception();
    }
    shared->parting.ended();
  });
  const auto given_up = shared->parting.wait();
  if (!given_up) {
    thread.join();
    if (shared->thrown) std::rethrow_exception(shared->thrown);
    return std::move(*shared->answer);
  }
  thread.detach();
  if (!shared->parting.is_answered()) return base::unexpected(*given_up);
  late(*given_up);
  return std::move(*shared->answer);
}

}  // namespace weir::run
