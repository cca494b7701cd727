#include "cli/run_notices.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <variant>

#include "base/units.hpp"
#include "cli/kept_runs.hpp"
#include "cli/programs.hpp"
#include "observe/time_text.hpp"
#include "run/read_manifests.hpp"
#include "run/stream_outcome.hpp"
#include "security/program.hpp"

namespace weir::cli {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kMostOutput = 64U << 10U;  // of a program; nobody reads it

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

std::string text_of(const ordered_json& document) {
  return document.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

// What a program said last, or what weir says of an error.
std::string said(const std::string& errors) {
  constexpr std::string_view kError = "error: ";
  if (errors.starts_with(kError)) return errors.substr(kError.size(), errors.find('\n') - kError.size());
  const std::size_t end = errors.find_last_not_of(" \n");
  if (end == std::string::npos) return {};
  const std::size_t begin = errors.find_last_of('\n', end);
  return errors.substr(begin == std::string::npos ? 0 : begin + 1,
                       end - (begin == std::string::npos ? 0 : begin + 1) + 1);
}

// Why a program that was to give a notice did not; empty: it did.
std::string problem_of(const base::Result<security::ProgramEnd>& ended, const security::ProgramCall& call) {
  if (!ended) return ended.error().message;
  const std::string what = said(ended->errors);
  const std::string behind = what.empty() ? "" : ": " + what;
  switch (ended->ending) {
    case security::Ending::timed_out:
      if (call.stop()) return "expected an end, found none when weir was stopped";
      return "expected an end within " + base::format_duration_ns(call.timeout_ns) + ", found none";
    case security::Ending::killed: return "expected exit code 0, found signal " + std::to_string(ended->code) + behind;
    case security::Ending::too_much: return "expected at most 64 KiB of output, found more";
    default: break;
  }
  return ended->code == 0 ? "" : "expected exit code 0, found " + std::to_string(ended->code) + behind;
}

// Whether a text in it is a secret's.
bool holds_secret(const manifest::Node& node) {
  if (node.secret) return true;
  return std::any_of(node.items.begin(), node.items.end(), holds_secret) ||
         std::any_of(node.members.begin(), node.members.end(),
                     [](const manifest::Member& member) { return holds_secret(member.value); });
}

bool asks_secrets(const manifest::Node& tree, const char* key) {
  const manifest::Node* const node = tree.find(key);
  return node != nullptr && holds_secret(*node);
}

// What a pipeline failed with: the command's error, if it is that, else as far as it was told.
base::Error error_of(const events::RunFailed& failure, const base::Error& whole, bool only) {
  base::Error error = only ? whole : base::make_error(whole.status, whole.fault, failure.code, failure.reason);
  error.message = failure.reason;  // of several pipelines the command's begins with the name
  if (only) return error;
  error.link = failure.link;
  error.place = {failure.file, failure.line, failure.column, 0, {}};
  return error;
}

}  // namespace

RunNotices::RunNotices(Output& output, const run::RunOptions& options, const run::RunWatch& watch)
    : output_(output), options_(options), watch_(watch), began_ns_(observe::now_ns()) {}

void RunNotices::handle(const events::PipelineEvent& event) {
  const auto* const failure = std::get_if<events::RunFailed>(&event.detail);
  if (failure != nullptr && event.stream.empty()) failures_.emplace_back(event.pipeline, *failure);
}

// Whoever has secrets is asked once more only where a notice needs one.
manifest::Manifest RunNotices::manifest_of(const std::string& pipeline) const {
  for (const bool secrets : {false, true}) {
    for (auto& manifest : run::read_manifests(options_, watch_, secrets)) {
      if (manifest.name != pipeline) continue;
      const bool needs = asks_secrets(manifest.tree, "on") || asks_secrets(manifest.tree, "network");
      if (secrets || !needs) return std::move(manifest);
    }
  }
  manifest::Manifest unknown;
  unknown.name = pipeline;
  return unknown;
}

RunNotices::Asked RunNotices::asked_by(const std::string& pipeline) const {
  Asked asked{manifest_of(pipeline), {}, {}};
  const manifest::Node none;
  const manifest::Node* const on = asked.manifest.tree.find("on");
  manifest::Errors errors;  // told when the manifest was read
  asked.notices = manifest::read_notices(on == nullptr ? none : *on, asked.manifest.folder, errors);
  if (auto kept = open_kept_runs(asked.manifest.path.string()); kept) asked.earlier = std::move(kept->runs);
  std::erase_if(asked.earlier, [&](const recovery::KeptRun& run) { return run.name != pipeline; });
  return asked;
}

void RunNotices::find(const Asked& asked, const RunEnd& end) {
  for (auto& notice : notices_of(asked.notices, end, asked.earlier, observe::now_ns(), host_name()))
    notices_.push_back(std::move(notice));
  const manifest::Node* const network = asked.manifest.tree.find("network");
  manifest::Errors errors;
  if (network != nullptr) network_ = manifest::read_network(*network, asked.manifest.folder, errors);
}

void RunNotices::clear() {
  notices_.clear();
  given_ = 0;
  network_ = {};
}

void RunNotices::ended(const run::RunReport& report) {
  clear();
  const Asked asked = asked_by(report.name);
  find(asked, run_end(asked.manifest, report, asked.earlier, began_ns_));
}

void RunNotices::ended(const run::StreamsReport& report) {
  clear();
  const Asked asked = asked_by(report.name);
  const auto outcome = run::outcome_of(report);
  find(asked,
       streams_end(asked.manifest, report, outcome ? std::nullopt : std::optional(outcome.error()), asked.earlier));
}

std::vector<std::pair<std::string, base::Error>> RunNotices::failed(const base::Error& error) {
  clear();
  std::vector<std::pair<std::string, base::Error>> failed;
  for (const auto& [pipeline, failure] : failures_) {
    failed.emplace_back(pipeline, error_of(failure, error, failures_.size() == 1));
    const Asked asked = asked_by(pipeline);
    find(asked, run_end(asked.manifest, base::unexpected(failed.back().second), asked.earlier, began_ns_));
  }
  return failed;
}

std::string RunNotices::text() const {
  std::string text;
  for (const GivenNotice& notice : notices_) {
    const std::string& event = notice.notice.event;
    if (event == "empty" || event == "drift" || event == "slow")
      text += "  notice      " + notice.text.substr(notice.text.find("' " + event) + 2) + "\n";
  }
  return text;
}

ordered_json RunNotices::json() const {
  auto list = ordered_json::array();
  for (const GivenNotice& notice : notices_) list.push_back({{"event", notice.notice.event}, {"text", notice.text}});
  return list;
}

void RunNotices::give() {
  while (given_ < notices_.size()) give_one(notices_[given_++]);
}

void RunNotices::give_one(const GivenNotice& notice) {
  if (notice.notice.log) {
    observe::LogRecord record;
    record.level = notice.notice.event == "done" ? observe::Level::info : observe::Level::warning;
    record.event = "run.notice";
    record.message = notice.text;
    if (notice.about.contains("run")) record.fields.push_back({"run", notice.about["run"]});
    record.fields.push_back({"notice", notice.notice.event});
    output_.log().write(record);
  }
  if (!notice.notice.exec.empty()) execute(notice);
  if (!notice.notice.post.empty()) post(notice);
}

// Whoever waits for it, weir is stopped all the same.
void RunNotices::start(security::ProgramCall call, const GivenNotice& notice, const std::string& how) {
  call.timeout_ns = notice.notice.timeout_ns;
  call.max_output = kMostOutput;
  call.stop = [this] { return watch_.interrupt != nullptr && watch_.interrupt->requested(); };
  const std::string problem = problem_of(security::run_program(call), call);
  if (problem.empty()) return;
  output_.log().warning("run.notice_lost",
                        "the notice '" + notice.notice.event + "' was not given by " + how + ": " + problem,
                        {{"notice", notice.notice.event}});
}

// Whoever gets it may be anybody: secrets are taken out before.
void RunNotices::execute(const GivenNotice& notice) {
  security::ProgramCall call;
  const GivenNotice safe{notice.notice, output_.redactor().redact(notice.text), redacted(notice.about)};
  call.command = filled_in(notice.notice.exec, safe);
  call.folder = notice.notice.folder;
  call.input = text_of(safe.about) + "\n";
  start(std::move(call), notice, "'" + notice.notice.exec.front() + "'");
}

void RunNotices::post(const GivenNotice& notice) {
  auto headers = notice.notice.headers;
  headers.insert(headers.begin(), "Content-Type: application/json");
  security::ProgramCall call;
  call.command = {packages_program().string(), kPostNotice};
  call.input = text_of({{"address", notice.notice.post},
                        {"headers", headers},
                        {"proxy", network_.proxy},
                        {"ca", network_.authorities.string()},
                        {"body", text_of(redacted(notice.about))}});
  start(std::move(call), notice, "post");
}

ordered_json RunNotices::redacted(const ordered_json& document) const {
  return observe::redacted_texts(document,
                                 [this](std::string text) { return output_.redactor().redact(std::move(text)); });
}

}  // namespace weir::cli
