// Where readers stand, and that those which are opened there go on right behind.
#include <weir_catch.hpp>

#include "pipeline/fake_world.hpp"
#include "pipeline/links/chunk_position.hpp"
#include "pipeline/links/file_resume.hpp"
#include "pipeline/links/sources.hpp"

namespace weir::pipeline {
namespace {

// The rows of a source's only split, read piece by piece, each by a reader that was opened behind the piece before.
std::vector<std::int64_t> read_apart(Source& source) {
  std::vector<std::int64_t> rows;
  const Deliver collect = [&](const Batch& batch) -> base::Result<void> {
    const auto some = fake::values(batch);
    rows.insert(rows.end(), some.begin(), some.end());
    return {};
  };
  for (std::string position;;) {
    integrity::Account account;
    Outlet outlet(outlet_setup(source, true), &account, nullptr);
    const auto reader = source.open(0, position);
    REQUIRE(reader);
    const std::size_t before = rows.size();
    const auto piece = (*reader)->read(outlet, collect);
    REQUIRE(piece);
    CHECK(account.rows_out == rows.size() - before);  // what was read again does not count
    if (piece->last) return rows;
    REQUIRE(piece->position);
    position = *piece->position;
  }
}

const std::vector<std::int64_t> kRows{1, 2, 3, 4, 5};

}  // namespace

TEST_CASE("a split is gone on with where its reader stood, by a position or by reading again") {
  for (const bool placed : {true, false}) {
    CAPTURE(placed);
    fake::World world;
    world.splits = {{"a", kRows}};
    const auto source = make_extractor_source(placed ? fake::placed_extractor() : fake::extractor(), {});
    REQUIRE(source->plan());
    CHECK(source->goes_back());
    CHECK(read_apart(*source) == kRows);
  }
}

TEST_CASE("a file of a format without positions is gone on with by reading again") {
  fake::World world;
  world.objects = {{"a.txt", "n\n1\n2\n3\n4\n5\n"}};
  auto reading = std::make_shared<FileReading>();
  reading->storage = fake::storage();
  reading->formats = {fake::format()};
  reading->expansion.bytes = 1000;
  const auto source = make_file_source(reading, "*");
  REQUIRE(source->plan());
  CHECK(source->goes_back());
  CHECK(read_apart(*source) == kRows);
}

TEST_CASE("a position in chunks comes back from its text, and from no other") {
  ChunkPosition position{{7, 2, 3}, 5, {1, 2, 3, UINT64_MAX}};
  const std::string text = position.text();
  CHECK(text == "7 2 3 5 1 2 3 18446744073709551615");
  const auto back = ChunkPosition::parse(text);
  REQUIRE(back);
  CHECK(back->text() == text);
  for (const char* other : {"", "7", "7 2 3 5 1 2 3", "7 2 3 5 1 2 3 4 5", "7 2 3 5 1 2 3 x", "-7 2 3 5 1 2 3 4"}) {
    CAPTURE(other);
    CHECK_FALSE(ChunkPosition::parse(other));
  }
}

TEST_CASE("what a writer of files keeps comes back from its text") {
  FileResume kept;
  kept.objects.push_back({std::string("a\0b", 3), "out/a.txt", 3, PausedPart{"staged\xff", 7, 9}});
  kept.objects.push_back({"", "", 1, std::nullopt});
  const auto back = FileResume::parse(kept.text());
  REQUIRE(back);
  CHECK(back->text() == kept.text());
  CHECK(back->objects[0].key == kept.objects[0].key);
  CHECK(back->objects[0].part->rows == 7);
  CHECK(back->kept() == std::vector<std::string>{"staged\xff"});
  CHECK(FileResume::parse("")->objects.empty());
  for (const char* other :
       {"{", "[1]", R"([{"key":"zz","name":"","parts":1}])", R"([{"key":"","name":"","parts":-1}])"}) {
    CAPTURE(other);
    CHECK(FileResume::parse(other).error().code == "state.damaged");
  }
}

}  // namespace weir::pipeline
