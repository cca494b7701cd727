// expect: see expect.hpp.
#include "expect.hpp"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstring>
#include <set>
#include <utility>

#include <weir/ext/draft/earlier.h>
#include <weir/cpp/named_column.hpp>
#include <weir/cpp/quality.hpp>
#include <weir/cpp/quoted.hpp>

namespace weir::validate {
namespace {

constexpr std::string_view kTotals = "totals";
constexpr char kVersion = '1';

std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// As a checkpoint keeps them.
struct KeptTotals {
  std::uint64_t rows, counted, sum_low;
  std::int64_t sum_high;
  double real, lost;
  std::int64_t newest;
  std::uint64_t any;
};

void append(std::string& value, const Totals& totals) {
  static_assert(std::endian::native == std::endian::little, "items are read on machines of one byte order");
  const KeptTotals kept{totals.rows,
                        totals.counted,
                        static_cast<std::uint64_t>(totals.sum),
                        static_cast<std::int64_t>(totals.sum >> 64),
                        totals.real,
                        totals.lost,
                        totals.newest.value_or(0),
                        totals.newest ? 1U : 0U};
  value.append(reinterpret_cast<const char*>(&kept), sizeof kept);
}

Totals totals_at(std::string_view value, std::size_t i) {
  KeptTotals kept;
  std::memcpy(&kept, value.data() + 1 + i * sizeof kept, sizeof kept);
  Totals totals{kept.rows, kept.counted, (static_cast<Int128>(kept.sum_high) << 64) | kept.sum_low, kept.real,
                kept.lost};
  if (kept.any != 0) totals.newest = kept.newest;
  return totals;
}

}  // namespace

Expect::Expect(const Context& context, const Inputs& inputs, const Outputs& outputs)
    : context_(context),
      input_(Schema::copy_of(inputs[0])),
      verdict_(inputs[0]),
      expectations_(expectations_of(context.config(), inputs[0])),
      totals_(expectations_.size()),
      bad_batches_(expectations_.size()) {
  outputs.same(inputs[0]);
}

void Expect::traits(const Config& config, weir_traits& traits) {
  traits.rows = WEIR_ROWS_ONCE;
  if (!expects_of_run(config)) return;
  traits.scope = WEIR_SCOPE_RUN;
  traits.ordered = expects_unique(config) ? 1 : 0;  // so that the first row in the source's order is the one that stays
}

void Expect::reads(std::uint64_t /*input*/, const Sink& names) const {
  std::set<std::string> read;
  const auto add = [&](std::int64_t column) { read.emplace(column_name(input_.get(), column)); };
  for (const Expectation& expectation : expectations_) {
    if (expectation.column >= 0) add(expectation.column);
    if (expectation.condition != nullptr)
      read.insert(expectation.condition->columns().begin(), expectation.condition->columns().end());
    if (expectation.key == nullptr) continue;
    for (const std::int64_t column : expectation.key->columns()) add(column);
  }
  for (const std::string& name : read) names.put(name);
}

void Expect::run_values(Expectation& expectation, const std::vector<ColumnView>& columns, Findings& findings) {
  for (const auto& check : expectation.rule.checks)
    check->run(columns[static_cast<std::size_t>(expectation.column)], findings);
  if (expectation.condition != nullptr) {
    const auto broken = expectation.condition->run(condition_, columns.front().rows);
    for (const std::uint32_t row : *broken.rows) findings.add(row, expectation.broken);
    for (const expr::Reject& failed : *broken.failed) findings.add(failed.row, expectation.failed);
  }
  if (expectation.key == nullptr) return;
  std::vector<ColumnView> of_key;
  for (const std::int64_t column : expectation.key->columns())
    of_key.push_back(columns[static_cast<std::size_t>(column)]);
  expectation.key->run(of_key, findings);
}

Totals Expect::count_broken(Expectation& expectation, const Batch& batch) {
  tally_.clear(batch.length());
  run_values(expectation, columns_, tally_);
  Totals totals;
  totals.rows = static_cast<std::uint64_t>(batch.length());
  totals.counted = tally_.list().size();
  return totals;
}

void Expect::process(std::uint64_t /*input*/, Batch& batch, const Next& next) {
  columns_.clear();
  condition_.clear();
  for (std::int64_t i = 0; i < input_->n_children; ++i) {
    columns_.push_back({&batch.column(i), batch.outer(), batch.length()});
    condition_.push_back({columns_.back().array, columns_.back().outer});
  }
  findings_.clear(batch.length());
  for (std::size_t i = 0; i < expectations_.size(); ++i) {
    Expectation& expectation = expectations_[i];
    if (expectation.each_row()) {
      run_values(expectation, columns_, findings_);
      continue;
    }
    const Totals totals =
        expectation.measure == Measure::values ? count_broken(expectation, batch) : validate::count(expectation, batch);
    if (!expectation.of_batch) {
      totals_[i].add(totals);
    } else if (!judge_batch(expectation, totals, batch, next)) {
      return;
    }
  }
  if (const Finding* first = findings_.fatal(); first != nullptr) {
    tell_rules();
    verdict_.fail(*first, batch.rows());
  }
  findings_.sort();
  verdict_.reject(findings_, batch.rows(), next);
  verdict_.select(findings_, batch.length(), next);
}

bool Expect::judge_batch(const Expectation& expectation, const Totals& totals, const Batch& batch, const Next& next) {
  const Judgement judgement = judge(expectation, totals, {now_ns(), {}});
  if (judgement.kept) return true;
  if (expectation.on == OnBad::fail) fail(expectation, judgement.found);
  ++bad_batches_[static_cast<std::size_t>(&expectation - expectations_.data())];
  if (expectation.on == OnBad::warn) return true;
  const std::string column = expectation.column < 0 ? "" : std::string(column_name(input_.get(), expectation.column));
  const std::string detail = "expected " + expectation.expected + ", found " + judgement.found;
  for (std::int64_t row = 0; row < batch.length(); ++row)
    next.reject(rejected_row(row, column, expectation.problem.reason, detail));
  return false;
}

void Expect::fail(const Expectation& expectation, const std::string& found) const {
  tell_judged(expectation, false, found);
  throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_DATA,
                expectation.subject + ": expected " + expectation.expected + ", found " + found)
      .hint(expectation.of_batch ? "on: reject keeps the rows of such a batch aside, on: warn lets them pass"
                                 : "on: warn lets the run end; what earlier epochs committed stands")
      .option(expectation.option);
}

void Expect::tell(const Expectation& expectation, const Judgement& judgement) const {
  std::string detail = "{\"about\":";
  append_json_text(detail, expectation.subject);
  detail += ",\"expected\":";
  append_json_text(detail, expectation.expected);
  detail += ",\"found\":";
  append_json_text(detail, judgement.found);
  context_.log(judgement.kept ? WEIR_LOG_INFO : WEIR_LOG_WARNING, judgement.kept ? "expect.kept" : "expect.broken",
               detail + "}");
  tell_judged(expectation, judgement.kept, judgement.found);
}

void Expect::tell_judged(const Expectation& expectation, bool kept, const std::string& found) const {
  const std::int32_t broken = expectation.on == OnBad::fail   ? WEIR_VERDICT_FAILED
                              : expectation.on == OnBad::warn ? WEIR_VERDICT_WARNED
                                                              : WEIR_VERDICT_REJECTED;
  tell_judgement(context_, {expectation.subject, expectation.expected, found, -1, kept ? WEIR_VERDICT_KEPT : broken});
}

void Expect::tell_rules() const {
  std::vector<const Problem*> problems;
  for (const Expectation& expectation : expectations_) {
    if (!expectation.each_row()) continue;
    for (const auto& check : expectation.rule.checks) check->tell(problems);
    if (expectation.condition != nullptr) problems.insert(problems.end(), {&expectation.broken, &expectation.failed});
    if (expectation.key != nullptr) problems.push_back(&expectation.key->problem());
  }
  verdict_.tell_rules(problems, findings_, context_);
}

std::vector<std::uint64_t> Expect::earlier(std::uint64_t runs) const {
  const auto* const table = static_cast<const weir_earlier*>(runs == 0 ? nullptr : context_.extension(WEIR_EARLIER));
  if (table == nullptr) return {};
  std::vector<std::uint64_t> rows(runs);
  rows.resize(std::min<std::uint64_t>(runs, table->rows(context_.raw()->host, rows.data(), runs)));
  return rows;
}

void Expect::flush(std::uint64_t /*input*/, std::int32_t why, const Next& /*next*/) {
  if (why != WEIR_FLUSH_END) return;
  verdict_.tell_warned(findings_, context_, "expect.bad_rows");
  tell_rules();
  const std::int64_t now = now_ns();
  const Expectation* broken = nullptr;
  std::string found;
  for (std::size_t i = 0; i < expectations_.size(); ++i) {
    const Expectation& expectation = expectations_[i];
    if (expectation.each_row()) continue;
    if (expectation.of_batch) {
      const std::string bad = "otherwise in " + std::to_string(bad_batches_[i]) + " batches";
      if (bad_batches_[i] > 0 && expectation.on == OnBad::warn)
        tell(expectation, {false, bad});
      else
        tell_judged(expectation, bad_batches_[i] == 0, bad_batches_[i] == 0 ? "each batch so" : bad);
      continue;
    }
    Judgement judgement = judge(expectation, totals_[i], {now, earlier(expectation.runs)});
    if (judgement.kept || expectation.on != OnBad::fail || broken != nullptr) {
      tell(expectation, judgement);
      continue;
    }
    broken = &expectation;
    found = std::move(judgement.found);
  }
  if (broken != nullptr) fail(*broken, found);
}

void Expect::snapshot(const StateSink& changes) {
  std::string value(1, kVersion);
  for (const Totals& totals : totals_) append(value, totals);
  changes.put(kTotals, value);
  for (std::size_t i = 0; i < expectations_.size(); ++i) {
    if (expectations_[i].key == nullptr) continue;
    expectations_[i].key->snapshot(changes, name_of_key(i));
    expectations_[i].key->kept();
  }
}

void Expect::restore(const StateItems& items, bool last) {
  for (std::uint64_t i = 0; i < items.size(); ++i) restore_item(items.key(i), items.value(i));
  for (const Expectation& expectation : expectations_) {
    if (last && expectation.key != nullptr) expectation.key->kept();
  }
}

void Expect::restore_item(std::string_view name, std::string_view value) {
  if (name == kTotals) {
    if (value.size() != 1 + totals_.size() * sizeof(KeptTotals) || value[0] != kVersion) throw foreign_state();
    for (std::size_t i = 0; i < totals_.size(); ++i) totals_[i] = totals_at(value, i);
    return;
  }
  for (std::size_t i = 0; i < expectations_.size(); ++i) {
    if (expectations_[i].key == nullptr || !KeySet::is_item(name, name_of_key(i))) continue;
    return expectations_[i].key->restore(value);
  }
  throw foreign_state();
}

}  // namespace weir::validate
