// Diagnostics: errors as a person reads them (place, message, source line, caret, hint) and as a program does (JSON).
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace weir::manifest {

// Makes one Error of several: in the order of their places, each told once, the first carrying the others in `also`.
// Precondition: not empty.
base::Error joined(std::vector<base::Error> errors);

struct RenderOptions {
  bool colour = false;
  std::size_t max_lines = 24;
  std::size_t width = 120;  // columns of a source line; longer ones are cut around the caret
};

// Writes an error and its `also` as text, every line ended; never more than max_lines: details go first, then errors
// ("and 7 more"). Control characters of the input are shown as \x1b. Redaction is the caller's.
std::string render(const base::Error& error, const RenderOptions& options = {});

// The same as JSON:
// {"code","status","fault","message","hint","link","place":{"file","line","column","length"},"also":[…]}; what is empty
// is left out. Invalid UTF-8 is replaced.
nlohmann::ordered_json to_json(const base::Error& error);

// Shows a text on a terminal: control characters and invalid UTF-8 as \n, \t, \x1b.
std::string printable(std::string_view text);

}  // namespace weir::manifest
