// SignalWatch: SIGINT and SIGTERM, from when a command begins to its end.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <thread>

#include "run/interrupt.hpp"

namespace weir::cli {

// Listens on a thread of its own. The first signal tells the run to stop, which then ends by itself; where it waits for
// something that can't be told (a pipe that nobody writes to) and nothing has been written yet, the program ends after a
// moment. A second one ends the program: what can't be interrupted is left as a crash would leave it, which the next run
// mends.
class SignalWatch {
 public:
  // `interrupt` is lent.
  explicit SignalWatch(run::Interrupt& interrupt);
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

  // The signal that came, or 0.
  int number() const { return number_; }

 private:
  void wait_for_second();
  void wait_in_vain();

  run::Interrupt& interrupt_;
  boost::asio::io_context context_;
  boost::asio::signal_set signals_;
  boost::asio::steady_timer patience_;
  std::atomic<int> number_{0};
  std::thread thread_;
};

}  // namespace weir::cli
