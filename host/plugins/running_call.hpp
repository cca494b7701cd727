// RunningCall: a call to a plugin while it goes on, on the stack of whoever makes it. Calls nest: what a plugin calls back
// may end in another plugin's call on the same thread. The innermost of a thread is the one that is at work.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

#include "plugins/error.hpp"

namespace weir::plugins {

class CallWatch;

// How a call is watched.
struct CallTerms {
  CallWatch* watch = nullptr;    // lent; null: nobody watches it
  std::function<void()> cancel;  // makes it return soon; [any]; empty: nothing does
  bool may_wait = false;         // for something that nobody knows the coming of, such as the next bytes of a pipe
  bool is_wait = false;          // no call but the host's wait before it is made again: no deadline holds for it
};

// What came of watching a call.
enum class CallEnd {
  in_time,
  late,     // it was told to stop at its deadline
  stalled,  // it was told to stop because nothing moved
};

class RunningCall {
 public:
  // Begins it on this thread. All is lent for the call.
  RunningCall(const Culprit& culprit, const CallTerms& terms);
  // Ends it, if end() was not called.
  ~RunningCall();
  RunningCall(const RunningCall&) = delete;
  RunningCall& operator=(const RunningCall&) = delete;

  // Ends it. `moved`: it went well. Does not return if the call was given up meanwhile: nothing that waits for it is there
  // any more.
  CallEnd end(bool moved);

  const Culprit& culprit() const { return culprit_; }
  // The one that this one is within, on the same thread; null: none.
  const RunningCall* outer() const { return outer_; }

  // The innermost call of this thread; null: it makes none. May be asked by a signal handler.
  static const RunningCall* innermost();
  // Something was handed over on this thread: the call in progress is alive.
  static void handed_over();
  // Whether the call in progress on this thread was told to stop.
  static bool told_to_stop();

 private:
  friend class CallWatch;
  enum class State { running, told, given_up };

  const Culprit& culprit_;
  const CallTerms& terms_;
  RunningCall* outer_;
  bool ended_ = false;
  std::int64_t begin_ns_ = 0;
  std::atomic<std::int64_t> alive_ns_{0};   // when it last gave a sign of life
  std::atomic<std::int64_t> handed_ns_{0};  // when something was last handed over; 0: never
  std::atomic<State> state_{State::running};
  // Guarded by the watch's mutex:
  bool within_ = false;      // another call is made within this one
  bool cancelling_ = false;  // its cancel is in progress
  CallEnd reason_ = CallEnd::in_time;
  std::int64_t told_ns_ = 0;  // when it was told to stop
  std::size_t place_ = 0;     // among the watch's calls
};

}  // namespace weir::plugins
