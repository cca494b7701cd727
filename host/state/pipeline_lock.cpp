#include "state/pipeline_lock.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

#include "observe/time_text.hpp"
#include "state/places.hpp"

namespace weir::state {

namespace fs = std::filesystem;

namespace {

using nlohmann::json;

// Of the open file, not of the process: whoever else opens the file, in this process too, can't take it.
struct flock whole_file() {
  struct flock lock{};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

std::string this_host() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "?";
}

// What the file says; nullopt: nothing.
std::optional<LockHolder> written_in(int descriptor) {
  std::array<char, 1024> text{};
  const auto length = ::pread(descriptor, text.data(), text.size(), 0);
  if (length <= 0) return std::nullopt;
  const json value = json::parse(text.data(), text.data() + length, nullptr, false);
  if (!value.is_object()) return LockHolder{};
  try {
    return LockHolder{value.at("process").get<std::int64_t>(), value.at("host").get<std::string>(),
                      value.at("since").get<std::string>()};
  } catch (const json::exception&) {
    return LockHolder{};
  }
}

// Only for people: who can't write it holds the lock all the same.
void write_holder(int descriptor) {
  const std::string text =
      json{{"process", ::getpid()}, {"host", this_host()}, {"since", observe::time_text(observe::now_ns())}}.dump(
          -1, ' ', false, json::error_handler_t::replace) +
      "\n";
  if (::ftruncate(descriptor, 0) != 0) return;
  [[maybe_unused]] const auto written = ::pwrite(descriptor, text.data(), text.size(), 0);
}

base::Error locked(std::string_view name, const std::optional<LockHolder>& holder) {
  const std::string what = "pipeline '" + std::string(name) + "' is running already, in ";
  if (!holder || holder->process == 0) {
    return base::make_error(base::Status::failed_precondition, base::Fault::host, "run.locked",
                            what + "a process that has just begun")
        .with_hint("wait for it to end, or stop it");
  }
  const std::string process = std::to_string(holder->process);
  const bool here = holder->host == this_host();
  return base::make_error(base::Status::failed_precondition, base::Fault::host, "run.locked",
                          what + "process " + process + " on host '" + holder->host + "' since " + holder->since)
      .with_hint("wait for it to end, or stop it" + std::string(here ? "" : " there") + ": kill -TERM " + process +
                 " lets it end what it has begun");
}

}  // namespace

base::Result<PipelineLock> PipelineLock::take(const fs::path& folder, std::string_view pipeline,
                                              std::string_view name) {
  const fs::path file = lock_file(folder, pipeline);
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return base::unexpected(unusable(file, std::strerror(errno)));  // NOLINT(concurrency-mt-unsafe)
  PipelineLock lock(descriptor);
  struct flock wanted = whole_file();
  if (::fcntl(descriptor, F_OFD_SETLK, &wanted) != 0) {
    const int reason = errno;
    const auto holder = written_in(descriptor);
    ::close(std::exchange(lock.descriptor_, -1));  // what it says is the holder's
    if (reason == EAGAIN || reason == EACCES) return base::unexpected(locked(name, holder));
    return base::unexpected(
        unusable(file, std::string("no lock: ") + std::strerror(reason)));  // NOLINT(concurrency-mt-unsafe)
  }
  lock.left_by_ = written_in(descriptor);
  write_holder(descriptor);
  return lock;
}

std::optional<LockHolder> PipelineLock::holder(const fs::path& folder, std::string_view pipeline) {
  const int descriptor = ::open(lock_file(folder, pipeline).c_str(), O_RDWR | O_CLOEXEC);
  if (descriptor < 0) return std::nullopt;
  struct flock asked = whole_file();
  std::optional<LockHolder> holder;
  if (::fcntl(descriptor, F_OFD_GETLK, &asked) == 0 && asked.l_type != F_UNLCK)
    holder = written_in(descriptor).value_or(LockHolder{});
  ::close(descriptor);
  return holder;
}

PipelineLock::PipelineLock(PipelineLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), left_by_(std::move(other.left_by_)) {}

PipelineLock& PipelineLock::operator=(PipelineLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(left_by_, other.left_by_);
  return *this;
}

PipelineLock::~PipelineLock() {
  if (descriptor_ < 0) return;
  [[maybe_unused]] const int emptied = ::ftruncate(descriptor_, 0);  // so that it is not taken for one that died
  ::close(descriptor_);
}

}  // namespace weir::state
