// The lock: what is written is read, the same bytes each time; what is not exactly that is refused.
#include "plugins/lock_file.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <weir_catch.hpp>
#include <weir_golden.hpp>
#include <weir_test_folder.hpp>

#include "plugins/bad_plugins.hpp"
#include "plugins/registry.hpp"
#include "security/small_file.hpp"

namespace weir::plugins {
namespace {

namespace fs = std::filesystem;
using test::Contains;

const std::string kOnes(64, '1'), kTwos(64, '2');

LockFile example() {
  LockFile lock;
  lock.plugins["trim"] = {"2.0.0", "", "", "vendor/trim-2.0.0.weirpkg", "", {{"linux-x86-64-glibc", kTwos}}};
  lock.plugins["lines"] = {"1.0.0", "team",          "SHA256:key",
                           "",      "SHA256:signer", {{"linux-x86-64-glibc", kOnes}, {"linux-aarch64", kTwos}}};
  return lock;
}

std::string refused_lock(const std::string& text) {
  const auto lock = parse_lock(text, "weir.lock");
  return lock ? "none" : lock.error().message;
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const auto at = text.find(what);
  REQUIRE(at != text.npos);
  return text.replace(at, what.size(), with);
}

TEST_CASE("a lock is read as it was written, and written the same way each time") {
  const LockFile lock = example();
  const std::string text = lock_text(lock);
  const auto read = parse_lock(text, "weir.lock");
  REQUIRE(read);
  CHECK(*read == lock);
  CHECK(lock_text(*read) == text);
  // Sorted, a line each: so that two branches that lock different plugins can be merged.
  std::vector<std::string::size_type> places;
  for (const char* key : {"\"plugins\"", "\"lines\"", "\"digests\"", "\"linux-aarch64\"", "\"linux-x86", "\"signer\"",
                          "\"source\"", "\"index\"", "\"key\"", "\"version\"", "\"trim\"", "\"weir_lock\""})
    places.push_back(text.find(key));
  CHECK(std::is_sorted(places.begin(), places.end()));
  CHECK(std::count(text.begin(), text.end(), '\n') > 20);
}

TEST_CASE("what is not exactly a lock is refused") {
  const std::string text = lock_text(example());
  CHECK(refused_lock(text) == "none");
  CHECK_THAT(refused_lock(""), Contains("something else"));
  CHECK_THAT(refused_lock("[]"), Contains("something else"));
  CHECK_THAT(refused_lock("{}"), Contains("something else"));
  CHECK_THAT(refused_lock(text.substr(0, text.size() / 2)), Contains("something else"));
  CHECK_THAT(refused_lock("<<<<<<< ours\n" + text), Contains("what a merge left"));
  CHECK_THAT(refused_lock(replaced(text, "\"weir_lock\": 1", "\"weir_lock\": 2")), Contains("found \"weir_lock\": 2"));
  CHECK_THAT(refused_lock(replaced(text, "\"weir_lock\": 1", "\"weir_lock\": -1")), Contains("something else"));
  CHECK_THAT(refused_lock(replaced(text, "\"weir_lock\": 1", "\"weir_lock\": 1, \"more\": 1")),
             Contains("something else"));
  CHECK_THAT(refused_lock(replaced(text, "\"trim\"", "\"lines\"")), Contains("'lines' twice"));
  CHECK_THAT(refused_lock(replaced(text, "\"trim\"", "\"\"")), Contains("without a name"));
  for (const auto& [what, with] : std::vector<std::pair<std::string, std::string>>{
           {"\"2.0.0\"", "\"new\""},
           {"\"2.0.0\"", "2"},
           {kTwos, "22"},
           {"\"file\"", "\"filed\""},
           {"\"index\": \"team\",", ""},
           {"\"version\"", "\"versions\""},
           {"vendor/", "vendor\\u001b/"},
           {"\"key\": \"SHA256:key\"", "\"key\": \"SHA256:key\", \"file\": \"x\""}})
    CHECK_THAT(refused_lock(replaced(text, what, with)), Contains("no version, source and digests alone of plugin"));
}

TEST_CASE("a lock that is nested without end is refused") {
  constexpr std::size_t kDeep = 1'000'000;
  const std::string nested = std::string(kDeep, '[') + std::string(kDeep, ']');
  CHECK(refused_lock(R"({"plugins":{"limit":{"digests":)" + nested + R"(}},"weir_lock":1})") != "none");
}

TEST_CASE("a lock that is not there is none, and one that can't be read is an error") {
  const test::Folder folder;
  const fs::path path = lock_path(folder.path());
  const auto none = read_lock(path);
  REQUIRE(none);
  CHECK_FALSE(none->has_value());
  REQUIRE(write_lock(path, example()));
  REQUIRE(read_lock(path));
  CHECK(read_lock(path)->value() == example());
  fs::remove(path);
  fs::create_directory(path);
  CHECK(read_lock(path).error().code == "lock.unreadable");
  CHECK(write_lock(folder.path() / "missing" / "weir.lock", {}).error().code == "lock.unwritable");
}

// A folder with one plugin under the name of several versions, as an installer puts them side by side.
struct Versions {
  test::Folder folder;
  fs::path first, second;
  LockFile lock;

  Versions() {
    std::string bytes = bytes_of(bad_plugin("good"));
    first = written("good-1.0.0.so", bytes);
    second = written("good-1.5.0.so", replaced(bytes, "\"version\":\"1.0.0\"", "\"version\":\"1.5.0\""));
    const auto info = read_info(first);
    REQUIRE(info);
    security::FileProblem problem;
    lock.plugins["good"] = {"1.0.0", "", "", "good.weirpkg", "", {}};
    lock.plugins["good"].digests[platform_name(*info)] = security::sha256_of_file(first, problem);
  }
  fs::path written(const std::string& name, const std::string& bytes) const {
    std::ofstream(folder.path() / name, std::ios::binary) << bytes;
    return folder.path() / name;
  }
  Registry registry(const std::map<std::string, std::string>& ranges = {}) const {
    const SearchPath folders[] = {{folder.path(), "user"}};
    std::vector<FoundPlugin> found = discover(folders);
    hold_to_lock(found, lock);
    return Registry(std::move(found), ranges);
  }
};

TEST_CASE("of several versions the locked one is taken") {
  Versions versions;
  CHECK(Registry(discover(std::vector<SearchPath>{{versions.folder.path(), "user"}}), {}).plugin("good")->path ==
        versions.second);
  const Registry locked = versions.registry({{"good", "^1"}});
  REQUIRE(locked.plugin("good") != nullptr);
  CHECK(locked.plugin("good")->path == versions.first);
  CHECK(locked.problems().empty());
}

TEST_CASE("what is not as it is locked is told as the golden file says") {
  Versions versions;
  test::Golden told(std::string(WEIR_GOLDEN) + "/locked.txt");
  const std::string digest = versions.lock.plugins["good"].digests.begin()->second;
  const std::string platform = versions.lock.plugins["good"].digests.begin()->first;
  told.hide(versions.folder.path().string(), "FOLDER");
  told.hide(digest, "DIGEST");
  told.hide(platform, "PLATFORM");
  const auto tell = [&](const char* title, const std::map<std::string, std::string>& ranges = {{"good", "*"}}) {
    const Registry registry = versions.registry(ranges);
    CHECK(registry.plugin("good") == nullptr);
    for (const auto& problem : registry.problems()) told.tell_error(title, problem.error);
    told.tell_failure(std::string(title) + ", in use", registry.find("good"));
  };
  tell("the locked version does not fit", {{"good", "^1.5"}});
  versions.lock.plugins["good"].digests = {{platform, kOnes}};
  tell("another digest");
  CHECK(base::exit_code(versions.registry().find("good").error()) == 4);
  versions.lock.plugins["good"].digests = {{"linux-riscv64", kOnes}};
  tell("not locked for this platform");
  versions.lock.plugins["good"].version = "3.0.0";
  tell("another version");
  fs::remove(versions.first);
  fs::remove(versions.second);
  tell("nothing of it");
  told.tell_failure("not a lock", parse_lock("{}", "weir.lock"));
  told.tell_failure("a lock of later", parse_lock("{\"weir_lock\": 2}", "weir.lock"));
  told.tell_failure("a merge", parse_lock("<<<<<<<", "weir.lock"));
  told.tell_failure("a plugin twice", parse_lock(R"({"plugins": {"a": {}, "a": {}}})", "weir.lock"));
  told.tell_failure("no digests", parse_lock(R"({"weir_lock": 1, "plugins": {"a": {}}})", "weir.lock"));
  told.tell_failure("no name", parse_lock(R"({"weir_lock": 1, "plugins": {"": {}}})", "weir.lock"));
  const fs::path lock = lock_path(versions.folder.path());
  told.tell_failure("no folder", write_lock(versions.folder.path() / "missing" / "weir.lock", {}));
  fs::create_directory(lock);
  told.tell_failure("a folder", read_lock(lock));
  told.end();
}

}  // namespace
}  // namespace weir::plugins
