#include "source.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>

#include "descriptor.hpp"
#include "problems.hpp"

namespace weir::file {
namespace {

std::int64_t nanoseconds(const timespec& time) { return std::int64_t{time.tv_sec} * 1000000000 + time.tv_nsec; }

// A regular file, as long as it was when it was opened. Never mapped: a file that shrinks must not raise a signal. Whether it
// changes otherwise is seen by the host, which asks for its version again.
class RegularSource : public StoredInput {
 public:
  RegularSource(std::string path, Descriptor file, const struct stat& facts)
      : path_(std::move(path)), file_(std::move(file)), length_(facts.st_size) {
    posix_fadvise(file_.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
  }

  std::int64_t length() const override { return length_; }
  bool can_seek() const override { return true; }

  std::int32_t read(std::int64_t /*deadline*/, std::span<std::uint8_t> buffer, std::uint64_t& got) override {
    got = read_at(position_, buffer);
    position_ += got;
    return got > 0 || buffer.empty() ? WEIR_READ_MORE : WEIR_READ_END;
  }

  std::uint64_t read_at(std::uint64_t offset, std::span<std::uint8_t> buffer) override {
    const auto length = static_cast<std::uint64_t>(length_);
    // A file of the kernel's (/proc) says 0 and has something in it.
    const std::uint64_t left = length == 0 ? buffer.size() : offset < length ? length - offset : 0;
    const std::size_t wanted = std::min<std::uint64_t>(buffer.size(), left);
    std::size_t got = 0;
    while (got < wanted) {
      if (cancelled_.load(std::memory_order_relaxed)) throw cancelled();
      const ssize_t count = pread(file_.get(), buffer.data() + got, wanted - got, static_cast<off_t>(offset + got));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) throw cannot_read(path_, errno);
      if (count == 0) break;
      got += static_cast<std::size_t>(count);
    }
    if (got < wanted && length != 0) throw shrunk(offset + got);
    return got;
  }

  void cancel() noexcept override { cancelled_.store(true, std::memory_order_relaxed); }

 private:
  Failure shrunk(std::uint64_t found) const {
    return Failure(WEIR_DATA_LOSS, WEIR_FAULT_SOURCE,
                   "'" + path_ + "' became shorter while it was read: expected " + std::to_string(length_) +
                       " bytes, found " + std::to_string(found))
        .object(path_)
        .option("/path");
  }

  std::string path_;
  Descriptor file_;
  std::int64_t length_;
  std::uint64_t position_ = 0;
  std::atomic<bool> cancelled_ = false;
};

// What can only be read from front to end: pipes, devices, standard input.
class StreamSource : public StoredInput {
 public:
  StreamSource(const Context& context, std::string path, Descriptor file)
      : context_(context),
        path_(std::move(path)),
        file_(std::move(file)),
        wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!wake_.valid()) throw cannot_read(path_, errno);
  }

  std::int32_t read(std::int64_t deadline, std::span<std::uint8_t> buffer, std::uint64_t& got) override {
    got = 0;
    while (got < buffer.size()) {
      // Waits for the first bytes only; takes whatever else is there already.
      if (!wait(got == 0 ? deadline : INT64_MIN)) return got == 0 ? WEIR_READ_IDLE : WEIR_READ_MORE;
      const ssize_t count = ::read(file_.get(), buffer.data() + got, buffer.size() - got);
      if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
      if (count < 0) throw cannot_read(path_, errno);
      if (count == 0) return got == 0 ? WEIR_READ_END : WEIR_READ_MORE;
      got += static_cast<std::size_t>(count);
    }
    return WEIR_READ_MORE;
  }

  void cancel() noexcept override {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = write(wake_.get(), &one, sizeof one);
  }

 private:
  // Waits until there is something to read, or the end; gives false at the deadline.
  bool wait(std::int64_t deadline) {
    for (;;) {
      pollfd fds[2] = {{file_.get(), POLLIN, 0}, {wake_.get(), POLLIN, 0}};
      const std::int64_t left = deadline == INT64_MIN ? 0 : deadline == INT64_MAX ? -1 : deadline - context_.now();
      const std::int64_t waited = std::max<std::int64_t>(left, 0);
      const timespec limit{waited / 1000000000, waited % 1000000000};
      const int ready = ppoll(fds, 2, deadline == INT64_MAX ? nullptr : &limit, nullptr);
      if (ready < 0 && errno != EINTR) throw cannot_read(path_, errno);
      if (ready > 0 && fds[1].revents != 0) throw cancelled();
      if (ready > 0) return true;
      if (deadline != INT64_MAX && (deadline == INT64_MIN || context_.now() >= deadline)) return false;
    }
  }

  Context context_;
  std::string path_;
  Descriptor file_;
  Descriptor wake_;
};

}  // namespace

std::string version_of(const struct stat& facts) {
  if (!S_ISREG(facts.st_mode)) return {};
  return std::to_string(facts.st_size) + "-" + std::to_string(nanoseconds(facts.st_mtim)) + "-" +
         std::to_string(facts.st_ino);
}

struct stat facts_of(const std::string& path) {
  struct stat facts{};
  if (stat(path.c_str(), &facts) != 0) throw cannot_read(path, errno);
  if (S_ISDIR(facts.st_mode)) throw is_folder(path, true);
  if (!S_ISREG(facts.st_mode) && !S_ISFIFO(facts.st_mode) && !S_ISCHR(facts.st_mode)) {
    throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_SOURCE,
                  "expected a file, a pipe or a character device, found the " +
                      std::string(S_ISSOCK(facts.st_mode) ? "socket" : "block device") + " '" + path + "'")
        .object(path)
        .option("/path");
  }
  return facts;
}

std::unique_ptr<StoredInput> open_source(const Context& context, const std::string& path, std::string_view version) {
  if (path == "-") {
    Descriptor copy(fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3));
    if (!copy.valid()) throw cannot_read("standard input", errno);
    return std::make_unique<StreamSource>(context, "standard input", std::move(copy));
  }
  facts_of(path);
  // Not to wait for a pipe's writer here, where nothing could cancel it: poll() does.
  Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  struct stat facts{};
  if (!file.valid() || fstat(file.get(), &facts) != 0) throw cannot_read(path, errno);
  if (!version.empty() && version != version_of(facts)) {
    throw Failure(WEIR_FAILED_PRECONDITION, WEIR_FAULT_SOURCE, "'" + path + "' has changed since it was planned")
        .hint("run again when nothing writes to it")
        .object(path)
        .option("/path");
  }
  if (S_ISDIR(facts.st_mode)) throw is_folder(path, true);
  if (S_ISREG(facts.st_mode)) return std::make_unique<RegularSource>(path, std::move(file), facts);
  return std::make_unique<StreamSource>(context, path, std::move(file));
}

}  // namespace weir::file
