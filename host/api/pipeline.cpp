#include <algorithm>
#include <chrono>

#include "api/rows.hpp"
#include "api/state.hpp"
#include "base/error.hpp"

namespace weir::api {
namespace {

void add_problem(std::vector<Problem>& problems, const base::Error& error, const observe::Redactor& redactor) {
  Problem problem;
  problem.code = error.code;
  problem.message = redactor.redact(error.message);
  problem.hint = redactor.redact(error.hint);
  problem.link = error.link;
  problem.file = error.place.file;
  problem.line = error.place.line;
  problem.column = error.place.column;
  problem.exit_code = base::exit_code(error);
  problems.push_back(std::move(problem));
}

LinkRole role_of(integrity::Role role) {
  switch (role) {
    case integrity::Role::extract: return LinkRole::extract;
    case integrity::Role::load: return LinkRole::load;
    case integrity::Role::transform: break;
  }
  return LinkRole::transform;
}

LinkReport link_report(const integrity::Line& line) {
  LinkReport link;
  link.link = line.link;
  link.component = line.component;
  link.role = role_of(line.role);
  link.rows_in = line.account.rows_in;
  link.rows_out = line.account.rows_out;
  link.bytes = line.account.bytes;
  if (line.account.digest) link.digest = line.account.digest->to_text();
  for (const auto& item : line.account.dropped.items()) link.dropped.emplace_back(item.reason, item.count);
  for (const auto& item : line.account.rejected.items()) link.rejected.emplace_back(item.reason, item.count);
  return link;
}

}  // namespace

std::vector<Problem> problems_of(const base::Error& error, const observe::Redactor& redactor) {
  std::vector<Problem> problems;
  add_problem(problems, error, redactor);
  for (const auto& also : error.also) add_problem(problems, also, redactor);
  return problems;
}

RunReport report_of(const run::RunReport& report) {
  RunReport made;
  made.succeeded = true;
  made.pipeline = report.name;
  made.run = report.run;
  made.nothing_to_do = report.nothing_to_do;
  made.recovered = report.recovered;
  made.guarantee = report.guarantee;
  made.duration_ns = report.duration_ns;
  for (const auto& line : report.ledger.lines) made.links.push_back(link_report(line));
  made.rows_extracted = report.ledger.extracted();
  made.rows_loaded = report.ledger.loaded();
  made.rows_dropped = report.ledger.dropped();
  made.rows_rejected = report.ledger.rejected();
  made.rows_confirmed = report.ledger.confirmed();
  return made;
}

run::RunWatch Pipeline::State::watch(const std::shared_ptr<State>& state) {
  run::RunWatch watch;
  watch.redactor = &state->redactor;
  watch.bus = &state->bus;
  watch.keeps = state;
  return watch;
}

Pipeline::Pipeline(std::shared_ptr<State> state) : state_(std::move(state)) {}
Pipeline::Pipeline(Pipeline&& other) noexcept = default;
Pipeline& Pipeline::operator=(Pipeline&& other) noexcept = default;
Pipeline::~Pipeline() = default;

const std::string& Pipeline::manifest() const {
  return state_->options.text ? *state_->options.text : state_->options.manifest;
}
events::EventBus& Pipeline::bus() { return state_->bus; }

RunReport Pipeline::run(bool fresh) {
  run::RunOptions options = state_->options;
  options.fresh = fresh;
  const auto interrupt = std::make_shared<run::Interrupt>();
  run::RunWatch watch = State::watch(state_);
  watch.interrupt = interrupt.get();
  watch.keeps = std::make_shared<std::pair<std::shared_ptr<const void>, std::shared_ptr<run::Interrupt>>>(
      std::move(watch.keeps), interrupt);
  state_->let_interrupt(interrupt);
  const auto report = run::run_manifest(options, watch);
  state_->let_interrupt(nullptr);
  if (report) return report_of(*report);
  RunReport failed;
  failed.problems = problems_of(report.error(), state_->redactor);
  failed.exit_code = base::exit_code(report.error());
  return failed;
}

Outcome<DatasetSnapshot> Pipeline::snapshot(std::uint64_t limit) {
  auto previews = run::preview_pipelines(state_->options, {limit, {}}, State::watch(state_));
  if (!previews) return problems_of(previews.error(), state_->redactor);
  run::Preview& preview = previews->front();
  const auto loaded =
      std::find_if(preview.tables.begin(), preview.tables.end(), [](const auto& table) { return table.loaded; });
  const bool complete = preview.whole && loaded->count < limit;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return make_snapshot(std::move(*loaded), complete, std::chrono::nanoseconds(now).count());
}

Outcome<Pipeline> Pipeline::from_manifest(const std::string& file,
                                          std::vector<std::pair<std::string, std::string>> parameters) {
  auto state = std::make_shared<State>();
  state->options.manifest = file;
  for (auto& [name, value] : parameters) state->options.parameters[name] = std::move(value);
  return check(std::move(state));
}

Outcome<Pipeline> Pipeline::check(std::shared_ptr<State> state) {
  auto valid = run::validate_manifest(state->options, State::watch(state));
  if (!valid) return problems_of(valid.error(), state->redactor);
  return Pipeline(std::move(state));
}

void Pipeline::interrupt() {
  const std::lock_guard lock(state_->mutex);
  if (state_->interrupt != nullptr) state_->interrupt->request();
}

}  // namespace weir::api
