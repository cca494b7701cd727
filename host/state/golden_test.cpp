// Every message about the state folder, in golden/messages.txt.
#include <sqlite3.h>
#include <unistd.h>

#include <fstream>

#include <weir_catch.hpp>
#include <weir_golden.hpp>
#include <weir_test_folder.hpp>

#include "state/fake_kinds.hpp"
#include "state/pipeline_lock.hpp"
#include "state/places.hpp"

namespace weir::state {

TEST_CASE("a state folder that can't be used is told as the golden file says") {
  const test::Folder folder;
  test::Golden told(std::filesystem::path(WEIR_GOLDEN) / "messages.txt");
  told.hide(folder.path().string(), "FOLDER");
  told.hide(std::to_string(::getpid()), "N");
  std::ofstream(folder.path() / "file") << "no folder";
  told.tell_failure("a file in its place", open_store(folder.path() / "file"));
  told.tell_failure("a folder in the store's place", open_sqlite_store(folder.path()));
  std::ofstream(folder.path() / "text.db") << std::string(4096, 'x');
  told.tell_failure("a text in the store's place", open_sqlite_store(folder.path() / "text.db"));
  sqlite3* newer = nullptr;
  REQUIRE(sqlite3_open((folder.path() / "newer.db").c_str(), &newer) == SQLITE_OK);
  REQUIRE(sqlite3_exec(newer, "PRAGMA user_version = 99", nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(newer);
  told.tell_failure("a store of a newer weir", open_sqlite_store(folder.path() / "newer.db"));
  const auto object = [&folder](const std::string& bytes) {
    std::ofstream(folder.path() / "object", std::ios::binary) << "1\n" << bytes;
    return open_object_store(std::make_unique<any::FileObject>(folder.path() / "object"));
  };
  told.tell_failure("another object in the place of state", object("id,name\n1,a\n"));
  told.tell_failure("an object that was cut", object("weir state 1\nabc"));
  told.tell_failure("an object of other bytes", object("weir state 1\n" + std::string(100, 'x')));
  told.tell_failure("an object of a newer weir", object("weir state 2\n..."));
  std::filesystem::remove(folder.path() / "object");
  const auto small = open_object_store(std::make_unique<any::FileObject>(folder.path() / "object"), observe::now_ns,
                                       pause_at_random, 1000);
  REQUIRE(small);
  told.tell_failure("more state than an object should hold", (*small)->put("k", std::string(2000, 'x'), 0));
  told.tell_failure("no folder of locks", PipelineLock::take(folder.path() / "none", "p", "orders"));

  const auto store = open_store(folder.path());
  REQUIRE(store);
  const auto held = PipelineLock::take(folder.path(), "p", "orders");
  REQUIRE(held);
  const auto holder = PipelineLock::holder(folder.path(), "p");
  REQUIRE(holder);
  told.hide(holder->host, "HOST");
  told.hide(holder->since, "TIME");
  told.tell_failure("a pipeline that runs", PipelineLock::take(folder.path(), "p", "orders"));
  std::ofstream(lock_file(folder.path(), "p")) << R"({"process":7,"host":"elsewhere","since":"yesterday"})";
  told.tell_failure("a pipeline that runs on another machine", PipelineLock::take(folder.path(), "p", "orders"));
  std::ofstream(lock_file(folder.path(), "p")) << "";
  told.tell_failure("a pipeline that has just begun", PipelineLock::take(folder.path(), "p", "orders"));
  sqlite3* other = nullptr;
  REQUIRE(sqlite3_open((folder.path() / "state.db").c_str(), &other) == SQLITE_OK);
  REQUIRE(sqlite3_exec(other, "DROP TABLE entries", nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(other);
  told.tell_failure("a store without its table", (*store)->get("k"));
  told.end();
}

}  // namespace weir::state
