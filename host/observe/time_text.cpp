#include "observe/time_text.hpp"

#include <array>
#include <chrono>
#include <ctime>

namespace weir::observe {

std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string time_text(std::int64_t since_1970_ns, bool milliseconds) {
  const std::int64_t ms = since_1970_ns / 1'000'000;
  const std::time_t seconds = static_cast<std::time_t>(ms / 1000);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 64> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  const std::string fraction = milliseconds ? "." + std::to_string(ms % 1000 + 1000).substr(1) : "";
  return std::string(text.data(), length) + fraction + "Z";
}

}  // namespace weir::observe
