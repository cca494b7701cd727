// validate: see validate.hpp.
#include "validate.hpp"

#include <algorithm>

#include <weir/cpp/passing.hpp>
#include <weir/cpp/value_text.hpp>

#include "weir_plugin_info.h"

namespace weir::validate {
namespace {

std::string json_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out + "\"";
}

}  // namespace

Validate::Validate(const Context& context, const Inputs& inputs, const Outputs& outputs)
    : context_(context), input_(Schema::copy_of(inputs[0])), rules_(rules_of(context.config(), inputs[0])) {
  if (rules_.converts) {
    outputs.put(Schema::copy_of(rules_.output.get()));
  } else {
    outputs.same(inputs[0]);
  }
}

void Validate::traits(const Config& /*config*/, weir_traits& traits) {
  traits.rows = WEIR_ROWS_ONCE;
  traits.keeps_rows = 1;  // of what is pushed without origins
}

void Validate::reads(std::uint64_t /*input*/, const Sink& names) const {
  for (const Rule& rule : rules_.rules) names.put(input_->children[rule.column]->name);
}

std::vector<Array> Validate::check(const Batch& batch) {
  findings_.clear(batch.length());
  std::vector<Array> converted(static_cast<std::size_t>(batch.rows().n_children));
  for (const Rule& rule : rules_.rules) {
    ColumnView column{&batch.column(rule.column), batch.outer(), batch.length()};
    Array made;
    if (rule.conversion != nullptr) {
      made = rule.conversion->run(column, findings_);
      column = {&made.get(), 0, batch.length()};
    }
    for (const auto& check : rule.checks) check->run(column, findings_);
    if (rules_.converts) converted[static_cast<std::size_t>(rule.column)] = std::move(made);
  }
  return converted;
}

void Validate::process(std::uint64_t /*input*/, Batch& batch, const Next& next) {
  std::vector<Array> converted = check(batch);
  if (findings_.empty()) {
    if (!rules_.converts) return next.select_all();
    return pass(batch, std::move(converted), next);
  }
  if (rules_.on == OnBad::fail) fail(batch.rows());
  if (rules_.on == OnBad::warn) {
    for (const Finding& finding : findings_.list()) ++counts_[finding.problem];
    return next.select_all();
  }
  reject(batch.rows(), next);
  pass(batch, std::move(converted), next);
}

void Validate::pass(Batch& batch, std::vector<Array> converted, const Next& next) {
  if (rules_.converts) {
    return push_without(next, rules_.output.get(), with_columns(batch.take(), std::move(converted)), findings_.bits());
  }
  std::vector<std::uint32_t> good;
  good.reserve(static_cast<std::size_t>(batch.length()) - findings_.list().size());
  for (std::int64_t row = 0; row < batch.length(); ++row) {
    if (!findings_.has(row)) good.push_back(static_cast<std::uint32_t>(row));
  }
  if (!good.empty()) next.select(good.data(), good.size());
}

std::string Validate::name_of(const Problem& problem) const {
  const char* name = input_->children[problem.column]->name;
  return name == nullptr ? "" : name;
}

std::string Validate::detail_of(const Finding& finding, const ArrowArray& rows) const {
  const auto column = static_cast<std::size_t>(finding.problem->column);
  return "expected " + finding.problem->expected + ", found " +
         shown_value(*input_->children[column], *rows.children[column], rows.offset, finding.row);
}

void Validate::reject(const ArrowArray& rows, const Next& next) const {
  for (const Finding& finding : findings_.list()) {
    const std::string column = name_of(*finding.problem), detail = detail_of(finding, rows);
    next.reject(rejected_row(finding.row, column, finding.problem->reason, detail));
  }
}

void Validate::fail(const ArrowArray& rows) const {
  const auto& list = findings_.list();
  const Finding& first =
      *std::min_element(list.begin(), list.end(), [](const Finding& a, const Finding& b) { return a.row < b.row; });
  const std::string column = name_of(*first.problem);
  throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_DATA, "column '" + column + "': " + detail_of(first, rows))
      .hint("on: reject keeps such rows aside, on: warn lets them pass")
      .column(column)
      .row(first.row);
}

void Validate::flush(std::uint64_t /*input*/, std::int32_t why, const Next& /*next*/) {
  if (why != WEIR_FLUSH_END || rules_.on != OnBad::warn) return;
  // Counts of one column and reason are one, whichever check they came from.
  std::map<std::pair<std::string, std::string_view>, std::uint64_t> counts;
  for (const auto& [problem, count] : counts_) counts[{name_of(*problem), problem->reason}] += count;
  for (const auto& [what, count] : counts) {
    context_.log(WEIR_LOG_WARNING, "validate.bad_rows",
                 "{\"column\":" + json_text(what.first) + ",\"reason\":" + json_text(what.second) +
                     ",\"rows\":" + std::to_string(count) + "}");
  }
}

}  // namespace weir::validate

WEIR_PLUGIN(weir::transformer<weir::validate::Validate>("validate"));
