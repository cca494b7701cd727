// The format of glibc, "1.1": a head of 48 bytes, entries of 24, and texts, at offsets from the head. In front of it there may be
// an older list, of which only the size is looked at.
//
//   head   "glibc-ld.so.cache" "1.1", count u32, bytes of texts u32, flags u8 and 3 unused, extension u32, 3 × u32 unused
//   entry  flags i32, name u32, file u32, unused u32, capabilities u64
#include "plugins/ld_cache.hpp"

#include <algorithm>

#include "security/small_file.hpp"

namespace weir::plugins {
namespace {

constexpr std::string_view kMagic = "glibc-ld.so.cache1.1", kOldMagic = "ld.so-1.7.0";
constexpr std::size_t kHead = 48, kEntry = 24, kOldHead = 16, kOldEntry = 12;
constexpr std::size_t kMaxCachedText = 4096;

std::string text_at(std::string_view bytes, std::size_t offset) {
  if (offset >= bytes.size()) return {};
  const std::string_view rest = bytes.substr(offset, kMaxCachedText);
  const std::size_t zero = rest.find('\0');
  return zero == std::string_view::npos ? std::string() : std::string(rest.substr(0, zero));
}

// What follows an older list, if there is one.
std::string_view newer(std::string_view bytes) {
  if (!bytes.starts_with(kOldMagic) || bytes.size() < kOldHead) return bytes;
  const std::uint64_t count = record_at<std::uint32_t>(bytes, kOldMagic.size() + 1);
  const std::uint64_t at = (kOldHead + count * kOldEntry + 7) / 8 * 8;
  return at < bytes.size() ? bytes.substr(at) : std::string_view();
}

}  // namespace

LdCache LdCache::parse(std::string_view bytes) {
  LdCache cache;
  bytes = newer(bytes);
  if (!bytes.starts_with(kMagic) || bytes.size() < kHead) return cache;
  const std::uint64_t said = record_at<std::uint32_t>(bytes, kMagic.size());
  const std::uint64_t count = std::min<std::uint64_t>(said, (bytes.size() - kHead) / kEntry);
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::string_view entry = bytes.substr(kHead + i * kEntry, kEntry);
    Entry made{text_at(bytes, record_at<std::uint32_t>(entry, 4)), text_at(bytes, record_at<std::uint32_t>(entry, 8)),
               record_at<std::uint64_t>(entry, 16) != 0};
    if (!made.name.empty() && made.file.starts_with('/')) cache.entries_.push_back(std::move(made));
  }
  return cache;
}

LdCache LdCache::read(const std::filesystem::path& file) {
  constexpr std::size_t kMostBytes = 256U << 20U;
  std::string bytes;
  security::FileProblem ignored;  // without it libraries are found where they always are
  return security::read_file(file, kMostBytes, bytes, ignored) ? parse(bytes) : LdCache();
}

std::vector<std::filesystem::path> LdCache::files_of(std::string_view name) const {
  std::vector<std::filesystem::path> files;
  for (const bool special : {false, true}) {
    for (const Entry& entry : entries_) {
      if (entry.name == name && entry.special == special) files.emplace_back(entry.file);
    }
  }
  return files;
}

}  // namespace weir::plugins
