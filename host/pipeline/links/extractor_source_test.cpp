// The splits of an extractor as a source.
#include <weir_catch.hpp>

#include "pipeline/fake_world.hpp"
#include "pipeline/links/sources.hpp"

namespace weir::pipeline {
namespace {

struct Extracted {
  fake::World world;
  std::shared_ptr<Component> extractor = fake::extractor();
  std::unique_ptr<Source> source;
  integrity::Account account;
  std::vector<std::int64_t> rows;
  std::vector<std::string> files;
  std::optional<base::Error> behind;  // what the links behind fail with

  Extracted() {
    extractor->place = [](const std::string&, TextPart) { return base::Place{"m.yaml", 2, 4, 0, ""}; };
    source = make_extractor_source(extractor, {});
    world.splits = {{"a", {1, 2, 3}}, {"b", {4}}, {"c", {}}};
  }
  base::Result<void> read(SplitReader& reader) {
    Outlet outlet(OutletSetup{"fakes", "extractor", &source->schemas(), nullptr, true, false}, &account, nullptr);
    const Deliver collect = [this](Batch batch) -> base::Result<void> {
      if (behind) return base::unexpected(*behind);
      const auto some = fake::values(batch);
      rows.insert(rows.end(), some.begin(), some.end());
      if (!some.empty()) files.push_back(batch.from->file);
      return {};
    };
    for (bool last = false; !last;) {
      WEIR_TRY_ASSIGN(const Piece piece, reader.read(outlet, collect));
      CHECK_FALSE(piece.to_parse);
      last = piece.last;
    }
    return {};
  }
  base::Result<void> read(std::size_t split) {
    WEIR_TRY_ASSIGN(const auto reader, source->open(split, {}));
    return read(*reader);
  }
};

}  // namespace

TEST_CASE("an extractor's splits are read, each by a reader of its own") {
  Extracted made;
  REQUIRE(made.source->plan());
  REQUIRE(made.source->splits().size() == 3);
  CHECK(made.source->splits()[0].name == "a");
  CHECK(made.source->splits()[0].rows == 3);
  CHECK(made.source->splits()[0].bytes == -1);
  CHECK(made.source->inputs()[1].version == "plan b");
  for (std::size_t split = 0; split < 3; ++split) REQUIRE(made.read(split));
  CHECK(made.rows == std::vector<std::int64_t>{1, 2, 3, 4});
  CHECK(made.files == std::vector<std::string>{"a", "a", "b"});
  CHECK(made.account.rows_out == 4);
  CHECK(made.world.count("open split") == 3);  // the first was opened for its schema
  CHECK(made.world.count("close reader") == 3);
}

TEST_CASE("a plan that broke off is told anew, each split once") {
  Extracted made;
  made.world.failing["plan"] = {1};
  REQUIRE(made.source->plan());
  CHECK(made.source->splits().size() == 3);
  CHECK(made.world.count("plan") == 2);
}

TEST_CASE("an open that broke off after it told its schema is repeated with that schema once") {
  Extracted made;
  made.world.failing["open split"] = {1};
  REQUIRE(made.source->plan());
  CHECK(made.source->schemas().size() == 1);
}

TEST_CASE("an extractor that has nothing is an error at its place") {
  Extracted made;
  made.world.splits.clear();
  const auto planned = made.source->plan();
  REQUIRE_FALSE(planned);
  CHECK(planned.error().code == "source.nothing");
  CHECK(planned.error().place.line == 2);
}

TEST_CASE("splits whose schemas are not alike are told, both named") {
  Extracted made;
  made.world.columns = {{"b", "other"}};
  REQUIRE(made.source->plan());
  CHECK(made.source->open(0, {}));
  const auto other = made.source->open(1, {});
  REQUIRE_FALSE(other);
  CHECK(other.error().code == "source.schema");
  CHECK_THAT(other.error().message,
             test::Contains("expected one schema in all splits") && test::Contains("missing in 'b'"));
}

TEST_CASE("an extractor that tells no schema misbehaves, and what it opened is closed") {
  Extracted made;
  made.world.columns = {{"a", ""}};
  const auto planned = made.source->plan();
  REQUIRE_FALSE(planned);
  CHECK(planned.error().code == "plugin.bad_schema");
  CHECK(made.world.count("close reader") == 1);
}

TEST_CASE("a read that broke off before it pushed is repeated; what failed behind is told as it arose") {
  Extracted made;
  REQUIRE(made.source->plan());
  SECTION("repeated") {
    made.world.failing["read rows"] = {2};
    REQUIRE(made.read(0));
    CHECK(made.rows == std::vector<std::int64_t>{1, 2, 3});
  }
  SECTION("not for good") {
    made.world.failing["read rows"] = {1, WEIR_NOT_FOUND};
    const auto done = made.read(0);
    REQUIRE_FALSE(done);
    CHECK(done.error().code == "plugin.not_found");
    CHECK(made.world.count("read rows") == 1);
  }
  SECTION("behind") {
    made.behind = base::make_error(base::Status::aborted, base::Fault::destination, "test.behind", "expected to load");
    const auto done = made.read(0);
    REQUIRE_FALSE(done);
    CHECK(done.error().code == "test.behind");
    CHECK(made.world.count("read rows") == 1);
  }
}

TEST_CASE("an outcome that is none is misbehaviour; a reader is cancelled") {
  Extracted made;
  made.world.outcome = 9;
  REQUIRE(made.source->plan());
  const auto done = made.read(0);
  REQUIRE_FALSE(done);
  CHECK_THAT(done.error().message, test::Contains("expected more, idle or the end, found outcome 9"));
  const auto reader = made.source->open(1, {});
  REQUIRE(reader);
  (*reader)->cancel();
  CHECK(made.world.calls.back() == "cancel reader");
}

}  // namespace weir::pipeline
