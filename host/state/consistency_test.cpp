// What store.hpp promises of its consistency, `linearizable` and durable before return: by several processes that share a store,
// some of which are killed in the middle.
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <new>
#include <random>
#include <thread>
#include <vector>
#include <weir_catch.hpp>
#include <weir_test_folder.hpp>

#include "state/fake_kinds.hpp"

namespace weir::state {
namespace {

using test::Folder;

constexpr std::size_t kWriters = 4;

// What the writers tell in memory that all share, and that outlives them.
struct Told {
  std::array<std::atomic<std::uint64_t>, kWriters> returned{};  // changes whose call has returned OK
  std::array<std::atomic<std::uint64_t>, kWriters> begun{};     // changes whose call has begun
  std::atomic<std::uint64_t> newest{0};                         // the highest version that any call has returned
  std::atomic<std::uint64_t> wrong{0};
};

class Shared {
 public:
  Shared() : told_(new(mapped()) Told) {}
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;
  ~Shared() { munmap(told_, sizeof(Told)); }
  Told* operator->() const { return told_; }

 private:
  static void* mapped() {
    return mmap(nullptr, sizeof(Told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  }
  Told* told_;
};

std::uint64_t number_of(const std::string& value) { return value.empty() ? 0 : std::stoull(value); }

void raise_to(std::atomic<std::uint64_t>& highest, std::uint64_t version) {
  std::uint64_t before = highest;
  while (before < version && !highest.compare_exchange_weak(before, version)) {
  }
}

// Adds one to `counter`, and writes the same number under two other keys in the same step, until it is killed.
void count_on(const any::Kind& kind, const std::filesystem::path& folder, const Shared& told, std::size_t writer) {
  const auto store = kind.open(folder);
  if (!store) _exit(1);
  const std::string own = "of/" + std::to_string(writer);
  for (;;) {
    const std::uint64_t seen = told->newest;
    const auto entry = (*store)->get("counter");
    if (!entry || !*entry) _exit(1);
    if ((*entry)->version < seen) ++told->wrong;  // what had returned before was not seen
    const std::string next = std::to_string(number_of((*entry)->value) + 1);
    const auto mine = (*store)->get(own);
    const std::string count = std::to_string((mine && *mine ? number_of((*mine)->value) : 0) + 1);
    ++told->begun[writer];
    const auto applied = (*store)->apply({{"counter", next}, {"same/a", next}, {"same/b", next}, {own, count}},
                                         "counter", (*entry)->version);
    if (!applied) _exit(1);
    if (!*applied) continue;
    ++told->returned[writer];
    raise_to(told->newest, (*entry)->version + 1);
  }
}

}  // namespace

TEST_CASE("of processes that are killed while they count no change is lost, doubled or seen by half") {
  const auto kind = GENERATE(from_range(any::kinds()));
  CAPTURE(kind.name);
  const Folder folder;
  const auto store = kind.open(folder.path());
  REQUIRE(store);
  REQUIRE((*store)->put("counter", "0", 0));
  const Shared told;
  constexpr int kDeaths = 12;
  std::array<pid_t, kWriters> writers{};
  const auto start = [&](std::size_t writer) {
    writers.at(writer) = fork();
    if (writers.at(writer) == 0) count_on(kind, folder.path(), told, writer);
  };
  for (std::size_t writer = 0; writer < kWriters; ++writer) start(writer);
  const auto returned = [&told] {
    std::uint64_t all = 0;
    for (const auto& count : told->returned) all += count;
    return all;
  };
  std::minstd_rand chance(7);
  std::uint64_t torn = 0, unseen = 0;
  for (int death = 0; death < kDeaths; ++death) {
    for (const std::uint64_t wanted = returned() + 5 + chance() % 10; returned() < wanted;) {
      const std::uint64_t newest = told->newest;
      std::vector<std::string> same;
      REQUIRE((*store)->each("same/", [&](std::string_view, std::string_view value) { same.emplace_back(value); }));
      if (!same.empty() && (same.size() != 2 || same[0] != same[1])) ++torn;
      const auto entry = (*store)->get("counter");
      REQUIRE((entry && *entry));
      if ((*entry)->version < newest) ++unseen;
    }
    const std::size_t writer = chance() % kWriters;
    int how = 0;
    REQUIRE(kill(writers.at(writer), SIGKILL) == 0);
    REQUIRE(waitpid(writers.at(writer), &how, 0) == writers.at(writer));
    CHECK(WIFSIGNALED(how));  // it had not ended by itself, with an error
    start(writer);
  }
  for (const pid_t writer : writers) {
    REQUIRE(kill(writer, SIGKILL) == 0);
    int how = 0;
    REQUIRE(waitpid(writer, &how, 0) == writer);
    CHECK(WIFSIGNALED(how));
  }
  CHECK(told->wrong == 0);
  CHECK(torn == 0);
  CHECK(unseen == 0);
  std::uint64_t counted = 0, begun = 0;
  for (std::size_t writer = 0; writer < kWriters; ++writer) {
    const auto own = (*store)->get("of/" + std::to_string(writer));
    REQUIRE(own);
    const std::uint64_t count = *own ? number_of((*own)->value) : 0;
    CHECK(count >= told->returned.at(writer));  // what has returned is there; a killed call may be, too
    counted += count;
    begun += told->begun.at(writer);
  }
  CHECK(number_of((*(*store)->get("counter"))->value) == counted);
  CHECK(counted >= returned());
  CHECK(counted <= begun);
}

}  // namespace weir::state
