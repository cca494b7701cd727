// weir.memory/1 as a plugin uses it.
#include "plugins/memory.hpp"

#include <atomic>
#include <cstring>
#include <thread>
#include <weir_catch.hpp>
#include <weir_golden.hpp>

#include "plugins/error.hpp"
#include "plugins/host_table.hpp"

namespace weir::plugins {
namespace {

constexpr std::int64_t kForEver = INT64_MAX;

// A plugin's view of the memory of a run.
struct Asking {
  explicit Asking(std::uint64_t limit_bytes) : memory(limit_bytes), host(services(), "orders", "csv") {}
  HostServices services() {
    HostServices made;
    made.memory = &memory;
    made.cancelled = &cancelled;
    return made;
  }
  weir_status allocate(std::uint64_t bytes, std::int64_t deadline, std::uint8_t** buffer) {
    return table().allocate(host.get(), bytes, deadline, buffer, &error);
  }
  std::uint8_t* must(std::uint64_t bytes) {
    std::uint8_t* buffer = nullptr;
    REQUIRE(allocate(bytes, 0, &buffer) == WEIR_OK);
    return buffer;
  }
  void free(std::uint8_t* buffer) { table().free(host.get(), buffer); }
  weir_status reserve(std::int64_t bytes) { return table().reserve(host.get(), bytes, &error); }
  const weir_memory& table() const {
    const void* found = host.get()->extension(host.get(), {WEIR_MEMORY, std::strlen(WEIR_MEMORY)});
    REQUIRE(found != nullptr);
    return *static_cast<const weir_memory*>(found);
  }

  std::atomic<bool> cancelled{false};
  Memory memory;
  HostTable host;
  weir_error error = empty_error();
};

}  // namespace

TEST_CASE("a buffer of the host's is aligned, may be filled, and is counted until it is freed") {
  Asking plugin(1000);
  for (const std::uint64_t bytes : {0U, 1U, 63U, 64U, 65U, 999U}) {
    std::uint8_t* buffer = plugin.must(bytes);
    CHECK(reinterpret_cast<std::uintptr_t>(buffer) % 64 == 0);
    std::memset(buffer, 0xA5, bytes);
    CHECK(plugin.memory.used_bytes() == bytes);
    plugin.free(buffer);
    CHECK(plugin.memory.used_bytes() == 0);
  }
  plugin.free(nullptr);
}

TEST_CASE("who asks for more than there is room for is told so when the deadline has come") {
  Asking plugin(std::uint64_t{8} << 20U);
  std::uint8_t* first = plugin.must(std::uint64_t{6} << 20U);
  std::uint8_t* second = nullptr;
  CHECK(plugin.allocate(std::uint64_t{3} << 20U, 0, &second) == WEIR_RESOURCE_EXHAUSTED);
  CHECK(second == nullptr);
  CHECK(std::string(plugin.error.message) ==
        "expected room for 3 MiB within the 8 MiB of a run's plugins, found 6 MiB in use");
  CHECK(plugin.allocate(std::uint64_t{3} << 20U, monotonic_ns() + 1'000'000, &second) == WEIR_RESOURCE_EXHAUSTED);
  plugin.free(first);
  CHECK(plugin.memory.used_bytes() == 0);
}

TEST_CASE("who waits for room gets it when another buffer is freed") {
  Asking plugin(100);
  std::uint8_t* first = plugin.must(60);
  std::atomic<bool> asked{false};
  std::thread frees([&] {
    while (!asked) std::this_thread::yield();
    plugin.free(first);
  });
  asked = true;
  std::uint8_t* second = nullptr;
  CHECK(plugin.allocate(60, kForEver, &second) == WEIR_OK);
  frees.join();
  plugin.free(second);
}

TEST_CASE("who waits for room stops when the run is told to") {
  Asking plugin(100);
  std::uint8_t* first = plugin.must(60);
  plugin.cancelled = true;
  std::uint8_t* second = nullptr;
  CHECK(plugin.allocate(60, kForEver, &second) == WEIR_CANCELLED);
  plugin.free(first);
}

TEST_CASE("with no buffer out one is given however large, so that large rows can be read") {
  Asking plugin(100);
  REQUIRE(plugin.reserve(100) == WEIR_OK);
  std::uint8_t* only = plugin.must(500);
  std::uint8_t* second = nullptr;
  CHECK(plugin.allocate(1, 0, &second) == WEIR_RESOURCE_EXHAUSTED);
  plugin.free(only);
}

TEST_CASE("more than a process can have is refused, and not counted") {
  Asking plugin(100);
  std::uint8_t* none = nullptr;
  CHECK(plugin.allocate(UINT64_MAX, 0, &none) == WEIR_RESOURCE_EXHAUSTED);
  CHECK(plugin.allocate(SIZE_MAX / 4, 0, &none) == WEIR_RESOURCE_EXHAUSTED);
  CHECK(plugin.memory.used_bytes() == 0);
  const std::string none_left = plugin.error.message;
  std::uint8_t* first = plugin.must(60);
  CHECK(plugin.allocate(60, 0, &none) == WEIR_RESOURCE_EXHAUSTED);
  test::Golden told(std::filesystem::path(WEIR_GOLDEN) / "memory.txt");
  told.tell("no memory left", none_left);
  told.tell("no room", plugin.error.message);
  told.end();
  plugin.free(first);
}

TEST_CASE("memory of a plugin's own is counted, and given back at most as far as it was taken") {
  Asking plugin(100);
  CHECK(plugin.reserve(70) == WEIR_OK);
  CHECK(plugin.reserve(31) == WEIR_RESOURCE_EXHAUSTED);
  CHECK(plugin.reserve(INT64_MAX) == WEIR_RESOURCE_EXHAUSTED);
  CHECK(plugin.memory.used_bytes() == 70);
  CHECK(plugin.reserve(-40) == WEIR_OK);
  CHECK(plugin.memory.used_bytes() == 30);
  CHECK(plugin.reserve(INT64_MIN) == WEIR_OK);
  CHECK(plugin.memory.used_bytes() == 0);
}

}  // namespace weir::plugins
