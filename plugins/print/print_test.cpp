// print through the ABI, onto a standard output that is the test's.
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <string>
#include <thread>
#include <utility>

#include <weir/testing.hpp>
#include <weir/weir.hpp>

#include "weir_catch.hpp"

namespace weir {
namespace {

const weir_loader& loader() {
  return *static_cast<const weir_loader*>(testing::component_of(weir_plugin_v1(), "print")->table);
}

// A pipe in the place of standard output, as long as it lives.
class Captured {
 public:
  Captured() : before_(dup(STDOUT_FILENO)) {
    REQUIRE(pipe(ends_.data()) == 0);
    REQUIRE(dup2(ends_[1], STDOUT_FILENO) == STDOUT_FILENO);
    close(ends_[1]);
  }
  Captured(const Captured&) = delete;
  Captured& operator=(const Captured&) = delete;
  ~Captured() {
    if (before_ >= 0) restore();
    if (ends_[0] >= 0) close(ends_[0]);
  }
  void close_reader() { close(std::exchange(ends_[0], -1)); }
  // Fills the pipe, so that the next write must wait.
  void fill() {
    const int flags = fcntl(STDOUT_FILENO, F_GETFL);
    REQUIRE(fcntl(STDOUT_FILENO, F_SETFL, flags | O_NONBLOCK) == 0);
    const std::string bytes(4096, 'x');
    while (::write(STDOUT_FILENO, bytes.data(), bytes.size()) > 0) {
    }
    REQUIRE(fcntl(STDOUT_FILENO, F_SETFL, flags) == 0);
  }
  // Gives standard output back; tells what was written.
  std::string finish() {
    restore();
    std::string text;
    char room[4096];
    for (ssize_t count = 0; (count = read(ends_[0], room, sizeof room)) > 0;)
      text.append(room, static_cast<std::size_t>(count));
    return text;
  }
  void restore() {
    dup2(before_, STDOUT_FILENO);
    close(std::exchange(before_, -1));
  }

 private:
  int before_;
  std::array<int, 2> ends_{-1, -1};
};

Array numbers(std::int64_t count) {
  NumberBuilder<std::int64_t> builder;
  for (std::int64_t i = 0; i < count; ++i) builder.append(i);
  std::vector<Array> columns;
  columns.push_back(builder.finish());
  return rows_of(count, std::move(columns));
}

class Printing {
 public:
  explicit Printing(testing::Options options = {{"/rows", 2}, {"/width", 40}, {"/path", "-"}})
      : surroundings_(std::move(options)) {
    std::vector<Schema> fields;
    fields.push_back(Schema::field("l", "n"));
    const Schema schema = Schema::rows(std::move(fields));
    const ArrowSchema* input = &schema.get();
    const weir_string stream{};
    REQUIRE(loader().open(surroundings_.context(), &input, &stream, 1, stored_.sink(), &self, &error) == WEIR_OK);
  }
  Printing(const Printing&) = delete;
  Printing& operator=(const Printing&) = delete;
  ~Printing() { loader().writer->close(self); }

  void write(std::int64_t count) {
    weir_batch batch = testing::batch_of(numbers(count));
    const weir_status status = loader().writer->write(self, 0, &batch, collected_.next(), &error);
    batch.rows.release(&batch.rows);
    REQUIRE(status == WEIR_OK);
  }
  weir_status prepare() {
    receipt.size = sizeof receipt;
    weir_receipt* receipts[] = {&receipt};
    return loader().writer->prepare(self, 1, committables_.sink(), receipts, 1, &error);
  }

  void* self = nullptr;
  weir_error error = testing::no_error();
  weir_receipt receipt{};

 private:
  testing::Surroundings surroundings_;
  testing::Schemas stored_;
  testing::Collected collected_;
  testing::Bytes committables_;
};

TEST_CASE("print shows nothing before its epoch ends, then one table of all batches, and counts every row") {
  Captured captured;
  Printing print;
  print.write(1);
  print.write(3);
  const weir_status status = print.prepare();
  const std::string shown = captured.finish();
  REQUIRE(status == WEIR_OK);
  CHECK(shown ==
        "    n\n"
        "int64\n"
        "─────\n"
        "    0\n"
        "    0\n"
        "… 2 more rows\n");
  CHECK(print.receipt.rows == 4);
  CHECK(print.receipt.bytes == static_cast<std::int64_t>(shown.size()));
}

TEST_CASE("a run that fails before it is prepared shows nothing") {
  Captured captured;
  {
    Printing print;
    print.write(3);
  }
  CHECK(captured.finish().empty());
}

TEST_CASE("print says who went away, and the process lives") {
  Captured captured;
  captured.close_reader();
  Printing print;
  print.write(1);
  const weir_status status = print.prepare();
  captured.restore();
  CHECK(status == WEIR_FAILED_PRECONDITION);
  CHECK(print.error.fault == WEIR_FAULT_DESTINATION);
  CHECK(std::string(print.error.message) == "expected to write to standard output, found: Broken pipe");
}

TEST_CASE("print that waits for its reader can be cancelled") {
  Captured captured;
  captured.fill();
  Printing print;
  print.write(1);
  std::thread other([&] { loader().writer->cancel(print.self); });
  const weir_status status = print.prepare();
  other.join();
  captured.restore();
  CHECK(status == WEIR_CANCELLED);
}

TEST_CASE("print wants rows in order, at one instance, and makes no promise that it could not keep") {
  weir_traits traits{};
  traits.size = sizeof traits;
  testing::Options options;
  weir_error error = testing::no_error();
  REQUIRE(loader().traits(options.config(), &traits, &error) == WEIR_OK);
  CHECK(traits.ordered == 1);
  CHECK(traits.max_instances == 1);
  CHECK(traits.commit == WEIR_COMMIT_NONE);
  CHECK(loader().committer == nullptr);
}

}  // namespace
}  // namespace weir
