// EventBus: who wants to hear of a run, and who tells (the observer pattern).
#pragma once

#include <cstdint>
#include <memory>

#include <weir/events/event.hpp>

namespace weir::events {

// Hears everything. Handlers are called one at a time, in the order in which things happened, on whichever thread of the
// run they happened: so keep it short, the run waits meanwhile. Must not subscribe, cancel or run a pipeline from within.
// What a handler throws is swallowed: it is no part of the run.
class EventHandler {
 public:
  EventHandler() = default;
  EventHandler(const EventHandler&) = delete;
  EventHandler& operator=(const EventHandler&) = delete;
  virtual ~EventHandler() = default;
  // `event` is lent for the call; it may be copied.
  virtual void handle(const PipelineEvent& event) = 0;
};

// Tells handlers what a run publishes, in order. Threads: [any].
class EventBus {
 public:
  EventBus();
  ~EventBus();
  EventBus(const EventBus&) = delete;
  EventBus& operator=(const EventBus&) = delete;

  // Ends the subscription when it is destroyed, and waits for a call of the handler that is in progress; may outlive the
  // bus.
  class [[nodiscard]] Subscription {
   public:
    Subscription() = default;
    Subscription(Subscription&& other) noexcept;
    Subscription& operator=(Subscription&& other) noexcept;
    ~Subscription();

   private:
    friend class EventBus;
    struct Handlers;
    std::weak_ptr<Handlers> handlers_;
    std::uint64_t number_ = 0;
  };

  // `handler` is lent until the subscription ends.
  Subscription subscribe(EventHandler& handler);
  // Shares the handler, for as long as the bus is there.
  void subscribe(std::shared_ptr<EventHandler> handler);

  // Whether anybody listens: what costs something to tell need not be told otherwise.
  bool heard() const;
  // Tells all handlers, one after the other, and returns then.
  void publish(const PipelineEvent& event);

 private:
  std::shared_ptr<Subscription::Handlers> handlers_;
};

}  // namespace weir::events
