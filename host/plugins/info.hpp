// PluginInfo: what a plugin says it is, read from the bytes of its file. Nothing of the plugin runs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/result.hpp"
#include "base/version.hpp"

namespace weir::plugins {

// Kinds are the numbers of the ABI's WEIR_KIND_...; 0 stands for any, or for one that this host does not know.
std::string_view kind_name(std::int32_t kind);       // "format"; "unknown"
std::int32_t kind_from_name(std::string_view name);  // 0: not known

// How what a loader loaded is read back.
struct Readback {
  std::string use;                                           // an extractor of the same plugin
  std::vector<std::pair<std::string, std::string>> options;  // its, and the loader's whose values they get
  std::string key;  // the loader's option that lists the columns which identify a row; empty: none
};

struct ComponentInfo {
  std::string name;       // the word after `use:`
  std::int32_t kind = 0;  // WEIR_KIND_...; 0: not known to this host, left out of every search
  std::string kind_text;  // as it stands there
  std::string summary;
  std::string description;
  nlohmann::ordered_json schema;     // JSON Schema, draft 7, of its options
  std::string about;                 // all of the component's part, as JSON
  std::optional<Readback> readback;  // a loader's; none: what it loads can't be read back
};

struct PluginInfo {
  std::string name;
  std::string version_text;
  base::Version version;
  std::string license;
  std::string summary;
  std::string sdk;              // version of the SDK it was built with
  std::uint32_t abi = 0;        // WEIR_VERSION(major, minor) it was built with
  std::uint32_t needs_abi = 0;  // the lowest it runs with
  std::uint32_t preview = 1;    // of the ABI it was built with; 0: a stable one
  std::vector<ComponentInfo> components;

  std::string machine;              // "x86-64", "aarch64"
  std::vector<std::string> needed;  // libraries it links, DT_NEEDED
  std::string glibc;                // the highest GLIBC version it needs, "2.34"; empty: none
  bool go = false;                  // has Go's runtime: must never be unloaded
};

// Reads the section `.weir` of an ELF file of any 64-bit little-endian machine with bounded reads, never loads it, and
// takes every size in it for hostile. Errors (fault missing), each with the path: plugin.unreadable (missing, no
// rights, a folder, a pipe), plugin.not_elf (empty, too short, PE, Mach-O, 32 bits, big-endian, not a shared object),
// plugin.damaged (truncated; sections, counts or names out of bounds), plugin.no_section (a library, but not a plugin),
// plugin.bad_info (too long, not UTF-8, not JSON, a member missing or of the wrong type). Threads: [any].
base::Result<PluginInfo> read_info(const std::filesystem::path& path);

// Parses the text of the section alone. `path` is for messages.
base::Result<PluginInfo> parse_info(std::string_view json, const std::filesystem::path& path);

// The name of the machine that this host was built for.
std::string_view host_machine();

// "1.0" of WEIR_VERSION(1, 0).
std::string abi_text(std::uint32_t abi);

// The longest `.weir` section that is read.
inline constexpr std::uint64_t kMaxInfoBytes = 4U << 20U;

}  // namespace weir::plugins
