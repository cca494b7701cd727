// Which format a file has, and what its exported names tell.
#include "plugins/object_file.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "plugins/elf.hpp"
#include "plugins/pe.hpp"

namespace weir::plugins {
namespace {

// A name that only this library has, or the beginning of its names.
struct Mark {
  std::string_view library, name;
  bool begins = false;
};

constexpr std::array<Mark, 18> kMarks = {{{"OpenSSL", "SSL_CTX_new"},
                                          {"OpenSSL", "OPENSSL_init_crypto"},
                                          {"OpenSSL", "EVP_DigestInit_ex"},
                                          {"OpenSSL", "EVP_MD_CTX_new"},
                                          {"protobuf", "_ZN6google8protobuf", true},
                                          {"protobuf", "_ZNK6google8protobuf", true},
                                          {"protobuf", "_ZTVN6google8protobuf", true},
                                          {"gRPC", "grpc_init"},
                                          {"Abseil", "_ZN4absl", true},
                                          {"SQLite", "sqlite3_open_v2"},
                                          {"zlib", "inflateInit2_"},
                                          {"Zstandard", "ZSTD_decompressStream"},
                                          {"libcurl", "curl_easy_init"},
                                          {"libxml2", "xmlReadMemory"},
                                          {"libpq", "PQconnectdb"},
                                          {"Boost", "_ZN5boost", true},
                                          {"fmt", "_ZN3fmt", true},
                                          {"jemalloc", "je_malloc_stats_print"}}};

bool shows(const Mark& mark, const std::string& name) {
  return mark.begins ? name.starts_with(mark.name) : name == mark.name;
}

}  // namespace

base::Result<ObjectFacts> read_object(const FileBytes& bytes, std::uint64_t max_info_bytes) {
  return is_pe(bytes) ? read_pe(bytes, max_info_bytes) : read_elf(bytes, max_info_bytes);
}

base::Result<ObjectDetails> read_details(const FileBytes& bytes) {
  return is_pe(bytes) ? read_pe_details(bytes) : read_elf_details(bytes);
}

std::vector<std::string> visible_libraries(const std::vector<std::string>& exported) {
  std::vector<std::string> libraries;
  for (const Mark& mark : kMarks) {
    const bool known = !libraries.empty() && libraries.back() == mark.library;
    if (known || std::none_of(exported.begin(), exported.end(), [&](const auto& name) { return shows(mark, name); }))
      continue;
    libraries.emplace_back(mark.library);
  }
  return libraries;
}

}  // namespace weir::plugins
