// Compatibility of a plugin's file with this host.
#include "plugins/compatibility.hpp"

#include <charconv>

#include <weir/weir.h>

#include "plugins/object_file.hpp"
#include "plugins/system.hpp"

namespace weir::plugins {
namespace {

constexpr std::uint32_t kMinors = 65536;

unsigned leading_number(std::string_view& text) {
  unsigned value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  text.remove_prefix(problem == std::errc{} ? static_cast<std::size_t>(end - text.data()) : text.size());
  if (text.starts_with('.')) text.remove_prefix(1);
  return value;
}

std::string preview_text(std::uint32_t preview) {
  const std::string major = "ABI " + std::to_string(WEIR_ABI / kMinors);
  return preview == 0 ? major + ", no preview" : major + ", preview " + std::to_string(preview);
}

}  // namespace

int compare_dotted(std::string_view a, std::string_view b) {
  while (!a.empty() || !b.empty()) {
    const unsigned x = leading_number(a), y = leading_number(b);
    if (x != y) return x < y ? -1 : 1;
  }
  return 0;
}

base::Error plugin_refused(std::string code, std::string message, std::string hint) {
  base::Error error =
      base::make_error(base::Status::failed_precondition, base::Fault::missing, std::move(code), std::move(message));
  error.hint = std::move(hint);
  return error;
}

base::Result<void> check_abi(std::uint32_t abi, std::uint32_t needs_abi, const std::string& plugin) {
  const std::uint32_t major = WEIR_ABI / kMinors;
  if (abi / kMinors != major || needs_abi / kMinors != major) {
    const std::uint32_t foreign = abi / kMinors != major ? abi : needs_abi;
    return base::unexpected(plugin_refused(
        "plugin.foreign_abi",
        plugin + ": expected a plugin of ABI " + std::to_string(major) + ", found ABI " + abi_text(foreign),
        foreign > WEIR_ABI ? "install a newer weir, or an older version of the plugin"
                           : "install a newer version of the plugin"));
  }
  if (needs_abi > WEIR_ABI) {
    return base::unexpected(plugin_refused("plugin.needs_newer_abi",
                                           plugin + ": expected a plugin that runs with ABI " + abi_text(WEIR_ABI) +
                                               ", found one that needs at least " + abi_text(needs_abi),
                                           "install a newer weir, or an older version of the plugin"));
  }
  return {};
}

// While the ABI is a preview, structs may change in other ways than at their ends: nothing of another one can be called.
base::Result<void> check_preview(std::uint32_t preview, const std::string& plugin) {
  if (preview == WEIR_ABI_PREVIEW) return {};
  const bool newer = preview == 0 || preview > WEIR_ABI_PREVIEW;
  return base::unexpected(plugin_refused(
      "plugin.foreign_abi",
      plugin + ": expected a plugin of " + preview_text(WEIR_ABI_PREVIEW) + ", found one of " + preview_text(preview),
      newer ? "install a newer weir, or an older version of the plugin"
            : "install a newer version of the plugin, or build it again with this weir's SDK"));
}

base::Result<void> check_compatible(const PluginInfo& info, const std::filesystem::path& path) {
  const std::string plugin = path.string();
  if (info.machine.ends_with(kForWindows)) {
    return base::unexpected(plugin_refused("plugin.wrong_system",
                                           plugin + ": built for Windows, this host is for Linux",
                                           "install the plugin's .so file for " + std::string(host_machine())));
  }
  if (info.machine != host_machine()) {
    return base::unexpected(
        plugin_refused("plugin.wrong_machine",
                       plugin + ": built for " + info.machine + ", this host is " + std::string(host_machine()),
                       "install the plugin's file for " + std::string(host_machine())));
  }
  WEIR_TRY(check_abi(info.abi, info.needs_abi, plugin));
  WEIR_TRY(check_preview(info.preview, plugin));
  if (!info.glibc.empty() && compare_dotted(info.glibc, libc_version()) > 0) {
    return base::unexpected(plugin_refused(
        "plugin.libc_too_old", plugin + ": needs GLIBC_" + info.glibc + ", this machine has " + libc_version(),
        "take a file of the plugin that was built on an older system, or run weir on a newer one"));
  }
  return {};
}

}  // namespace weir::plugins
