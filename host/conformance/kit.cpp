#include "conformance/kit.hpp"

#include <string.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <thread>

#include "base/sort.hpp"
#include "base/utf8.hpp"
#include "plugins/host_table.hpp"
#include "security/program.hpp"

namespace weir::conformance {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxOutput = 1U << 20U;

// A folder for all trials, gone with it.
class Folder {
 public:
  static base::Result<std::unique_ptr<Folder>> make() {
    std::error_code problem;
    std::string pattern = (fs::temp_directory_path(problem) / "weir-kit-XXXXXX").string();
    if (problem || ::mkdtemp(pattern.data()) == nullptr) {
      return base::unexpected(
          base::make_error(base::Status::permission_denied, base::Fault::host, "kit.no_folder",
                           "expected to make a folder for temporary files, found that it can't be made: " + pattern)
              .with_hint("set TMPDIR to a folder that may be written to"));
    }
    return std::unique_ptr<Folder>(new Folder(pattern));
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  fs::path below(std::size_t number) const {
    const fs::path folder = path_ / std::to_string(number);
    std::error_code ignored;
    fs::create_directories(folder, ignored);
    return folder;
  }

 private:
  explicit Folder(fs::path path) : path_(std::move(path)) {}
  fs::path path_;
};

// The function that was called last: the last line that is no verdict.
std::string last_call(const std::string& output) {
  std::string last;
  for (std::size_t at = 0; at < output.size();) {
    const std::size_t end = std::min(output.find('\n', at), output.size());
    if (output[at] != '{') last = output.substr(at, end - at);
    at = end + 1;
  }
  return last.empty() ? std::string("before any call") : "in " + base::printable(last) + "()";
}

std::string last_line(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return base::printable(std::string_view(text).substr(text.rfind('\n') + 1)).substr(0, 200);
}

Verdict verdict_told(const std::string& output) {
  const std::size_t at = output.rfind("\n{");
  const auto told = nlohmann::json::parse(at == std::string::npos ? output : output.substr(at + 1), nullptr, false);
  if (!told.is_object()) return {Outcome::crashed, "the process ended without a verdict, " + last_call(output)};
  return {outcome_from_name(told.value("outcome", "")), told.value("found", "")};
}

// Rust's collections end the process where there is no memory, and say so: its authors can't change that.
bool rust_gave_up(const security::ProgramEnd& end) {
  return end.code == SIGABRT && end.errors.find("memory allocation of ") != std::string::npos;
}

Verdict verdict_of_end(const security::ProgramEnd& end, const Case& tried, std::int64_t deadline_ns) {
  const std::string own = end.errors.substr(0, end.errors.find("\nerror: "));  // behind it weir tells of the crash
  const std::string said = own.empty() ? "" : ": " + last_line(own);
  switch (end.ending) {
    case security::Ending::killed: {
      if (tried.name == kAllocationFails && rust_gave_up(end))
        return {Outcome::skip, "Rust ends the process where there is no memory"};
      const char* name = ::sigabbrev_np(end.code);
      const std::string signal = name == nullptr ? std::to_string(end.code) : "SIG" + std::string(name);
      return {Outcome::crashed, "killed by " + signal + ", " + last_call(end.output) + said};
    }
    case security::Ending::timed_out:
      return {Outcome::crashed,
              "did not end within " + std::to_string(deadline_ns / 1'000'000'000) + " s, " + last_call(end.output)};
    case security::Ending::too_much: return {Outcome::crashed, "wrote more than 1 MiB, " + last_call(end.output)};
    case security::Ending::exited: break;
  }
  if (end.code != 0)
    return {Outcome::crashed,
            "ended the process with " + std::to_string(end.code) + ", " + last_call(end.output) + said};
  return verdict_told(end.output);
}

void run_trial(Trial& trial, const KitSettings& settings, const fs::path& folder) {
  security::ProgramCall call;
  call.command = settings.command;
  const std::string file = fs::absolute(settings.file).string();
  call.command.insert(call.command.end(), {file, std::string(trial.tried->name), trial.component,
                                           std::to_string(trial.kind), folder.string()});
  call.folder = folder;
  call.timeout_ns = settings.deadline_ns;
  call.own_time = true;
  call.max_output = kMaxOutput;
  const std::int64_t begin = plugins::monotonic_ns();
  const auto end = security::run_program(call);
  trial.duration_ns = plugins::monotonic_ns() - begin;
  trial.verdict =
      end ? verdict_of_end(*end, *trial.tried, settings.deadline_ns) : Verdict{Outcome::crashed, end.error().message};
  std::error_code ignored;
  fs::remove_all(folder, ignored);
}

std::vector<Trial> trials_of(const plugins::PluginInfo& info, const std::string& case_name) {
  std::vector<const plugins::ComponentInfo*> components;
  for (const auto& component : info.components) components.push_back(&component);
  base::sort_stably(components, [](const auto* component) -> const auto& { return component->name; });
  std::vector<Trial> trials;
  for (const Case& one : all_cases()) {
    if (!case_name.empty() && one.name != case_name) continue;
    if ((one.kinds & kFile) != 0) trials.push_back({&one, "", 0, {}, 0});
    for (const auto* component : components) {
      if (component->kind != 0 && (one.kinds & bit_of(component->kind)) != 0)
        trials.push_back({&one, component->name, component->kind, {}, 0});
    }
  }
  return trials;
}

base::Error unknown_case(const std::string& name) {
  return base::make_error(base::Status::invalid_argument, base::Fault::manifest, "kit.unknown_case",
                          "expected the name of a case, found '" + name + "'")
      .with_hint("weir plugin test --cases lists them");
}

}  // namespace

std::int64_t Report::count(Outcome outcome) const {
  return std::count_if(trials.begin(), trials.end(),
                       [&](const Trial& trial) { return trial.verdict.outcome == outcome; });
}

base::Result<Report> try_plugin(const KitSettings& settings) {
  if (!settings.case_name.empty() && case_named(settings.case_name) == nullptr)
    return base::unexpected(unknown_case(settings.case_name));
  Report report;
  WEIR_TRY_ASSIGN(report.info, plugins::read_info(settings.file));
  report.file = settings.file;
  report.trials = trials_of(report.info, settings.case_name);
  WEIR_TRY_ASSIGN(const std::unique_ptr<Folder> folder, Folder::make());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t number = next++; number < report.trials.size(); number = next++)
      run_trial(report.trials[number], settings, folder->below(number));
  };
  std::vector<std::jthread> workers;
  const std::size_t count = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, report.trials.size());
  for (std::size_t i = 1; i < count; ++i) workers.emplace_back(work);
  work();
  workers.clear();
  return report;
}

}  // namespace weir::conformance
