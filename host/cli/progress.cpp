#include "cli/progress.hpp"

#include <cstdio>

#include "base/units.hpp"
#include "plugins/host_table.hpp"

namespace weir::cli {
namespace {

constexpr std::chrono::milliseconds kTerminalEvery{200};
constexpr std::chrono::seconds kPlainEvery{10};

}  // namespace

ProgressLine::ProgressLine(run::Execution& execution, std::int64_t bytes_expected, bool terminal)
    : execution_(execution),
      bytes_expected_(bytes_expected),
      terminal_(terminal),
      begin_ns_(plugins::monotonic_ns()),
      thread_([this] { show(); }) {}

ProgressLine::~ProgressLine() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  ending_.notify_all();
  thread_.join();
  if (terminal_ && shown_) std::fputs("\r\x1b[K", stderr);
}

std::string ProgressLine::text() const {
  const double seconds = static_cast<double>(plugins::monotonic_ns() - begin_ns_) / 1e9;
  const std::uint64_t rows = execution_.progress().rows_extracted.load(std::memory_order_relaxed);
  const std::uint64_t bytes = execution_.bytes_read();
  std::string line = base::format_count(rows) + " rows";
  if (bytes > 0) line += "  " + base::format_bytes(bytes);
  if (seconds > 0)
    line += "  " + base::format_count(static_cast<std::uint64_t>(static_cast<double>(rows) / seconds)) + " rows/s";
  const auto expected = static_cast<std::uint64_t>(bytes_expected_);
  if (bytes > 0 && expected > bytes) {
    const double left = seconds * static_cast<double>(expected - bytes) / static_cast<double>(bytes);
    line += "  " + base::format_duration_ns(static_cast<std::int64_t>(left * 1e9)) + " left";
  }
  return line;
}

void ProgressLine::show() {
  std::unique_lock lock(mutex_);
  const auto every = terminal_ ? std::chrono::milliseconds(kTerminalEvery) : std::chrono::milliseconds(kPlainEvery);
  while (!ending_.wait_for(lock, every, [this] { return ended_; })) {
    const std::string line = text();
    std::fprintf(stderr, terminal_ ? "\r\x1b[K%s" : "%s\n", line.c_str());
    std::fflush(stderr);
    shown_ = true;
  }
}

void StreamCounter::tell(const run::StreamReport& stream, std::size_t ended, std::size_t all) {
  if (stream.error) ++failed_;
  rows_ += stream.loaded;
  if (!terminal_) return;
  const std::string failed = failed_ == 0 ? "" : ", " + base::format_count(failed_) + " failed";
  std::fprintf(stderr, "\r\x1b[K%zu of %zu streams%s  %s rows", ended, all, failed.c_str(),
               base::format_count(rows_).c_str());
  std::fflush(stderr);
}

void StreamCounter::end() {
  if (terminal_) std::fputs("\r\x1b[K", stderr);
}

}  // namespace weir::cli
