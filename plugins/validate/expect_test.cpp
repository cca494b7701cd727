// expect, as the host sees it.
#include "expect.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <optional>

#include <weir_catch.hpp>
#include <weir_fake_host.hpp>

#include <weir/testing.hpp>

namespace {

using namespace weir;
using test::FakeHost;
using test::Options;
using test::Outcome;
using test::Rejected;
using Rows = std::vector<std::uint32_t>;
using Numbers = std::vector<std::optional<std::int64_t>>;

Array numbers(const Numbers& values) {
  NumberBuilder<std::int64_t> builder;
  for (const auto& value : values) {
    if (value) {
      builder.append(*value);
    } else {
      builder.append_null();
    }
  }
  return builder.finish();
}

Array reals(const std::vector<double>& values) {
  NumberBuilder<double> builder;
  for (const double value : values) builder.append(value);
  return builder.finish();
}

Array rows_with_column(Array column) {
  const std::int64_t length = column->length;
  std::vector<Array> columns;
  columns.push_back(std::move(column));
  return rows_of(length, std::move(columns));
}

Schema schema_of(const char* format) {
  std::vector<Schema> fields;
  fields.push_back(Schema::field(format, "x"));
  return Schema::rows(std::move(fields));
}

// One check of the column x.
Options check_of(Options options, std::string_view parts = {}) {
  options.arrays["/checks"] = 1;
  options.objects["/checks/0"] = {"column"};
  options.texts["/checks/0/column"] = "x";
  if (!parts.empty()) options.objects["/checks/0/" + std::string(parts)] = {"min", "max"};
  options.integers["/unique_memory"] = 1 << 20;
  return options;
}

// What a run over these batches of one column comes to at its end.
struct Ended {
  weir_status status = WEIR_OK;
  std::string message, hint, option;
  std::vector<std::string> logged, judged;
};

Ended run_of(Options options, const char* format, std::vector<Array> batches) {
  FakeHost host(std::move(options));
  const Schema schema = schema_of(format);
  REQUIRE(host.create<validate::Expect>(schema.get()) == WEIR_OK);
  for (Array& batch : batches) {
    const Array rows = rows_with_column(std::move(batch));
    const Outcome outcome = host.process(rows.get());
    REQUIRE(outcome.status == WEIR_OK);
    CHECK(outcome.all);
  }
  Outcome end;
  weir_error_clear(&end.error);
  const weir_status status = host.flush(WEIR_FLUSH_END, end);
  return {status, end.error.message, end.error.hint, end.error.option, host.logged, host.judged};
}

std::vector<Array> batches_of(const std::vector<Numbers>& batches) {
  std::vector<Array> made;
  for (const Numbers& values : batches) made.push_back(numbers(values));
  return made;
}

std::string expect_refusal(Options options, const char* format) {
  FakeHost host(std::move(options));
  const Schema schema = schema_of(format);
  REQUIRE(host.create<validate::Expect>(schema.get()) == WEIR_INVALID_ARGUMENT);
  CHECK(host.error.fault == WEIR_FAULT_MANIFEST);
  return std::string(host.error.option) + ": " + host.error.message;
}

Options mean(double least, double most) {
  return check_of({.numbers = {{"/checks/0/mean/min", least}, {"/checks/0/mean/max", most}}}, "mean");
}

constexpr const char* kMean = "mean";

}  // namespace

TEST_CASE("expect takes the mean over all batches of a run, of the values that are not null") {
  const Ended kept = run_of(mean(2, 2), "l", batches_of({{1, std::nullopt, 2}, {3}}));
  CHECK(kept.status == WEIR_OK);
  CHECK(kept.logged ==
        std::vector<std::string>{R"(expect.kept {"about":"column 'x'","expected":"a mean of 2 to 2","found":"2"})"});

  const Ended broken = run_of(mean(2, 3), "l", batches_of({{1, 2}, {3, 8}}));
  CHECK(broken.status == WEIR_INVALID_ARGUMENT);
  CHECK(broken.message == "column 'x': expected a mean of 2 to 3, found 3.5");
  CHECK(broken.hint == "on: warn lets the run end; what earlier epochs committed stands");
  CHECK(broken.option == "/checks/0/mean");
  CHECK(broken.logged.empty());  // the error says it
  CHECK(kept.judged == std::vector<std::string>{"kept column 'x': a mean of 2 to 2; 2, -1"});
  CHECK(broken.judged == std::vector<std::string>{"failed column 'x': a mean of 2 to 3; 3.5, -1"});
}

TEST_CASE("the first check that fails ends the run, and the log has the others") {
  Options options = mean(2, 3);
  options.arrays["/checks"] = 3;
  for (const char* const path : {"/checks/1", "/checks/2"}) {
    options.objects[path] = {"rows"};
    options.objects[std::string(path) + "/rows"] = {"min"};
    options.integers[std::string(path) + "/rows/min"] = 3;
  }
  options.texts["/checks/1/on"] = "warn";
  const Ended ended = run_of(std::move(options), "l", batches_of({{9, 9}}));
  CHECK(ended.message == "column 'x': expected a mean of 2 to 3, found 9");
  const std::string too_few = R"(expect.broken {"about":"rows","expected":"at least 3","found":"2"})";
  CHECK(ended.logged == std::vector<std::string>{too_few, too_few});
  CHECK(ended.judged == std::vector<std::string>{"warned rows: at least 3; 2, -1", "failed rows: at least 3; 2, -1",
                                                 "failed column 'x': a mean of 2 to 3; 9, -1"});
}

TEST_CASE("the mean of integers is exact where a sum of doubles isn't") {
  const std::int64_t big = std::int64_t{1} << 62;
  CHECK(run_of(mean(1, 1), "l", batches_of({{big, 1, 1}, {-big, 1, 2}, {1}})).status == WEIR_INVALID_ARGUMENT);
  CHECK(run_of(mean(1, 1), "l", batches_of({{big, 2, 1}, {-big, 1, 2}, {0}})).message ==
        "column 'x': expected a mean of 1 to 1, found 0.8571428571428571");
}

TEST_CASE("the mean of reals keeps what rounding takes, whatever the batches") {
  std::vector<Array> batches;
  batches.push_back(reals({1e16, 1, 1}));
  batches.push_back(reals({-1e16, 2}));
  const Ended ended = run_of(mean(0.8, 0.8), "g", std::move(batches));
  CHECK(ended.status == WEIR_OK);
}

TEST_CASE("a column without a value breaks what is asked of its mean") {
  CHECK(run_of(mean(0, 1), "l", batches_of({{std::nullopt}})).message ==
        "column 'x': expected a mean of 0 to 1, found no value");
  CHECK(run_of(mean(0, 1), "n", {}).message == "column 'x': expected a mean of 0 to 1, found no value");
}

TEST_CASE("expect counts nulls, as a number or a share") {
  const auto nulls = [](Options options) { return check_of(std::move(options), "nulls"); };
  const std::vector<Numbers> some = {{1, std::nullopt, 2, 3}, {4, 5, 6, 7}};
  CHECK(run_of(nulls({.integers = {{"/checks/0/nulls/max", 1}}}), "l", batches_of(some)).status == WEIR_OK);
  CHECK(run_of(nulls({.integers = {{"/checks/0/nulls/max", 0}}}), "l", batches_of(some)).message ==
        "column 'x': expected nulls to be at most 0, found 1 of 8");
  CHECK(run_of(nulls({.texts = {{"/checks/0/nulls/max", "12.5%"}}}), "l", batches_of(some)).status == WEIR_OK);
  CHECK(run_of(nulls({.texts = {{"/checks/0/nulls/max", "12.4%"}}}), "l", batches_of(some)).message ==
        "column 'x': expected nulls to be at most 12.4% of the rows, found 1 of 8");
  CHECK(run_of(nulls({.texts = {{"/checks/0/nulls/max", "0%"}}}), "l", {}).status == WEIR_OK);
  CHECK(
      expect_refusal(nulls({.texts = {{"/checks/0/nulls/max", "1%"}}, .integers = {{"/checks/0/nulls/min", 0}}}),
                     "l") ==
      "/checks/0/nulls: column 'x': expected min and max of nulls both as counts or both as shares, found one of each");
}

TEST_CASE("expect counts the rows of a run") {
  Options options{.arrays = {{"/checks", 1}}, .integers = {{"/checks/0/rows/min", 4}}};
  options.objects["/checks/0"] = {"rows"};
  options.objects["/checks/0/rows"] = {"min"};
  CHECK(run_of(options, "l", batches_of({{1, 2}, {3, 4}})).status == WEIR_OK);
  CHECK(run_of(options, "l", batches_of({{1, 2}, {3}})).message == "rows: expected at least 4, found 3");
  CHECK(run_of(options, "l", {}).message == "rows: expected at least 4, found 0");
}

TEST_CASE("expect holds the newest value against the clock") {
  const auto fresh = check_of({.integers = {{"/checks/0/freshness", std::int64_t{3600} * 1'000'000'000}}});
  CHECK(run_of(fresh, "tss:UTC", batches_of({{0, 5'000'000'000}, {1}})).status == WEIR_OK);  // in 2128
  const Ended old = run_of(fresh, "tss:UTC", batches_of({{0}, {86'400}}));
  CHECK(old.status == WEIR_INVALID_ARGUMENT);
  CHECK(old.message.starts_with("column 'x': expected a value of the last 3600s, found one of "));
  CHECK(run_of(fresh, "tss:UTC", batches_of({{std::nullopt}})).message ==
        "column 'x': expected a value of the last 3600s, found no value");
  CHECK(expect_refusal(fresh, "tss:") ==
        "/checks/0/freshness: column 'x': expected a date or an instant for freshness, found timestamp(s)");
  CHECK(expect_refusal(fresh, "l") ==
        "/checks/0/freshness: column 'x': expected a date or an instant for freshness, found int64");
}

TEST_CASE("a share lets some rows break a rule, and counts them over the run") {
  const auto options = [](const char* share) {
    return check_of({.texts = {{"/checks/0/share", share}}, .integers = {{"/checks/0/min", 0}}});
  };
  const std::vector<Numbers> one_in_four = {{1, -1}, {2, 3}};
  CHECK(run_of(options("75%"), "l", batches_of(one_in_four)).status == WEIR_OK);
  const Ended broken = run_of(options("75.1%"), "l", batches_of(one_in_four));
  CHECK(broken.message == "column 'x': expected at least 75.1% of rows that keep it, found 75%: 1 of 4 rows break it");
}

TEST_CASE("a share that is met to the row is kept, though no double is 99.9 %") {
  Numbers values(1000, 1);
  values[7] = -1;
  const auto least = check_of({.texts = {{"/checks/0/share", "99.9%"}}, .integers = {{"/checks/0/min", 0}}});
  CHECK(run_of(least, "l", batches_of({values})).status == WEIR_OK);
  values[8] = -1;
  CHECK(run_of(least, "l", batches_of({values})).status == WEIR_INVALID_ARGUMENT);
  for (int count = 1; count <= 1000; ++count) {
    values.assign(1000, 1);
    std::fill_n(values.begin(), count, std::nullopt);
    const std::string percent = std::to_string(count / 10) + "." + std::to_string(count % 10) + "%";
    const auto exactly =
        check_of({.texts = {{"/checks/0/nulls/min", percent}, {"/checks/0/nulls/max", percent}}}, "nulls");
    INFO(percent);
    CHECK(run_of(exactly, "l", batches_of({values})).status == WEIR_OK);
  }
}

TEST_CASE("what is asked of each row fails at the first, or rejects, or warns") {
  const auto options = [](const char* on) {
    return check_of({.texts = {{"/checks/0/on", on}}, .integers = {{"/checks/0/min", 0}}});
  };
  const Schema schema = schema_of("l");
  const Array rows = rows_with_column(numbers({1, -1, 2, -2}));
  {
    FakeHost host(options("fail"));
    REQUIRE(host.create<validate::Expect>(schema.get()) == WEIR_OK);
    const Outcome outcome = host.process(rows.get());
    CHECK(outcome.status == WEIR_INVALID_ARGUMENT);
    CHECK(std::string(outcome.error.message) == "column 'x': expected at least 0, found -1");
    CHECK(outcome.error.row == 1);
  }
  {
    FakeHost host(options("reject"));
    REQUIRE(host.create<validate::Expect>(schema.get()) == WEIR_OK);
    const Outcome outcome = host.process(rows.get());
    CHECK(outcome.selected == Rows{0, 2});
    REQUIRE(outcome.rejected.size() == 2);
    CHECK(outcome.rejected[1] == Rejected{3, "x", "out of range", "expected at least 0, found -2"});
  }
  FakeHost host(options("warn"));
  REQUIRE(host.create<validate::Expect>(schema.get()) == WEIR_OK);
  CHECK(host.process(rows.get()).all);
  Outcome end;
  REQUIRE(host.flush(WEIR_FLUSH_END, end) == WEIR_OK);
  CHECK(host.logged == std::vector<std::string>{R"(expect.bad_rows {"column":"x","reason":"out of range","rows":2})"});
}

TEST_CASE("a check of each batch rejects all rows of one that breaks it, before any goes on") {
  Options options = mean(0, 10);
  options.texts["/checks/0/of"] = "batch";
  options.texts["/checks/0/on"] = "reject";
  FakeHost host(options);
  const Schema schema = schema_of("l");
  REQUIRE(host.create<validate::Expect>(schema.get()) == WEIR_OK);
  const Array good = rows_with_column(numbers({1, 2})), bad = rows_with_column(numbers({1, 99}));
  CHECK(host.process(good.get()).all);
  const Outcome outcome = host.process(bad.get());
  CHECK(!outcome.all);
  CHECK(outcome.selected.empty());
  REQUIRE(outcome.rejected.size() == 2);
  CHECK(outcome.rejected[0] ==
        Rejected{0, "x", "in a batch whose mean is out of range", "expected a mean of 0 to 10, found 50"});
  CHECK(host.traits<validate::Expect>().scope != WEIR_SCOPE_RUN);
}

TEST_CASE("a check of the run sees all rows in one place, one of each row none but its own") {
  const Schema schema = schema_of("l");
  FakeHost run(mean(0, 1));
  CHECK(run.traits<validate::Expect>().scope == WEIR_SCOPE_RUN);
  CHECK(run.traits<validate::Expect>().ordered == 0);
  FakeHost row(check_of({.integers = {{"/checks/0/min", 0}}}));
  CHECK(row.traits<validate::Expect>().scope != WEIR_SCOPE_RUN);
  FakeHost unique(check_of({.booleans = {{"/checks/0/unique", true}}}));
  CHECK(unique.traits<validate::Expect>().scope == WEIR_SCOPE_RUN);
  CHECK(unique.traits<validate::Expect>().ordered == 1);
}

TEST_CASE("what a check can't be asked is refused at its place") {
  CHECK(expect_refusal(check_of({}), "l") == "/checks/0: column 'x': expected something to check, found nothing");
  CHECK(expect_refusal(mean(0, 1), "u") == "/checks/0/mean: column 'x': expected a number for mean, found string");
  Options reject = mean(0, 1);
  reject.texts["/checks/0/on"] = "reject";
  CHECK(
      expect_refusal(reject, "l") ==
      "/checks/0/on: column 'x': expected on: fail or on: warn for what is known at the end of the run, found reject");
  Options share = mean(0, 1);
  share.texts["/checks/0/share"] = "5%";
  CHECK(expect_refusal(share, "l") ==
        "/checks/0/share: column 'x': expected share with a check of each row, found it with one of all "
        "rows together");
  Options of = check_of({.texts = {{"/checks/0/of", "batch"}}, .integers = {{"/checks/0/min", 0}}});
  CHECK(expect_refusal(of, "l") ==
        "/checks/0/of: expected `of` with a check of all rows together, found it with one of each row");
  Options none{.arrays = {{"/checks", 1}}};
  CHECK(expect_refusal(none, "l") == "/checks/0: expected one of column, columns, check and rows, found none");
  Options empty = check_of({}, kMean);
  CHECK(expect_refusal(empty, "l") == "/checks/0/mean: expected min, max or both, found neither");
  Options columns{.texts = {{"/checks/0/columns/0", "x"}}, .arrays = {{"/checks", 1}, {"/checks/0/columns", 1}}};
  CHECK(expect_refusal(columns, "l") ==
        "/checks/0/columns: columns 'x': expected unique: true, found nothing to check of several columns");
  CHECK(expect_refusal(mean(2, 1), "l") == "/checks/0/mean/min: expected min to be at most max, found more");
}

TEST_CASE("what was counted and which keys were seen comes back from a checkpoint") {
  Options options = mean(2, 3);
  options.booleans["/checks/0/unique"] = true;
  options.texts["/checks/0/on"] = "warn";
  FakeHost first(options), second(options);
  const Schema schema = schema_of("l");
  REQUIRE(first.create<validate::Expect>(schema.get()) == WEIR_OK);
  REQUIRE(second.create<validate::Expect>(schema.get()) == WEIR_OK);
  const Array before = rows_with_column(numbers({1, 3})), after = rows_with_column(numbers({3, 9}));
  CHECK(first.process(before.get()).all);

  using Items = std::map<std::string, std::string>;
  struct Kept {
    weir_state_sink sink;
    Items items;
  } kept{{sizeof(weir_state_sink),
          [](const weir_state_sink* self, weir_bytes key, weir_bytes value) -> weir_status {
            const_cast<Kept*>(reinterpret_cast<const Kept*>(self))->items[std::string(to_view(key))] = to_view(value);
            return WEIR_OK;
          },
          [](const weir_state_sink*, weir_bytes) -> weir_status { return WEIR_OK; }},
         {}};
  static_cast<validate::Expect*>(first.self())->snapshot(StateSink(&kept.sink));
  std::vector<weir_bytes> keys, values;
  for (const auto& [key, value] : kept.items) {
    keys.push_back(to_bytes(key));
    values.push_back(to_bytes(value));
  }
  static_cast<validate::Expect*>(second.self())->restore(StateItems(keys.data(), values.data(), keys.size()), true);
  CHECK(second.process(after.get()).all);
  Outcome end;
  REQUIRE(second.flush(WEIR_FLUSH_END, end) == WEIR_OK);
  CHECK(second.logged ==
        std::vector<std::string>{R"(expect.bad_rows {"column":"x","reason":"not unique","rows":1})",
                                 R"(expect.broken {"about":"column 'x'","expected":"a mean of 2 to 3","found":"4"})"});
}
