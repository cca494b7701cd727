#include "packages/pack.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "security/checksum.hpp"
#include "security/small_file.hpp"

namespace weir::packages {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;
using plugins::PluginInfo;

base::Error packing_error(std::string code, std::string message, std::string hint) {
  return base::make_error(base::Status::invalid_argument, base::Fault::manifest, std::move(code), std::move(message))
      .with_hint(std::move(hint));
}

base::Result<void> add_file(Packing& packing, const std::string& path, const fs::path& file,
                            std::optional<Platform> platform = std::nullopt) {
  std::string bytes;
  security::FileProblem problem;
  if (!security::read_file(file, kMaxPackageBytes, bytes, problem)) {
    return base::unexpected(packing_error("package.source",
                                          file.string() + ": expected a file for the package, found: " + problem.text(),
                                          "--readme, --license and --sbom say which files they are"));
  }
  packing.head.info.files.push_back({path, bytes.size(), security::sha256_of(bytes), std::move(platform)});
  packing.sources.push_back({path, file, {}});
  return {};
}

void add_text(Packing& packing, const std::string& path, std::string text) {
  packing.head.info.files.push_back({path, text.size(), security::sha256_of(text), {}});
  packing.sources.push_back({path, {}, std::move(text)});
}

// What both say of the plugin; what differs is told.
base::Result<void> same_plugin(const PluginInfo& first, const PluginInfo& other, const fs::path& path) {
  const auto refuse = [&path](const std::string& what, const std::string& a, const std::string& b) {
    return base::unexpected(
        packing_error("package.binaries",
                      path.string() + ": expected the same " + what + " in each binary, found " + b + " beside " + a,
                      "build all of them from the same source"));
  };
  if (first.name != other.name) return refuse("plugin", first.name, other.name);
  if (first.version_text != other.version_text) return refuse("version", first.version_text, other.version_text);
  if (first.license != other.license) return refuse("licence", first.license, other.license);
  if (first.components.size() != other.components.size())
    return refuse("components", std::to_string(first.components.size()), std::to_string(other.components.size()));
  for (std::size_t i = 0; i < first.components.size(); ++i) {
    const auto &a = first.components[i], &b = other.components[i];
    if (a.name != b.name) return refuse("components", a.name, b.name);
    if (a.about != b.about) return refuse("description of " + a.name, "another", "one");
  }
  return {};
}

// CycloneDX 1.5, without a time or a serial number: the same for the same binaries.
std::string bill_of(const PackageInfo& info, const std::vector<PluginInfo>& binaries) {
  std::set<std::string> needed;
  for (const PluginInfo& one : binaries) needed.insert(one.needed.begin(), one.needed.end());
  ordered_json components = ordered_json::array();
  components.push_back({{"type", "framework"}, {"name", "weir-sdk"}, {"version", binaries.front().sdk}});
  for (const std::string& library : needed)
    components.push_back({{"type", "library"}, {"name", library}, {"scope", "required"}});
  const ordered_json licenses = ordered_json::array({{{"expression", info.license}}});
  return ordered_json{
             {"bomFormat", "CycloneDX"},
             {"specVersion", "1.5"},
             {"version", 1},
             {"metadata",
              {{"component",
                {{"type", "library"}, {"name", info.name}, {"version", info.version_text}, {"licenses", licenses}}}}},
             {"components", std::move(components)}}
             .dump(1) +
         "\n";
}

PackageInfo info_of(const PluginInfo& plugin) {
  PackageInfo info;
  info.name = plugin.name;
  info.version_text = plugin.version_text;
  info.version = plugin.version;
  info.license = plugin.license;
  info.summary = plugin.summary;
  info.abi = plugin.abi;
  info.needs_abi = plugin.needs_abi;
  for (const auto& one : plugin.components) info.components.push_back({one.name, one.kind_text, one.summary});
  return info;
}

base::Result<void> add_binaries(Packing& packing, const std::vector<fs::path>& paths,
                                std::vector<PluginInfo>& binaries) {
  for (const fs::path& path : paths) {
    WEIR_TRY_ASSIGN(PluginInfo plugin, plugins::read_info(path));
    if (binaries.empty()) packing.head.info = info_of(plugin);
    if (!binaries.empty()) WEIR_TRY(same_plugin(binaries.front(), plugin, path));
    const Platform platform = platform_of(plugin);
    const std::string place = platform.folder() + "/" + plugin.name + ".so";
    const auto& files = packing.head.info.files;
    if (std::any_of(files.begin(), files.end(), [&](const auto& file) { return file.path == place; })) {
      return base::unexpected(
          packing_error("package.binaries",
                        path.string() + ": expected one binary for each platform, found another for " + platform.text(),
                        "give one file for each machine"));
    }
    WEIR_TRY(add_file(packing, place, path, platform));
    binaries.push_back(std::move(plugin));
  }
  return {};
}

}  // namespace

std::string package_name(const PackageInfo& info) { return info.name + "-" + info.version_text + ".weirpkg"; }

base::Result<Packing> prepare_package(const PackRequest& request) {
  Packing packing;
  std::vector<PluginInfo> binaries;
  std::vector<fs::path> paths = request.binaries;
  std::sort(paths.begin(), paths.end());
  WEIR_TRY(add_binaries(packing, paths, binaries));
  WEIR_TRY(add_file(packing, "README.md", request.readme));
  WEIR_TRY(add_file(packing, "LICENSE", request.license));
  if (request.bill.empty()) {
    add_text(packing, "sbom.json", bill_of(packing.head.info, binaries));
  } else {
    WEIR_TRY(add_file(packing, "sbom.json", request.bill));
  }
  packing.head.info_text = package_info_text(packing.head.info);
  WEIR_TRY(
      parse_package_info(packing.head.info_text, package_name(packing.head.info)));  // what it refuses is no package
  return packing;
}

base::Result<PackageHead> sign_package(const fs::path& path, const security::PrivateKey& key) {
  std::vector<FileSource> sources;
  const auto keep = [&sources](const PackagedFile& file, std::span<const std::uint8_t> bytes) -> base::Result<void> {
    if (sources.empty() || sources.back().path != file.path) sources.push_back({file.path, {}, {}});
    sources.back().text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return {};
  };
  WEIR_TRY_ASSIGN(PackageHead head, read_package(path, keep));
  WEIR_TRY_ASSIGN(security::Signature signature, key.sign(kPackageType, head.info_text));
  std::erase_if(head.signatures, [&signature](const auto& one) { return one.key == signature.key; });
  head.signatures.push_back(std::move(signature));
  WEIR_TRY(write_package(path, head, sources));
  return head;
}

}  // namespace weir::packages
