// Standard output by its file descriptor.
#include "terminal.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

#include <weir/cpp/no_pipe_signal.hpp>
#include <weir/weir.hpp>

namespace weir::print {
namespace {

constexpr std::size_t kPiece = 4096;  // PIPE_BUF: this much fits when poll() says so, without blocking

Failure cannot_write(int number) {
  return Failure(WEIR_FAILED_PRECONDITION, WEIR_FAULT_DESTINATION,
                 std::string("expected to write to standard output, found: ") + std::strerror(number))
      .native(number);
}

}  // namespace

Terminal standard_output() {
  if (isatty(STDOUT_FILENO) == 0) return {};
  Terminal terminal;
  winsize size{};
  terminal.width = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
  const char* no_color = std::getenv("NO_COLOR");
  const char* kind = std::getenv("TERM");
  terminal.colours = (no_color == nullptr || *no_color == 0) && (kind == nullptr || std::string_view(kind) != "dumb");
  return terminal;
}

OutputWriter::OutputWriter() : wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (wake_ < 0) throw cannot_write(errno);
}

OutputWriter::~OutputWriter() { close(wake_); }

void OutputWriter::cancel() noexcept {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t count = ::write(wake_, &one, sizeof one);
}

void OutputWriter::wait() const {
  while (true) {
    pollfd ready[2] = {{STDOUT_FILENO, POLLOUT, 0}, {wake_, POLLIN, 0}};
    if (poll(ready, 2, -1) < 0 && errno != EINTR) throw cannot_write(errno);
    if ((ready[1].revents & POLLIN) != 0) throw Failure(WEIR_CANCELLED, WEIR_FAULT_UNKNOWN, "cancelled");
    if (ready[0].revents != 0) return;
  }
}

void OutputWriter::write_all(std::string_view bytes) {
  const NoPipeSignal quiet;
  while (!bytes.empty()) {
    wait();
    const ssize_t count = ::write(STDOUT_FILENO, bytes.data(), std::min(bytes.size(), kPiece));
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count < 0) throw cannot_write(errno);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

}  // namespace weir::print
