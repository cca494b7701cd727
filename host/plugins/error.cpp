// Errors of plugins made errors of the host.
#include "plugins/error.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/utf8.hpp"

namespace weir::plugins {
namespace {

constexpr std::array<std::string_view, 17> kNames = {
    "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED"};

// Takes a text out of a fixed array that may lack its final zero. `known`: the plugin's struct reaches so far.
template <std::size_t N>
std::string text_in(const char (&array)[N], bool known) {
  if (!known) return {};
  const std::string_view text(array, ::strnlen(array, N));
  return base::repaired_utf8(text.substr(0, N - 1));
}

std::string lower(std::string_view name) {
  std::string out(name);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter; });
  return out;
}

// Without a word of the plugin, the status tells whose turn it is.
base::Fault fault_of(weir_status status, std::int32_t fault) {
  if (fault >= WEIR_FAULT_MANIFEST && fault <= WEIR_FAULT_PLUGIN) return static_cast<base::Fault>(fault);
  return status == WEIR_INTERNAL || status == WEIR_UNIMPLEMENTED ? base::Fault::plugin : base::Fault::unknown;
}

std::string called(const Culprit& culprit) {
  return "plugin '" + std::string(culprit.plugin) + "', " + std::string(culprit.function) + "()";
}

std::string message_of(weir_status status, std::string told, const std::string& column, const Culprit& culprit) {
  if (told.empty()) {
    told = called(culprit) + ": expected a message with " + std::string(status_name(status)) + ", found none";
  }
  if (column.empty() || told.find(column) != std::string::npos) return told;
  return "column '" + column + "': " + told;
}

}  // namespace

bool known_status(weir_status status) { return status >= 0 && static_cast<std::size_t>(status) < kNames.size(); }

std::string_view status_name(weir_status status) {
  return known_status(status) ? kNames[static_cast<std::size_t>(status)] : std::string_view("not a status");
}

base::Error misbehaviour(const Culprit& culprit, std::string code, std::string_view what) {
  base::Error error = base::make_error(base::Status::internal, base::Fault::plugin, std::move(code),
                                       called(culprit) + ": " + std::string(what));
  error.link = culprit.link;
  error.hint = "this is a fault of the plugin: tell its authors, or try another version";
  return error;
}

PluginError plugin_error(weir_status status, const weir_error& error, const Culprit& culprit) {
  PluginError made;
  if (!known_status(status) || status == WEIR_OK) {
    made.error =
        misbehaviour(culprit, "plugin.bad_status", "expected a status of weir.h, found " + std::to_string(status));
    return made;
  }
  if (error.fault < WEIR_FAULT_UNKNOWN || error.fault > WEIR_FAULT_PLUGIN) {
    made.error =
        misbehaviour(culprit, "plugin.bad_status", "expected a fault of weir.h, found " + std::to_string(error.fault));
    return made;
  }
  // The host made the struct, with its own size; who filled it in may have known less, but then left the rest as it
  // was.
  made.object = text_in(error.object, WEIR_HAS(&error, object));
  made.column = text_in(error.column, WEIR_HAS(&error, column));
  made.option = text_in(error.option, WEIR_HAS(&error, option));
  made.offset = std::max<std::int64_t>(error.offset, -1);
  if (WEIR_HAS(&error, length)) made.length = std::max<std::int64_t>(error.length, 0);
  made.row = std::max<std::int64_t>(error.row, WEIR_NO_ROW);
  made.native_code = error.native_code;
  made.retry_after_ns = std::max<std::int64_t>(error.retry_after_ns, 0);
  made.error.status = static_cast<base::Status>(status);
  made.error.fault = fault_of(status, error.fault);
  made.error.code = "plugin." + lower(status_name(status));
  made.error.message = message_of(status, text_in(error.message, true), made.column, culprit);
  const bool told_whose = made.error.fault != base::Fault::plugin && made.error.fault != base::Fault::unknown;
  if (!told_whose && made.error.message.find(called(culprit)) == std::string::npos) {
    made.error.message.insert(0, called(culprit) + ": ");
  }
  made.error.hint = text_in(error.hint, WEIR_HAS(&error, hint));
  made.error.link = culprit.link;
  return made;
}

}  // namespace weir::plugins
