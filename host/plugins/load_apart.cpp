#include "plugins/load_apart.hpp"

#include <string.h>

#include "plugins/compatibility.hpp"
#include "security/program.hpp"

namespace weir::plugins {
namespace {

using security::Ending;

constexpr std::size_t kMaxChildOutput = 4U << 20U;
constexpr std::int64_t kSecond = 1'000'000'000;

std::string misfortune_of(const security::ProgramEnd& end, std::int64_t deadline_ns) {
  switch (end.ending) {
    case Ending::killed: {
      const char* name = ::sigabbrev_np(end.code);
      return "crashes: " + (name == nullptr ? "signal " + std::to_string(end.code) : "SIG" + std::string(name));
    }
    case Ending::timed_out:
      return "does not come to an end within " + std::to_string((deadline_ns + kSecond - 1) / kSecond) + " s";
    case Ending::too_much: return "writes without an end";
    case Ending::exited: break;
  }
  return end.code == 0 ? std::string() : "ends the process with " + std::to_string(end.code);
}

}  // namespace

base::Result<ApartEnd> run_apart(const std::vector<std::string>& command, std::int64_t deadline_ns) {
  security::ProgramCall call;
  call.command = command;
  call.timeout_ns = deadline_ns;
  call.max_output = kMaxChildOutput;
  WEIR_TRY_ASSIGN(security::ProgramEnd end, security::run_program(call));
  return ApartEnd{std::move(end.output), misfortune_of(end, deadline_ns), end.ending == Ending::timed_out};
}

base::Error load_misfortune(const std::filesystem::path& file, const ApartEnd& end) {
  return plugin_refused(end.hung ? "plugin.hangs_at_load" : "plugin.crashes_at_load",
                        file.string() + ": expected a plugin that can be loaded, found one that " + end.misfortune,
                        "this is a fault of the plugin: tell its authors, or install another version");
}

nlohmann::ordered_json error_as_json(const base::Error& error) {
  return {{"status", static_cast<int>(error.status)},
          {"fault", static_cast<int>(error.fault)},
          {"code", error.code},
          {"message", error.message},
          {"hint", error.hint}};
}

base::Error error_from_json(const nlohmann::ordered_json& told) {
  const auto text = [&](const char* name) {
    const auto found = told.find(name);
    return found != told.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  const auto number = [&](const char* name, int otherwise) {
    const auto found = told.find(name);
    return found != told.end() && found->is_number_integer() ? found->get<int>() : otherwise;
  };
  base::Error error = base::make_error(
      static_cast<base::Status>(number("status", static_cast<int>(base::Status::internal))),
      static_cast<base::Fault>(number("fault", static_cast<int>(base::Fault::missing))), text("code"), text("message"));
  error.hint = text("hint");
  return error;
}

}  // namespace weir::plugins
