// weir.conditional/1 of files: an object is replaced only if nobody else was faster, whole, and by a version that never comes again.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <set>
#include <thread>

#include <weir/ext/draft/conditional.h>

#include "file_test.hpp"
#include "problems.hpp"

namespace weir::file {
namespace {

// Replaces through the ABI; the new version, empty if it was refused.
class Replacing {
 public:
  explicit Replacing(const Files& files)
      : files_(files),
        table_(*static_cast<const weir_conditional*>(
            weir_plugin_v1()->components[0]->extension({WEIR_CONDITIONAL, sizeof WEIR_CONDITIONAL - 1}))) {}

  std::string operator()(const std::string& name, const std::string& bytes, const std::string& expected) const {
    struct Told : weir_object_sink {
      mutable std::string version;
      mutable std::int64_t bytes = -2;
    } sink{};
    sink.size = sizeof(weir_object_sink);
    sink.put = [](const weir_object_sink* to, const weir_object* object) {
      static_cast<const Told*>(to)->version = to_view(object->version);
      static_cast<const Told*>(to)->bytes = object->bytes;
      return weir_status{WEIR_OK};
    };
    files_.status =
        table_.replace(files_.self, to_weir(name), to_bytes(bytes), to_weir(expected), &sink, files_.clear());
    if (files_.status == WEIR_OK) CHECK(sink.bytes == static_cast<std::int64_t>(bytes.size()));
    return sink.version;
  }

 private:
  const Files& files_;
  const weir_conditional& table_;
};

std::string version_now(const Files& files, const std::string& name) {
  const auto listed = files.list(name);
  return listed.empty() ? std::string() : listed.front().version;
}

}  // namespace

TEST_CASE("an object is made where none was, and replaced by who knows its version") {
  const Folder folder;
  const std::string name = folder / "deep/er/state";
  const Files files(name);
  const Replacing replace(files);
  CHECK(replace(name, "early", "1-2-3").empty());
  CHECK(files.status == WEIR_FAILED_PRECONDITION);
  const std::string first = replace(name, "one", "");
  REQUIRE_FALSE(first.empty());
  CHECK(content(name) == "one");
  CHECK(first == version_now(files, name));
  CHECK(replace(name, "two", "").empty());
  CHECK(files.status == WEIR_FAILED_PRECONDITION);
  CHECK(content(name) == "one");
  const std::string second = replace(name, "two", first);
  CHECK(content(name) == "two");
  CHECK(replace(name, "three", first).empty());
  CHECK(content(name) == "two");
  CHECK(files.read_all(name, second) == "two");
  CHECK(folder.tree() == "deep/ deep/er/ deep/er/.weir-state.lock deep/er/state");
}

TEST_CASE("no version comes again, however fast bytes of one size follow each other") {
  const Folder folder;
  const std::string name = folder / "state";
  const Files files(name);
  const Replacing replace(files);
  std::set<std::string> seen;
  std::string version;
  for (int i = 0; i < 300; ++i) {
    version = replace(name, std::string(8, static_cast<char>('a' + i % 2)), version);
    REQUIRE(seen.insert(version).second);
  }
}

TEST_CASE("of processes that count on, some of which are killed, no change is lost and the object is always whole") {
  const Folder folder;
  const std::string name = folder / "state";
  {
    const Files files(name);
    REQUIRE_FALSE(Replacing(files)(name, "0\n", "").empty());
  }
  // Each writes the next number, and a line to a file of its own once that is done.
  const auto count_on = [&](int writer) {
    const Files files(name);
    const Replacing replace(files);
    std::ofstream done(folder / ("done" + std::to_string(writer)), std::ios::app);
    for (;;) {
      const std::string version = version_now(files, name);
      const std::string found = files.read_all(name, version);
      if (files.status == WEIR_FAILED_PRECONDITION) continue;
      if (found.empty() || found.back() != '\n') _exit(1);
      const std::string next = std::to_string(std::stoull(found) + 1) + "\n";
      if (!replace(name, next, version).empty())
        done << next << std::flush;
      else if (files.status != WEIR_FAILED_PRECONDITION)
        _exit(2);
    }
  };
  constexpr int kWriters = 3, kDeaths = 9;
  pid_t writers[kWriters];
  const auto start = [&](int writer) {
    writers[writer] = fork();
    if (writers[writer] == 0) count_on(writer);
  };
  for (int i = 0; i < kWriters; ++i) start(i);
  const auto end = [&](int writer) {
    int how = 0;
    REQUIRE(kill(writers[writer], SIGKILL) == 0);
    REQUIRE(waitpid(writers[writer], &how, 0) == writers[writer]);
    CHECK(WIFSIGNALED(how));  // it had found nothing wrong
  };
  for (int death = 0; death < kDeaths; ++death) {
    const auto before = std::stoull(content(name));
    while (std::stoull(content(name)) < before + 7) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    end(death % kWriters);
    start(death % kWriters);
  }
  for (int i = 0; i < kWriters; ++i) end(i);
  std::multiset<std::string> done;
  for (int i = 0; i < kWriters; ++i) {
    std::istringstream lines(content(folder / ("done" + std::to_string(i))));
    for (std::string line; std::getline(lines, line);) done.insert(line);
  }
  const auto last = std::stoull(content(name));
  for (const auto& number : done) CHECK(done.count(number) == 1);
  CHECK(done.size() <= last);
  CHECK(done.size() + kDeaths + kWriters >= last);  // a killed one may have been done, and not told
}

TEST_CASE("where an object can't be replaced the error says why, and it stays") {
  const Folder folder;
  const std::string name = folder.write("closed/state", "old");
  chmod((folder / "closed").c_str(), 0555);
  as_nobody([&] {
    const Files files(name);
    const bool refused = Replacing(files)(name, "new", version_now(files, name)).empty();
    return refused && files.status == WEIR_PERMISSION_DENIED && content(name) == "old";
  });
  chmod((folder / "closed").c_str(), 0755);
  const Files files(folder.path);
  CHECK(Replacing(files)(folder.path, "x", "").empty());
  CHECK(files.status == WEIR_FAILED_PRECONDITION);
  CHECK_FALSE(std::filesystem::exists(folder_of(folder.path) + "/.weir-" + name_of(folder.path) + ".lock"));
  CHECK(Replacing(files)(name + "/below", "x", "").empty());
  CHECK_THAT(std::string(files.error.message), test::Contains("is a file, not a folder"));
}

}  // namespace weir::file
