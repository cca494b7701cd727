// What becomes of calls that take too long, or that nothing comes from.
#include "run/attempt.hpp"

namespace weir::run {

plugins::WatchHandler Attempt::call_handler() {
  plugins::WatchHandler handler;
  handler.stalled = [this](const plugins::Stall& stall) {
    events::RunStalled stalled{stall.still_ns, {}};
    for (const auto& call : stall.calls) stalled.waits_for.push_back(call.text());
    tell_apart(std::move(stalled));
  };
  handler.moves_on = [this](std::int64_t still_ns) { tell_apart(events::RunMovesOn{still_ns}); };
  handler.given_up = [this](base::Error error) {
    if (flows_ && !parting_.is_answered()) tell_apart(failure_of(error));
    parting_.give_up(std::move(error));
    interrupt_.request();  // for what goes on in other threads; a cancel that hangs holds up nobody any more
  };
  return handler;
}

// Tells, on the watch's thread, of a run that another thread is at work on: its id stands from when rows flow.
void Attempt::tell_apart(events::EventDetail detail) const {
  if (watch_.bus == nullptr || !watch_.bus->heard()) return;
  watch_.bus->publish(event_of(std::move(detail), flows_ ? record_.run : std::string()));
}

}  // namespace weir::run
