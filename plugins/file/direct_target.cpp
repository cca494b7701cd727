#include "direct_target.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include <weir/cpp/no_pipe_signal.hpp>

#include "committable.hpp"
#include "descriptor.hpp"
#include "problems.hpp"

namespace weir::file {
namespace {

constexpr std::size_t kPipePiece = 4096;  // PIPE_BUF: this much fits when poll() says so, without blocking
constexpr int kReaderWait_ms = 50;

class DirectTarget : public StoredOutput {
 public:
  DirectTarget(std::string path, Descriptor file, std::uint64_t before)
      : path_(std::move(path)),
        file_(std::move(file)),
        wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
        written_(before) {
    struct stat facts{};
    can_block_ = fstat(file_.get(), &facts) == 0 && !S_ISREG(facts.st_mode);
    before_ = before;
  }

  bool continues() const override { return true; }
  std::int64_t written() const override { return static_cast<std::int64_t>(before_); }

  void write(std::string_view bytes) override {
    const NoPipeSignal quiet;
    while (!bytes.empty()) {
      if (can_block_) wait();
      const std::size_t piece = can_block_ ? std::min(bytes.size(), kPipePiece) : bytes.size();
      const ssize_t count = ::write(file_.get(), bytes.data(), piece);
      if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
      if (count < 0) throw cannot_write(path_, "write to", errno);
      bytes.remove_prefix(static_cast<std::size_t>(count));
      written_ += static_cast<std::uint64_t>(count);
    }
  }

  void prepare(const Sink& committable, weir_receipt& receipt) override {
    receipt.rows = receipt.inserted = receipt.updated = receipt.deleted = -1;
    receipt.bytes = static_cast<std::int64_t>(written_);
    receipt.checksum[0] = 0;
    Committable about;
    about.target = path_;
    about.length = written_;
    committable.put(about.encode());
  }

  void cancel() noexcept override {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t count = ::write(wake_.get(), &one, sizeof one);
  }

 private:
  void wait() {
    pollfd fds[2] = {{file_.get(), POLLOUT, 0}, {wake_.get(), POLLIN, 0}};
    while (poll(fds, 2, -1) < 0) {
      if (errno != EINTR) throw cannot_write(path_, "write to", errno);
    }
    if (fds[1].revents != 0) throw cancelled();
  }

  std::string path_;
  Descriptor file_;
  Descriptor wake_;
  std::uint64_t written_;
  std::uint64_t before_ = 0;
  bool can_block_ = false;
};

Descriptor open_pipe(const Context& context, const std::string& path) {
  for (;;) {
    Descriptor file(open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (file.valid()) return file;
    if (errno != ENXIO) throw cannot_write(path, "write to", errno);
    if (context.cancelled()) throw cancelled();
    poll(nullptr, 0, kReaderWait_ms);  // nothing tells when a reader comes
  }
}

}  // namespace

std::unique_ptr<StoredOutput> open_direct(const Context& context, const std::string& path, std::string_view resume) {
  const std::uint64_t before = resume.empty() ? 0 : Committable::decode(resume).length;
  if (path != "-") return std::make_unique<DirectTarget>(path, open_pipe(context, path), before);
  Descriptor copy(fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3));
  if (!copy.valid()) throw cannot_write("standard output", "write to", errno);
  return std::make_unique<DirectTarget>("standard output", std::move(copy), before);
}

}  // namespace weir::file
