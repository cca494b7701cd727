// PluginError: what a plugin's function returned, as an error of the host.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <weir/weir.h>

#include "base/error.hpp"

namespace weir::plugins {

// An error, and the places that the plugin gave: the caller, who knows manifest and data, turns them into error.place.
struct PluginError {
  base::Error error;
  std::string object;  // a table, a file; empty: none
  std::string column;
  std::string option;              // JSON pointer into the config; empty: none
  std::int64_t offset = -1;        // bytes from the start of the input, the chunk, or the option's text; -1: none
  std::int64_t length = 0;         // bytes at fault from there; 0: not known
  std::int64_t row = WEIR_NO_ROW;  // of the batch in hand
  std::int64_t native_code = 0;
  std::int64_t retry_after_ns = 0;
};

// Who was called, for attribution.
struct Culprit {
  std::string_view plugin;
  std::string_view link;      // empty: none
  std::string_view function;  // "process", "open_reader"
};

// Makes one of `status` (not OK) and what the plugin filled in. Texts end at their array's end at the latest, and
// become valid UTF-8; an empty message says which function of which plugin returned what. A status that does not exist,
// a fault that does not: misbehaviour (fault plugin, INTERNAL, plugin.bad_status). Code: "plugin." and the status's
// name ("plugin.not_found"). The message begins with "column 'x': " if a column was named and the text does not name
// it. Threads: [any].
PluginError plugin_error(weir_status status, const weir_error& error, const Culprit& culprit);

// Makes a misbehaviour: `plugin` broke the contract in `function`. Fault plugin, status INTERNAL.
base::Error misbehaviour(const Culprit& culprit, std::string code, std::string_view what);

// Tells whether `status` is one of the codes of weir.h.
bool known_status(weir_status status);

// The name of a status as weir.h spells it, without the prefix: "NOT_FOUND".
std::string_view status_name(weir_status status);

// Makes an empty weir_error for a call: size set, "unknown" everywhere.
inline weir_error empty_error() {
  weir_error error;
  weir_error_clear(&error);
  return error;
}

}  // namespace weir::plugins
