// WaitingRoom: where coroutines wait for what a lock guards to change, or for a time to come.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

namespace weir::run {

// Goes on, on a thread of `pool`.
inline boost::asio::awaitable<void> hop(boost::asio::thread_pool& pool) {
  return boost::asio::post(boost::asio::bind_executor(pool.get_executor(), boost::asio::use_awaitable));
}

// Threads: [any], under the lock. Both are lent: who waits goes on in `pool`.
class WaitingRoom {
 public:
  WaitingRoom(boost::asio::thread_pool& pool, std::mutex& mutex) : pool_(pool), mutex_(mutex), alarm_(pool) {}
  WaitingRoom(const WaitingRoom&) = delete;
  WaitingRoom& operator=(const WaitingRoom&) = delete;

  // Suspends the coroutine until wake_all(). `lock` is held on entry and not on return.
  boost::asio::awaitable<void> wait(std::unique_lock<std::mutex>& lock);
  // The same, but no longer than to a time on the monotonic clock; none: as wait(). One caller at a time.
  boost::asio::awaitable<void> wait_until(std::unique_lock<std::mutex>& lock, std::optional<std::int64_t> ns);
  // `lock` is held on entry and not on return.
  void wake_all(std::unique_lock<std::mutex>& lock);

 private:
  boost::asio::thread_pool& pool_;
  std::mutex& mutex_;
  boost::asio::steady_timer alarm_;
  std::vector<std::function<void()>> waiting_;  // guarded by the lock
};

}  // namespace weir::run
