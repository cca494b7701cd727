#include "cli/plugin_page.hpp"

#include <algorithm>
#include <array>

#include "base/counted.hpp"
#include "base/units.hpp"
#include "cli/option_rows.hpp"
#include "cli/text.hpp"
#include "plugins/debian_packages.hpp"

namespace weir::cli {
namespace {

using nlohmann::ordered_json;
using plugins::ComponentInfo;
using plugins::Inspection;

constexpr const char* kIndent = "             ";

std::string page_line(const char* head, const std::string& text) {
  const std::string label = "  " + std::string(head);
  return label + std::string(std::string_view(kIndent).size() - label.size(), ' ') + text + "\n";
}

std::string file_name(const std::string& path) { return std::filesystem::path(path).filename().string(); }

std::string listed(const std::vector<std::string>& names, std::size_t most) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), most); ++i) text += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > most) text += " and " + base::format_count(names.size() - most) + " more";
  return text;
}

std::string floor_text(const Inspection& plugin) {
  std::string text = plugin.info.glibc.empty() ? std::string() : "glibc " + plugin.info.glibc;
  if (!plugin.object.libstdcxx.empty())
    text += (text.empty() ? "" : ", ") + std::string("libstdc++ GLIBCXX_") + plugin.object.libstdcxx;
  return text;
}

std::string symbols_text(const plugins::ObjectDetails& object) {
  std::string text = base::format_count(object.exported.size()) + " exported";
  if (!object.exported.empty()) text += " (" + listed(object.exported, 5) + ")";
  text += ", " + base::format_count(object.undefined.size()) + " undefined";
  if (object.unique > 0) text += "; " + base::format_count(object.unique) + " of them a process has only once";
  return text;
}

// What may surprise whoever loads it.
std::string warnings_text(const Inspection& plugin) {
  std::string text;
  const auto visible = plugins::visible_libraries(plugin.object.exported);
  if (!visible.empty())
    text += page_line("carries", listed(visible, 8) + ", whose symbols others can bind to: link it hidden");
  if (plugin.object.static_tls)
    text +=
        page_line("threads", "static thread-local storage: it can't be loaded once the loader's reserve is used up");
  if (plugin.info.go) {
    const std::string version = plugin.object.go_version.empty() ? "" : " (" + plugin.object.go_version + ")";
    text += page_line("runtime", "Go" + version + ": it is never unloaded, and a process has only one such plugin");
  }
  return text;
}

// What it needs that this machine does not have; at most ten of a kind.
std::string missing_text(const plugins::Needs& needs) {
  constexpr std::size_t kMost = 10;
  std::string text;
  for (const plugins::NeededLibrary* library : needs.missing())
    text += page_line("missing", "library " + library->name + ", needed by " + file_name(library->needed_by) + ": " +
                                     plugins::cure_for_library(library->name));
  for (std::size_t i = 0; i < std::min(kMost, needs.versions.size()); ++i) {
    const auto& part = needs.versions[i];
    text += page_line("missing",
                      part.name + ", needed by " + file_name(part.needed_by) + ": " + part.library + " is older");
  }
  for (std::size_t i = 0; i < std::min(kMost, needs.symbols.size()); ++i) {
    const auto& part = needs.symbols[i];
    text += page_line("missing", "symbol " + part.name + ", needed by " + file_name(part.needed_by) +
                                     ": no library that is linked has it");
  }
  if (needs.symbols.size() > kMost)
    text += page_line("missing", base::format_count(needs.symbols.size() - kMost) + " more symbols");
  return text;
}

std::string libraries_text(const PluginPage& page) {
  if (page.inspection.info.needed.empty())
    return page_line("libraries", "none") + (page.needs ? missing_text(*page.needs) : std::string());
  std::string text;
  if (!page.needs)
    return page_line("libraries", listed(page.inspection.info.needed, page.inspection.info.needed.size()));
  for (const auto& library : page.needs->libraries) {
    if (library.file.empty() || library.needed_by != page.file.string()) continue;
    text += page_line(text.empty() ? "libraries" : "", library.name + "  " + library.file.string());
  }
  return text + missing_text(*page.needs);
}

std::string file_text(const PluginPage& page) {
  const auto& [info, said, object] = page.inspection;
  std::string text = page_line("file", page.file.string() + ", " + base::format_binary_bytes(object.bytes));
  text += page_line("sha256", object.sha256) + page_line("licence", info.license);
  text += page_line("abi", "built with " + plugins::abi_text(info.abi) + ", needs " +
                               plugins::abi_text(info.needs_abi) + "  (sdk " + info.sdk + ")");
  text += page_line("machine", info.machine);
  if (object.cpu_level > 0) text += page_line("processor", "x86-64-v" + std::to_string(object.cpu_level) + " or later");
  if (const std::string floor = floor_text(page.inspection); !floor.empty()) text += page_line("needs", floor);
  text += libraries_text(page);
  text += page_line("symbols", symbols_text(object)) + warnings_text(page.inspection);
  for (const auto& section : object.sections)
    text +=
        page_line("section", section.name + "  " + base::format_binary_bytes(section.bytes) + "  " + section.sha256);
  return text;
}

// What the text has beyond what is shown of it anyway, member by member.
std::string rest_text(const ordered_json& object, std::initializer_list<std::string_view> shown,
                      const std::string& indent) {
  std::string text;
  for (const auto& [name, value] : object.items()) {
    if (std::find(shown.begin(), shown.end(), name) != shown.end()) continue;
    text += indent + name + ": " + value.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
  }
  return text;
}

const ordered_json* told_of(const PluginPage& page, const ComponentInfo& component) {
  for (const ordered_json& told : page.told) {
    if (told.value("name", "") == component.name && told.value("kind", "") == component.kind_text) return &told;
  }
  return nullptr;
}

std::string told_text(const ordered_json& told) {
  std::string text;
  if (told.contains("traits")) {
    std::string traits;
    for (const auto& [name, value] : told["traits"].items())
      traits +=
          (traits.empty() ? "" : ", ") + name + " " + (value.is_string() ? value.get<std::string>() : value.dump());
    text += wrapped("traits: " + traits, "      ");
  }
  if (told.contains("error"))
    text += wrapped("traits: it would not tell: " + told["error"].value("message", ""), "      ");
  std::string extensions;
  for (const auto& id : told.value("extensions", ordered_json::array()))
    extensions += (extensions.empty() ? "" : ", ") + id.get<std::string>();
  return extensions.empty() ? text : text + wrapped("extensions: " + extensions, "      ");
}

std::string component_text(const PluginPage& page, const ComponentInfo& component) {
  std::string text = "  " + component.kind_text + " " + component.name + ": " + component.summary + "\n";
  text += wrapped(component.description, "      ");
  const auto rows = option_rows(component.schema);
  if (page.told.is_null()) {
    text += options_as_list(rows, "      ");
  } else {
    if (const ordered_json* told = told_of(page, component)) text += told_text(*told);
    text += options_as_table(rows, "      ");
  }
  const ordered_json about = ordered_json::parse(component.about, nullptr, false);
  return text + rest_text(about, {"name", "kind", "summary", "description", "schema"}, "      ");
}

ordered_json component_json(const PluginPage& page, const ComponentInfo& component) {
  ordered_json item{{"name", component.name}, {"kind", component.kind_text}, {"summary", component.summary}};
  item["description"] = component.description;
  item["options"] = options_as_json(option_rows(component.schema));
  item["schema"] = component.schema;
  const ordered_json about = ordered_json::parse(component.about, nullptr, false);
  for (const auto& [name, value] : about.items()) {
    if (!item.contains(name)) item[name] = value;
  }
  if (const ordered_json* told = page.told.is_null() ? nullptr : told_of(page, component)) {
    for (const char* const name : {"traits", "extensions", "error"}) {
      if (told->contains(name)) item[name] = (*told)[name];
    }
  }
  return item;
}

ordered_json parts_json(const std::vector<plugins::MissingPart>& parts) {
  ordered_json list = ordered_json::array();
  for (const auto& part : parts) {
    ordered_json item{{"name", part.name}, {"needed_by", part.needed_by}};
    if (!part.library.empty()) item["library"] = part.library;
    list.push_back(std::move(item));
  }
  return list;
}

ordered_json needs_json(const plugins::Needs& needs) {
  ordered_json found = ordered_json::array(), missing = ordered_json::array();
  for (const auto& library : needs.libraries) {
    if (!library.file.empty())
      found.push_back({{"name", library.name}, {"file", library.file.string()}, {"needed_by", library.needed_by}});
    else
      missing.push_back({{"name", library.name},
                         {"needed_by", library.needed_by},
                         {"cure", plugins::cure_for_library(library.name)}});
  }
  return {{"met", needs.met()},
          {"libraries", std::move(found)},
          {"missing_libraries", std::move(missing)},
          {"missing_versions", parts_json(needs.versions)},
          {"missing_symbols", parts_json(needs.symbols)}};
}

void add_object(const Inspection& plugin, ordered_json& document) {
  const plugins::ObjectDetails& object = plugin.object;
  document["bytes"] = object.bytes;
  document["sha256"] = object.sha256;
  if (object.cpu_level > 0) document["processor"] = "x86-64-v" + std::to_string(object.cpu_level);
  document["libstdcxx"] = object.libstdcxx;
  document["symbols"] = {
      {"exported", object.exported}, {"undefined", object.undefined.size()}, {"unique", object.unique}};
  document["carries"] = plugins::visible_libraries(object.exported);
  document["static_tls"] = object.static_tls;
  document["go"] = plugin.info.go;
  if (!object.go_version.empty()) document["go_version"] = object.go_version;
  document["sections"] = ordered_json::array();
  for (const auto& section : object.sections)
    document["sections"].push_back({{"name", section.name}, {"bytes", section.bytes}, {"sha256", section.sha256}});
}

}  // namespace

std::string as_text(const PluginPage& page) {
  const plugins::PluginInfo& info = page.inspection.info;
  std::string text = info.name + " " + info.version_text + "  " + info.summary + "\n" + file_text(page);
  text += rest_text(page.inspection.text,
                    {"name", "version", "summary", "license", "abi", "needs_abi", "sdk", "components"}, "  ");
  for (const ComponentInfo& component : info.components) text += component_text(page, component);
  return text;
}

ordered_json as_json(const PluginPage& page) {
  const plugins::PluginInfo& info = page.inspection.info;
  ordered_json document{{"name", info.name},
                        {"version", info.version_text},
                        {"license", info.license},
                        {"summary", info.summary},
                        {"abi", plugins::abi_text(info.abi)}};
  document["needs_abi"] = plugins::abi_text(info.needs_abi);
  document["sdk"] = info.sdk;
  document["machine"] = info.machine;
  document["glibc"] = info.glibc;
  document["needed"] = info.needed;
  document["file"] = page.file.string();
  if (page.needs) document["needs"] = needs_json(*page.needs);
  add_object(page.inspection, document);
  for (const auto& [name, value] : page.inspection.text.items()) {
    if (!document.contains(name) && name != "components") document[name] = value;
  }
  document["components"] = ordered_json::array();
  for (const ComponentInfo& component : info.components)
    document["components"].push_back(component_json(page, component));
  return document;
}

}  // namespace weir::cli
