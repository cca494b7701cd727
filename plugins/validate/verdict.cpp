#include "verdict.hpp"

#include <map>
#include <utility>
#include <vector>

#include <weir/cpp/named_column.hpp>
#include <weir/cpp/passing.hpp>
#include <weir/cpp/quality.hpp>
#include <weir/cpp/quoted.hpp>
#include <weir/cpp/value_text.hpp>

namespace weir::validate {

std::string Verdict::name_of(const Problem& problem) const {
  const std::int64_t column = problem.subject.column;
  return column < 0 ? std::string() : std::string(column_name(input_.get(), column));
}

std::string Verdict::detail_of(const Finding& finding, const ArrowArray& rows) const {
  const Problem& problem = *finding.problem;
  const auto value = [&](std::int64_t column) {
    const auto at = static_cast<std::size_t>(column);
    return shown_value(*input_->children[at], *rows.children[at], rows.offset, finding.row);
  };
  std::string detail = "expected " + problem.expected + ", found ";
  if (problem.subject.column >= 0) return detail + value(problem.subject.column);
  for (const std::int64_t column : problem.shown) {
    if (column != problem.shown.front()) detail += ", ";
    detail += std::string(column_name(input_.get(), column)) + " " + value(column);
  }
  return detail;
}

void Verdict::reject(const Findings& findings, const ArrowArray& rows, const Next& next) const {
  for (const Finding& finding : findings.list()) {
    const std::string column = name_of(*finding.problem), detail = detail_of(finding, rows);
    next.reject(rejected_row(finding.row, column, finding.problem->reason, detail));
  }
}

void Verdict::fail(const Finding& first, const ArrowArray& rows) const {
  const std::string column = name_of(*first.problem);
  throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_DATA,
                (column.empty() ? "" : "column '" + column + "': ") + detail_of(first, rows))
      .hint("on: reject keeps such rows aside, on: warn lets them pass")
      .column(column)
      .row(first.row);
}

void Verdict::select(const Findings& findings, std::int64_t rows, const Next& next) const {
  if (findings.empty()) return next.select_all();
  std::vector<std::uint32_t> good;
  good.reserve(static_cast<std::size_t>(rows) - findings.list().size());
  for (std::int64_t row = 0; row < rows; ++row) {
    if (!findings.has(row)) good.push_back(static_cast<std::uint32_t>(row));
  }
  if (!good.empty()) next.select(good.data(), good.size());
}

// A row is one subject where no column is: what it must be says which columns that is about.
void Verdict::tell_rules(const std::vector<const Problem*>& problems, const Findings& findings,
                         const Context& context) const {
  constexpr std::int32_t kVerdicts[] = {WEIR_VERDICT_REJECTED, WEIR_VERDICT_FAILED, WEIR_VERDICT_WARNED};  // by OnBad
  for (const Problem* const problem : problems) {
    const auto rows = findings.count_of(*problem);
    const std::string column = name_of(*problem);
    std::string subject = column.empty() ? "columns" : "column '" + column + "'";
    for (const std::int64_t shown : column.empty() ? problem->shown : std::vector<std::int64_t>())
      subject += (shown == problem->shown.front() ? " '" : ", '") + std::string(column_name(input_.get(), shown)) + "'";
    tell_judgement(context, {subject == "columns" ? "each row" : subject,
                             problem->expected,
                             {},
                             static_cast<std::int64_t>(rows),
                             rows == 0 ? WEIR_VERDICT_KEPT : kVerdicts[static_cast<std::size_t>(problem->subject.on)]});
  }
}

void Verdict::tell_warned(const Findings& findings, const Context& context, std::string_view event) const {
  // Counts of one column and reason are one, whichever check they came from.
  std::map<std::pair<std::string, std::string>, std::uint64_t> counts;
  for (const auto& [problem, count] : findings.counts()) {
    if (problem->subject.on == OnBad::warn) counts[{name_of(*problem), problem->reason}] += count;
  }
  for (const auto& [what, count] : counts) {
    std::string detail = "{";
    if (!what.first.empty()) {
      detail += "\"column\":";
      append_json_text(detail, what.first);
      detail += ",";
    }
    detail += "\"reason\":";
    append_json_text(detail, what.second);
    context.log(WEIR_LOG_WARNING, event, detail + ",\"rows\":" + std::to_string(count) + "}");
  }
}

}  // namespace weir::validate
