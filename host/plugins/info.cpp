// What a plugin says of itself: from the file to a checked PluginInfo.
#include "plugins/info.hpp"

#include <array>

#include <weir/weir.h>

#include "base/utf8.hpp"
#include "plugins/compatibility.hpp"
#include "plugins/object_file.hpp"
#include "plugins/opened_file.hpp"

namespace weir::plugins {
namespace {

using Json = nlohmann::ordered_json;
using base::Result;

constexpr int kMaxJsonDepth = 64;
constexpr std::size_t kMaxInfoName = 128;
constexpr std::array<std::string_view, 8> kKinds = {"unknown", "extractor", "transformer", "loader",
                                                    "format",  "storage",   "codec",       "connection"};

base::Unexpected bad_info(const std::string& name, const std::string& what) {
  return base::unexpected(plugin_refused("plugin.bad_info", name + ": section .weir: " + what,
                                         "build the plugin again with weir_add_plugin()"));
}

std::string expected(const std::string& what, const Json& found) {
  std::string shown =
      found.is_structured() ? found.type_name() : found.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (shown.size() > 60) shown = shown.substr(0, 60) + "…";
  return "expected " + what + ", found " + base::printable(shown);
}

// How deep brackets nest, outside of texts. Whatever walks a tree by recursion needs a bound.
int depth_of(std::string_view json) {
  int depth = 0, most = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char letter = json[i];
    if (in_text) {
      if (letter == '\\') ++i;
      if (letter == '"') in_text = false;
    } else if (letter == '"') {
      in_text = true;
    } else if (letter == '{' || letter == '[') {
      most = ++depth > most ? depth : most;
    } else if (letter == '}' || letter == ']') {
      --depth;
    }
  }
  return most;
}

bool is_component_name(std::string_view name) {
  if (name.empty() || name.size() > kMaxInfoName || name[0] < 'a' || name[0] > 'z') return false;
  return name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

bool is_plugin_name(std::string_view name) {
  if (name.empty() || name.size() > kMaxInfoName || name[0] < 'a' || name[0] > 'z' || name.back() == '/') return false;
  return name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-/") == std::string_view::npos;
}

// Reads the members of one object, remembering where it stands for messages.
class Members {
 public:
  Members(const std::string& file, std::string place, const Json& object)
      : file_(file), place_(std::move(place)), object_(object) {}

  Result<std::string> text(const char* name, bool required) const {
    const auto found = object_.find(name);
    if (found == object_.end() && !required) return std::string();
    if (found == object_.end()) return bad_info(file_, place_ + "expected \"" + name + "\", found none");
    if (!found->is_string()) return bad_info(file_, place_ + "\"" + name + "\": " + expected("a text", *found));
    return found->get<std::string>();
  }

  // "1.0" as WEIR_VERSION(1, 0).
  Result<std::uint32_t> abi(const char* name) const {
    WEIR_TRY_ASSIGN(const std::string written, text(name, true));
    const auto version = base::parse_version(written);
    if (!version || version->major > 65535 || version->minor > 65535 || written.find('.') == std::string::npos) {
      return bad_info(file_, place_ + "\"" + name + "\": expected an ABI such as \"1.0\", found \"" +
                                 base::printable(written.substr(0, 60)) + "\"");
    }
    return WEIR_VERSION(version->major, version->minor);
  }

  Result<std::uint32_t> number(const char* name, std::uint32_t otherwise) const {
    const auto found = object_.find(name);
    if (found == object_.end()) return otherwise;
    if (!found->is_number_unsigned() || found->get<std::uint64_t>() > UINT32_MAX)
      return bad_info(file_, place_ + "\"" + name + "\": " + expected("a number from 0 to 4294967295", *found));
    return found->get<std::uint32_t>();
  }

 private:
  const std::string& file_;
  std::string place_;
  const Json& object_;
};

bool has_option(const ComponentInfo& component, const std::string& option) {
  const auto properties = component.schema.find("properties");
  return properties != component.schema.end() && properties->is_object() && properties->contains(option);
}

// A loader's "readback"; whether its extractor is there, and has the options, is known when all components are.
Result<Readback> readback_of(const std::string& file, const std::string& place, const ComponentInfo& component,
                             const Json& json) {
  if (!json.is_object()) return bad_info(file, place + expected("an object", json));
  const Members members(file, place, json);
  Readback readback;
  WEIR_TRY_ASSIGN(readback.use, members.text("use", true));
  WEIR_TRY_ASSIGN(readback.key, members.text("key", false));
  if (!readback.key.empty() && !has_option(component, readback.key))
    return bad_info(file, place + "\"key\": no option '" + base::printable(readback.key) + "' of the loader");
  const auto options = json.find("options");
  if (options == json.end() || !options->is_object())
    return bad_info(file,
                    place + "\"options\": " +
                        (options == json.end() ? "expected an object, found none" : expected("an object", *options)));
  for (const auto& [option, from] : options->items()) {
    if (!from.is_string() || !has_option(component, from.get<std::string>())) {
      return bad_info(file, place + "\"options\": '" + base::printable(option) +
                                "': " + expected("the name of an option of the loader", from));
    }
    readback.options.emplace_back(option, from.get<std::string>());
  }
  return readback;
}

Result<ComponentInfo> component_of(const std::string& file, const std::string& key, const Json& json) {
  const std::string place = "component '" + base::printable(key.substr(0, kMaxInfoName)) + "': ";
  if (!json.is_object()) return bad_info(file, place + expected("an object", json));
  const Members members(file, place, json);
  ComponentInfo component;
  component.name = key;
  if (json.contains("name")) {
    WEIR_TRY_ASSIGN(component.name, members.text("name", true));
  }
  if (!is_component_name(key) || !is_component_name(component.name))
    return bad_info(file, place + "expected a name of a-z, 0-9 and _, a letter first");
  WEIR_TRY_ASSIGN(component.kind_text, members.text("kind", true));
  WEIR_TRY_ASSIGN(component.summary, members.text("summary", false));
  WEIR_TRY_ASSIGN(component.description, members.text("description", false));
  component.kind = kind_from_name(component.kind_text);
  const auto schema = json.find("schema");
  component.schema = schema == json.end() ? Json::object() : *schema;
  if (!component.schema.is_object())
    return bad_info(file, place + "\"schema\": " + expected("an object", component.schema));
  if (json.contains("readback") && component.kind == WEIR_KIND_LOADER) {
    WEIR_TRY_ASSIGN(component.readback, readback_of(file, place + "\"readback\": ", component, json["readback"]));
  }
  component.about = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  return component;
}

// An extractor that a loader's rows are read back through.
Result<void> check_readback(const std::string& file, const PluginInfo& info, const ComponentInfo& loader) {
  const std::string place = "component '" + loader.name + "': \"readback\": ";
  for (const ComponentInfo& other : info.components) {
    if (other.kind != WEIR_KIND_EXTRACTOR || other.name != loader.readback->use) continue;
    for (const auto& [option, from] : loader.readback->options) {
      if (!has_option(other, option))
        return bad_info(file,
                        place + "no option '" + base::printable(option) + "' of the extractor '" + other.name + "'");
    }
    return {};
  }
  return bad_info(file, place + "no extractor '" + base::printable(loader.readback->use) + "' in the plugin");
}

Result<void> read_components(const std::string& file, const Json& json, PluginInfo& info) {
  const auto found = json.find("components");
  if (found == json.end() || !found->is_object() || found->empty()) {
    return bad_info(file, "\"components\": " + (found == json.end() ? std::string("expected an object, found none")
                                                                    : expected("an object with members", *found)));
  }
  for (const auto& [key, member] : found->items()) {
    WEIR_TRY_ASSIGN(ComponentInfo component, component_of(file, key, member));
    for (const ComponentInfo& other : info.components) {
      if (other.name == component.name && other.kind_text == component.kind_text)
        return bad_info(file, "component '" + component.name + "': expected it once, found it twice");
    }
    info.components.push_back(std::move(component));
  }
  for (const ComponentInfo& component : info.components) {
    if (component.readback) WEIR_TRY(check_readback(file, info, component));
  }
  return {};
}

}  // namespace

std::string_view kind_name(std::int32_t kind) {
  return kind > 0 && static_cast<std::size_t>(kind) < kKinds.size() ? kKinds[static_cast<std::size_t>(kind)]
                                                                    : kKinds[0];
}

std::int32_t kind_from_name(std::string_view name) {
  for (std::size_t i = 1; i < kKinds.size(); ++i) {
    if (kKinds[i] == name) return static_cast<std::int32_t>(i);
  }
  return 0;
}

std::string abi_text(std::uint32_t abi) { return std::to_string(abi >> 16U) + "." + std::to_string(abi & 0xFFFFU); }

Result<PluginInfo> parse_info(std::string_view json, const std::filesystem::path& path) {
  const std::string file = path.string();
  if (json.size() > kMaxInfoBytes)
    return bad_info(
        file, "expected at most " + std::to_string(kMaxInfoBytes) + " bytes, found " + std::to_string(json.size()));
  if (!base::is_utf8(json))
    return bad_info(file, "expected UTF-8, found another byte at " + std::to_string(base::invalid_utf8_at(json)));
  if (depth_of(json) > kMaxJsonDepth)
    return bad_info(file, "expected JSON at most " + std::to_string(kMaxJsonDepth) + " deep, found it deeper");
  const Json tree = Json::parse(json, nullptr, false);
  if (tree.is_discarded())
    return bad_info(file, "expected JSON, found \"" + base::printable(json.substr(0, 40)) + "\"");
  if (!tree.is_object()) return bad_info(file, expected("an object", tree));
  const Members members(file, "", tree);
  PluginInfo info;
  WEIR_TRY_ASSIGN(info.name, members.text("name", true));
  if (!is_plugin_name(info.name)) {
    return bad_info(file, "\"name\": expected a name of a-z, 0-9, _, - and /, a letter first, found \"" +
                              base::printable(info.name.substr(0, 60)) + "\"");
  }
  WEIR_TRY_ASSIGN(info.version_text, members.text("version", true));
  auto version = base::parse_version(info.version_text);
  if (!version) return bad_info(file, "\"version\": " + version.error().message);
  info.version = *version;
  WEIR_TRY_ASSIGN(info.license, members.text("license", false));
  WEIR_TRY_ASSIGN(info.summary, members.text("summary", false));
  WEIR_TRY_ASSIGN(info.sdk, members.text("sdk", false));
  WEIR_TRY_ASSIGN(info.abi, members.abi("abi"));
  WEIR_TRY_ASSIGN(info.needs_abi, members.abi("needs_abi"));
  WEIR_TRY_ASSIGN(info.preview, members.number("preview", info.preview));
  WEIR_TRY(read_components(file, tree, info));
  return info;
}

Result<PluginInfo> read_info(const std::filesystem::path& path) {
  WEIR_TRY_ASSIGN(const OpenedFile file, OpenedFile::open(path));
  WEIR_TRY_ASSIGN(ObjectFacts facts, read_object(file.bytes(), kMaxInfoBytes));
  WEIR_TRY_ASSIGN(PluginInfo info, parse_info(facts.info, path));
  info.machine = std::move(facts.machine);
  info.needed = std::move(facts.needed);
  info.glibc = std::move(facts.glibc);
  info.go = facts.go;
  return info;
}

}  // namespace weir::plugins
