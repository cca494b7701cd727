// Fuzzes the reader of plugins' files: any bytes are a file.
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "plugins/elf.hpp"
#include "plugins/info.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const int file = ::memfd_create("fuzz", MFD_CLOEXEC);
  if (::ftruncate(file, 0) != 0 || ::pwrite(file, data, size, 0) != static_cast<ssize_t>(size)) return 0;
  const auto facts = weir::plugins::read_elf(file, size, "fuzz", weir::plugins::kMaxInfoBytes);
  if (facts) static_cast<void>(weir::plugins::parse_info(facts->info, "fuzz"));
  static_cast<void>(weir::plugins::parse_info({reinterpret_cast<const char*>(data), size}, "fuzz"));
  return 0;
}
