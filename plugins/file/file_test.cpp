// The storage of files through its ABI, with real files in a folder of its own.
#include "file_test.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <thread>

namespace weir::file {

TEST_CASE("file lists one file with its size, time and version") {
  const Folder folder;
  const std::string path = folder.write("in.csv", "a,b\n1,2\n");
  const Files files(path);
  const auto found = files.list(path);
  REQUIRE(found.size() == 1);
  CHECK(found[0].name == path);
  CHECK(found[0].bytes == 8);
  CHECK(found[0].modified_ns > 1500000000000000000);
  CHECK(found[0].version.starts_with("8-" + std::to_string(found[0].modified_ns) + "-"));
  CHECK(files.list(path, path).empty());
}

TEST_CASE("file tells a missing file, and a near name") {
  const Folder folder;
  folder.write("in.csv", "");
  const Files files(folder / "in.cvs");
  CHECK(files.list(folder / "in.cvs").empty());
  CHECK(files.status == WEIR_NOT_FOUND);
  CHECK(files.error.fault == WEIR_FAULT_SOURCE);
  CHECK(files.error.native_code == ENOENT);
  CHECK(std::string(files.error.option) == "/path");
  CHECK(std::string(files.error.message) == "no such file '" + (folder / "in.cvs") + "'");
  CHECK(std::string(files.error.hint) == "did you mean 'in.csv'?");
  CHECK(files.list(folder / "quite/other.csv").empty());
  CHECK_THAT(files.error.message, test::Contains("there is no folder '" + (folder / "quite") + "'"));
  CHECK(std::string(files.error.hint).empty());
}

TEST_CASE("file tells a folder and what it can't read") {
  const Folder folder;
  const Files files(folder.path);
  CHECK(files.list(folder.path).empty());
  CHECK_THAT(files.error.message, test::Contains("expected a file, found the folder"));
  CHECK_THAT(files.error.hint, test::Contains(folder / "*"));
  const std::string locked = folder.write("locked.csv", "a\n");
  chmod(locked.c_str(), 0);
  as_nobody([&] {
    Files plain(locked);
    return plain.read_all(locked).empty() && plain.status == WEIR_PERMISSION_DENIED &&
           plain.error.native_code == EACCES;
  });
  const std::string below = locked + "/x";
  CHECK(files.list(below).empty());
  CHECK(files.status == WEIR_NOT_FOUND);
}

TEST_CASE("file expands patterns in the order of names") {
  const Folder folder;
  for (const char* name :
       {"b.csv", "a.csv", "B.csv", "c.txt", ".hidden.csv", "deep/x.csv", "deep/er/y.csv", ".git/z.csv"}) {
    folder.write(name, "");
  }
  const Files files(folder.path);
  const auto names = [&](const std::string& pattern) {
    std::string all;
    for (const auto& object : files.list(folder / pattern)) all += object.name.substr(folder.path.size() + 1) + " ";
    return all;
  };
  CHECK(names("*.csv") == "B.csv a.csv b.csv ");
  CHECK(names("?.csv") == "B.csv a.csv b.csv ");
  CHECK(names("[a-b].csv") == "a.csv b.csv ");
  CHECK(names("[!a].csv") == "B.csv b.csv ");
  CHECK(names("{a,c}.*") == "a.csv c.txt ");
  CHECK(names("{deep/x,a}.csv") == "a.csv deep/x.csv ");
  CHECK(names("**/*.csv") == "B.csv a.csv b.csv deep/er/y.csv deep/x.csv ");
  CHECK(names("**") == "B.csv a.csv b.csv c.txt deep/er/y.csv deep/x.csv ");
  CHECK(names("deep/**/y.csv") == "deep/er/y.csv ");
  CHECK(names("*/x.csv") == "deep/x.csv ");
  CHECK(names(".*.csv") == ".hidden.csv ");
  CHECK(names("{.git,deep}/*.csv") == ".git/z.csv deep/x.csv ");
  CHECK(names("*.nothing").empty());
  CHECK(files.status == WEIR_NOT_FOUND);
  CHECK_THAT(files.error.message, test::Contains("nothing matches"));
}

TEST_CASE("file takes a path that is there as it stands") {
  const Folder folder;
  folder.write("data[1].csv", "x");
  folder.write("data1.csv", "");
  folder.write("{a}.csv", "y");
  folder.write("back\\slash.csv", "z");
  const Files files(folder.path);
  CHECK(files.read_all(files.list(folder / "data[1].csv").at(0).name) == "x");
  CHECK(files.list(folder / "{a}.csv").size() == 1);
  CHECK(files.list(folder / "back\\slash.csv").size() == 1);
  CHECK(files.list(folder / "data\\[1].csv").at(0).name == folder / "data[1].csv");
  CHECK(files.list(folder / "data[[]1].csv").at(0).bytes == 1);
}

TEST_CASE("file follows links, but not round in circles") {
  const Folder folder;
  folder.write("deep/x.csv", "");
  REQUIRE(symlink(folder.path.c_str(), (folder / "deep/loop").c_str()) == 0);
  REQUIRE(symlink("deep", (folder / "other").c_str()) == 0);
  const Files files(folder.path);
  const auto found = files.list(folder / "**/*.csv");
  CHECK(found.size() >= 2);
  CHECK(found.size() < 8);
  REQUIRE(symlink("nothing", (folder / "dangling.csv").c_str()) == 0);
  CHECK(files.list(folder / "*.csv").empty());
  CHECK_THAT(files.error.message, test::Contains("behind the link"));
}

TEST_CASE("file reads all bytes in pieces and at offsets") {
  const Folder folder;
  std::string text;
  for (int i = 0; i < 5000; ++i) text += std::to_string(i) + "\n";
  const std::string path = folder.write("in", text);
  const Files files(path);
  for (const std::size_t piece : {1U, 7U, 4096U, 1U << 20U}) CHECK(files.read_all(path, {}, piece) == text);
  const weir_input* input = files.open(path, files.list(path).at(0).version);
  REQUIRE(input != nullptr);
  CHECK(input->length == static_cast<std::int64_t>(text.size()));
  std::uint8_t buffer[10];
  std::uint64_t got = 0;
  REQUIRE(input->read_at(input, 100, buffer, sizeof buffer, &got, &files.error) == WEIR_OK);
  CHECK(std::string(reinterpret_cast<char*>(buffer), got) == text.substr(100, 10));
  REQUIRE(input->read_at(input, text.size() - 3, buffer, sizeof buffer, &got, &files.error) == WEIR_OK);
  CHECK(got == 3);
  REQUIRE(input->read_at(input, text.size() + 3, buffer, sizeof buffer, &got, &files.error) == WEIR_OK);
  CHECK(got == 0);
  input->close(input);
}

TEST_CASE("file refuses a file that is another than planned, or that shrinks") {
  const Folder folder;
  const std::string path = folder.write("in", "0123456789");
  const Files files(path);
  const std::string version = files.list(path).at(0).version;
  folder.write("in", "changed and longer");
  CHECK(files.open(path, version) == nullptr);
  CHECK(files.status == WEIR_FAILED_PRECONDITION);
  CHECK_THAT(files.error.message, test::Contains("has changed since it was planned"));
  const weir_input* input = files.open(path, {});
  REQUIRE(truncate(path.c_str(), 4) == 0);
  std::uint8_t buffer[32];
  std::uint64_t got = 0;
  std::int32_t outcome = 0;
  CHECK(input->read(input, INT64_MAX, buffer, sizeof buffer, &got, &outcome, &files.error) == WEIR_DATA_LOSS);
  CHECK_THAT(files.error.message, test::Contains("became shorter while it was read: expected 18 bytes, found 4"));
  input->close(input);
}

TEST_CASE("file reads a pipe, tells the deadline, and lets a wait be cancelled") {
  const Folder folder;
  const std::string path = folder / "pipe";
  REQUIRE(mkfifo(path.c_str(), 0600) == 0);
  const Files files(path);
  CHECK(files.list(path).at(0).bytes == -1);
  const weir_input* input = files.open(path, {});
  REQUIRE(input != nullptr);
  CHECK(input->length == -1);
  CHECK(input->read_at == nullptr);
  std::uint8_t buffer[32];
  std::uint64_t got = 7;
  std::int32_t outcome = -1;
  REQUIRE(input->read(input, 0, buffer, sizeof buffer, &got, &outcome, &files.error) == WEIR_OK);
  CHECK(outcome == WEIR_READ_IDLE);
  CHECK(got == 0);
  const int writer = open(path.c_str(), O_WRONLY | O_CLOEXEC);
  REQUIRE(write(writer, "hello", 5) == 5);
  REQUIRE(input->read(input, INT64_MAX, buffer, sizeof buffer, &got, &outcome, &files.error) == WEIR_OK);
  CHECK(outcome == WEIR_READ_MORE);
  CHECK(std::string(reinterpret_cast<char*>(buffer), got) == "hello");
  std::thread other([&] { input->cancel(input); });
  CHECK(input->read(input, INT64_MAX, buffer, sizeof buffer, &got, &outcome, &files.error) == WEIR_CANCELLED);
  other.join();
  input->close(input);
  input = files.open(path, {});
  REQUIRE(write(writer, "end", 3) == 3);
  close(writer);
  REQUIRE(input->read(input, INT64_MAX, buffer, sizeof buffer, &got, &outcome, &files.error) == WEIR_OK);
  CHECK(got == 3);
  REQUIRE(input->read(input, INT64_MAX, buffer, sizeof buffer, &got, &outcome, &files.error) == WEIR_OK);
  CHECK(outcome == WEIR_READ_END);
  input->close(input);
}

TEST_CASE("file reads standard input and devices, and refuses sockets") {
  const Folder folder;
  const std::string source = folder.write("in", "from stdin");
  const int kept = dup(STDIN_FILENO), file = open(source.c_str(), O_RDONLY | O_CLOEXEC);
  dup2(file, STDIN_FILENO);
  const Files files("-");
  CHECK(files.list("-").at(0).name == "-");
  CHECK(files.read_all("-") == "from stdin");
  dup2(kept, STDIN_FILENO);
  close(kept);
  close(file);
  CHECK(files.read_all("/dev/null").empty());
  CHECK(files.status == WEIR_OK);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = folder / "socket";
  REQUIRE(path.size() < sizeof address.sun_path);
  path.copy(address.sun_path, path.size());
  const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  REQUIRE(bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  CHECK(files.list(path).empty());
  CHECK_THAT(files.error.message, test::Contains("found the socket"));
  close(listener);
}

TEST_CASE("file reads what the kernel makes up") {
  const Files files("/proc/self/status");
  CHECK_THAT(files.read_all("/proc/self/status"), test::Contains("Name:"));
}

}  // namespace weir::file
