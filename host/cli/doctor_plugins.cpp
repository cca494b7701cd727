// The plugins: what is found where, and whether each can be loaded.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <filesystem>

#include "cli/doctor.hpp"
#include "plugins/library.hpp"
#include "plugins/registry.hpp"

namespace weir::cli {
namespace {

namespace fs = std::filesystem;
constexpr int kPatienceMs = 10000;

// What loading came to, told by the child: its error's message and hint, a zero between.
struct Loaded {
  std::string message, hint;  // both empty: it loads
};

[[noreturn]] void load_in_child(const plugins::FoundPlugin& found, int pipe) {
  std::string told;
  {
    const auto library = plugins::Library::load(found.path, *found.info, {});
    if (!library) told = library.error().message + '\0' + library.error().hint;
  }
  told += '\0';  // it came to its end
  [[maybe_unused]] const auto written = ::write(pipe, told.data(), told.size());
  std::_Exit(0);
}

// Reads all that the child tells; false: it did not end in time.
bool read_all(int pipe, std::string& told) {
  std::array<char, 4096> buffer{};
  for (;;) {
    pollfd ready{pipe, POLLIN, 0};
    if (::poll(&ready, 1, kPatienceMs) <= 0) return false;
    const auto count = ::read(pipe, buffer.data(), buffer.size());
    if (count <= 0) return true;
    told.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

Loaded try_load(const plugins::FoundPlugin& found) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return {"no pipe could be made to try it", "raise ulimit -n"};
  const pid_t child = ::fork();
  if (child == 0) load_in_child(found, ends[1]);
  ::close(ends[1]);
  if (child < 0) {
    ::close(ends[0]);
    return {"no process could be made to try it", "raise ulimit -u"};
  }
  std::string told;
  const bool ended = read_all(ends[0], told);
  ::close(ends[0]);
  if (!ended) ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  constexpr const char* kFault = "this is a fault of the plugin: tell its authors, or try another version";
  if (!ended) return {"loading it does not come to an end", kFault};
  if (told.empty()) {
    const std::string how = WIFSIGNALED(status) ? "it crashes: " + std::string(::strsignal(WTERMSIG(status)))  // NOLINT
                                                : std::string("it ends the process");
    return {"while it is loaded, " + how, kFault};
  }
  told.pop_back();
  const std::size_t zero = told.find('\0');
  return zero == std::string::npos ? Loaded{} : Loaded{told.substr(0, zero), told.substr(zero + 1)};
}

Finding judge(const plugins::FoundPlugin& found) {
  const std::string path = found.path.string();
  if (!found.info)
    return {Verdict::problem, "plugin " + found.path.filename().string(), found.error->message, found.error->hint};
  const std::string subject = "plugin " + found.info->name;
  const std::string text = found.info->version_text + ", " + path;
  if (const Loaded loaded = try_load(found); !loaded.message.empty())
    return {Verdict::problem, subject, loaded.message, loaded.hint};
  if (!found.refused.empty())
    return {Verdict::warning, subject, text + ", not taken: " + found.refused, "remove one of the two"};
  if (!found.shadowed_by.empty()) {
    return {Verdict::warning, subject, text + ", shadowed by " + found.shadowed_by.string(),
            "remove the one that is not wanted"};
  }
  return {Verdict::ok, subject, text, {}};
}

std::string listed(const std::vector<plugins::SearchPath>& folders) {
  std::string text;
  for (const auto& search : folders) {
    std::error_code problem;
    text += (text.empty() ? "" : ", ") + search.folder.string();
    if (!fs::is_directory(search.folder, problem)) text += " (not there)";
  }
  return text;
}

}  // namespace

std::vector<Finding> examine_plugins() {
  const auto folders = plugins::search_paths(fs::current_path());
  const plugins::Registry registry(plugins::discover(folders), {});
  std::vector<Finding> findings{{Verdict::ok, "plugin folders", listed(folders), {}}};
  if (registry.found().empty()) {
    findings.front().verdict = Verdict::problem;
    findings.front().found = "no plugins in " + findings.front().found;
    findings.front().cure = "install weir whole, or name a folder of plugins: export WEIR_PLUGIN_PATH=FOLDER";
  }
  for (const auto& found : registry.found()) findings.push_back(judge(found));
  return findings;
}

}  // namespace weir::cli
