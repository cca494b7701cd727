#include "snapshot.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace weir::sqlite {
namespace {

constexpr int kSleepMs = 1;  // between attempts to begin all transactions at one state
constexpr int kMostAttempts = 200;

struct Held {
  std::shared_ptr<Snapshot> snapshot;
  std::set<std::string, std::less<>> unread;
};

struct HeldSnapshots {
  std::mutex guard;
  std::map<std::string, Held> by_owner;
};

HeldSnapshots& held() {
  static HeldSnapshots all;
  return all;
}

std::int64_t value_of(Statement& statement) {
  statement.next();
  const std::int64_t value = statement.integer(0);
  sqlite3_reset(statement.raw());
  return value;
}

}  // namespace

Snapshot::Snapshot(const Context& context, const std::string& path, std::size_t connections) {
  for (std::size_t i = 0; i < connections; ++i) places_.push_back(std::make_unique<Place>(context, path));
  if (connections > 1 && !begin_together(context, path)) places_.resize(1);
}

bool Snapshot::begin_together(const Context& context, const std::string& path) {
  if (places_.front()->database.unchanging()) return true;
  Database watch(context, path, Access::read);
  Statement version(watch, "PRAGMA data_version");
  for (int attempt = 1; !try_begin_all(version); ++attempt) {
    for (const auto& place : places_) {
      if (place->database.in_transaction()) place->database.run("ROLLBACK");
    }
    if (context.cancelled()) throw Failure(WEIR_CANCELLED, WEIR_FAULT_UNKNOWN, "cancelled");
    if (attempt == kMostAttempts) return false;
    sqlite3_sleep(kSleepMs);
  }
  return true;
}

// False if somebody wrote meanwhile, or waits to write, which would make the transactions to come wait for those begun.
bool Snapshot::try_begin_all(Statement& version) {
  const std::int64_t before = value_of(version);
  for (const auto& place : places_) {
    Database& database = place->database;
    database.run("BEGIN");
    database.wait_for_locks(place == places_.front());
    const int code = sqlite3_exec(database.raw(), "SELECT 1 FROM sqlite_schema LIMIT 1", nullptr, nullptr, nullptr);
    database.wait_for_locks(true);
    const bool busy = (code & 0xFF) == SQLITE_BUSY || (code & 0xFF) == SQLITE_LOCKED;
    if (busy && place != places_.front()) return false;
    if (code != SQLITE_OK) database.fail(code, true);
  }
  return value_of(version) == before;
}

void Snapshot::let_go() noexcept {
  for (const auto& place : places_) {
    const std::lock_guard turn(place->turn);
    if (place->database.in_transaction()) sqlite3_exec(place->database.raw(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

Seat::Seat(const Context& context, std::shared_ptr<Snapshot> snapshot)
    : context_(context), snapshot_(std::move(snapshot)) {
  const auto& places = snapshot_->places_;
  place_ = std::min_element(places.begin(), places.end(), [](const auto& a, const auto& b) {
             return a->seats.load() < b->seats.load();
           })->get();
  ++place_->seats;
}

std::unique_lock<std::mutex> Seat::take_turn() {
  std::unique_lock turn(place_->turn);
  place_->database.serve(context_, cancelled_);
  return turn;
}

std::string owner_of(const Context& context) {
  std::string owner(context.run());
  owner += '\n';
  owner += context.link();
  owner += '\n';
  owner += context.stream();
  owner += '\n';
  owner += context.config().text("/database");
  return owner;
}

namespace snapshots {

void keep(const Context& whose, std::shared_ptr<Snapshot> snapshot, std::vector<std::string> splits) {
  Held planned{std::move(snapshot), {splits.begin(), splits.end()}};
  const std::lock_guard lock(held().guard);
  std::swap(held().by_owner[owner_of(whose)], planned);
}

std::shared_ptr<Snapshot> find(const Context& whose, std::string_view split) {
  const std::lock_guard lock(held().guard);
  const auto found = held().by_owner.find(owner_of(whose));
  if (found == held().by_owner.end()) return nullptr;
  found->second.unread.emplace(split);
  return found->second.snapshot;
}

void read_to_end(const Context& whose, std::string_view split) {
  std::shared_ptr<Snapshot> last;
  std::unique_lock lock(held().guard);
  const auto found = held().by_owner.find(owner_of(whose));
  if (found == held().by_owner.end()) return;
  if (const auto at = found->second.unread.find(split); at != found->second.unread.end())
    found->second.unread.erase(at);
  if (!found->second.unread.empty()) return;
  last = std::move(found->second.snapshot);
  held().by_owner.erase(found);
  lock.unlock();
  last->let_go();  // who read it may stay for a while
}

void forget(const Context& whose) {
  Held last;
  const std::lock_guard lock(held().guard);
  const auto found = held().by_owner.find(owner_of(whose));
  if (found == held().by_owner.end()) return;
  last = std::move(found->second);
  held().by_owner.erase(found);
}

}  // namespace snapshots
}  // namespace weir::sqlite
