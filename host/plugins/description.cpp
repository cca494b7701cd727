// Checks of a plugin's constant description. A pointer to nowhere can't be told from a good one; everything else can.
#include "plugins/description.hpp"

#include <cstdint>
#include <string>
#include <string_view>

#include "plugins/compatibility.hpp"

namespace weir::plugins {
namespace {

using base::Result;

constexpr std::uint64_t kMaxComponents = 1000;
constexpr std::uint64_t kMaxDescribedText = 16U << 20U;
constexpr std::size_t kMaxStruct = 1U << 20U;

base::Unexpected bad(const std::string& plugin, const std::string& what) {
  return base::unexpected(plugin_refused("plugin.bad_description", "plugin '" + plugin + "': " + what,
                                         "this is a fault of the plugin: build it again, or tell its authors"));
}

bool aligned(const void* pointer) { return (reinterpret_cast<std::uintptr_t>(pointer) & 7U) == 0; }

bool possible(weir_string text) {
  return text.length <= kMaxDescribedText && (text.length == 0 || text.data != nullptr);
}

std::string_view view_of(weir_string text) { return {text.data, text.length}; }

std::string name_of(const char* what, const char* function) { return std::string(what) + "." + function; }

// The functions that a table lacks are told one at a time, the first one first.
struct DescribedNeeds {
  std::string missing;

  void function(bool there, const char* table, const char* name) {
    if (!there && missing.empty()) missing = name_of(table, name);
  }
};

#define WEIR_NEEDS(needs, table, label, name) (needs).function(WEIR_CAN(table, name), label, #name)

// Whether a table is there and its size possible; says so if not.
template <class Table>
const Table* table_at(const void* pointer, const char* name, DescribedNeeds& needs) {
  const auto* table = static_cast<const Table*>(pointer);
  const bool good =
      table != nullptr && aligned(table) && table->size >= sizeof(std::size_t) && table->size <= kMaxStruct;
  needs.function(good, name, "size");
  return good ? table : nullptr;
}

void check_reader(const weir_reader* pointer, DescribedNeeds& needs) {
  const auto* reader = table_at<weir_reader>(pointer, "reader", needs);
  if (reader == nullptr) return;
  WEIR_NEEDS(needs, reader, "reader", read);
  WEIR_NEEDS(needs, reader, "reader", close);
}

void check_extractor(const void* pointer, DescribedNeeds& needs) {
  const auto* table = table_at<weir_extractor>(pointer, "extractor", needs);
  if (table == nullptr) return;
  WEIR_NEEDS(needs, table, "extractor", plan);
  WEIR_NEEDS(needs, table, "extractor", open);
  check_reader(WEIR_HAS(table, reader) ? table->reader : nullptr, needs);
}

void check_transformer(const void* pointer, DescribedNeeds& needs) {
  const auto* table = table_at<weir_transformer>(pointer, "transformer", needs);
  if (table == nullptr) return;
  WEIR_NEEDS(needs, table, "transformer", create);
  WEIR_NEEDS(needs, table, "transformer", process);
  WEIR_NEEDS(needs, table, "transformer", destroy);
}

void check_loader(const void* pointer, DescribedNeeds& needs) {
  const auto* table = table_at<weir_loader>(pointer, "loader", needs);
  if (table == nullptr) return;
  WEIR_NEEDS(needs, table, "loader", open);
  const auto* writer = table_at<weir_writer>(WEIR_HAS(table, writer) ? table->writer : nullptr, "writer", needs);
  if (writer != nullptr) {
    WEIR_NEEDS(needs, writer, "writer", write);
    WEIR_NEEDS(needs, writer, "writer", prepare);
    WEIR_NEEDS(needs, writer, "writer", close);
  }
  if (!WEIR_HAS(table, committer) || table->committer == nullptr) return;
  const auto* committer = table_at<weir_committer>(table->committer, "committer", needs);
  if (committer == nullptr) return;
  WEIR_NEEDS(needs, committer, "committer", open);
  WEIR_NEEDS(needs, committer, "committer", close);
  needs.function(WEIR_CAN(committer, last_committed) || WEIR_CAN(committer, commit), "committer",
                 "last_committed or commit");
}

void check_format(const void* pointer, DescribedNeeds& needs) {
  const auto* table = table_at<weir_format>(pointer, "format", needs);
  if (table == nullptr) return;
  const bool reads = WEIR_CAN(table, open_reader), writes = WEIR_CAN(table, open_encoder);
  needs.function(reads || writes, "format", "open_reader or open_encoder");
  if (reads) check_reader(table->reader, needs);
  if (!writes) return;
  WEIR_NEEDS(needs, table, "format", encode);
  WEIR_NEEDS(needs, table, "format", end);
  WEIR_NEEDS(needs, table, "format", close_encoder);
}

void check_storage(const void* pointer, DescribedNeeds& needs) {
  const auto* table = table_at<weir_storage>(pointer, "storage", needs);
  if (table == nullptr) return;
  WEIR_NEEDS(needs, table, "storage", create);
  WEIR_NEEDS(needs, table, "storage", destroy);
  needs.function(WEIR_CAN(table, open_read) || WEIR_CAN(table, open_write), "storage", "open_read or open_write");
  if (WEIR_CAN(table, open_write)) WEIR_NEEDS(needs, table, "storage", commit);
}

void check_codec(const void* pointer, DescribedNeeds& needs) {
  const auto* table = table_at<weir_codec>(pointer, "codec", needs);
  if (table == nullptr) return;
  WEIR_NEEDS(needs, table, "codec", create);
  WEIR_NEEDS(needs, table, "codec", destroy);
  WEIR_NEEDS(needs, table, "codec", step);
}

void check_connection(const void* pointer, DescribedNeeds& needs) {
  const auto* table = table_at<weir_connection>(pointer, "connection", needs);
  if (table == nullptr) return;
  WEIR_NEEDS(needs, table, "connection", connect);
  WEIR_NEEDS(needs, table, "connection", ping);
  WEIR_NEEDS(needs, table, "connection", disconnect);
}

#undef WEIR_NEEDS

std::string missing_function(const weir_component& component) {
  DescribedNeeds needs;
  switch (component.kind) {
    case WEIR_KIND_EXTRACTOR: check_extractor(component.table, needs); break;
    case WEIR_KIND_TRANSFORMER: check_transformer(component.table, needs); break;
    case WEIR_KIND_LOADER: check_loader(component.table, needs); break;
    case WEIR_KIND_FORMAT: check_format(component.table, needs); break;
    case WEIR_KIND_STORAGE: check_storage(component.table, needs); break;
    case WEIR_KIND_CODEC: check_codec(component.table, needs); break;
    case WEIR_KIND_CONNECTION: check_connection(component.table, needs); break;
    default: break;  // a later kind: left alone
  }
  return needs.missing;
}

Result<void> check_component(const weir_component* component, std::uint64_t number, const PluginInfo& info) {
  const std::string nth = "component " + std::to_string(number + 1);
  if (component == nullptr || !aligned(component))
    return bad(info.name, nth + ": expected a description, found a null or misaligned pointer");
  if (!WEIR_HAS(component, table) || component->size > kMaxStruct) {
    return bad(info.name, nth + ": expected a size of at least " + std::to_string(sizeof(weir_component)) + ", found " +
                              std::to_string(component->size));
  }
  if (!possible(component->name) || !possible(component->about))
    return bad(info.name, nth + ": expected a name and a text, found a null pointer or an impossible length");
  const std::string name(view_of(component->name));
  const ComponentInfo* told = nullptr;
  for (const ComponentInfo& other : info.components) {
    if (other.name == name && (told == nullptr || other.kind == component->kind)) told = &other;
  }
  if (told == nullptr)
    return bad(info.name, nth + ": expected one that section .weir describes, found '" + name.substr(0, 128) + "'");
  if (told->kind != 0 && told->kind != component->kind) {
    return bad(info.name, "component '" + name + "': expected kind " + told->kind_text +
                              ", as section .weir says, found " + std::string(kind_name(component->kind)) + " (" +
                              std::to_string(component->kind) + ")");
  }
  const std::string missing = missing_function(*component);
  if (!missing.empty()) return bad(info.name, "component '" + name + "': expected " + missing + ", found none");
  return {};
}

Result<void> check_components(const weir_plugin& plugin, const PluginInfo& info) {
  if (plugin.count > kMaxComponents || (plugin.count > 0 && plugin.components == nullptr)) {
    return bad(info.name, "expected at most " + std::to_string(kMaxComponents) + " components, found " +
                              std::to_string(plugin.count) +
                              (plugin.components == nullptr ? " behind a null pointer" : ""));
  }
  if (plugin.count != info.components.size()) {
    return bad(info.name, "expected " + std::to_string(info.components.size()) +
                              " components, as section .weir says, found " + std::to_string(plugin.count));
  }
  for (std::uint64_t i = 0; i < plugin.count; ++i) {
    WEIR_TRY(check_component(plugin.components[i], i, info));
    for (std::uint64_t k = 0; k < i; ++k) {
      const std::string_view name = view_of(plugin.components[i]->name);
      if (name == view_of(plugin.components[k]->name) && plugin.components[i]->kind == plugin.components[k]->kind)
        return bad(info.name, "expected each component once, found '" + std::string(name) + "' twice");
    }
  }
  return {};
}

}  // namespace

Result<void> check_description(const weir_plugin* plugin, const PluginInfo& info) {
  if (plugin == nullptr || !aligned(plugin))
    return bad(info.name, "expected weir_plugin_v1() to return a description, found a null or misaligned pointer");
  if (!WEIR_HAS(plugin, components) || plugin->size > kMaxStruct) {
    return bad(info.name, "expected a description of at least " + std::to_string(sizeof(weir_plugin)) +
                              " bytes, found " + std::to_string(plugin->size));
  }
  WEIR_TRY(check_abi(plugin->abi, plugin->needs_abi, "plugin '" + info.name + "'"));
  if (!possible(plugin->name) || !possible(plugin->version))
    return bad(info.name, "expected a name and a version, found a null pointer or an impossible length");
  if (view_of(plugin->name) != info.name)
    return bad(info.name, "expected the name that section .weir says, found '" +
                              std::string(view_of(plugin->name).substr(0, 128)) + "'");
  if (view_of(plugin->version) != info.version_text) {
    return bad(info.name, "expected version " + info.version_text + ", as section .weir says, found '" +
                              std::string(view_of(plugin->version).substr(0, 64)) + "'");
  }
  if (plugin->open == nullptr || plugin->close == nullptr)
    return bad(info.name, "expected open() and close(), found a null pointer");
  return check_components(*plugin, info);
}

}  // namespace weir::plugins
