// libFuzzer target of packages, indexes and locks: any bytes are an archive, compressed or not, a plugin.json, an index.json, a
// weir.lock. What is taken names plain files only, hands out no byte beyond what it lists, and is written again as it was read.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "memory_file.hpp"
#include "packages/index.hpp"
#include "packages/package_file.hpp"
#include "plugins/lock_file.hpp"

namespace {

using namespace weir;
using fuzz::demand;

void check_files(const packages::PackageInfo& info) {
  for (const packages::PackagedFile& file : info.files)
    demand(packages::is_file_path(file.path), "a file of a package lies below its top");
}

void read_archive(std::string_view bytes) {
  const fuzz::MemoryFile file(bytes);
  std::uint64_t left = 0;
  std::string path;
  const auto take = [&](const packages::PackagedFile& one, std::span<const std::uint8_t> piece) -> base::Result<void> {
    if (one.path != path) {
      path = one.path;
      left = one.bytes;
    }
    demand(piece.size() <= left, "a file hands out as many bytes as plugin.json lists");
    left -= piece.size();
    demand(!piece.empty() || left == 0, "a file that has ended has all of its bytes");
    return {};
  };
  const auto head = packages::read_package(file.path(), take);
  if (head) check_files(head->info);
}

void read_info(std::string_view text) {
  const auto info = packages::parse_package_info(text, "fuzz.weirpkg");
  if (!info) return;
  check_files(*info);
  const std::string once = packages::package_info_text(*info);
  const auto again = packages::parse_package_info(once, "fuzz.weirpkg");
  demand(again && packages::package_info_text(*again) == once, "a plugin.json that is written is read as the same");
}

void read_index(std::string_view text) {
  const auto index = packages::parse_index(text, "fuzz");
  if (!index) return;
  for (const auto& release : index->releases) {
    check_files(release.info);
    demand(packages::is_file_path(release.package), "a package lies below its index's folder");
  }
  const std::string once = packages::index_text(*index);
  const auto again = packages::parse_index(once, "fuzz");
  demand(again && packages::index_text(*again) == once, "an index that is written is read as the same");
}

void read_lock(std::string_view text) {
  const auto lock = plugins::parse_lock(text, "weir.lock");
  if (!lock) return;
  const auto again = plugins::parse_lock(plugins::lock_text(*lock), "weir.lock");
  demand(again && *again == *lock, "a lock that is written is read as the same");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (text.starts_with('{')) {
    read_info(text);
    read_index(text);
    read_lock(text);
  } else {
    read_archive(text);
  }
  return 0;
}
