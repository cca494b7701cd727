// Where a log goes: a file that is begun anew, a journal.
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <sstream>

#include <weir_catch.hpp>
#include <weir_test_folder.hpp>

#include "observe/log.hpp"

namespace weir::observe {
namespace {

std::string content(const std::filesystem::path& path) {
  std::ifstream file(path);
  return (std::ostringstream() << file.rdbuf()).str();
}

// A journal of our own: a bound socket that keeps what it gets.
class FakeJournal {
 public:
  explicit FakeJournal(std::string path) : path_(std::move(path)), socket_(::socket(AF_UNIX, SOCK_DGRAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path_.c_str(), sizeof address.sun_path - 1);
    REQUIRE(::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  }
  FakeJournal(const FakeJournal&) = delete;
  FakeJournal& operator=(const FakeJournal&) = delete;
  ~FakeJournal() {
    ::close(socket_);
    ::unlink(path_.c_str());
  }
  // An entry that has come; empty: none.
  std::string entry() const {
    std::string bytes(1U << 20U, '\0');
    const auto length = ::recv(socket_, bytes.data(), bytes.size(), MSG_DONTWAIT);
    return bytes.substr(0, length < 0 ? 0 : static_cast<std::size_t>(length));
  }

 private:
  std::string path_;
  int socket_;
};

TEST_CASE("a file is begun anew at its size, and so many old ones are kept") {
  const test::Folder folder;
  LogOptions options;
  options.file = (folder.path() / "weir.log").string();
  options.file_bytes = 1000;
  options.old_files = 2;
  auto log = Log::open(options);
  REQUIRE(log);
  for (int i = 0; i < 100; ++i) (*log)->warning("run.test", "number " + std::to_string(i) + std::string(80, '.'));
  log->reset();
  CHECK(content(folder.path() / "weir.log").find("number 99.") != std::string::npos);
  CHECK(std::filesystem::exists(folder.path() / "weir.1.log"));
  CHECK(std::filesystem::exists(folder.path() / "weir.2.log"));
  CHECK_FALSE(std::filesystem::exists(folder.path() / "weir.3.log"));
  CHECK(std::filesystem::file_size(folder.path() / "weir.1.log") <= 1000);
}

TEST_CASE("a file is appended to, each line with its time") {
  const test::Folder folder;
  LogOptions options;
  options.file = (folder.path() / "weir.log").string();
  for (const char* text : {"one", "two"}) {
    auto log = Log::open(options);
    REQUIRE(log);
    (*log)->warning("run.test", text, {{"rows", 3}});
  }
  const std::string text = content(options.file);
  CHECK(text.find("Z warning: one (rows=3)\n") != std::string::npos);
  CHECK(text.find("Z warning: two (rows=3)\n") != std::string::npos);
}

TEST_CASE("a file that can't be written is told") {
  const test::Folder folder;
  LogOptions options;
  options.file = folder.path().string();
  const auto log = Log::open(options);
  REQUIRE(!log);
  CHECK(log.error().code == "log.unwritable");
  CHECK(log.error().message == "log: '" + options.file + "' can't be written: Is a directory");
}

TEST_CASE("an entry of the journal has the event and its values as fields") {
  const test::Folder folder;
  LogOptions options;
  options.journal = (folder.path() / "socket").string();
  const FakeJournal journal(options.journal);
  options.redact = [](std::string text) { return text.find("hunter2") == std::string::npos ? text : "***"; };
  auto log = Log::open(options);
  REQUIRE(log);
  const std::vector<LogField> fields{{"rows", 3}, {"url", "u:hunter2@h"}};
  (*log)->write({Level::warning, "csv.sniffed", "two\nlines", "orders", "csv", fields, {}});
  CHECK(journal.entry() ==
        std::string("MESSAGE\n\x09\0\0\0\0\0\0\0two\nlines\nPRIORITY=4\nSYSLOG_IDENTIFIER=weir\n", 60) +
            "WEIR_EVENT=csv.sniffed\nWEIR_LINK=orders\nWEIR_PLUGIN=csv\nWEIR_FIELD_ROWS=3\n"
            "WEIR_FIELD_URL=***\n");
  CHECK((*log)->lost() == 0);
}

TEST_CASE("a long value is cut, so that the entry fits a datagram") {
  const test::Folder folder;
  LogOptions options;
  options.journal = (folder.path() / "socket").string();
  const FakeJournal journal(options.journal);
  auto log = Log::open(options);
  REQUIRE(log);
  std::vector<LogField> fields(100, {"text", std::string(100000, 'x')});
  (*log)->warning("run.test", std::string(1U << 20U, 'y'), fields);
  const std::string entry = journal.entry();
  CHECK(entry.size() > 100000);
  CHECK(entry.size() < 140000);
  CHECK((*log)->lost() == 0);
}

TEST_CASE("names become what the journal takes") {
  CHECK(journal_entry({{"a-b c", "1"}, {"_x", "2"}, {"", "3"}, {std::string(99, 'q'), "4"}}) ==
        "A_B_C=1\nX_X=2\nX=3\n" + std::string(64, 'Q') + "=4\n");
}

TEST_CASE("where no journal listens, opening says so, and what is lost later is counted") {
  const test::Folder folder;
  LogOptions options;
  options.journal = (folder.path() / "socket").string();
  CHECK(Log::open(options).error().code == "log.unwritable");
  auto journal = std::make_unique<FakeJournal>(options.journal);
  auto log = Log::open(options);
  REQUIRE(log);
  journal.reset();
  (*log)->warning("run.test", "gone");
  CHECK((*log)->lost() == 1);
  journal = std::make_unique<FakeJournal>(options.journal);
  (*log)->warning("run.test", "back");
  CHECK(journal->entry().starts_with("MESSAGE=back\n"));
}

}  // namespace
}  // namespace weir::observe
