#include "packages/package_info.hpp"

#include <gnu/libc-version.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <set>

#include "base/utf8.hpp"
#include "plugins/compatibility.hpp"
#include "security/checksum.hpp"
#include "security/json_text.hpp"

namespace weir::packages {
namespace {

using nlohmann::ordered_json;

constexpr int kPackageFormat = 1;
constexpr std::size_t kMaxPath = 200;
constexpr std::size_t kMaxText = 4096;

// Reads members of one object, and keeps what is wrong first.
class Members {
 public:
  Members(const ordered_json& object, std::string& wrong) : object_(object), wrong_(wrong) {
    if (!object.is_object()) blame("an object");
  }

  std::string text(const char* name, bool required = true) {
    const ordered_json* const value = find(name);
    if (value == nullptr && !required) return {};
    if (value == nullptr || !value->is_string() || value->get_ref<const std::string&>().size() > kMaxText)
      return blame("a text of at most 4,096 bytes under '" + std::string(name) + "'"), std::string();
    return value->get<std::string>();
  }
  std::uint64_t count(const char* name) {
    const ordered_json* const value = find(name);
    if (value == nullptr || !value->is_number_unsigned())
      return blame("a whole number under '" + std::string(name) + "'"), 0;
    return value->get<std::uint64_t>();
  }
  const ordered_json& list(const char* name) {
    static const ordered_json none = ordered_json::array();
    const ordered_json* const value = find(name);
    if (value == nullptr || !value->is_array() || value->size() > kMostFiles)
      return blame("a list of at most 200 under '" + std::string(name) + "'"), none;
    return *value;
  }
  const ordered_json* find(const char* name) const {
    const auto found = object_.is_object() ? object_.find(name) : object_.end();
    return object_.is_object() && found != object_.end() ? &*found : nullptr;
  }
  void blame(const std::string& expected) {
    if (wrong_.empty()) wrong_ = expected;
  }

 private:
  const ordered_json& object_;
  std::string& wrong_;
};

// "1.0" as the ABI's number; 0: it is none.
std::uint32_t abi_of(const std::string& text) {
  std::uint32_t major = 0, minor = 0;
  const char* const end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, major);
  if (first.ec != std::errc() || first.ptr == end || *first.ptr != '.') return 0;
  const auto second = std::from_chars(first.ptr + 1, end, minor);
  if (second.ec != std::errc() || second.ptr != end || major > 0xFFFFU || minor > 0xFFFFU) return 0;
  return major << 16U | minor;
}

// What stands in paths, and in names of plugins that become paths.
bool is_word(std::string_view text) {
  return !text.empty() && text.front() != '.' && std::all_of(text.begin(), text.end(), [](char c) {
    return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9') || c == '.' || c == '_' ||
           c == '+' || c == '-';
  });
}

std::optional<Platform> platform_in(const ordered_json* object, std::string& wrong) {
  if (object == nullptr) return std::nullopt;
  Members members(*object, wrong);
  Platform platform{members.text("system"), members.text("machine"), members.text("libc", false),
                    members.text("libc_version", false)};
  if (!is_word(platform.folder())) members.blame("a platform's plain names");
  return platform;
}

PackagedFile file_of(const ordered_json& object, std::string& wrong) {
  Members members(object, wrong);
  PackagedFile file{members.text("path"), members.count("bytes"), members.text("sha256"), {}};
  file.platform = platform_in(members.find("platform"), wrong);
  if (!is_file_path(file.path))
    members.blame("a path of letters, digits, '.', '_', '+', '-' and '/' that leads nowhere else");
  if (!security::is_sha256(file.sha256)) members.blame("64 hexadecimal digits under 'sha256'");
  return file;
}

void check_files(const PackageInfo& info, std::string& wrong) {
  const auto blame = [&wrong](const std::string& expected) {
    if (wrong.empty()) wrong = expected;
  };
  std::set<std::string> paths;
  std::uint64_t bytes = 0;
  for (const PackagedFile& file : info.files) {
    if (!paths.insert(file.path).second) blame("each path once, '" + file.path + "' too");
    if (file.bytes > kMaxPackageBytes - bytes) return blame("at most 2 GiB of files");
    bytes += file.bytes;
    if (file.platform && file.path != file.platform->folder() + "/" + info.name + ".so")
      blame("a binary at " + file.platform->folder() + "/" + info.name + ".so");
  }
  const bool has_binary =
      std::any_of(info.files.begin(), info.files.end(), [](const auto& file) { return file.platform.has_value(); });
  if (!has_binary) blame("a binary for some platform");
}

}  // namespace

std::string Platform::folder() const { return system + "-" + machine + (libc.empty() ? "" : "-" + libc); }

std::string Platform::text() const {
  std::string text = system + " " + machine + (libc.empty() ? "" : ", " + libc);
  return libc_version.empty() ? text : text + " " + libc_version + " or later";
}

Platform platform_of(const plugins::PluginInfo& info) {
  return {"linux", info.machine, info.glibc.empty() ? "" : "glibc", info.glibc};
}

Platform host_platform() { return {"linux", std::string(plugins::host_machine()), "glibc", ::gnu_get_libc_version()}; }

const PackagedFile* PackageInfo::binary_for(const Platform& platform) const {
  for (const PackagedFile& file : files) {
    if (!file.platform || file.platform->system != platform.system || file.platform->machine != platform.machine)
      continue;
    if (file.platform->libc.empty()) return &file;
    if (file.platform->libc == platform.libc &&
        (file.platform->libc_version.empty() ||
         plugins::compare_dotted(file.platform->libc_version, platform.libc_version) <= 0))
      return &file;
  }
  return nullptr;
}

std::string title(const PackageInfo& info) { return info.name + " " + info.version_text; }

bool is_for_host(const PackageInfo& info) {
  return plugins::check_abi(info.abi, info.needs_abi, info.name).has_value() &&
         info.binary_for(host_platform()) != nullptr;
}

bool is_file_path(std::string_view path) {
  if (path.size() > kMaxPath) return false;
  for (;;) {
    const std::size_t slash = path.find('/');
    if (!is_word(path.substr(0, slash))) return false;
    if (slash == path.npos) return true;
    path.remove_prefix(slash + 1);
  }
}

base::Error package_damaged(const std::string& package, const std::string& message) {
  return base::make_error(base::Status::data_loss, base::Fault::missing, "package.damaged", package + ": " + message)
      .with_hint("get the package anew where it came from; weir plugin pack makes one");
}

std::string package_info_text(const PackageInfo& info) {
  ordered_json components = ordered_json::array(), files = ordered_json::array();
  for (const auto& one : info.components)
    components.push_back({{"name", one.name}, {"kind", one.kind}, {"summary", one.summary}});
  for (const PackagedFile& file : info.files) {
    ordered_json object{{"path", file.path}};
    if (file.platform) {
      ordered_json platform{{"system", file.platform->system}, {"machine", file.platform->machine}};
      if (!file.platform->libc.empty()) platform["libc"] = file.platform->libc;
      if (!file.platform->libc_version.empty()) platform["libc_version"] = file.platform->libc_version;
      object["platform"] = std::move(platform);
    }
    object["bytes"] = file.bytes;
    object["sha256"] = file.sha256;
    files.push_back(std::move(object));
  }
  const ordered_json object{{"weir_package", kPackageFormat},
                            {"name", info.name},
                            {"version", info.version_text},
                            {"license", info.license},
                            {"summary", info.summary},
                            {"abi", plugins::abi_text(info.abi)},
                            {"needs_abi", plugins::abi_text(info.needs_abi)},
                            {"components", std::move(components)},
                            {"files", std::move(files)}};
  return object.dump(1) + "\n";
}

base::Result<PackageInfo> parse_package_info(std::string_view text, const std::string& package) {
  const auto object = security::parse_document(text);
  std::string wrong;
  Members members(object, wrong);
  const ordered_json* const format = members.find("weir_package");
  if (format == nullptr || *format != kPackageFormat)
    return base::unexpected(
        package_damaged(package, "expected \"weir_package\": 1 in plugin.json, found something else"));
  PackageInfo info;
  info.name = members.text("name");
  info.version_text = members.text("version");
  info.license = members.text("license");
  info.summary = members.text("summary");
  info.abi = abi_of(members.text("abi"));
  info.needs_abi = abi_of(members.text("needs_abi"));
  if (info.abi == 0 || info.needs_abi == 0) members.blame("versions of the ABI under 'abi' and 'needs_abi'");
  if (!is_word(info.name) || info.name.size() > kMaxPath / 2) members.blame("a plain name under 'name'");
  auto version = base::parse_version(info.version_text);
  if (!version || !is_word(info.version_text)) members.blame("a version under 'version'");
  if (version) info.version = std::move(*version);
  for (const auto& one : members.list("components")) {
    Members component(one, wrong);
    info.components.push_back({component.text("name"), component.text("kind"), component.text("summary")});
  }
  for (const auto& one : members.list("files")) info.files.push_back(file_of(one, wrong));
  check_files(info, wrong);
  if (!wrong.empty())
    return base::unexpected(package_damaged(package, "expected " + wrong + " in plugin.json, found something else"));
  return info;
}

}  // namespace weir::packages
