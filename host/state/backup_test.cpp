// Backups: a copy of one moment while others write, restored in one step, and refused if it is not what was written.
#include "state/backup.hpp"

#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <ctime>
#include <fstream>
#include <iterator>
#include <random>
#include <thread>
#include <weir_catch.hpp>
#include <weir_golden.hpp>
#include <weir_test_folder.hpp>

#include "state/pipeline_lock.hpp"
#include "state/places.hpp"
#include "state/sqlite_schema.hpp"

namespace weir::state {
namespace {

using test::Folder;

constexpr std::int64_t kThen = 1'796'000'000'000'000'000;  // 2026-11-30

struct Stores {
  Folder folder;
  std::filesystem::path here = folder.path() / "here", there = folder.path() / "there", file = folder.path() / "backup";

  static std::unique_ptr<Store> open(const std::filesystem::path& at) {
    auto store = open_store(at);
    REQUIRE(store);
    return std::move(*store);
  }
  static base::Result<Restored> restore_to(const std::filesystem::path& at, const std::filesystem::path& from) {
    return restore(at, from, [](const std::string& id) { return "pipeline " + id; }, [] { return kThen; });
  }
  base::Result<Backup> back_up_here() const {
    return back_up(here, file, [] { return kThen; });
  }
};

std::vector<std::string> files_of(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.is_regular_file()) names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

void change(const std::filesystem::path& file, const char* sql) {
  auto database = SqliteDatabase::open(file, SqliteDatabase::Mode::write);
  REQUIRE(database);
  REQUIRE(database->run(sql, "write"));
}

}  // namespace

TEST_CASE("a backup is restored elsewhere with all that there was, and nothing else is left") {
  const Stores stores;
  const std::string bytes("\0\xff\n", 3);
  {
    const auto store = Stores::open(stores.here);
    REQUIRE((*store).put("k", bytes, 0));
    REQUIRE((*store).put("soon", "x", 0, kThen * 2));
    const auto backup = stores.back_up_here();
    REQUIRE(backup);
    CHECK(backup->entries == 2);
    CHECK(backup->schema == kStoreSchema);
  }
  CHECK(files_of(stores.folder.path()) == std::vector<std::string>{"backup"});
  const auto restored = Stores::restore_to(stores.there, stores.file);
  REQUIRE(restored);
  CHECK(restored->backup.made_ns == kThen);
  CHECK(restored->kept.empty());
  CHECK(files_of(stores.there) == std::vector<std::string>{"state.db"});
  const auto store = Stores::open(stores.there);
  CHECK((*store->get("k"))->value == bytes);
  CHECK((*store->get("soon"))->expires_ns == kThen * 2);
}

TEST_CASE("a backup holds one moment, while others go on to write") {
  const Stores stores;
  const auto store = Stores::open(stores.here);
  REQUIRE(store->put("guard", "", 0));
  std::atomic<bool> end{false};
  std::atomic<int> written{0};
  std::thread writer([&] {
    const auto own = open_store(stores.here);
    for (int i = 1; own && !end; ++i) {
      std::vector<Change> changes;
      for (int key = 0; key < 50; ++key) changes.push_back({"many/" + std::to_string(key), std::to_string(i)});
      if (!(*own)->apply(changes, "guard", 1).value()) break;
      written = i;
    }
  });
  constexpr int kBackups = 5;
  for (int i = 0, seen = 0; i < kBackups; ++i) {
    while (written <= seen) std::this_thread::yield();
    seen = written;
    const auto file = stores.folder.path() / ("backup" + std::to_string(i));
    REQUIRE(back_up(stores.here, file));
    const auto at = stores.folder.path() / ("there" + std::to_string(i));
    REQUIRE(Stores::restore_to(at, file));
    const auto copy = Stores::open(at);
    std::vector<std::string> values;
    REQUIRE(copy->each("many/", [&](std::string_view, std::string_view value) { values.emplace_back(value); }));
    REQUIRE(values.size() == 50);
    CHECK(std::count(values.begin(), values.end(), values.front()) == 50);
    CHECK(std::stoi(values.front()) >= seen);
  }
  end = true;
  writer.join();
}

TEST_CASE("what was there is kept as a backup, and who had read it changes nothing any more") {
  const Stores stores;
  const auto store = Stores::open(stores.here);
  REQUIRE(store->put("k", "old", 0));
  REQUIRE(stores.back_up_here());
  REQUIRE(**store->put("k", "new", 1) == 2);
  REQUIRE(**store->put("k", "newer", 2) == 3);
  const auto restored = Stores::restore_to(stores.here, stores.file);
  REQUIRE(restored);
  CHECK((*store->get("k"))->value == "old");
  const auto version = (*store->get("k"))->version;
  CHECK(version > 3);
  CHECK_FALSE(store->put("k", "late", 3)->has_value());
  CHECK(restored->kept.filename().string().starts_with("state.db.before-20261130T"));
  REQUIRE(Stores::restore_to(stores.here, restored->kept));
  CHECK((*store->get("k"))->value == "newer");
  CHECK((*store->get("k"))->version > version);
}

TEST_CASE("nothing is restored while a pipeline runs, here or in another process") {
  const Stores stores;
  const auto store = Stores::open(stores.here);
  REQUIRE(store->put("k", "old", 0));
  REQUIRE(stores.back_up_here());
  REQUIRE(store->put("k", "new", 1));
  {
    const auto lock = PipelineLock::take(stores.here, "p", "orders");
    REQUIRE(lock);
    const auto refused = Stores::restore_to(stores.here, stores.file);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == "run.locked");
    CHECK_THAT(refused.error().message, test::Contains("'pipeline p'"));
  }
  CHECK((*store->get("k"))->value == "new");
  CHECK(files_of(stores.here).size() == 3);  // the store's own
  CHECK(Stores::restore_to(stores.here, stores.file));
}

TEST_CASE("a store that is damaged is set aside, and a backup takes its place") {
  const Stores stores;
  {
    const auto store = Stores::open(stores.here);
    REQUIRE(store->put("k", "1", 0));
  }
  REQUIRE(stores.back_up_here());
  std::ofstream(stores.here / "state.db") << std::string(8192, 'x');
  REQUIRE_FALSE(open_store(stores.here));
  const auto restored = Stores::restore_to(stores.here, stores.file);
  REQUIRE(restored);
  CHECK(restored->kept.filename().string().starts_with("state.db.damaged-"));
  CHECK((*Stores::open(stores.here)->get("k"))->value == "1");
  CHECK(std::filesystem::file_size(restored->kept) == 8192);
  CHECK(back_up(stores.here, stores.folder.path() / "another"));
}

TEST_CASE("a restore that is killed has put all in its place, or nothing") {
  const Stores stores;
  constexpr int kKeys = 5000;
  const auto fill = [&](Store& store, const std::string& value) {
    std::vector<Change> changes;
    for (int i = 0; i < kKeys; ++i) changes.push_back({"key/" + std::to_string(i), value});
    const auto guard = store.get("guard");
    REQUIRE((guard && *guard));
    REQUIRE(*store.apply(changes, "guard", (*guard)->version));
  };
  {
    const auto store = Stores::open(stores.here);
    REQUIRE(store->put("guard", "", 0));
    fill(*store, "old");
    REQUIRE(stores.back_up_here());
  }
  const std::clock_t before = std::clock();
  REQUIRE(Stores::restore_to(stores.here, stores.file));
  const auto took_us = static_cast<unsigned long>(std::clock() - before) * 1'000'000 / CLOCKS_PER_SEC;
  std::minstd_rand chance(3);
  int left = 0;
  for (int round = 0; round < 15; ++round) {
    fill(*Stores::open(stores.here), "new");
    const pid_t child = fork();
    if (child == 0) {
      const itimerval death{{0, 0}, {0, static_cast<suseconds_t>(1 + chance() % took_us)}};  // of its own time
      setitimer(ITIMER_PROF, &death, nullptr);
      const auto done = Stores::restore_to(stores.here, stores.file);
      _exit(done ? 0 : 1);
    }
    chance();
    int how = 0;
    REQUIRE(waitpid(child, &how, 0) == child);
    REQUIRE((WIFSIGNALED(how) || WEXITSTATUS(how) == 0));
    const auto store = Stores::open(stores.here);
    std::vector<std::string> values;
    REQUIRE(store->each("key/", [&](std::string_view, std::string_view value) { values.emplace_back(value); }));
    REQUIRE(values.size() == kKeys);
    REQUIRE(std::count(values.begin(), values.end(), values.front()) == kKeys);
    left += values.front() == "new" ? 1 : 0;
  }
  CHECK(left > 0);  // else none was killed in time
  REQUIRE(Stores::restore_to(stores.here, stores.file));
  for (const auto& name : files_of(stores.here))  // nothing of the killed ones but backups, whole or begun
    CHECK((name == "state.db" || name.starts_with("state.db.before-")));
}

TEST_CASE("a backup of a store of an older weir is restored into today's") {
  const Stores stores;
  std::filesystem::create_directories(stores.here);
  {
    auto first = SqliteDatabase::open(stores.here / "state.db", SqliteDatabase::Mode::make);
    REQUIRE(first);
    REQUIRE(
        first->run("CREATE TABLE entries(key TEXT PRIMARY KEY, value BLOB NOT NULL, version INTEGER NOT NULL) "
                   "WITHOUT ROWID; INSERT INTO entries VALUES('k', 'v', 4)",
                   "write"));
  }
  const auto backup = stores.back_up_here();
  REQUIRE(backup);
  CHECK(backup->schema == 1);
  REQUIRE(Stores::restore_to(stores.there, stores.file));
  CHECK((*Stores::open(stores.there)->get("k"))->value == "v");
}

TEST_CASE("one bit that is not what it was is found, wherever it stands") {
  const Stores stores;
  {
    const auto store = Stores::open(stores.here);
    for (int i = 0; i < 40; ++i) REQUIRE(store->put("key/" + std::to_string(i), std::string(100, 'v'), 0));
  }
  REQUIRE(stores.back_up_here());
  std::ifstream in(stores.file, std::ios::binary);
  const std::string good{std::istreambuf_iterator<char>(in), {}};
  const auto bad = stores.folder.path() / "bad";
  std::size_t found = 0, tried = 0;
  for (std::size_t at = good.find("key/"); at != std::string::npos; at = good.find("key/", at + 1)) {
    std::string changed = good;
    changed[at + 10] = static_cast<char>(changed[at + 10] ^ 1);
    std::ofstream(bad, std::ios::binary) << changed;
    ++tried;
    if (!Stores::restore_to(stores.there, bad)) ++found;
  }
  CHECK(tried >= 40);
  CHECK(found == tried);
  CHECK_FALSE(std::filesystem::exists(stores.there / "state.db"));
}

TEST_CASE("what is no backup, or not the one that was written, is told as the golden file says") {
  const Stores stores;
  test::Golden told(std::filesystem::path(WEIR_GOLDEN) / "backup.txt");
  told.hide(stores.folder.path().string(), "FOLDER");
  const auto tell_restored = [&](const char* title) {
    told.tell_failure(title, Stores::restore_to(stores.there, stores.file));
  };
  told.tell_failure("no store to back up", stores.back_up_here());
  {
    const auto store = Stores::open(stores.here);
    REQUIRE(store->put("k", "value", 0));
  }
  tell_restored("no file");
  REQUIRE(stores.back_up_here());
  told.tell_failure("a name that is taken", stores.back_up_here());
  told.tell_failure("a folder that is not there", back_up(stores.here, stores.folder.path() / "none" / "backup"));
  std::ifstream in(stores.file, std::ios::binary);
  const std::string good{std::istreambuf_iterator<char>(in), {}};
  const auto put = [&](const std::string& bytes) { std::ofstream(stores.file, std::ios::binary) << bytes; };
  std::filesystem::create_directory(stores.folder.path() / "folder");
  told.tell_failure("a folder", Stores::restore_to(stores.there, stores.folder.path() / "folder"));
  put("a text");
  tell_restored("a text");
  put(good.substr(0, good.size() / 2));
  tell_restored("a half");
  put(good);
  change(stores.file, "DROP TABLE backup");
  tell_restored("a store without a label");
  put(good);
  change(stores.file, "UPDATE entries SET value = 'other'");
  tell_restored("another value");
  put(good);
  change(stores.file, "DELETE FROM backup");
  tell_restored("an empty label");
  put(good);
  change(stores.file, "PRAGMA user_version = 99");
  tell_restored("a backup of a newer weir");
  std::string pages = good;
  for (std::size_t i = 4096; i < 4096 + 200; ++i) pages[i] = '\xee';
  put(pages);
  tell_restored("a damaged page");
  told.end();
}

}  // namespace weir::state
