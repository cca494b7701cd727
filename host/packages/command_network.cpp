#include "packages/command_network.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "base/units.hpp"
#include "packages/address.hpp"

namespace weir::packages {
namespace {

constexpr std::chrono::milliseconds kEvery{100};
constexpr std::int64_t kShortestNs = 1'000'000'000;

// A line that goes when the last of its copies does.
class Line {
 public:
  explicit Line(std::string what) : what_(std::move(what)) {}
  ~Line() {
    if (shown_) std::fputs("\r\x1b[K", stderr);
  }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  void show(std::uint64_t here, std::uint64_t all) {
    const auto now = std::chrono::steady_clock::now();
    if (shown_ && now - last_ < kEvery) return;
    last_ = now;
    shown_ = true;
    const std::string of = all == 0 ? "" : " of " + base::format_bytes(all);
    std::fprintf(stderr, "\r\x1b[K%s  %s%s", what_.c_str(), base::format_bytes(here).c_str(), of.c_str());
    std::fflush(stderr);
  }

 private:
  std::string what_;
  std::chrono::steady_clock::time_point last_;
  bool shown_ = false;
};

}  // namespace

base::Result<Network> network_of(const cli::NetworkWords& words) {
  Network network;
  network.proxy = words.proxy;
  if (!words.authorities.empty())
    network.authorities = std::filesystem::absolute(words.authorities).lexically_normal().string();
  if (words.timeout.empty()) return network;
  WEIR_TRY_ASSIGN(const std::int64_t silence, base::parse_duration_ns(words.timeout));
  network.silence_ns = std::max(silence, kShortestNs);
  return network;
}

void hide_passwords(cli::Output& output, const Network& network, const std::vector<std::string>& places) {
  output.redactor().add(password_of(network.proxy));
  for (const std::string& place : places) output.redactor().add(password_of(place));
}

std::string warning_text(const std::vector<std::string>& warnings) {
  std::string text;
  for (const std::string& warning : warnings) text += "warning: " + warning + "\n";
  return text;
}

void remember(Sources& sources, std::vector<std::string>& warnings) {
  if (const auto written = sources.keep_seen(); !written)
    warnings.push_back(written.error().message + "; an index that is older than today's would not be noticed");
}

void remember_signers(const std::map<std::string, std::string>& signers, security::TrustedKeys& keys,
                      std::vector<std::string>& warnings) {
  const auto bind = [&signers](security::TrustedKeys& all) -> base::Result<void> {
    for (const auto& [plugin, signer] : signers) all.bind(plugin, signer);
    return {};
  };
  (void)bind(keys);
  if (signers.empty()) return;
  if (const auto written = security::TrustedKeys::change(security::TrustedKeys::file_of_user(), bind); !written)
    warnings.push_back(written.error().message + "; another signer of that plugin would not be noticed");
}

WhenWaiting waiting_line(cli::Output& output) {
  return [&output](const std::string& text) { output.tell_aside(text + "\n"); };
}

DownloadProgress download_line(cli::Output& output, const std::string& what) {
  DownloadProgress progress{{}, waiting_line(output)};
  if (output.terminal() && !output.json()) {
    progress.moved = [line = std::make_shared<Line>(what)](std::uint64_t here, std::uint64_t all) {
      line->show(here, all);
    };
  }
  return progress;
}

}  // namespace weir::packages
