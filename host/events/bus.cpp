#include <weir/events/bus.hpp>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <utility>
#include <vector>

namespace weir::events {

struct EventBus::Subscription::Handlers {
  struct Entry {
    std::uint64_t number = 0;
    EventHandler* handler = nullptr;
    std::shared_ptr<EventHandler> shared;  // keeps it, where the bus shares it; ends with the bus
  };

  std::mutex mutex;  // held while handlers are called: that is what keeps them in order
  std::vector<Entry> entries;
  std::uint64_t next_number = 1;
  std::atomic<bool> heard{false};

  std::uint64_t add(EventHandler& handler, std::shared_ptr<EventHandler> shared) {
    const std::lock_guard lock(mutex);
    entries.push_back({next_number, &handler, std::move(shared)});
    heard = true;
    return next_number++;
  }
  void remove(std::uint64_t number) {
    const std::lock_guard lock(mutex);
    std::erase_if(entries, [&](const Entry& entry) { return entry.number == number; });
    heard = !entries.empty();
  }
};

EventBus::Subscription::Subscription(Subscription&& other) noexcept
    : handlers_(std::exchange(other.handlers_, {})), number_(std::exchange(other.number_, 0)) {}

EventBus::Subscription& EventBus::Subscription::operator=(Subscription&& other) noexcept {
  std::swap(handlers_, other.handlers_);
  std::swap(number_, other.number_);
  return *this;
}

EventBus::Subscription::~Subscription() {
  if (const auto handlers = handlers_.lock()) handlers->remove(number_);
}

EventBus::EventBus() : handlers_(std::make_shared<Subscription::Handlers>()) {}
EventBus::~EventBus() = default;

EventBus::Subscription EventBus::subscribe(EventHandler& handler) {
  Subscription subscription;
  subscription.number_ = handlers_->add(handler, nullptr);
  subscription.handlers_ = handlers_;
  return subscription;
}

void EventBus::subscribe(std::shared_ptr<EventHandler> handler) {
  EventHandler& lent = *handler;
  handlers_->add(lent, std::move(handler));
}

bool EventBus::heard() const { return handlers_->heard; }

void EventBus::publish(const PipelineEvent& event) {
  if (!heard()) return;
  const std::lock_guard lock(handlers_->mutex);
  for (const auto& entry : handlers_->entries) {
    try {
      entry.handler->handle(event);
    } catch (...) {  // NOLINT(bugprone-empty-catch): a handler is no part of the run
    }
  }
}

}  // namespace weir::events
