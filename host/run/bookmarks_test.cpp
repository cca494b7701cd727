// Bookmarks over a real store: when what a plan leaves stands, and what becomes of it where a run is killed, given up, or remembers
// nothing any more.
#include "run/bookmarks.hpp"

#include <weir_catch.hpp>
#include <weir_test_folder.hpp>

#include "pipeline/remembering.hpp"
#include "state/places.hpp"

namespace weir::run {
namespace {

// A source that leaves a text, if it has one.
class Reads final : public pipeline::Source, public pipeline::Remembering {
 public:
  explicit Reads(std::optional<std::string> leaves) : leaves_(std::move(leaves)) {}
  void go_on_from(std::string left) override { from = std::move(left); }
  std::optional<std::string> leaves() const override { return leaves_; }
  base::Result<void> plan() override { return {}; }
  const std::vector<pipeline::SplitInfo>& splits() const override { return splits_; }
  std::vector<pipeline::InputVersion> inputs() const override { return {}; }
  const std::vector<weir::Schema>& schemas() const override { return schemas_; }
  base::Result<void> keep_to(const ArrowSchema& /*agreed*/) override { return {}; }
  base::Result<std::unique_ptr<pipeline::SplitReader>> open(std::size_t /*split*/,
                                                            std::string_view /*position*/) override {
    return std::unique_ptr<pipeline::SplitReader>();
  }
  std::int32_t replay() const override { return WEIR_REPLAY_EXACT; }
  const std::string& plugin() const override { return name_; }
  const std::string& component() const override { return name_; }
  const std::string& link() const override { return name_; }
  std::uint64_t piece_bytes() const override { return 1; }
  std::uint64_t bytes_read() const override { return 0; }

  std::string from = "nothing";

 private:
  std::optional<std::string> leaves_;
  std::string name_ = "extract";
  std::vector<pipeline::SplitInfo> splits_;
  std::vector<weir::Schema> schemas_;
};

// The runs of one pipeline.
struct Story {
  test::Folder folder;
  std::unique_ptr<state::Store> store = std::move(*state::open_store(folder.path()));
  Bookmarks bookmarks{*store, "p"};
  recovery::Checkpoints checkpoints{*store, "p", "main"};
  recovery::RunRecord record{"R", 1, false, ""};

  Story() { REQUIRE(checkpoints.save(record)); }

  static Plan plan_of(std::optional<std::string> leaves) {
    Plan plan;
    plan.sources.push_back(std::make_unique<Reads>(std::move(leaves)));
    return plan;
  }
  // What a run that begins now goes on from.
  std::string from() const {
    const Plan plan = plan_of({});
    const auto given = bookmarks.give(plan);
    REQUIRE(given);
    const std::string from = dynamic_cast<Reads&>(*plan.sources.front()).from;
    CHECK(*given == (from != "nothing"));
    return from;
  }
  void begin(std::optional<std::string> leaves) {
    const Plan plan = plan_of(std::move(leaves));
    REQUIRE(bookmarks.wait(checkpoints, plan));
    REQUIRE(checkpoints.write_notes());
  }
  void complete() {
    REQUIRE(bookmarks.stand(checkpoints));
    REQUIRE(checkpoints.save(record));
  }
};

TEST_CASE("what a plan leaves stands once its run is complete, and not before") {
  Story story;
  CHECK(story.from() == "nothing");
  story.begin("one");
  CHECK(story.from() == "nothing");
  story.complete();
  CHECK(story.from() == "one");
  story.begin(std::string("t\0wo", 4));
  CHECK(story.from() == "one");
  story.begin("three");  // the run was killed, and is gone on with
  story.complete();
  CHECK(story.from() == "three");
}

TEST_CASE("nothing stands where the step that marks the run complete is not made") {
  Story story;
  story.begin("one");
  REQUIRE(story.bookmarks.stand(story.checkpoints));
  recovery::Checkpoints later(*story.store, "p", "main");  // another process: what was noted is lost
  REQUIRE(later.last_run());
  CHECK(story.from() == "nothing");
  REQUIRE(story.bookmarks.stand(later));
  REQUIRE(later.save(story.record));
  CHECK(story.from() == "one");
}

TEST_CASE("what is forgotten does not come back, and a run that remembers nothing leaves nothing") {
  Story story;
  story.begin("one");
  story.complete();
  REQUIRE(story.bookmarks.forget(story.checkpoints));
  REQUIRE(story.checkpoints.save(story.record));
  CHECK(story.from() == "nothing");
  story.begin("two");
  story.complete();
  story.begin({});
  CHECK(story.from() == "two");
  story.complete();
  CHECK(story.from() == "nothing");
  CHECK(story.store->list("bookmark/")->empty());
}

TEST_CASE("pipelines don't share bookmarks") {
  Story story;
  story.begin("one");
  story.complete();
  const Plan plan = Story::plan_of({});
  CHECK_FALSE(*Bookmarks(*story.store, "q").give(plan));
  CHECK(leaves_bookmarks(Story::plan_of("x")));
  CHECK_FALSE(leaves_bookmarks(plan));
}

}  // namespace
}  // namespace weir::run
