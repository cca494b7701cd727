// The objects of a storage as a source: what is listed, asked at plan time, opened once and opened again.
#include <weir_catch.hpp>

#include "pipeline/fake_world.hpp"
#include "pipeline/links/sources.hpp"

namespace weir::pipeline {
namespace {

struct Files {
  fake::World world;
  std::shared_ptr<FileReading> reading = std::make_shared<FileReading>();
  std::unique_ptr<Source> source;

  explicit Files(const std::string& pattern = "in/*") {
    auto storage = fake::storage();
    storage->place = [](const std::string& option, TextPart) { return base::Place{"m.yaml", 3, option.size(), 0, ""}; };
    reading->storage = storage;
    reading->codecs = {fake::codec()};
    reading->formats = {fake::format(), fake::list_format()};
    reading->expansion.bytes = 1000;
    reading->run.run = "run-7";
    source = make_file_source(reading, pattern);
  }

  base::Error planned_wrongly() {
    const auto planned = source->plan();
    REQUIRE_FALSE(planned);
    return planned.error();
  }
};

// The numbers of a split that is opened now.
base::Result<std::vector<std::int64_t>> read_splits(Source& source, std::size_t split) {
  WEIR_TRY_ASSIGN(const auto reader, source.open(split, {}));
  integrity::Account account;
  Outlet outlet(OutletSetup{"fakes", "format", &source.schemas(), nullptr, true, false}, &account, nullptr);
  std::vector<std::int64_t> all;
  const Deliver collect = [&all](Batch batch) -> base::Result<void> {
    const auto some = fake::values(batch);
    all.insert(all.end(), some.begin(), some.end());
    return {};
  };
  for (bool last = false; !last;) {
    WEIR_TRY_ASSIGN(const Piece piece, reader->read(outlet, collect));
    last = piece.last;
  }
  return all;
}

}  // namespace

TEST_CASE("each object that is listed is a split, with its size and version") {
  Files files;
  files.world.objects = {{"in/a.txt", "n\n1\n2\n3\n"}, {"in/b.txt.x2", "nn\n\n77\n\n"}, {"out.txt", "n\n"}};
  files.world.versions = {{"in/a.txt", "v5"}};
  REQUIRE(files.source->plan());
  const auto& splits = files.source->splits();
  REQUIRE(splits.size() == 2);
  CHECK(splits[0].name == "in/a.txt");
  CHECK(splits[0].bytes == 8);
  CHECK(splits[1].name == "in/b.txt.x2");
  const auto inputs = files.source->inputs();
  CHECK(inputs[0].version == "v5");
  CHECK(inputs[1].version == "in run run-7");  // not known to be the same: another each time
  CHECK(*read_splits(*files.source, 0) == std::vector<std::int64_t>{1, 2, 3});
  CHECK(*read_splits(*files.source, 1) == std::vector<std::int64_t>{7});
  CHECK(files.source->bytes_read() == 16);
  CHECK(files.source->component() == "format");
}

TEST_CASE("what was opened to learn its schema is read by the first who opens it, and opened anew after that") {
  Files files;
  files.world.objects = {{"in/a.txt", "n\n1\n"}, {"in/b.txt", "n\n2\n"}};
  REQUIRE(files.source->plan());
  CHECK(files.world.count("open_read") == 2);
  CHECK(*read_splits(*files.source, 1) == std::vector<std::int64_t>{2});
  CHECK(files.world.count("open_read") == 2);
  CHECK(*read_splits(*files.source, 1) == std::vector<std::int64_t>{2});
  CHECK(files.world.count("open_read") == 3);
}

TEST_CASE("a file that knew its schema less well than the others is opened again, with theirs") {
  Files files;
  files.world.objects = {{"in/a.txt", "n\n"}, {"in/b.txt", "n\n2\n"}};
  REQUIRE(files.source->plan());
  CHECK(std::string(files.source->schemas().front().get().children[0]->format) == "l");
  const auto reader = files.source->open(0, {});
  REQUIRE(reader);
  CHECK(files.world.count("open_read") == 3);
}

TEST_CASE("of many files some are asked, the first and the last among them; others are held to what was agreed") {
  Files files;
  for (char letter = 'a'; letter <= 'z'; ++letter)
    files.world.objects["in/" + std::string(1, letter) + ".txt"] = letter == 'c' ? "other\n1\n" : "n\n1\n";
  REQUIRE(files.source->plan());
  CHECK(files.world.count("open_read") == 16);
  CHECK(read_splits(*files.source, 0));
  CHECK(read_splits(*files.source, 25));
  CHECK(files.world.count("open_read") == 16);
  CHECK(read_splits(*files.source, 4));
  const auto other = files.source->open(2, {});
  REQUIRE_FALSE(other);
  CHECK(other.error().code == "source.schema");
  CHECK_THAT(other.error().message, test::Contains("found in 'in/c.txt'") && test::Contains("is missing there"));
}

TEST_CASE("files that are not alike are refused before a row is read") {
  Files files;
  files.world.objects = {{"in/a.txt", "n\n1\n"}};
  SECTION("in their columns") {
    files.world.objects["in/b.txt"] = "m\n1\n";
    CHECK(files.planned_wrongly().code == "schema.disagree");
  }
  SECTION("in their formats") {
    files.world.objects["in/b.lst"] = "n\n1\n";
    CHECK(files.planned_wrongly().message ==
          "expected one format, found 'format' in 'in/a.txt' and 'list_format' in 'in/b.lst'");
  }
  SECTION("or of which nobody knows the format") {
    files.world.objects["in/b.bin"] = "n\n1\n";
    CHECK(files.planned_wrongly().code == "manifest.no_format");
  }
}

TEST_CASE("a storage that lists nothing is an error at its option path") {
  Files files("nothing/*");
  const base::Error error = files.planned_wrongly();
  CHECK(error.code == "source.nothing");
  CHECK(error.place.file == "m.yaml");
  CHECK(error.place.column == 5);  // "/path"
}

TEST_CASE("a list that broke off is told anew, each object once") {
  Files files;
  files.world.objects = {{"in/a.txt", "n\n1\n"}, {"in/b.txt", "n\n2\n"}};
  files.world.failing["list"] = {2};
  REQUIRE(files.source->plan());
  CHECK(files.world.count("list") == 3);
  CHECK(files.source->splits().size() == 2);
}

TEST_CASE("an object that changed since it was listed is not read") {
  Files files;
  files.world.objects = {{"in/a.txt", "n\n1\n"}};
  files.world.versions = {{"in/a.txt", "v1"}};
  REQUIRE(files.source->plan());
  REQUIRE(files.source->open(0, {}));
  files.world.versions["in/a.txt"] = "v2";
  const auto reader = files.source->open(0, {});
  REQUIRE_FALSE(reader);
  CHECK(reader.error().code == "plugin.failed_precondition");
  CHECK(reader.error().place.file == "in/a.txt");
}

TEST_CASE("readers and their inputs are closed before the storage is gone") {
  Files files;
  files.world.objects = {{"in/a.txt", "n\n1\n"}, {"in/b.txt", "n\n2\n"}};
  REQUIRE(files.source->plan());
  files.source.reset();
  CHECK(files.world.count("close reader") == 2);
  CHECK(files.world.count("close input") == 2);
  CHECK(files.world.calls.back() == "destroy");
}

}  // namespace weir::pipeline
