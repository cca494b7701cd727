// Cases of connections: sessions that stand beside one another, and are asked whether they are of use.
#include "conformance/lived.hpp"

namespace weir::conformance {
namespace {

// One session with the system, ended with it.
class Connecting {
 public:
  explicit Connecting(Session& session) : session_(session), table_(session.table<weir_connection>()) {}
  Connecting(const Connecting&) = delete;
  Connecting& operator=(const Connecting&) = delete;
  ~Connecting() { disconnect(); }

  Step connect() {
    WEIR_TRY(
        session_.call("connect", [&](weir_error* error) { return table_.connect(session_.context(), &self_, error); }));
    connected_ = true;
    return {};
  }
  Step ping() {
    return session_.call("ping", [&](weir_error* error) { return table_.ping(self_, error); });
  }
  void disconnect() {
    if (std::exchange(connected_, false)) session_.finish("disconnect", [this] { table_.disconnect(self_); });
  }

 private:
  Session& session_;
  const weir_connection& table_;
  bool connected_ = false;
  void* self_ = nullptr;
};

Step pings_again(Subject& subject) {
  constexpr int kPings = 5;
  for (const bool other_threads : {false, true}) {
    Knobs knobs;
    knobs.other_threads = other_threads;
    Session session(subject, std::move(knobs));
    WEIR_TRY(session.begin());
    Connecting one(session);
    WEIR_TRY(one.connect());
    for (int i = 0; i < kPings; ++i) {
      if (!one.ping()) return fail("ping() number " + std::to_string(i + 1) + " said: " + session.message());
    }
  }
  return {};
}

// What becomes of one is nothing to another.
Step apart(Subject& subject) {
  Session session(subject, {});
  WEIR_TRY(session.begin());
  Connecting first(session), second(session), third(session);
  WEIR_TRY(first.connect());
  if (!second.connect()) return fail("beside another, connect() said: " + session.message());
  first.disconnect();
  if (!second.ping()) return fail("once another one had ended, ping() said: " + session.message());
  if (!third.connect()) return fail("once another one had ended, connect() said: " + session.message());
  if (!third.ping()) return fail("connected again, ping() said: " + session.message());
  return {};
}

constexpr Case kConnectionCases[] = {
    {"connection", "pings-again", "A session answers ping() again and again, on any thread.", kConnection, pings_again,
     "let ping() put the session back as connect() left it", "is it usable? puts it back in its first state too"},
    {"connection", "connections-apart", "Sessions stand beside one another: one that ends leaves the others alone.",
     kConnection, apart, "keep what a session is in `self`, not in globals",
     "The host keeps the pool, for every plugin alike: size, idle time, health, retries, circuit breaker."},
};

}  // namespace

std::span<const Case> connection_cases() { return kConnectionCases; }

}  // namespace weir::conformance
