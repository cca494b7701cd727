// Runs that are kept: found by what people type, every answer in golden/runs.txt; and as they are told.
#include "cli/kept_runs.hpp"

#include <weir_catch.hpp>
#include <weir_golden.hpp>

namespace weir::cli {
namespace {

using recovery::KeptRun;
using recovery::RunState;

KeptRun made(const std::string& run, RunState state) {
  KeptRun kept;
  kept.pipeline = "p";
  kept.run = run;
  kept.name = "orders";
  kept.manifest = "/etl/orders 2.yaml";
  kept.manifest_digest = "8f3a";
  kept.state = state;
  kept.began_ns = 1'795'731'545'000'000'000;
  kept.ended_ns = kept.began_ns + 12'400'000'000;
  kept.duration_ns = 12'400'000'000;
  kept.starts = 1;
  kept.guarantee = "exactly once";
  return kept;
}

KeptRun complete() {
  KeptRun kept = made("01M8C35QMVWJZVS3NBE424T5GB", RunState::complete);
  kept.epochs = 2;
  kept.inputs = 3;
  kept.loads_shown = {"orders.db"};
  kept.reject_shown = "rejects.ndjson";
  integrity::Line extract, load;
  extract.link = "extract";
  extract.component = "csv";
  extract.role = integrity::Role::extract;
  extract.account.rows_out = 1200;
  extract.account.bytes = 90'000;
  extract.account.rejected.add("quantity: expected int64", 7);
  load.link = "load";
  load.component = "sqlite";
  load.role = integrity::Role::load;
  load.account.rows_in = load.account.rows_out = 1200;
  load.confirmed_rows = 1200;
  load.from = {0};
  kept.ledger.lines = {extract, load};
  return kept;
}

KeptRun failed() {
  KeptRun kept = made("01M8C35QN0AAAAAAAAAAAAAAAA", RunState::failed);
  kept.error_code = "limit.rejects";
  kept.error_message = "too many";
  return kept;
}

KeptRuns runs() {
  KeptRuns kept;
  kept.folder = kept.state.shown = "/none";  // nobody holds a lock there
  kept.runs = {failed(), complete()};
  return kept;
}

}  // namespace

TEST_CASE("a run is found by its id, or by as much of its beginning as no other has") {
  const KeptRuns kept = runs();
  for (const char* id : {"01M8C35QMVWJZVS3NBE424T5GB", "01M8C35QM", "01m8c35qmv"}) {
    const auto found = find_run(kept, id);
    REQUIRE(found);
    CHECK((*found)->state == RunState::complete);
  }
}

TEST_CASE("runs are told as the golden file says") {
  test::Golden told(std::filesystem::path(WEIR_GOLDEN) / "runs.txt");
  KeptRuns kept = runs();
  told.tell_failure("several begin so", find_run(kept, "01M8C"));
  told.tell_failure("a letter that is wrong", find_run(kept, "01M8C35QMVWJZVS3NBE424T5GX"));
  told.tell_failure("nothing like it", find_run(kept, "ZZZZ"));
  told.tell_failure("no text", find_run(kept, ""));
  told.tell("a list", runs_text(kept));
  told.tell("a complete run", run_text(kept, kept.runs[1]));
  told.tell("a complete run, as JSON", run_json(kept, kept.runs[1]).dump(2));
  told.tell("a failed run", run_text(kept, kept.runs[0]));
  told.tell("a failed run, as JSON", run_json(kept, kept.runs[0]).dump(2));
  told.tell("a run whose process died", run_text(kept, made("01", RunState::unfinished)));
  told.tell("a run that was stopped", run_text(kept, made("01", RunState::drained)));
  told.tell("a run that was given up", run_text(kept, made("01", RunState::given_up)));
  kept.runs.clear();
  told.tell("no runs", runs_text(kept));
  told.tell_failure("no runs to show", find_run(kept, "01"));
  told.end();
}

}  // namespace weir::cli
