// Notices: which of them a run gives rise to, and what they say.
#include "cli/notices.hpp"

#include <weir_catch.hpp>

#include "run/interrupt.hpp"

namespace weir::cli {
namespace {

using recovery::KeptRun;
using recovery::RunState;

constexpr std::int64_t kSecond_ns = 1'000'000'000;
constexpr std::int64_t kNow = 1'795'731'545 * kSecond_ns;

integrity::Ledger ledger(std::uint64_t loaded, std::uint64_t rejected = 0) {
  integrity::Ledger made;
  integrity::Line extract, load;
  extract.link = "extract";
  extract.role = integrity::Role::extract;
  extract.account.rows_out = loaded;
  if (rejected > 0) extract.account.rejected.add("price: not a number", rejected);
  load.link = "load";
  load.role = integrity::Role::load;
  load.account.rows_in = load.account.rows_out = loaded;
  load.from = {0};
  made.lines = {extract, load};
  return made;
}

std::string schema(const std::string& columns) { return R"({"name":"","format":"+s","children":[)" + columns + "]}"; }
const std::string kId = R"({"name":"id","format":"l","nullable":false})";
const std::string kCity = R"({"name":"city","format":"u","nullable":true})";

KeptRun kept(const std::string& run, std::uint64_t loaded, std::int64_t seconds = 20,
             RunState state = RunState::complete) {
  KeptRun made;
  made.run = run;
  made.state = state;
  made.duration_ns = seconds * kSecond_ns;
  made.ledger = ledger(loaded);
  made.loads = {{"load", schema(kId + "," + kCity), "", "", {}}};
  made.began_ns = made.ended_ns = kNow;
  return made;
}

run::RunReport report(std::uint64_t loaded, std::uint64_t rejected = 0, std::int64_t seconds = 20) {
  run::RunReport made;
  made.name = "orders";
  made.run = "NOW";
  made.ledger = ledger(loaded, rejected);
  made.duration_ns = seconds * kSecond_ns;
  made.guarantee = "exactly once";
  return made;
}

manifest::Manifest orders() {
  manifest::Manifest made;
  made.name = "orders";
  made.path = "/etl/orders.yaml";
  return made;
}

// All events, to the log.
std::vector<manifest::Notice> all() {
  std::vector<manifest::Notice> asked;
  for (const std::string_view event : manifest::kNoticeEvents) {
    manifest::Notice notice;
    notice.event = event;
    notice.log = true;
    asked.push_back(notice);
  }
  return asked;
}

std::vector<GivenNotice> given(const base::Result<run::RunReport>& report, const std::vector<KeptRun>& earlier,
                               const std::vector<manifest::Notice>& asked = all()) {
  return notices_of(asked, run_end(orders(), report, earlier, kNow), earlier, kNow, "machine");
}

std::string events(const std::vector<GivenNotice>& notices) {
  std::string text;
  for (const auto& notice : notices) text += (text.empty() ? "" : " ") + notice.notice.event;
  return text;
}

base::Result<run::RunReport> failure(const std::string& code) {
  return base::unexpected(base::make_error(base::Status::not_found, base::Fault::source, code, "no such file")
                              .with_hint("look for it")
                              .with_link("extract"));
}

run::StreamReport stream(const std::string& name, const std::string& state, std::uint64_t loaded,
                         std::uint64_t rejected = 0) {
  run::StreamReport made;
  made.stream = name;
  made.run = "NOW-" + name;
  made.state = state;
  made.extracted = loaded + rejected;
  made.loaded = loaded;
  made.rejected = rejected;
  if (state == "failed")
    made.error = base::make_error(base::Status::not_found, base::Fault::source, "source.x", "gone");
  return made;
}

KeptRun kept_stream(const std::string& name, const std::string& run, std::uint64_t loaded) {
  KeptRun made = kept(run, loaded);
  made.stream = name;
  return made;
}

std::vector<GivenNotice> given_of_streams(std::vector<run::StreamReport> streams, const std::vector<KeptRun>& earlier,
                                          std::optional<base::Error> error = {}) {
  run::StreamsReport made;
  made.name = "orders";
  made.run = "NOW";
  made.duration_ns = 20 * kSecond_ns;
  made.streams = std::move(streams);
  return notices_of(all(), streams_end(orders(), made, std::move(error), earlier), earlier, kNow, "machine");
}

}  // namespace

TEST_CASE("a run that is like those before is done, and nothing else") {
  const auto notices = given(report(10), {kept("NOW", 10), kept("A", 12)});
  CHECK(events(notices) == "done");
  CHECK(notices.at(0).text == "pipeline 'orders' done: 10 rows loaded in 20 s");
}

TEST_CASE("rejected rows are told, with their reasons") {
  const auto notices = given(report(10, 3), {kept("NOW", 10), kept("A", 12)});
  CHECK(events(notices) == "rejected done");
  CHECK(notices.at(0).text == "pipeline 'orders' rejected: 3 of 13 rows");
  CHECK(notices.at(0).about["rejects"].dump() == R"([{"link":"extract","reason":"price: not a number","rows":3}])");
}

TEST_CASE("no row is told where one of the last runs had some") {
  CHECK(events(given(report(0), {kept("NOW", 0), kept("B", 0), kept("A", 12)})) == "done empty");
  CHECK(events(given(report(0), {kept("NOW", 0), kept("B", 0)})) == "done");
  CHECK(events(given(report(0), {kept("NOW", 0)})) == "done");
  CHECK(events(given(report(0), {kept("NOW", 0), kept("A", 12, 20, RunState::failed)})) == "done");
  run::RunReport idle = report(0);
  idle.nothing_to_do = true;
  KeptRun own = kept("NOW", 12);
  own.loads[0].schema = schema(kId);  // drift, which was told when it was run
  const auto notices = given(idle, {own, kept("A", 12)});
  CHECK(events(notices) == "done");
  CHECK(notices.at(0).text == "pipeline 'orders' done: nothing to do");
}

TEST_CASE("what is slow is told by what is said, else by what earlier runs took") {
  std::vector<KeptRun> earlier{kept("NOW", 10)};
  for (int i = 0; i < 4; ++i) earlier.push_back(kept("A", 10, 10 + i));
  CHECK(events(given(report(10, 0, 500), earlier)) == "done");  // too few to compare with
  earlier.push_back(kept("A", 10, 1000));
  CHECK(events(given(report(10, 0, 36), earlier)) == "done");
  const auto notices = given(report(10, 0, 37), earlier);
  CHECK(events(notices) == "slow done");
  CHECK(notices.at(0).text ==
        "pipeline 'orders' slow: it took 37 s, where 36 s is three times what it usually takes, and ten seconds at "
        "least");
  for (auto& run : earlier) run.duration_ns = kSecond_ns;
  CHECK(events(given(report(10, 0, 9), earlier)) == "done");
  auto asked = all();
  asked[3].after_ns = 8 * kSecond_ns;
  const auto said = given(report(10, 0, 9), earlier, asked);
  CHECK(events(said) == "slow done");
  CHECK(said.at(0).text == "pipeline 'orders' slow: it took 9 s, where 8 s is what it may take");
}

TEST_CASE("columns that are others than in the last complete run are drift, in a run that fails too") {
  KeptRun now = kept("NOW", 10), failed = kept("B", 0, 1, RunState::failed);
  now.loads[0].schema =
      schema(R"({"name":"id","format":"u","nullable":true},{"name":"town","format":"u","nullable":true})");
  failed.loads[0].schema = now.loads[0].schema;
  const auto notices = given(report(10), {now, failed, kept("A", 10)});
  CHECK(events(notices) == "drift done");
  CHECK(notices.at(0).text == "pipeline 'orders' drift: other columns than in the run before: ~id, +town, -city");
  failed.error_code = "source.x";
  CHECK(events(given(failure("source.x"), {failed, kept("A", 10)})) == "failed drift");
  KeptRun stricter = kept("NOW", 10);
  stricter.loads[0].schema = schema(kCity + "," + R"({"name":"id","format":"l","nullable":true})");
  CHECK(events(given(report(10), {stricter, kept("A", 10)})) == "done");  // the same names and types
}

TEST_CASE("a run that fails is told with its error, and with what it had loaded") {
  KeptRun own = kept("NOW", 7, 3, RunState::failed);
  const auto notices = given(failure("source.x"), {own, kept("A", 12)});
  REQUIRE(events(notices) == "failed");
  const auto& about = notices[0].about;
  CHECK(notices[0].text == "pipeline 'orders' failed: no such file");
  CHECK(about["run"] == "NOW");
  CHECK(about["exit_code"] == 1);
  CHECK(about["rows"]["loaded"] == 7);
  CHECK(about["error"]["code"] == "source.x");
  CHECK(about["error"]["hint"] == "look for it");
  // Of one that failed before it began nothing is known of another's.
  own.ended_ns = kNow - 1;
  CHECK_FALSE(given(failure("source.x"), {own})[0].about.contains("run"));
}

TEST_CASE("a run that was stopped gives no notice") {
  CHECK(given(base::unexpected(run::interrupted()), {kept("A", 12)}).empty());
}

TEST_CASE("only what is asked for is given, each once") {
  auto asked = all();
  asked.erase(asked.begin() + 4);  // done
  CHECK(given(report(10), {kept("NOW", 10), kept("A", 12)}, asked).empty());
  CHECK(events(given(report(0, 2), {kept("NOW", 0), kept("A", 12)}, asked)) == "rejected empty");
}

TEST_CASE("of many streams each event is told once, with their names and the sums of all") {
  KeptRun whole = kept("W", 0);
  whole.streams = {{"a", "A", "complete", 1, 1, 0, 0, {}, {}}};
  const std::vector<KeptRun> earlier{
      kept_stream("a", "NOW-a", 5), kept_stream("b", "NOW-b", 0), whole,
      kept_stream("a", "A", 5),     kept_stream("b", "B", 7),     kept_stream("c", "C", 0)};
  const auto notices = given_of_streams(
      {stream("a", "complete", 5, 2), stream("b", "complete", 0, 1), stream("c", "nothing to do", 0)}, earlier);
  REQUIRE(events(notices) == "rejected done empty");
  CHECK(notices[0].text == "pipeline 'orders' rejected: 3 of 8 rows in 2 of 3 streams: 'a', 'b'");
  CHECK(notices[0].about["rows"]["loaded"] == 5);
  CHECK(notices[0].about["streams"].size() == 2);
  CHECK(notices[1].text == "pipeline 'orders' done: 5 rows loaded in 20 s, from 3 streams");
  CHECK(notices[1].about["streams"].size() == 3);
  CHECK(notices[2].text ==
        "pipeline 'orders' empty: no row was loaded, where earlier runs have loaded some, in 1 of 3 streams: 'b'");
  CHECK(notices[2].about["streams"][0]["stream"] == "b");
}

TEST_CASE("streams that fail are told once, and what came of the others is not lost") {
  const auto notices = given_of_streams(
      {stream("a", "failed", 0), stream("b", "complete", 4, 1), stream("c", "failed", 0)}, {kept_stream("b", "B", 7)},
      base::make_error(base::Status::not_found, base::Fault::source, "source.x", "stream 'a': gone"));
  REQUIRE(events(notices) == "failed rejected");
  CHECK(notices[0].text == "pipeline 'orders' failed in 2 of 3 streams: 'a', 'c'; stream 'a': gone");
  CHECK(notices[0].about["exit_code"] == 1);
  CHECK(notices[0].about["streams"][1]["stream"] == "c");
  CHECK(notices[1].text == "pipeline 'orders' rejected: 1 of 5 rows in 1 of 3 streams: 'b'");
  CHECK(given_of_streams({stream("a", "drained", 3)}, {}, run::interrupted()).empty());
}

TEST_CASE("a stream's columns are compared with its own last run, and with nothing if it has nothing to do") {
  KeptRun now = kept_stream("a", "NOW-a", 5);
  now.loads[0].schema = schema(kId);
  const std::vector<KeptRun> earlier{now, kept_stream("b", "B", 7), kept_stream("a", "A", 5)};
  const auto notices = given_of_streams({stream("a", "complete", 5)}, earlier);
  REQUIRE(events(notices) == "drift done");
  CHECK(notices[0].text == "pipeline 'orders' drift: other columns than in the run before: a: -city");
  CHECK(events(given_of_streams({stream("a", "nothing to do", 0)}, earlier)) == "done");
}

TEST_CASE("words in braces are filled in, and nothing that they bring is") {
  auto made = report(10, 3);
  const auto notice = given(made, {kept("NOW", 10)}).at(0);
  CHECK(filled_in({"a", "{event}", "{pipeline}/{run}", "{manifest}", "{extracted} {loaded} {rejected} {exit_code}",
                   "{error}", "{text}", "{} {other} {", "{{run}}"},
                  notice) == std::vector<std::string>{"a", "rejected", "orders/NOW", "/etl/orders.yaml", "13 10 3 0",
                                                      "", "pipeline 'orders' rejected: 3 of 13 rows", "{} {other} {",
                                                      "{NOW}"});
  auto named = orders();
  named.name = "{run}";
  made.name = "{run}";
  const auto hostile = notices_of(all(), run_end(named, made, {}, kNow), {}, kNow, "machine").at(0);
  CHECK(filled_in({"{pipeline}"}, hostile) == std::vector<std::string>{"{run}"});
}

}  // namespace weir::cli
