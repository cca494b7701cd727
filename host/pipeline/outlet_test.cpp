// Outlet: rows as plugins hand them over, the honest and the hostile.
#include "pipeline/outlet.hpp"

#include <limits>
#include <new>
#include <weir_catch.hpp>

#include "pipeline/fake_parts.hpp"
#include "pipeline/links/transform.hpp"

namespace weir::pipeline {
namespace {

weir_string text(const char* literal) { return {literal, std::char_traits<char>::length(literal)}; }

// An outlet with a batch in hand, and what came through it.
struct Bench {
  std::vector<weir::Schema> outputs;
  weir::Schema input = fake::schema();
  integrity::Account account;
  std::vector<Reject> rejects;
  std::vector<Batch> delivered;
  std::optional<base::Error> behind;  // what the links behind fail with
  Deliver deliver = [this](Batch batch) -> base::Result<void> {
    if (behind) return base::unexpected(*behind);
    delivered.push_back(std::move(batch));
    return {};
  };
  Batch in_hand;
  std::optional<Outlet> outlet;

  explicit Bench(bool keeps_rows = false) {
    outputs.push_back(fake::schema());
    in_hand.rows = arrow::SharedArray(fake::rows({10, 11, 12, 13}));
    in_hand.origins = {0, 5, 9, 14};
    const std::string lines = "n=10\nx=1\nyy=2\nz=33\n";
    in_hand.from = std::make_shared<Provenance>(
        Provenance{"in.txt", "", 0, 100, std::make_shared<std::vector<std::uint8_t>>(lines.begin(), lines.end())});
    outlet.emplace(OutletSetup{"p", "l", &outputs, &input.get(), true, keeps_rows}, &account,
                   [this](Reject reject) -> base::Result<void> {
                     rejects.push_back(std::move(reject));
                     return {};
                   });
    outlet->begin(&in_hand, &deliver);
  }

  const weir_next* next() { return &*outlet; }  // as a plugin sees it
  weir_status push(weir::Array rows, weir::Array origins = {}, std::uint64_t output = 0, std::int64_t base = -1) {
    weir_batch batch{};
    weir_batch_clear(&batch);
    batch.base = base;
    batch.rows = rows.release();
    batch.origins = origins.release();
    const weir_status status = next()->push(next(), output, &batch);
    CHECK(batch.rows.release == nullptr);
    CHECK(batch.origins.release == nullptr);
    return status;
  }
  weir_status select(const std::vector<std::uint32_t>& rows) {
    return next()->select(next(), 0, rows.data(), rows.size());
  }
};

void check_misbehaved(Bench& bench) {
  const auto failure = bench.outlet->end();
  REQUIRE(failure);
  CHECK(failure->code == "plugin.misbehaviour");
  CHECK(failure->fault == base::Fault::plugin);
  CHECK(bench.delivered.empty());
}

}  // namespace

TEST_CASE("rows that are pushed name their records by the batch in hand") {
  Bench bench;
  REQUIRE(bench.push(fake::rows({1, 2}), fake::origins({3, 1})) == WEIR_OK);
  CHECK(bench.outlet->used());
  REQUIRE_FALSE(bench.outlet->end());
  REQUIRE(bench.delivered.size() == 1);
  CHECK(bench.delivered[0].origins == std::vector<std::uint32_t>{14, 5});
  CHECK(bench.delivered[0].place(0).line == 104);
  CHECK(bench.delivered[0].place(1).line == 102);
  CHECK(bench.account.rows_out == 2);
}

TEST_CASE("a row of a link that keeps rows is where it was") {
  Bench bench(true);
  REQUIRE(bench.push(fake::rows({1, 2, 3, 4})) == WEIR_OK);
  REQUIRE_FALSE(bench.outlet->end());
  CHECK(bench.delivered[0].origins == bench.in_hand.origins);
}

TEST_CASE("a selection in order is passed on, any other is gathered") {
  Bench bench;
  REQUIRE(bench.select({1, 3}) == WEIR_OK);
  REQUIRE(bench.select({3, 0, 0}) == WEIR_OK);
  REQUIRE(bench.next()->select(bench.next(), 0, nullptr, 0) == WEIR_OK);
  REQUIRE_FALSE(bench.outlet->end());
  REQUIRE(bench.delivered.size() == 3);
  CHECK(bench.delivered[0].selection == std::vector<std::uint32_t>{1, 3});
  CHECK(fake::values(bench.delivered[0]) == std::vector<std::int64_t>{11, 13});
  CHECK(fake::values(bench.delivered[1]) == std::vector<std::int64_t>{13, 10, 10});
  CHECK(bench.delivered[1].origins == std::vector<std::uint32_t>{14, 0, 0});
  CHECK(fake::values(bench.delivered[2]) == std::vector<std::int64_t>{10, 11, 12, 13});
  CHECK(bench.account.rows_out == 9);
}

TEST_CASE("a selection of nothing lets nothing through, and no row lives of an empty one that is lent") {
  Bench bench;
  REQUIRE(bench.select({}) == WEIR_OK);
  bench.in_hand.selection.emplace();
  LentBatch lent(bench.in_hand, 7);
  const weir_batch* raw = lent.lend();
  CHECK(raw->selected != nullptr);
  CHECK(raw->selected_count == 0);
  CHECK(raw->sequence == 7);
}

TEST_CASE("a batch is whole again each time it is lent, whatever was taken") {
  Bench bench;
  LentBatch lent(bench.in_hand, 0);
  {
    weir_batch* raw = lent.lend();
    const weir::Array taken(&raw->rows);
    CHECK(taken->length == 4);
  }
  CHECK(lent.lend()->rows.length == 4);
  CHECK(fake::values(bench.in_hand) == std::vector<std::int64_t>{10, 11, 12, 13});
}

TEST_CASE("a rejected row keeps its values, its reason and its place") {
  Bench bench;
  weir_reject reject{};
  weir_reject_clear(&reject);
  reject.row = 2;
  reject.column = text("n");
  reject.reason = text("too small");
  REQUIRE(bench.next()->reject(bench.next(), &reject) == WEIR_OK);
  REQUIRE(bench.next()->drop(bench.next(), 3, text("seen before")) == WEIR_OK);
  CHECK(bench.outlet->left() == 4);
  REQUIRE_FALSE(bench.outlet->end());
  REQUIRE(bench.rejects.size() == 1);
  CHECK(bench.rejects[0].row == R"({"n":12})");
  CHECK(bench.rejects[0].place.file == "in.txt");
  CHECK(bench.rejects[0].place.line == 103);
  CHECK(bench.rejects[0].split == "in.txt");
  CHECK(bench.rejects[0].position == 9);
  CHECK(bench.rejects[0].link == "l");
  CHECK(bench.account.rejected.total() == 1);
  CHECK(bench.account.dropped.total() == 3);
}

TEST_CASE("a record that its reader rejects is told by its place in the split, as far as it is known") {
  Bench bench;
  const auto reject_at = [&bench](std::shared_ptr<const Provenance> from, std::int64_t offset) {
    weir_reject reject{};
    weir_reject_clear(&reject);
    reject.reason = text("odd");
    reject.offset = offset;
    bench.outlet->begin(std::move(from), &bench.deliver);
    REQUIRE(bench.next()->reject(bench.next(), &reject) == WEIR_OK);
    REQUIRE_FALSE(bench.outlet->end());
    return bench.rejects.back();
  };
  const auto stretch = std::make_shared<Provenance>(Provenance{"part 7", "orders", 1000, 0, nullptr});
  const Reject known = reject_at(stretch, 5);
  CHECK(known.split == "part 7");
  CHECK(known.stream == "orders");
  CHECK(known.position == 1005);
  CHECK(known.place.line == 0);
  CHECK(reject_at(stretch, -1).position == -1);
  Batch elsewhere = bench.in_hand;
  elsewhere.origins.clear();
  weir_reject reject{};
  weir_reject_clear(&reject);
  reject.row = 1;
  bench.outlet->begin(&elsewhere, &bench.deliver);
  REQUIRE(bench.next()->reject(bench.next(), &reject) == WEIR_OK);
  REQUIRE_FALSE(bench.outlet->end());
  CHECK(bench.rejects.back().split == "in.txt");
  CHECK(bench.rejects.back().position == -1);
}

TEST_CASE("what breaks the contract fails, is not passed on, and nothing gets through after it") {
  Bench bench;
  SECTION("an output that it has not") { CHECK(bench.push(fake::rows({1}), {}, 1) == WEIR_CANCELLED); }
  SECTION("an origin past the batch in hand") {
    CHECK(bench.push(fake::rows({1}), fake::origins({4})) == WEIR_CANCELLED);
  }
  SECTION("fewer origins than rows") { CHECK(bench.push(fake::rows({1, 2}), fake::origins({0})) == WEIR_CANCELLED); }
  SECTION("origins at an offset that no memory has") {
    weir::Array far = fake::origins({0});
    far.address()->offset = std::numeric_limits<std::int64_t>::max();
    CHECK(bench.push(fake::rows({1}), std::move(far)) == WEIR_CANCELLED);
  }
  SECTION("rows of another shape") { CHECK(bench.push(fake::origins({1})) == WEIR_CANCELLED); }
  SECTION("no rows at all") { CHECK(bench.push({}) == WEIR_CANCELLED); }
  SECTION("a column shorter than the rows") {
    weir::Array rows = fake::rows({1, 2, 3});
    rows.address()->children[0]->length = 2;
    CHECK(bench.push(std::move(rows)) == WEIR_CANCELLED);
  }
  SECTION("a negative length") {
    weir::Array rows = fake::rows({1, 2, 3});
    rows.address()->length = -1;
    CHECK(bench.push(std::move(rows)) == WEIR_CANCELLED);
  }
  SECTION("a selected row past the batch") { CHECK(bench.select({0, 4}) == WEIR_CANCELLED); }
  SECTION("a rejected row past the batch") {
    weir_reject reject{};
    weir_reject_clear(&reject);
    reject.row = 4;
    CHECK(bench.next()->reject(bench.next(), &reject) == WEIR_CANCELLED);
  }
  CHECK(bench.outlet->failed());
  CHECK(bench.push(fake::rows({1})) == WEIR_CANCELLED);
  CHECK(bench.select({0}) == WEIR_CANCELLED);
  CHECK(bench.next()->drop(bench.next(), 1, text("late")) == WEIR_CANCELLED);
  CHECK(bench.account.rows_out == 0);
  CHECK(bench.account.dropped.total() == 0);
  check_misbehaved(bench);
}

TEST_CASE("a selection without a batch in hand is a misbehaviour") {
  Bench bench;
  bench.outlet->begin(std::shared_ptr<const Provenance>(), &bench.deliver);
  CHECK(bench.select({0}) == WEIR_CANCELLED);
  check_misbehaved(bench);
}

TEST_CASE("a failure behind keeps its author, and the plugin that pushes without end learns of it") {
  Bench bench;
  bench.behind = base::make_error(base::Status::data_loss, base::Fault::destination, "x.full", "no room");
  int pushed = 0;
  while (bench.push(fake::rows({1})) == WEIR_OK) REQUIRE(++pushed < 100);
  const auto failure = bench.outlet->end();
  REQUIRE(failure);
  CHECK(failure->code == "x.full");
  bench.outlet->begin(&bench.in_hand, &bench.deliver);
  CHECK_FALSE(bench.outlet->failed());
}

TEST_CASE("what is thrown behind the outlet does not cross the plugin, and is not its fault") {
  Bench bench;
  const Deliver throws = [](const Batch&) -> base::Result<void> { throw std::bad_alloc(); };
  bench.outlet->begin(&bench.in_hand, &throws);
  int pushed = 0;
  while (bench.push(fake::rows({1})) == WEIR_OK) REQUIRE(++pushed < 100);
  const auto failure = bench.outlet->end();
  REQUIRE(failure);
  CHECK(failure->code == "run.out_of_memory");
}

TEST_CASE("a reader's origins count from its base, and are unknown where they don't fit") {
  Bench bench;
  bench.outlet->begin(bench.in_hand.from, &bench.deliver);
  REQUIRE(bench.push(fake::rows({1, 2}), fake::origins({0, 4}), 0, 5) == WEIR_OK);
  REQUIRE(bench.push(fake::rows({1, 2}), fake::origins({0, 1}), 0, 0xFFFF'FFFF) == WEIR_OK);
  REQUIRE_FALSE(bench.outlet->end());
  CHECK(bench.delivered[0].origins == std::vector<std::uint32_t>{5, 9});
  CHECK(bench.delivered[1].origins.empty());
  CHECK(bench.delivered[1].place(0).line == 0);
}

TEST_CASE("places are right in whatever order they are asked for") {
  Bench bench;
  const Provenance& from = *bench.in_hand.from;
  for (const auto& [offset, line] : std::vector<std::pair<std::int64_t, std::uint64_t>>{
           {14, 104}, {0, 101}, {9, 103}, {10, 103}, {5, 102}, {19, 105}, {14, 104}}) {
    CAPTURE(offset);
    CHECK(from.place(offset).line == line);
  }
  CHECK(from.place(10).column == 2);
  CHECK(from.place(9, 3).column == 4);
  CHECK(from.place(20).line == 0);
  CHECK(from.place(-1).line == 0);
  CHECK(from.place(0, INT64_MAX).column == 1);
}

TEST_CASE("materialized rows are the live ones, with their origins") {
  for (const auto& chosen : std::vector<std::vector<std::uint32_t>>{{}, {1, 2}, {0, 3}, {0, 1, 2, 3}}) {
    Bench bench;
    bench.in_hand.selection = chosen;
    const auto before = fake::values(bench.in_hand);
    REQUIRE(materialize(bench.in_hand, bench.input.get()));
    CHECK_FALSE(bench.in_hand.selection);
    CHECK(fake::values(bench.in_hand) == before);
    REQUIRE(bench.in_hand.origins.size() == chosen.size());
    const std::vector<std::uint32_t> all{0, 5, 9, 14};
    for (std::size_t i = 0; i < chosen.size(); ++i) CHECK(bench.in_hand.origins[i] == all[chosen[i]]);
  }
}

}  // namespace weir::pipeline
