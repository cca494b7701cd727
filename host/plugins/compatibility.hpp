// Whether a plugin, by what its file says, can run in this host at all.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "plugins/info.hpp"

namespace weir::plugins {

// Checks machine, major and lowest ABI, and the C library's version. Errors, fault missing, each with a cure:
// plugin.wrong_system, plugin.wrong_machine, plugin.foreign_abi, plugin.needs_newer_abi, plugin.libc_too_old. Threads: [any].
base::Result<void> check_compatible(const PluginInfo& info, const std::filesystem::path& path);

// The ABI alone. `plugin` is for messages.
base::Result<void> check_abi(std::uint32_t abi, std::uint32_t needs_abi, const std::string& plugin);

// An error of a plugin that can't be used: fault missing, status FAILED_PRECONDITION.
base::Error plugin_refused(std::string code, std::string message, std::string hint);

// Compares two versions of numbers and dots ("2.9" < "2.34"); <0, 0, >0.
int compare_dotted(std::string_view a, std::string_view b);

}  // namespace weir::plugins
