#include "run/waiting_room.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <memory>
#include <utility>

#include "plugins/host_table.hpp"

namespace weir::run {

namespace asio = boost::asio;

asio::awaitable<void> WaitingRoom::wait(std::unique_lock<std::mutex>& lock) {
  co_await asio::async_initiate<const asio::use_awaitable_t<>&, void()>(
      [this, &lock](auto&& handler) {
        auto shared = std::make_shared<std::decay_t<decltype(handler)>>(std::forward<decltype(handler)>(handler));
        waiting_.emplace_back([this, shared] { asio::post(pool_, [shared] { (*shared)(); }); });
        // Once the mutex is free the coroutine may go on elsewhere and take `lock` with it: not to be touched then.
        std::mutex* const mutex = lock.release();
        mutex->unlock();
      },
      asio::use_awaitable);
}

// The alarm wakes everybody, who looks for what there is to do, and waits again.
asio::awaitable<void> WaitingRoom::wait_until(std::unique_lock<std::mutex>& lock, std::optional<std::int64_t> ns) {
  if (ns) {
    alarm_.expires_after(std::chrono::nanoseconds(*ns - plugins::monotonic_ns()));
    alarm_.async_wait([this](const boost::system::error_code& problem) {
      if (problem) return;
      std::unique_lock woken(mutex_);
      wake_all(woken);
    });
  }
  co_await wait(lock);
  if (ns) alarm_.cancel();
}

void WaitingRoom::wake_all(std::unique_lock<std::mutex>& lock) {
  const auto woken = std::exchange(waiting_, {});
  lock.unlock();
  for (const auto& wake : woken) wake();
}

}  // namespace weir::run
