// A writer that is killed, in each mode: an epoch is there as a whole or not at all.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <random>

#include "loader_fixture.hpp"
#include "weir_catch.hpp"

namespace weir::sqlite {
namespace {

constexpr std::int64_t kThere = 100000;  // rows to delete, more than are deleted before the last kill

// Writes epochs of 500 rows until it is killed, telling each step by a byte.
[[noreturn]] void write_until_killed(const testing::Options& options, std::uint64_t from, std::uint64_t fence,
                                     int report) {
  const auto tell = [report] {
    if (::write(report, ".", 1) != 1) ::_exit(6);
  };
  Load load(options);
  load.surroundings.fence = fence;
  load.surroundings.epoch = from;
  if (load.open(people()) != WEIR_OK) ::_exit(3);
  for (std::uint64_t epoch = from;; ++epoch) {
    const auto id = static_cast<std::int64_t>(epoch) * 500;
    if (load.write(some_people(id, 250)) != WEIR_OK) ::_exit(4);
    tell();
    if (load.write(some_people(id + 250, 250)) != WEIR_OK || load.prepare(epoch) != WEIR_OK) ::_exit(4);
    tell();
    if (load.commit(epoch) != WEIR_OK) ::_exit(5);
    tell();
  }
}

testing::Options keyed_into(const Folder& folder, const char* mode) {
  return into(folder, mode).with({"/key/0", "id"});
}

// The table that the rows are in, while the run goes on.
std::string filled(const Folder& folder, const std::string& mode) {
  if (mode != "replace") return "people";
  return ask(folder / "out.db",
             "SELECT '\"_weir_staged_' || id || '_' || run || '\"' FROM _weir_staged WHERE target = 'people'");
}

// What the table holds once so many epochs are committed: count, least and greatest id.
std::string held_after(const std::string& mode, std::int64_t committed) {
  const std::int64_t rows = committed * 500;
  if (mode != "delete") return std::to_string(rows) + "|500|" + std::to_string(rows + 499);
  return std::to_string(kThere - rows) + "|" + std::to_string(rows + 500) + "|" + std::to_string(kThere + 499);
}

TEST_CASE("kill -9 at any instant leaves whole epochs, and the token of the last one, in every mode") {
  const std::string mode = GENERATE("append", "replace", "upsert", "ignore", "delete", "history");
  INFO("mode " << mode);
  const auto seed = std::random_device()();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const Folder folder;
  const testing::Options options = mode == "append" ? into(folder) : keyed_into(folder, mode.c_str());
  if (mode == "delete") {
    ask(folder / "out.db",
        "CREATE TABLE people(id INTEGER PRIMARY KEY, name TEXT); WITH RECURSIVE n(i) AS (SELECT 500 "
        "UNION ALL SELECT i + 1 FROM n LIMIT " +
            std::to_string(kThere) + ") INSERT INTO people SELECT i, 'n' || i FROM n");
  }
  Load load(options);
  std::int64_t committed = 0;
  for (std::uint64_t fence = 1; fence <= 12; ++fence) {
    int report[2];
    REQUIRE(::pipe(report) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) write_until_killed(options, static_cast<std::uint64_t>(committed) + 1, fence, report[1]);
    ::close(report[1]);
    // So many steps, and then somewhere in the next one.
    char byte = 0;
    for (unsigned steps = std::uniform_int_distribution<unsigned>(0, 12)(random); steps > 0; --steps)
      REQUIRE(::read(report[0], &byte, 1) == 1);
    for (volatile unsigned turns = std::uniform_int_distribution<unsigned>(0, 3'000'000)(random); turns > 0;)
      turns = turns - 1;
    ::kill(child, SIGKILL);
    ::close(report[0]);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFSIGNALED(status));
    load.surroundings.fence = fence;
    committed = Publish(load).last_committed();
    if (!std::filesystem::exists(folder / "out.db") || committed == 0) continue;
    const std::string table = filled(folder, mode);
    CHECK(ask(folder / "out.db", "SELECT count(DISTINCT id), min(id), max(id) FROM " + table) ==
          held_after(mode, committed));
    CHECK(ask(folder / "out.db", "SELECT count(*) - count(DISTINCT id) FROM " + table) == "0");
  }
  CHECK(committed > 0);
  REQUIRE(Publish(load).finish() == WEIR_OK);
  CHECK(ask(folder / "out.db", "SELECT count(DISTINCT id), min(id), max(id) FROM people") ==
        held_after(mode, committed));
}

}  // namespace
}  // namespace weir::sqlite
