// The machine: versions, processor, memory, limits, terminal.
#include <spdlog/version.h>
#include <sqlite3.h>
#include <weir/weir.h>
#include <xxhash.h>
#include <CLI/Version.hpp>
#include <boost/version.hpp>
#include <nlohmann/json.hpp>

#include <gnu/libc-version.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <thread>

#include "base/units.hpp"
#include "cli/doctor.hpp"
#include "cli/text.hpp"
#include "cli/version.hpp"
#include "plugins/info.hpp"

namespace weir::cli {
namespace {

constexpr std::uint64_t kLeastMemory = 256ULL << 20U;
constexpr std::uint64_t kLeastFiles = 1024;

Finding fine(std::string subject, std::string found) { return {Verdict::ok, std::move(subject), std::move(found), {}}; }

std::string environment(const char* name) {
  const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody sets it
  return value == nullptr ? std::string() : std::string(value);
}

std::string dotted(int major, int minor, int patch) {
  return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
}

const std::string kPreview = WEIR_ABI_PREVIEW == 0 ? "" : ", preview " + std::to_string(WEIR_ABI_PREVIEW);

Finding versions() {
  std::string text = std::string("weir ") + kVersion + " (ABI " + plugins::abi_text(WEIR_ABI) + kPreview + ")";
  text += ", SQLite " + std::string(sqlite3_libversion());
  text += ", Boost " + dotted(BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000, BOOST_VERSION % 100);
  text += ", nlohmann/json " +
          dotted(NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR, NLOHMANN_JSON_VERSION_PATCH);
  text += ", spdlog " + dotted(SPDLOG_VER_MAJOR, SPDLOG_VER_MINOR, SPDLOG_VER_PATCH);
  const auto xxhash = static_cast<int>(XXH_versionNumber());
  text += ", xxHash " + dotted(xxhash / 10000, xxhash / 100 % 100, xxhash % 100);
  return fine("versions", text + ", CLI11 " CLI11_VERSION ", glibc " + gnu_get_libc_version());
}

Finding system() {
  utsname about{};
  ::uname(&about);
  return fine("system", std::string(about.sysname) + " " + about.release + ", " + about.machine);
}

// The fast paths are chosen by what the processor has.
std::string vector_sets() {
  std::string text;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("sse4.2")) text += " SSE4.2";
  if (__builtin_cpu_supports("avx2")) text += " AVX2";
  if (__builtin_cpu_supports("avx512f")) text += " AVX-512";
#elif defined(__aarch64__)
  text = " NEON";
#endif
  return text.empty() ? " none that weir uses" : text;
}

std::optional<std::string> first_line(const char* path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) return std::nullopt;
  return line;
}

// What the control group allows, as "QUOTA PERIOD"; none: no limit.
std::optional<double> core_quota() {
  const auto line = first_line("/sys/fs/cgroup/cpu.max");
  double quota = 0, period = 0;
  if (!line || std::sscanf(line->c_str(), "%lf %lf", &quota, &period) != 2 || period <= 0) return std::nullopt;
  return quota / period;
}

Finding processor() {
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  std::string text = std::to_string(cores) + (cores == 1 ? " core" : " cores") + ", vector sets:" + vector_sets();
  const auto quota = core_quota();
  if (!quota || *quota >= cores - 0.01) return fine("processor", text);
  text += ", of which the control group allows " + base::format_duration_ns(static_cast<std::int64_t>(*quota * 1e9)) +
          " a second";
  const long chains = std::max(1L, static_cast<long>(*quota));
  return {Verdict::warning, "processor", text,
          "more chains than that only wait: weir run --chains " + std::to_string(chains)};
}

std::uint64_t number_in(const std::string& text) {
  std::uint64_t number = 0;
  const std::size_t at = std::min(text.find_first_of("0123456789"), text.size());
  std::from_chars(text.data() + at, text.data() + text.size(), number);
  return number;
}

Finding memory() {
  std::ifstream file("/proc/meminfo");
  std::uint64_t total = 0, available = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("MemTotal:")) total = number_in(line) * 1024;
    if (line.starts_with("MemAvailable:")) available = number_in(line) * 1024;
  }
  std::string text = base::format_binary_bytes(available) + " available of " + base::format_binary_bytes(total);
  if (const auto limit = first_line("/sys/fs/cgroup/memory.max"); limit && *limit != "max") {
    available = std::min(available, number_in(*limit));
    text += ", the control group allows " + base::format_binary_bytes(number_in(*limit));
  }
  if (available >= kLeastMemory) return fine("memory", text);
  return {Verdict::warning, "memory", text, "end other programs, or use fewer chains: weir run --chains 1"};
}

std::string limit_text(rlim_t value, bool bytes) {
  if (value == RLIM_INFINITY) return "no limit";
  return bytes ? base::format_binary_bytes(value) : base::format_count(value);
}

Finding open_files() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const std::string text = limit_text(limit.rlim_cur, false) + ", at most " + limit_text(limit.rlim_max, false);
  if (limit.rlim_cur >= kLeastFiles) return fine("open files", text);
  return {Verdict::warning, "open files", text, "a source of many files needs more: ulimit -n 4096"};
}

// Limits that make a run fail in the middle, where there are any.
Finding size_limit(int resource, const char* subject, const char* flag) {
  rlimit limit{};
  ::getrlimit(static_cast<__rlimit_resource>(resource), &limit);
  if (limit.rlim_cur == RLIM_INFINITY) return fine(subject, "no limit");
  return {Verdict::warning, subject, limit_text(limit.rlim_cur, true),
          std::string("a run that needs more fails: ulimit ") + flag + " unlimited"};
}

Finding locale() {
  std::string name;
  for (const char* const variable : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    if (name.empty()) name = environment(variable);
  }
  std::string lower = name;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  if (lower.find("utf-8") != std::string::npos || lower.find("utf8") != std::string::npos) return fine("locale", name);
  return {Verdict::warning, "locale", name.empty() ? "none is set" : name,
          "weir writes UTF-8, which this terminal may show wrongly: export LC_ALL=C.UTF-8"};
}

Finding terminal() {
  const bool out = ::isatty(STDOUT_FILENO) == 1;
  const bool error = ::isatty(STDERR_FILENO) == 1;
  if (!out && !error) return fine("terminal", "none: no colour, plain progress");
  const bool colour = error && environment("NO_COLOR").empty();
  return fine("terminal", environment("TERM") + ", " + std::to_string(terminal_width()) + " columns, " +
                              (colour ? "colour" : "no colour"));
}

}  // namespace

const char* verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::ok: return "ok";
    case Verdict::warning: return "warning";
    default: return "problem";
  }
}

std::vector<Finding> examine_machine() {
  return {versions(),
          system(),
          processor(),
          memory(),
          open_files(),
          size_limit(RLIMIT_AS, "address space", "-v"),
          size_limit(RLIMIT_FSIZE, "file size", "-f"),
          locale(),
          terminal()};
}

}  // namespace weir::cli
