// Rows given to a loader: what is counted and rejected, what epochs come to, and loads that share a writer.
#include <tuple>
#include <weir_catch.hpp>

#include "integrity/row_digest.hpp"
#include "pipeline/fake_store.hpp"
#include "pipeline/load.hpp"

namespace weir::pipeline {
namespace {

using fake::kAtomic;
using fake::kPlain;
using fake::kTwoPhase;
using fake::loader;
using fake::Store;

// Loads over a store, an input each, open.
struct LoaderLoading {
  Store store;
  std::unique_ptr<Load> load;
  std::unique_ptr<LoadWriter> writer;
  weir::Schema schema = fake::schema();
  std::vector<Reject> rejects;

  explicit LoaderLoading(const weir_loader& table, const std::vector<std::string>& links = {"load"}) : table_(table) {
    for (const auto& link : links) links_.push_back(loader(table_, link));
  }
  base::Result<void> make() {
    WEIR_TRY_ASSIGN(load, make_loader_load(links_));
    return {};
  }
  base::Result<void> open() {
    WEIR_TRY(make());
    const TakeReject keep = [this](Reject reject) -> base::Result<void> {
      rejects.push_back(std::move(reject));
      return {};
    };
    std::vector<WriterInput> inputs(links_.size(), WriterInput{&schema.get(), keep});
    WEIR_TRY_ASSIGN(writer, load->open_writer(std::move(inputs), {}, {}));
    return {};
  }
  base::Result<void> write(const std::vector<std::int64_t>& values, std::uint64_t input = 0) {
    return writer->write(input, batch(values));
  }
  // A row a line of a file.
  static Batch batch(const std::vector<std::int64_t>& values) {
    Batch made;
    std::string text;
    for (const auto value : values) {
      made.origins.push_back(static_cast<std::uint32_t>(text.size()));
      text += std::to_string(value) + "\n";
    }
    made.rows = arrow::SharedArray(fake::rows(values));
    const auto bytes = std::make_shared<const std::vector<std::uint8_t>>(text.begin(), text.end());
    made.from = std::make_shared<Provenance>(Provenance{"in.txt", "", 0, 0, bytes});
    return made;
  }

 private:
  const weir_loader& table_;
  std::vector<std::shared_ptr<const Component>> links_;
};

using Values = std::vector<std::int64_t>;
using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("how a loader commits follows from the functions that it has") {
  const std::pair<const weir_loader*, std::int32_t> kinds[] = {
      {&kAtomic, WEIR_COMMIT_ATOMIC}, {&kTwoPhase, WEIR_COMMIT_TWO_PHASE}, {&kPlain, WEIR_COMMIT_NONE}};
  for (const auto& [table, commit] : kinds) {
    LoaderLoading made(*table);
    REQUIRE(made.make());
    CHECK(made.load->traits().commit == commit);
    CHECK(made.load->atomic() == (table == &kAtomic));
  }
}

TEST_CASE("what one of several loaders needs, their writer needs; one that can't tell is the error") {
  LoaderLoading made(kAtomic, {"first", "second", "third"});
  made.store.ordered = 1;
  REQUIRE(made.make());
  CHECK(made.store.world.count("traits") == 3);
  CHECK(made.load->traits().ordered == 1);
  CHECK(made.load->inputs() == 3);
  CHECK(made.load->link(2) == "third");
  LoaderLoading broken(kAtomic, {"first", "second"});
  broken.store.world.failing["traits"] = {1, WEIR_INVALID_ARGUMENT};
  const auto done = broken.make();
  REQUIRE_FALSE(done);
  CHECK(done.error().link == "first");
}

TEST_CASE("rows are counted as they are taken, and what is refused goes aside with the line that it stood in") {
  LoaderLoading made(kTwoPhase);
  REQUIRE(made.open());
  REQUIRE(made.write({1, -2, 3}));
  REQUIRE(made.write({4}));
  CHECK(made.store.written[0] == Values{1, 3, 4});
  const auto& account = made.writer->account(0);
  CHECK(account.rows_in == 4);
  CHECK(account.rows_out == 3);
  CHECK(account.rejected.total() == 1);
  REQUIRE(made.rejects.size() == 1);
  CHECK(made.rejects[0].reason == "negative");
  CHECK(made.rejects[0].link == "load");
  CHECK(made.rejects[0].place.file == "in.txt");
  CHECK(made.rejects[0].place.line == 2);
}

TEST_CASE("a row keeps its place whether the loader gets a selection or the live rows alone") {
  for (const bool takes : {false, true}) {
    CAPTURE(takes);
    LoaderLoading made(kTwoPhase);
    made.store.takes_selection = takes;
    REQUIRE(made.open());
    Batch batch = LoaderLoading::batch({-1, 2, -3, 4, 5});
    batch.selection = {1, 2, 4};
    REQUIRE(made.writer->write(0, std::move(batch)));
    CHECK(made.store.written[0] == Values{2, 5});
    CHECK(made.writer->account(0).rows_in == 3);
    CHECK(made.writer->account(0).rows_out == 2);
    REQUIRE(made.rejects.size() == 1);
    CHECK(made.rejects[0].place.line == 3);
    CHECK(made.rejects[0].row == R"({"n":-3})");
  }
}

TEST_CASE(
    "the digest is of the rows that were taken: not of those refused, left out before, or of a write that failed") {
  for (const bool takes : {false, true}) {
    CAPTURE(takes);
    LoaderLoading made(kTwoPhase);
    made.store.takes_selection = takes;
    REQUIRE(made.open());
    const auto& digest = made.writer->account(0).digest;
    REQUIRE(digest);
    CHECK(*digest == integrity::Digest{});
    Batch batch = LoaderLoading::batch({-1, 2, -3, 4, 5});
    batch.selection = {1, 2, 4};
    REQUIRE(made.writer->write(0, std::move(batch)));
    REQUIRE(made.write({7}));
    CHECK(*digest == integrity::RowDigest(made.schema.get()).of(fake::rows({7, 5, 2}).get()).value());
    const integrity::Digest before = *digest;
    made.store.world.failing["write"] = {1, WEIR_DATA_LOSS};
    CHECK_FALSE(made.write({8}));
    CHECK(*digest == before);
  }
}

TEST_CASE("a loader that stores nothing has no digest: there is nothing to be read back") {
  LoaderLoading made(kPlain);
  made.store.keeps_none = true;
  REQUIRE(made.open());
  REQUIRE(made.write({1}));
  CHECK_FALSE(made.writer->account(0).digest);
}

TEST_CASE("a write that took no effect is repeated, but not once a row of it was rejected") {
  LoaderLoading made(kTwoPhase);
  REQUIRE(made.open());
  made.store.world.failing["write"] = {2, WEIR_UNAVAILABLE};
  REQUIRE(made.write({1, 2}));
  CHECK(made.store.written[0] == Values{1, 2});
  CHECK(made.store.world.count("write") == 3);
  made.store.world.failing["write"] = {1, WEIR_UNAVAILABLE};
  const auto done = made.write({3, -4});
  REQUIRE_FALSE(done);
  CHECK(done.error().link == "load");
  CHECK(made.store.world.count("write") == 4);
  CHECK(made.writer->account(0).rows_out == 2);
}

TEST_CASE("a writer that can't be opened is not closed, one that was is closed once, whatever failed") {
  LoaderLoading made(kAtomic);
  made.store.world.failing["open"] = {1, WEIR_PERMISSION_DENIED};
  const auto refused = made.open();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().link == "load");
  CHECK(made.store.world.count("close") == 0);
  REQUIRE(made.open());
  for (const char* step : {"write", "prepare", "commit"}) {
    CAPTURE(step);
    made.store.world.failing[step] = {1, WEIR_DATA_LOSS};
    const auto written = made.write({1});
    const auto prepared = made.writer->prepare(1, true);
    const auto committed = made.writer->commit(1);
    CHECK(written.has_value() == (step != std::string("write")));
    CHECK(prepared.has_value() == (step != std::string("prepare")));
    CHECK(committed.has_value() == (step != std::string("commit")));
    CHECK(made.store.world.count("close") == 0);
  }
  made.writer->cancel();
  CHECK(made.store.world.count("cancel") == 1);
  made.writer.reset();
  CHECK(made.store.world.count("close") == 1);
}

TEST_CASE("prepare gives the committables and receipts of its last try alone") {
  LoaderLoading made(kTwoPhase);
  REQUIRE(made.open());
  REQUIRE(made.write({1, 2}));
  made.store.told_rows = 2;
  made.store.world.failing["prepare"] = {2, WEIR_UNAVAILABLE};
  const auto prepared = made.writer->prepare(4, true);
  REQUIRE(prepared);
  CHECK(prepared->committables == Texts{"epoch 4"});
  CHECK(prepared->rows == Values{2});
  CHECK(made.writer->account(0).bytes == 8);
  CHECK(made.store.world.count("prepare") == 3);
}

TEST_CASE("a committer is asked, publishes, withdraws and finishes; what it tells twice counts once") {
  LoaderLoading made(kTwoPhase);
  REQUIRE(made.make());
  RunIdentity run;
  auto committer = made.load->open_committer(run);
  REQUIRE(committer);
  const auto last = (*committer)->last_committed();
  REQUIRE(last);
  CHECK(*last == 7);
  made.store.world.failing["publish"] = {1, WEIR_UNAVAILABLE};
  const auto published = (*committer)->commit(2, {"a", "b"});
  REQUIRE(published);
  CHECK(*published == Texts{"published a", "published b"});
  REQUIRE((*committer)->abort({3, {"c"}, {}}));
  committer->reset();
  CHECK(made.store.world.count("close committer") == 1);
  run.lane.clear();
  const auto finisher = made.load->open_committer(run);
  REQUIRE(finisher);
  REQUIRE((*finisher)->finish(true, {"published a"}));
  REQUIRE((*finisher)->finish(false, {}));
  CHECK(made.store.given ==
        Texts{"lane main", "publish 2 a b", "publish 2 a b", "abort 3 c", "lane ", "finish published a", "give up"});
}

TEST_CASE("what a committer can't do is its error; one that can't be opened is not closed") {
  LoaderLoading made(kTwoPhase);
  REQUIRE(made.make());
  made.store.world.failing["open committer"] = {1, WEIR_ABORTED};
  const auto overtaken = made.load->open_committer({});
  REQUIRE_FALSE(overtaken);
  CHECK(overtaken.error().status == base::Status::aborted);
  CHECK(made.store.world.count("close committer") == 0);
  const auto committer = made.load->open_committer({});
  REQUIRE(committer);
  for (const char* step : {"last_committed", "publish", "abort", "finish"})
    made.store.world.failing[step] = {1, WEIR_DATA_LOSS};
  CHECK_FALSE((*committer)->last_committed());
  CHECK_FALSE((*committer)->commit(1, {"a"}));
  CHECK_FALSE((*committer)->abort({1, {"a"}, {}}));
  const auto finished = (*committer)->finish(true, {});
  REQUIRE_FALSE(finished);
  CHECK(finished.error().link == "load");
}

TEST_CASE("without a committer, or a function of it, there is nothing to do") {
  LoaderLoading plain(kPlain);
  REQUIRE(plain.make());
  {
    const auto committer = plain.load->open_committer({});
    REQUIRE(committer);
    CHECK(*(*committer)->last_committed() == 0);
    CHECK((*committer)->commit(1, {"a"})->empty());
    CHECK((*committer)->abort({1, {"a"}, {}}));
    CHECK((*committer)->finish(true, {}));
  }
  CHECK(plain.store.given.empty());
}

TEST_CASE("an atomic loader's committer that finishes nothing is not opened to finish the run") {
  LoaderLoading made(kAtomic);
  REQUIRE(made.make());
  RunIdentity whole;
  whole.lane.clear();
  const auto finisher = made.load->open_committer(whole);
  REQUIRE(finisher);
  CHECK((*finisher)->finish(true, {}));
  CHECK(made.store.given.empty());
  const auto committer = made.load->open_committer({});
  REQUIRE(committer);
  CHECK((*committer)->commit(1, {})->empty());
  CHECK(made.store.given == Texts{"lane main"});
}

TEST_CASE("loads that share a writer have an input each, with its own rows, rejects and receipt") {
  LoaderLoading made(kAtomic, {"first", "second"});
  REQUIRE(made.open());
  CHECK(made.store.opened == Texts{"first", "second"});
  CHECK(made.store.world.count("open") == 0);
  REQUIRE(made.write({1, -2}, 0));
  REQUIRE(made.write({3}, 1));
  REQUIRE(made.write({-4}, 1));
  CHECK(made.store.written[0] == Values{1});
  CHECK(made.store.written[1] == Values{3});
  CHECK(made.writer->account(0).rows_in == 2);
  CHECK(made.writer->account(1).rows_in == 2);
  CHECK(made.writer->account(1).rows_out == 1);
  REQUIRE(made.rejects.size() == 2);
  CHECK(made.rejects[1].link == "second");
  const auto prepared = made.writer->prepare(1, true);
  REQUIRE(prepared);
  CHECK(prepared->rows.size() == 2);
  CHECK(made.writer->account(1).bytes == 16);
  REQUIRE(made.writer->commit(1));
  CHECK(made.store.world.count("commit") == 1);
}

TEST_CASE("an option that a shared writer refuses is told of the load whose it is") {
  for (const auto& [option, link, place] :
       {std::tuple("/1/table", "second", "second/table"), std::tuple("/0/table", "first", "first/table"),
        std::tuple("/table", "first", "first/table"), std::tuple("/9/table", "first", "first/9/table")}) {
    CAPTURE(option);
    LoaderLoading made(kAtomic, {"first", "second"});
    made.store.world.failing["open shared"] = {1, WEIR_INVALID_ARGUMENT};
    made.store.fault_option = option;
    const auto refused = made.open();
    REQUIRE_FALSE(refused);
    CHECK(refused.error().link == link);
    CHECK(refused.error().place.file == place);
    CHECK(made.store.world.count("close") == 0);
  }
}

TEST_CASE("a destination is one, or the plugin misbehaves; without the extension none is shared") {
  Store store;
  const auto one = loader(kAtomic, "load");
  const auto told = shared_destination(*one);
  REQUIRE(told);
  CHECK(*told == std::optional<std::string>("db"));
  store.world.failing["destination"] = {1, WEIR_UNAVAILABLE};
  CHECK(*shared_destination(*one) == std::optional<std::string>("db"));
  for (const Texts& wrong : {Texts{}, Texts{"a", "b"}}) {
    store.destinations = wrong;
    const auto found = shared_destination(*one);
    REQUIRE_FALSE(found);
    CHECK(found.error().code == "plugin.misbehaviour");
    CHECK_THAT(found.error().message,
               test::Contains("expected one destination, found " + std::to_string(wrong.size())));
  }
  store.destinations = {"db"};
  store.world.failing["destination"] = {1, WEIR_INVALID_ARGUMENT};
  CHECK_FALSE(shared_destination(*one));
  const auto alone = fake::component(WEIR_KIND_LOADER, &kAtomic, "load");
  CHECK(*shared_destination(*alone) == std::nullopt);
}

}  // namespace weir::pipeline
