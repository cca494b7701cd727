// Rows written to objects: what is staged, in which parts, and what becomes of it.
#include <weir_catch.hpp>

#include "integrity/row_digest.hpp"
#include "pipeline/fake_world.hpp"
#include "pipeline/load.hpp"

namespace weir::pipeline {
namespace {

struct FileLoading {
  fake::World world;
  FileWriting writing;
  std::unique_ptr<Load> load;
  std::unique_ptr<LoadWriter> writer;
  weir::Schema schema = fake::schema();
  std::vector<Reject> rejects;

  explicit FileLoading(const std::string& path = "out.txt") {
    writing.storage = fake::storage();
    writing.format = fake::format();
    writing.path = path;
  }
  base::Result<void> open() {
    load = make_file_load(writing);
    const TakeReject keep = [this](Reject reject) -> base::Result<void> {
      rejects.push_back(std::move(reject));
      return {};
    };
    WEIR_TRY_ASSIGN(writer, load->open_writer({{&schema.get(), keep}}, {}, {}));
    return {};
  }
  base::Result<void> write(const std::vector<std::int64_t>& values, std::vector<std::uint32_t> origins = {}) {
    Batch batch;
    batch.rows = arrow::SharedArray(fake::rows(values));
    batch.origins = std::move(origins);
    batch.from = std::make_shared<Provenance>(Provenance{"in.txt", "", 0, 0, nullptr});
    return writer->write(0, std::move(batch));
  }
  std::map<std::string, std::string> publish() {
    CHECK(world.objects.empty());
    return published();
  }
  // Prepares and publishes; gives the objects that are there then.
  std::map<std::string, std::string> published() {
    const auto before = world.objects;
    const auto prepared = writer->prepare(1, true);
    REQUIRE(prepared);
    CHECK(world.objects == before);
    auto committer = load->open_committer({});
    REQUIRE(committer);
    REQUIRE((*committer)->commit(1, prepared->committables));
    return world.objects;
  }
};

using Objects = std::map<std::string, std::string>;

}  // namespace

TEST_CASE("an object has its name when it is committed, and not before") {
  FileLoading made;
  REQUIRE(made.open());
  REQUIRE(made.write({1, 2}));
  REQUIRE(made.write({3}));
  CHECK(made.world.objects.empty());
  CHECK(made.publish() == Objects{{"out.txt", "n\n1\n2\n3\nend\n"}});
  CHECK(made.writer->account(0).rows_in == 3);
  CHECK(made.writer->account(0).rows_out == 3);
  CHECK(made.writer->account(0).bytes == 12);
  CHECK(made.load->traits().ordered == 1);
  CHECK_FALSE(made.load->atomic());
}

TEST_CASE("without a row there is an object of no rows") {
  FileLoading made;
  REQUIRE(made.open());
  CHECK(made.publish() == Objects{{"out.txt", "n\nend\n"}});
}

TEST_CASE("a codec's bytes are what is stored, and counted") {
  FileLoading made("out.txt.x2");
  made.writing.codec = fake::codec();
  REQUIRE(made.open());
  REQUIRE(made.write({12}));
  CHECK(made.publish() == Objects{{"out.txt.x2", "nn\n\n1122\n\neenndd\n\n"}});
  CHECK(made.writer->account(0).bytes == 18);
}

TEST_CASE("parts end at their rows, wherever batches do") {
  FileLoading made("out-{n}.txt");
  made.writing.part_rows = 2;
  REQUIRE(made.open());
  REQUIRE(made.write({1}));
  REQUIRE(made.write({2, 3, 4, 5, 6}));
  REQUIRE(made.write({7}));
  CHECK(made.publish() == Objects{{"out-00000.txt", "n\n1\n2\nend\n"},
                                  {"out-00001.txt", "n\n3\n4\nend\n"},
                                  {"out-00002.txt", "n\n5\n6\nend\n"},
                                  {"out-00003.txt", "n\n7\nend\n"}});
}

TEST_CASE("parts end at their bytes, after the batch that filled them") {
  FileLoading made("{n}.txt");
  made.writing.part_bytes = 6;
  REQUIRE(made.open());
  for (const std::int64_t value : {11, 22, 33}) REQUIRE(made.write({value}));
  CHECK(made.publish() == Objects{{"00000.txt", "n\n11\n22\nend\n"}, {"00001.txt", "n\n33\nend\n"}});
}

TEST_CASE("rows that can't be written are rejected with their place, also in later parts") {
  FileLoading made("{n}.txt");
  made.writing.part_rows = 2;
  REQUIRE(made.open());
  REQUIRE(made.write({1, -2, 3, -4, 5}, {0, 10, 20, 30, 40}));
  REQUIRE(made.rejects.size() == 2);
  CHECK(made.rejects[0].row == R"({"n":-2})");
  CHECK(made.rejects[1].row == R"({"n":-4})");
  CHECK(made.rejects[1].reason == "negative");
  CHECK(made.rejects[1].place.file == "in.txt");
  CHECK(made.publish().at("00001.txt") == "n\n3\nend\n");
  CHECK(made.writer->account(0).rows_in == 5);
  CHECK(made.writer->account(0).rows_out == 3);
  CHECK(made.writer->account(0).rejected.total() == 2);
  CHECK(made.writer->account(0).digest ==
        integrity::RowDigest(made.schema.get()).of(fake::rows({5, 3, 1}).get()).value());
}

TEST_CASE("a writer that goes without an end leaves nothing staged") {
  FileLoading made("{n}.txt");
  made.writing.part_rows = 1;
  REQUIRE(made.open());
  REQUIRE(made.write({1, 2, 3}));
  CHECK(made.world.staged.size() == 2);  // made durable, told to nobody
  made.writer.reset();
  CHECK(made.world.staged.empty());
  CHECK(made.world.objects.empty());
  CHECK(made.world.count("close encoder") == 3);
}

TEST_CASE("what was prepared is another's: the writer leaves it; a committer aborts it, and sweeps") {
  FileLoading made;
  REQUIRE(made.open());
  const auto prepared = made.writer->prepare(1, true);
  REQUIRE(prepared);
  made.writer.reset();
  CHECK(made.world.staged.size() == 1);
  const auto committer = made.load->open_committer({});
  REQUIRE(committer);
  REQUIRE((*committer)->abort({1, prepared->undo, {}}));
  CHECK(made.world.staged.empty());
  CHECK(made.world.calls.back() == "sweep");
  REQUIRE((*committer)->abort({1, prepared->undo, {}}));  // again, as after a restart
  CHECK(*(*committer)->last_committed() == 0);
}

TEST_CASE("a call that took no effect is repeated, one after which bytes were written is not") {
  FileLoading made;
  REQUIRE(made.open());
  SECTION("repeated") {
    made.world.failing["encode"] = {2};
    REQUIRE(made.write({1, 2}));
    CHECK(made.publish() == Objects{{"out.txt", "n\n1\n2\nend\n"}});
  }
  SECTION("not repeated") {
    made.world.failing["encoded"] = {1};
    const auto done = made.write({1, 2});
    REQUIRE_FALSE(done);
    CHECK(done.error().code == "plugin.unavailable");
    CHECK(made.world.count("encode") == 1);
  }
}

TEST_CASE("what fails in the storage is told as the storage told it, wherever the format stood") {
  FileLoading made;
  const auto told = [&](const base::Result<void>& done, const std::string& function) {
    REQUIRE_FALSE(done);
    CHECK_THAT(done.error().message, test::Contains("told to fail: " + function));
    CHECK(done.error().link == "storage");
  };
  SECTION("when it is opened") {
    made.world.failing["open_write"] = {1, WEIR_PERMISSION_DENIED};
    told(made.open(), "open_write");
  }
  SECTION("when the format writes its head") {
    made.world.failing["write"] = {1, WEIR_RESOURCE_EXHAUSTED};
    made.writing.storage = [] {
      auto impatient = fake::storage();
      impatient->wait = [](std::int64_t) { return false; };
      return impatient;
    }();
    told(made.open(), "write");
  }
  SECTION("when rows are written") {
    REQUIRE(made.open());
    made.world.failing["write"] = {1, WEIR_DATA_LOSS};
    told(made.write({1}), "write");
  }
  SECTION("when it is made durable") {
    REQUIRE(made.open());
    made.world.failing["prepare"] = {1, WEIR_DATA_LOSS};
    const auto prepared = made.writer->prepare(1, true);
    REQUIRE_FALSE(prepared);
    CHECK_THAT(prepared.error().message, test::Contains("told to fail: prepare"));
    made.writer.reset();
    CHECK(made.world.staged.empty());
  }
}

TEST_CASE("a codec that tells of more than there is misbehaves, and is named") {
  FileLoading made("out.txt.x2");
  made.writing.codec = fake::codec();
  made.world.lies = 1;
  const auto opened = made.open();
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == "plugin.misbehaviour");
  CHECK(opened.error().link == "codec");
}

TEST_CASE("rows go behind those that an object has, without a second head") {
  FileLoading made;
  made.writing.append = true;
  SECTION("a line end that is missing is made up for") {
    made.world.objects["out.txt"] = "n\n7\n8";
    REQUIRE(made.open());
    CHECK(made.world.objects == Objects{{"out.txt", "n\n7\n8"}});
    REQUIRE(made.write({1, 2}));
    CHECK(made.published() == Objects{{"out.txt", "n\n7\n8\n1\n2\nend\n"}});
    CHECK(made.writer->account(0).bytes == 9);  // what was copied is not counted
  }
  SECTION("no object, and an empty one, begin as usual") {
    if (GENERATE(true, false)) made.world.objects["out.txt"] = "";
    REQUIRE(made.open());
    REQUIRE(made.write({1}));
    CHECK(made.published() == Objects{{"out.txt", "n\n1\nend\n"}});
  }
  SECTION("compressed ones are copied as they are stored, and looked at as what they hold") {
    made.writing.path = "out.txt.x2";
    made.writing.codec = fake::codec();
    made.world.objects["out.txt.x2"] = "nn\n\n77";
    REQUIRE(made.open());
    REQUIRE(made.write({1}));
    CHECK(made.published() == Objects{{"out.txt.x2", "nn\n\n77\n\n11\n\neenndd\n\n"}});
  }
}

TEST_CASE("what stands in an object must fit the rows, and stay as it was") {
  FileLoading made;
  made.writing.append = true;
  made.world.objects["out.txt"] = "n\n7\n";
  const auto refused = [&](const base::Result<void>& done, const char* code) {
    REQUIRE_FALSE(done);
    CHECK(done.error().code == code);
    made.writer.reset();
    CHECK(made.world.staged.empty());
    CHECK(made.world.objects.size() == 1);
  };
  SECTION("other columns") {
    made.world.objects["out.txt"] = "m\n7\n";
    const auto done = made.open();
    refused(done, "plugin.failed_precondition");
    CHECK(done.error().place.file == "out.txt");
    CHECK(made.load->check_input(0, made.schema.get()).error().message == done.error().message);
  }
  SECTION("a pipe") {
    made.world.comes_once = true;
    refused(made.open(), "manifest.append");
  }
  SECTION("that breaks while it is copied") {
    made.world.failing["read"] = {1, WEIR_DATA_LOSS};
    refused(made.open(), "plugin.data_loss");
  }
  SECTION("another's rows") {
    REQUIRE(made.open());
    REQUIRE(made.write({1}));
    made.world.objects["out.txt"] = "n\n7\n8\n";
    const auto prepared = made.writer->prepare(1, true);
    REQUIRE_FALSE(prepared);
    refused(base::unexpected(prepared.error()), "load.changed");
  }
}

TEST_CASE("cancelling a writer cancels what its storage waits for") {
  FileLoading made;
  REQUIRE(made.open());
  made.writer->cancel();
  CHECK(made.world.calls.back() == "cancel storage");
}

TEST_CASE("an object goes on over epochs, and in another process, and has its name when the last is published") {
  for (const bool compressed : {false, true}) {
    for (const bool restarted : {false, true}) {
      CAPTURE(compressed, restarted);
      FileLoading made(compressed ? "out.txt.x2" : "out.txt");
      made.world.continues = true;
      if (compressed) made.writing.codec = fake::codec();
      REQUIRE(made.open());
      REQUIRE(made.writer->continues());
      REQUIRE(made.write({1}));
      const auto first = made.writer->prepare(1, false);
      REQUIRE(first);
      CHECK(first->committables.empty());
      CHECK(first->undo.size() == 1);
      if (restarted) {
        made.writer.reset();
        REQUIRE(made.world.staged.size() == 1);  // it is in a checkpoint
        pipeline::RunIdentity again;
        again.fence = 2;
        again.epoch = 2;
        auto writer = made.load->open_writer({{&made.schema.get(), nullptr}}, again, first->resume);
        REQUIRE(writer);
        made.writer = std::move(*writer);
      }
      REQUIRE(made.write({2}));
      const auto second = made.writer->prepare(2, false);
      REQUIRE(second);
      CHECK(second->undo.size() == (restarted ? 1 : 0));  // the object of its own; else that of epoch 1 is kept
      const auto last = made.writer->prepare(3, true);
      REQUIRE(last);
      CHECK(last->committables.size() == 1);
      CHECK(last->resume.empty());
      auto committer = made.load->open_committer({});
      REQUIRE((*committer)->commit(3, last->committables));
      const std::string name = compressed ? "out.txt.x2" : "out.txt";
      const std::string whole = compressed ? "nn\n\n11\n\n22\n\neenndd\n\n" : "n\n1\n2\nend\n";
      CHECK(made.world.objects == Objects{{name, whole}});
    }
  }
}

TEST_CASE("parts are numbered on over epochs; those that are whole are published with theirs") {
  FileLoading made("out-{n}.txt");
  made.world.continues = true;
  made.writing.part_rows = 2;
  REQUIRE(made.open());
  REQUIRE(made.write({1, 2, 3}));
  const auto first = made.writer->prepare(1, false);
  REQUIRE(first);
  CHECK(first->committables == std::vector<std::string>{"out-00000.txt"});
  auto writer = made.load->open_writer({{&made.schema.get(), nullptr}}, {"", "main", 2, 2}, first->resume);
  REQUIRE(writer);
  made.writer = std::move(*writer);
  REQUIRE(made.write({4, 5}));
  const auto last = made.writer->prepare(2, true);
  REQUIRE(last);
  CHECK(last->committables == std::vector<std::string>{"out-00001.txt", "out-00002.txt"});
  CHECK(made.world.staged["out-00001.txt"] == "n\n3\n4\nend\n");
  CHECK(made.world.staged["out-00002.txt"] == "n\n5\nend\n");
}

TEST_CASE("an object that can't go on ends with its epoch, where the next can have another name") {
  {
    FileLoading one;
    REQUIRE(one.open());
    CHECK_FALSE(one.writer->continues());
  }
  FileLoading many("out-{n}.txt");
  REQUIRE(many.open());
  CHECK(many.writer->continues());
  REQUIRE(many.write({1}));
  CHECK(many.writer->prepare(1, false)->committables == std::vector<std::string>{"out-00000.txt"});
  REQUIRE(many.write({2}));
  CHECK(many.writer->prepare(2, true)->committables == std::vector<std::string>{"out-00001.txt"});
}

}  // namespace weir::pipeline
