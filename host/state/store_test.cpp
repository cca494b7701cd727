// Store: compare-and-set, by one handle and by several of the same store, of each kind.
#include "state/store.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <weir_catch.hpp>
#include <weir_test_folder.hpp>

#include "state/fake_kinds.hpp"
#include "state/places.hpp"

namespace weir::state {
namespace {

using test::Folder;

any::Kind any_kind() { return GENERATE(from_range(any::kinds())); }

}  // namespace

TEST_CASE("a value is kept with its version, whatever bytes it has") {
  const auto kind = any_kind();
  CAPTURE(kind.name);
  const Folder folder;
  const auto store = kind.open(folder.path());
  REQUIRE(store);
  const std::string bytes("\0\xff'\n", 4);
  REQUIRE(**(*store)->put("k", bytes, 0) == 1);
  REQUIRE(**(*store)->put("empty", "", 0) == 1);
  const auto entry = (*store)->get("k");
  REQUIRE(entry);
  REQUIRE(*entry);
  CHECK((*entry)->value == bytes);
  CHECK((*entry)->version == 1);
  CHECK((*(*store)->get("empty"))->value.empty());
  CHECK_FALSE((*(*store)->get("absent")).has_value());
}

TEST_CASE("a value changes only for who knows its version") {
  const auto kind = any_kind();
  CAPTURE(kind.name);
  const Folder folder;
  const auto store = kind.open(folder.path());
  REQUIRE(**(*store)->put("k", "1", 0) == 1);
  CHECK_FALSE((*(*store)->put("k", "x", 0)).has_value());
  CHECK_FALSE((*(*store)->put("k", "x", 2)).has_value());
  CHECK_FALSE((*(*store)->put("other", "x", 1)).has_value());
  CHECK(**(*store)->put("k", "2", 1) == 2);
  CHECK((*(*store)->get("k"))->value == "2");
  REQUIRE((*store)->remove("k"));
  REQUIRE((*store)->remove("k"));
  CHECK(**(*store)->put("k", "3", 0) > 2);
}

TEST_CASE("a version never comes again, also of a key that was removed") {
  const auto kind = any_kind();
  CAPTURE(kind.name);
  const Folder folder;
  const auto store = kind.open(folder.path());
  REQUIRE(**(*store)->put("guard", "", 0) == 1);
  for (const char* value : {"1", "2", "3"}) {
    const auto entry = *(*store)->get("k");
    REQUIRE((*store)->put("k", value, entry ? entry->version : 0));
  }
  const auto known = (*(*store)->get("k"))->version;
  REQUIRE(*(*store)->apply({{"k", std::nullopt}}, "guard", 1));
  REQUIRE(*(*store)->apply({{"k", "other"}}, "guard", 1));
  CHECK_FALSE((*(*store)->put("k", "late", known)).has_value());
  CHECK((*(*store)->get("k"))->version > known);
}

TEST_CASE("an entry whose time has passed is not there, and its version does not come again") {
  const auto kind = any_kind();
  CAPTURE(kind.name);
  const Folder folder;
  std::int64_t now = 1000;
  const auto open = [&] { return kind.open_at(folder.path(), [&now] { return now; }); };
  auto store = open();
  REQUIRE(store);
  const auto mine = (*store)->put("lease/a", "me", 0, 2000);
  REQUIRE(**mine == 1);
  REQUIRE((*store)->put("lease/b", "stays", 0));
  now = 1999;
  CHECK((*(*store)->get("lease/a"))->expires_ns == 2000);
  CHECK_FALSE((*(*store)->put("lease/a", "you", 0)).has_value());
  REQUIRE(**(*store)->put("lease/a", "me", **mine, 3000) == 2);  // it is taken for longer
  now = 3000;
  CHECK_FALSE((*(*store)->get("lease/a")).has_value());
  CHECK(*(*store)->list("lease/") == std::vector<std::string>{"lease/b"});
  CHECK_FALSE((*(*store)->put("lease/a", "me", 2, 9000)).has_value());  // too late
  CHECK_FALSE(*(*store)->apply({{"x", "1"}}, "lease/a", 2));
  CHECK(**(*store)->put("lease/a", "you", 0, 4000) == 3);
  CHECK((*(*store)->get("lease/a"))->value == "you");
  now = 4000;
  store->reset();
  store = open();  // which takes it away
  REQUIRE(store);
  CHECK(**(*store)->put("lease/a", "they", 0) > 3);
}

TEST_CASE("what is set in a step with others stays, whatever time it had") {
  const auto kind = any_kind();
  CAPTURE(kind.name);
  const Folder folder;
  std::int64_t now = 1000;
  const auto store = kind.open_at(folder.path(), [&now] { return now; });
  REQUIRE((*store)->put("guard", "", 0));
  REQUIRE((*store)->put("k", "1", 0, 2000));
  REQUIRE(*(*store)->apply({{"k", "2"}}, "guard", 1));
  now = 5000;
  CHECK((*(*store)->get("k"))->value == "2");
}

TEST_CASE("keys are listed by what they begin with, in order, letter for letter") {
  const auto kind = any_kind();
  CAPTURE(kind.name);
  const Folder folder;
  const auto store = kind.open(folder.path());
  for (const char* key : {"run/b", "run/a", "running", "r%n/a", "other"}) REQUIRE((*store)->put(key, "", 0));
  CHECK(*(*store)->list("run/") == std::vector<std::string>{"run/a", "run/b"});
  CHECK(*(*store)->list("r%") == std::vector<std::string>{"r%n/a"});
  CHECK((*store)->list("")->size() == 5);
}

TEST_CASE("what one handle wrote the next one finds, and only one of many wins") {
  const auto kind = any_kind();
  CAPTURE(kind.name);
  const Folder folder;
  constexpr int kHandles = 4, kRounds = 20;
  std::vector<std::unique_ptr<Store>> handles;
  for (int i = 0; i < kHandles; ++i) {
    auto opened = kind.open(folder.path());
    REQUIRE(opened);
    handles.push_back(std::move(*opened));
  }
  std::atomic<int> won{0}, failed{0};
  std::vector<std::thread> threads;
  for (const auto& handle : handles) {
    threads.emplace_back([&won, &failed, store = handle.get()] {
      for (std::uint64_t round = 0; round < kRounds; ++round) {
        const auto stored = store->put("k", std::to_string(round), round);
        if (!stored)
          ++failed;
        else if (*stored)
          ++won;
        else  // somebody else was faster: wait until that can be seen, as it must be at once
          failed += (*store->get("k"))->version > round ? 0 : 1;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(failed == 0);
  CHECK(won == kRounds);
  CHECK((*handles.front()->get("k"))->version == kRounds);
}

TEST_CASE("what a killed process leaves beside the store goes away, and what it had written stays") {
  const Folder folder;
  const auto files = [&folder] {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
      if (entry.is_regular_file()) names.push_back(entry.path().filename().string());
    }
    return names;
  };
  const pid_t child = fork();
  if (child == 0) {
    const auto store = open_store(folder.path());
    if (!store || !(*store)->put("k", "1", 0)) _exit(1);
    raise(SIGKILL);
  }
  int how = 0;
  REQUIRE(waitpid(child, &how, 0) == child);
  REQUIRE(WIFSIGNALED(how));
  REQUIRE(files().size() > 1);
  auto store = open_store(folder.path());
  REQUIRE(store);
  CHECK((*(*store)->get("k"))->value == "1");
  store->reset();
  CHECK(files() == std::vector<std::string>{"state.db"});
}

TEST_CASE("a file that is no store is refused with its name") {
  const Folder folder;
  const auto store = open_sqlite_store(folder.path());  // a folder
  REQUIRE_FALSE(store);
  CHECK(store.error().code == "state.unusable");
  CHECK_THAT(store.error().message, test::Contains(folder.path().string()));
}

TEST_CASE("pipelines of one name in two manifests are two") {
  CHECK(pipeline_id("a", "/m/x.yaml") == pipeline_id("a", "/m/x.yaml"));
  CHECK(pipeline_id("a", "/m/x.yaml") != pipeline_id("a", "/m/y.yaml"));
  CHECK(pipeline_id("a", "/m/x.yaml") != pipeline_id("b", "/m/x.yaml"));
  CHECK(pipeline_id("a", "/m/x.yaml").size() == 32);
}

}  // namespace weir::state
