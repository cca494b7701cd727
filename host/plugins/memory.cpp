#include "plugins/memory.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <new>

#include "base/units.hpp"
#include "plugins/error.hpp"
#include "plugins/host_table.hpp"

namespace weir::plugins {
namespace {

constexpr std::uint64_t kNobodyHas = std::uint64_t{1} << 47U;  // bytes: what a process can address
constexpr std::size_t kAlignment = 64;                         // bytes
constexpr std::chrono::milliseconds kSlice(50);                // how soon who waits sees that it was told to stop

}  // namespace

// In front of a buffer.
struct Memory::Header {
  Memory* owner;
  std::uint64_t bytes;
};

std::uint64_t Memory::used_bytes() const {
  const std::lock_guard lock(mutex_);
  return buffers_ + reserved_;
}

bool Memory::has_room(std::uint64_t bytes) const {
  if (buffers_ == 0) return true;
  const std::uint64_t used = buffers_ + reserved_;
  return used <= limit_bytes_ && bytes <= limit_bytes_ - used;
}

bool Memory::await_room(std::unique_lock<std::mutex>& lock, std::uint64_t bytes, std::int64_t deadline_ns,
                        const std::function<bool()>& is_cancelled) {
  while (!has_room(bytes)) {
    const std::int64_t left = deadline_ns - monotonic_ns();
    if (left <= 0 || is_cancelled()) return false;
    freed_.wait_for(lock, std::min<std::chrono::nanoseconds>(std::chrono::nanoseconds(left), kSlice));
  }
  return true;
}

Memory::Answer Memory::allocate(std::uint64_t bytes, std::int64_t deadline_ns,
                                const std::function<bool()>& is_cancelled, std::uint8_t** buffer) {
  static_assert(sizeof(Header) <= kAlignment);
  if (bytes >= kNobodyHas) return Answer::none_left;
  {
    std::unique_lock lock(mutex_);
    if (!await_room(lock, bytes, deadline_ns, is_cancelled))
      return is_cancelled() ? Answer::cancelled : Answer::beyond_limit;
    buffers_ += bytes;
  }
  const std::size_t whole = (bytes + 2 * kAlignment - 1) / kAlignment * kAlignment;
  void* const block = std::aligned_alloc(kAlignment, whole);
  if (block == nullptr) {
    give_back(bytes);
    return Answer::none_left;
  }
  new (block) Header{this, bytes};
  *buffer = static_cast<std::uint8_t*>(block) + kAlignment;
  return Answer::given;
}

void Memory::give_back(std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  buffers_ -= bytes;
  freed_.notify_all();
}

void Memory::free(std::uint8_t* buffer) {
  if (buffer == nullptr) return;
  auto* const header = reinterpret_cast<Header*>(buffer - kAlignment);
  header->owner->give_back(header->bytes);
  std::free(header);
}

bool Memory::reserve(std::int64_t bytes) {
  const std::lock_guard lock(mutex_);
  if (bytes < 0) {
    reserved_ -= std::min(reserved_, std::uint64_t{0} - static_cast<std::uint64_t>(bytes));
    freed_.notify_all();
    return true;
  }
  const std::uint64_t used = buffers_ + reserved_, more = static_cast<std::uint64_t>(bytes);
  if (used > limit_bytes_ || more > limit_bytes_ - used) return false;
  reserved_ += more;
  return true;
}

namespace {

weir_status refuse(weir_error* error, const char* message) {
  weir_error_clear(error);
  return weir_fail(error, WEIR_RESOURCE_EXHAUSTED, WEIR_FAULT_UNKNOWN, message);
}

weir_status refuse_all(weir_error* error) {
  return refuse(error, "expected enough memory for the rows, found none left");
}

weir_status refuse_beyond(const Memory& memory, std::uint64_t bytes, weir_error* error) {
  try {
    const std::string message = "expected room for " + base::format_binary_bytes(bytes) + " within the " +
                                base::format_binary_bytes(memory.limit_bytes()) + " of a run's plugins, found " +
                                base::format_binary_bytes(memory.used_bytes()) + " in use";
    return refuse(error, message.c_str());
  } catch (...) {
    return refuse_all(error);
  }
}

weir_status allocate(const weir_host* host, std::uint64_t bytes, std::int64_t deadline, std::uint8_t** buffer,
                     weir_error* error) {
  Memory& memory = *HostTable::of(host).memory();
  switch (memory.allocate(bytes, deadline, [host] { return host->cancelled(host) != 0; }, buffer)) {
    case Memory::Answer::given: return WEIR_OK;
    case Memory::Answer::beyond_limit: return refuse_beyond(memory, bytes, error);
    case Memory::Answer::cancelled: return WEIR_CANCELLED;
    case Memory::Answer::none_left: break;
  }
  return refuse_all(error);
}

void free_buffer(const weir_host* /*host*/, std::uint8_t* buffer) { Memory::free(buffer); }

weir_status reserve(const weir_host* host, std::int64_t bytes, weir_error* error) {
  Memory& memory = *HostTable::of(host).memory();
  if (memory.reserve(bytes)) return WEIR_OK;
  return refuse_beyond(memory, static_cast<std::uint64_t>(bytes), error);
}

}  // namespace

const weir_memory kMemoryTable = {sizeof kMemoryTable, &allocate, &free_buffer, &reserve};

}  // namespace weir::plugins
