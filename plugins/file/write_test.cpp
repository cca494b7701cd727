// Writing: staged files, published and discarded in every order that a crash can make.
#include <fcntl.h>
#include <sys/mount.h>

#include "file_test.hpp"
#include "staged_name.hpp"

namespace weir::file {

TEST_CASE("file shows an output under its name when it is committed, and not before") {
  const Folder folder;
  const std::string path = folder.write("out", "kept");
  const Files files(path);
  const std::string committable = files.staged(path, "new rows\n");
  CHECK(files.receipt.bytes == 9);
  CHECK(files.receipt.rows == -1);
  CHECK(content(path) == "kept");
  CHECK(files.commit(committable) == WEIR_OK);
  CHECK(content(path) == "new rows\n");
  CHECK(folder.tree() == "out");
  CHECK(files.commit(committable) == WEIR_OK);  // again, after a crash behind the rename
  CHECK(files.abort(committable) == WEIR_OK);   // and never takes a published file away
  CHECK(content(path) == "new rows\n");
}

TEST_CASE("file discards what was not prepared, and what is aborted") {
  const Folder folder;
  const Files files(folder / "a/b/out");
  const weir_output* output = files.create(folder / "a/b/out");
  REQUIRE(output != nullptr);
  CHECK_THAT(folder.tree(), test::Contains("a/b/.weir-R.load.0.1.1.0."));
  files.write(output, "half");
  output->close(output);
  CHECK(folder.tree().empty());
  const std::string committable = files.staged(folder / "a/b/out", "whole");
  CHECK(files.abort(committable) == WEIR_OK);
  CHECK(folder.tree().empty());
  CHECK(files.abort(committable) == WEIR_OK);
  CHECK(files.commit(committable) == WEIR_DATA_LOSS);
  CHECK_THAT(files.error.message, test::Contains("is gone"));
}

TEST_CASE("file removes only folders that it made, and only when the last output below is gone") {
  const Folder folder;
  folder.write("mine/kept", "");
  const Files files(folder / "mine/new/part-{n}");
  const std::string first = files.staged(folder / "mine/new/part-1", "1"),
                    second = files.staged(folder / "mine/new/part-2", "2");
  files.abort(first);
  CHECK_THAT(folder.tree(), test::Contains("mine/new/"));
  files.abort(second);
  CHECK(folder.tree() == "mine/ mine/kept");
}

TEST_CASE("file publishes as much as the committable says") {
  const Folder folder;
  const std::string path = folder / "out";
  const Files files(path);
  const weir_output* output = files.create(path);
  REQUIRE(output->continues == 1);
  files.write(output, "one\n");
  const std::string first = files.prepare(output);
  files.write(output, "two\n");
  const std::string second = files.prepare(output);
  files.write(output, "three, which nobody prepared\n");
  output->close(output);
  CHECK(second != first);
  SECTION("the last") {
    CHECK(files.commit(second) == WEIR_OK);
    CHECK(content(path) == "one\ntwo\n");
  }
  SECTION("the one before") {
    CHECK(files.commit(first) == WEIR_OK);
    CHECK(content(path) == "one\n");
  }
  CHECK(folder.tree() == "out");
}

TEST_CASE("file goes on after a prepared output in an object of its own") {
  const Folder folder;
  const std::string path = folder / "out";
  const Files dead(path, "0", 1);
  const weir_output* zombie = dead.create(path);
  dead.write(zombie, "one\n");
  const std::string first = dead.prepare(zombie);
  dead.write(zombie, "lost\n");
  const Files files(path, "0", 2);
  const weir_output* output = files.create(path, 2, first);
  REQUIRE(output != nullptr);
  CHECK(output->written == 4);
  files.write(output, "two\n");
  dead.write(zombie, "the zombie writes on\n");
  const std::string second = files.prepare(output);
  output->close(output);
  zombie->close(zombie);
  CHECK(files.sweep({second}) == WEIR_OK);
  CHECK(files.commit(second) == WEIR_OK);
  CHECK(content(path) == "one\ntwo\n");
  CHECK(folder.tree() == "out");
}

TEST_CASE("file begins anew where the mark is equal, without harm to the old writer's file") {
  const Folder folder;
  const std::string path = folder / "out";
  const Files files(path);
  const weir_output* before = files.create(path);
  files.write(before, "an attempt before this one");
  const std::string committable = files.staged(path, "again");
  files.write(before, "goes nowhere");
  CHECK(files.commit(committable) == WEIR_OK);
  CHECK(content(path) == "again");
  before->close(before);
  CHECK(folder.tree() == "out");
}

TEST_CASE("file sweeps what dead writers of the lane left, and nothing else") {
  const Folder folder;
  const std::string path = folder / "out/part-{n}";
  const std::string kept = Files(path, "0", 1).staged(folder / "out/part-1", "kept");
  Files(path, "0", 1).staged(folder / "out/part-2", "dead");
  Files(path, "0", 3).staged(folder / "out/part-3", "of the living");
  Files(path, "1", 1).staged(folder / "out/part-4", "another lane");
  folder.write("out/.weir-R.other.0.1.1.0.ab~", "another link");
  folder.write("out/.weir-mine", "no mark");
  const Files living(path, "0", 3);
  CHECK(living.sweep({kept}) == WEIR_OK);
  CHECK(folder.tree().find(".0.1.1.0.") != std::string::npos);
  CHECK(living.commit(kept) == WEIR_OK);
  const auto count = [&] {
    const std::string tree = folder.tree();
    return std::count(tree.begin(), tree.end(), '~');
  };
  CHECK(count() == 3);  // the living one's, the other lane's, the other link's
  CHECK(Files(path, "", 9).sweep({}) == WEIR_OK);
  CHECK(count() == 1);
  CHECK_THAT(folder.tree(), test::Contains("out/.weir-mine"));
  CHECK(content(folder / "out/part-1") == "kept");
}

TEST_CASE("file sweeps below the fixed part of a path with placeholders, and no deeper than it says") {
  const Folder folder;
  const std::string path = folder / "out/{stream}/x/part-{n}";
  Files(path).staged(folder / "out/orders/x/part-1", "dead");
  folder.write("out/orders/x/y/.weir-R.load.0.1.1.0.ab~", "too deep");
  CHECK(Files(path, "0", 2).sweep({}) == WEIR_OK);
  CHECK(folder.tree() == "out/ out/orders/ out/orders/x/ out/orders/x/y/ out/orders/x/y/.weir-R.load.0.1.1.0.ab~");
  CHECK(Files(folder / "nowhere/out", "0", 2).sweep({}) == WEIR_OK);
  CHECK(Files("-", "0", 2).sweep({}) == WEIR_OK);
}

TEST_CASE("file refuses, before a byte is written, what can't become the target") {
  const Folder folder;
  folder.write("in.csv", "x");
  folder.write("read-only", "x");
  std::filesystem::create_directory(folder / "frozen");
  chmod((folder / "frozen").c_str(), 0555);
  chmod((folder / "read-only").c_str(), 0444);
  const Files files(folder.path);
  CHECK(files.create(folder.path) == nullptr);
  CHECK_THAT(files.error.message, test::Contains("found the folder"));
  CHECK(files.error.fault == WEIR_FAULT_DESTINATION);
  CHECK(files.create(folder / "in.csv/out.ndjson") == nullptr);
  CHECK(std::string(files.error.message) == "'" + (folder / "in.csv") + "' is a file, not a folder");
  CHECK(std::string(files.error.option) == "/path");
  for (const char* name : {"frozen/out", "frozen/new/out", "read-only"}) {
    as_nobody([&] {
      const Files plain(folder.path);
      const bool refused = plain.create(folder / name) == nullptr && plain.status == WEIR_PERMISSION_DENIED;
      return refused &&
             std::string(plain.error.message).find(folder / std::string(name).substr(0, 6)) != std::string::npos;
    });
  }
  CHECK(files.create("/proc/weir-output") == nullptr);
  CHECK(folder.tree() == "frozen/ in.csv read-only");
}

TEST_CASE("file keeps the mode of what it replaces, and obeys the umask otherwise") {
  const Folder folder;
  const std::string path = folder.write("out", "x");
  chmod(path.c_str(), 0640);
  const mode_t before = umask(027);
  const Files files(path);
  files.commit(files.staged(path, "y"));
  files.commit(files.staged(folder / "new", "z"));
  umask(before);
  struct stat facts{};
  REQUIRE(stat(path.c_str(), &facts) == 0);
  CHECK((facts.st_mode & 07777) == 0640);
  REQUIRE(stat((folder / "new").c_str(), &facts) == 0);
  CHECK((facts.st_mode & 07777) == 0640);
}

TEST_CASE("file gives what it makes the mode that it is told, whatever was there and whatever the umask") {
  const Folder folder;
  const std::string path = folder.write("out", "x");
  chmod(path.c_str(), 0640);
  const mode_t before = umask(077);
  Files files(path);
  for (const auto& [mode, bits] : {std::pair("0644", 0644U), std::pair("600", 0600U)}) {
    files.context.mode = mode;
    files.commit(files.staged(path, "y"));
    files.commit(files.staged(folder / "new", "z"));
    for (const std::string& made : {path, folder / "new"}) {
      struct stat facts{};
      REQUIRE(stat(made.c_str(), &facts) == 0);
      CHECK((facts.st_mode & 07777) == bits);
    }
  }
  umask(before);
}

TEST_CASE("file writes behind a symbolic link, also where it points to nothing yet") {
  const Folder folder;
  folder.write("real/kept", "");
  REQUIRE(symlink("real/target", (folder / "out").c_str()) == 0);
  const Files files(folder / "out");
  for (const char* text : {"first", "second"}) {
    CHECK(files.commit(files.staged(folder / "out", text)) == WEIR_OK);
    CHECK(content(folder / "real/target") == text);
    CHECK(std::filesystem::is_symlink(folder / "out"));
  }
  Files(folder / "out", "0", 1).staged(folder / "out", "dead");
  CHECK(Files(folder / "out", "0", 2).sweep({}) == WEIR_OK);
  CHECK(folder.tree() == "out real/ real/kept real/target");
}

TEST_CASE("file tells a full device as final, and which file it was") {
  const Folder folder;
  const Files files("/dev/full");
  const weir_output* output = files.create("/dev/full");
  REQUIRE(output != nullptr);
  CHECK(files.write(output, "x") == WEIR_FAILED_PRECONDITION);
  CHECK(files.error.native_code == ENOSPC);
  CHECK(files.error.fault == WEIR_FAULT_DESTINATION);
  CHECK_THAT(files.error.message, test::Contains("no space left on the device: can't write to '/dev/full'"));
  output->close(output);
  const std::string small = folder / "small";
  std::filesystem::create_directory(small);
  if (mount("none", small.c_str(), "tmpfs", 0, "size=64k") != 0) {
    WARN("no right to mount a small file system: a staged file on a full disk is not tried");
    return;
  }
  const Files staged(small + "/out");
  const weir_output* full = staged.create(small + "/out");
  REQUIRE(full != nullptr);
  while (staged.write(full, std::string(16384, 'x')) == WEIR_OK) {
  }
  CHECK(staged.status == WEIR_FAILED_PRECONDITION);
  CHECK_THAT(staged.error.message, test::Contains("no space left on the device: can't write to '" + small + "/out'"));
  full->close(full);
  CHECK(std::filesystem::is_empty(small));
  umount(small.c_str());
}

TEST_CASE("file writes standard output at once, and commits it as done") {
  const Folder folder;
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const int kept = dup(STDOUT_FILENO);
  fflush(stdout);
  dup2(ends[1], STDOUT_FILENO);
  close(ends[1]);
  const Files files("-");
  const weir_output* output = files.create("-");
  files.write(output, "rows\n");
  const std::string committable = files.prepare(output);
  output->close(output);
  dup2(kept, STDOUT_FILENO);
  close(kept);
  char buffer[16] = {};
  CHECK(read(ends[0], buffer, sizeof buffer) == 5);
  CHECK(std::string(buffer) == "rows\n");
  close(ends[0]);
  CHECK(files.commit(committable) == WEIR_OK);
  CHECK(files.abort(committable) == WEIR_OK);
}

TEST_CASE("file tells a pipe whose reader went away, and raises no signal") {
  const Folder folder;
  const std::string path = folder / "pipe";
  REQUIRE(mkfifo(path.c_str(), 0600) == 0);
  const int reader = open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  const Files files(path);
  const weir_output* output = files.create(path);
  REQUIRE(output != nullptr);
  CHECK(files.write(output, "x") == WEIR_OK);
  close(reader);
  CHECK(files.write(output, "y") != WEIR_OK);
  CHECK(files.error.native_code == EPIPE);
  output->close(output);
}

TEST_CASE("file refuses a committable that it did not make") {
  const Files files("-");
  for (const char* bytes : {"", "x", "11:weir.file/1", "11:weir.file/199999999999999999999:", "3:abc"}) {
    CHECK(files.commit(bytes) == WEIR_INTERNAL);
    CHECK(files.abort(bytes) == WEIR_INTERNAL);
  }
}

TEST_CASE("file names what is staged so that it can be taken apart, within the limit of names") {
  TestContext context("p", std::string(64, 'l'), UINT64_MAX);
  const std::string run(64, 'r'), link(64, '-');
  context.raw()->run = to_weir(run);
  context.raw()->link = to_weir(link);
  context.raw()->instance = UINT64_MAX;
  const std::string name = StagedName::of(Context(context.raw()), UINT64_MAX, "/target").text();
  CHECK(name.size() <= 255);
  const auto parsed = StagedName::parse(name);
  REQUIRE(parsed.has_value());
  CHECK(parsed->text() == name);
  CHECK(parsed->fence == UINT64_MAX);
  CHECK_FALSE(parsed->is_left_by(Context(context.raw())));
  for (const char* other : {".weir-", ".weir-~", ".weir-a.b.c.1.2.3~", ".weir-a.b.c.1.2.x.4~", "x.weir-a.b.c.1.2.3.4~",
                            ".weir-a.b.c.1.2.3.4"}) {
    CHECK_FALSE(StagedName::is_one(other));
  }
}

}  // namespace weir::file
