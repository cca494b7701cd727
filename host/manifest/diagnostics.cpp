// Diagnostics: errors as text, in as many details as the lines allow, and as JSON.
#include "manifest/diagnostics.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <tuple>

#include "base/sort.hpp"
#include "base/units.hpp"
#include "base/utf8.hpp"
#include "manifest/shown_line.hpp"

namespace weir::manifest {
namespace {

using base::Error;
using base::Place;

// How much is told of each error.
enum class Detail { all, no_code, no_snippet, head };

std::string painted(const RenderOptions& options, std::string_view colour, const std::string& text) {
  return options.colour ? std::string(colour) + text + "\x1b[0m" : text;
}

constexpr std::string_view kRed = "\x1b[1;31m";
constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kBlue = "\x1b[34m";

std::string place_text(const Place& place) {
  std::string text = printable(place.file);
  if (place.line > 0) text += ":" + std::to_string(place.line);
  if (place.line > 0 && place.column > 0) text += ":" + std::to_string(place.column);
  return text + ": ";
}

// Cuts a message that would fill the screen, at a whole character.
std::string shortened(std::string text) {
  constexpr std::size_t kLongest = 1200;
  if (text.size() <= kLongest) return text;
  std::size_t cut = kLongest;
  while ((static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80) --cut;
  return text.substr(0, cut) + "…";
}

void append_snippet(const Place& place, const RenderOptions& options, std::vector<std::string>& lines) {
  if (place.line == 0 || place.column == 0 || place.source_line.empty()) return;
  const ShownLine shown = show_line(place.source_line, place.column - 1, place.length, options.width);
  const std::string number = std::to_string(place.line);
  const std::string gutter(number.size() < 3 ? 3 - number.size() : 0, ' ');
  lines.push_back(painted(options, kBlue, gutter + number + " | ") + shown.text);
  lines.push_back(painted(options, kBlue, gutter + std::string(number.size(), ' ') + " | ") +
                  std::string(shown.caret_column, ' ') +
                  painted(options, kRed, "^" + std::string(shown.caret_length - 1, '~')));
}

std::vector<std::string> lines_of(const Error& error, Detail detail, const RenderOptions& options) {
  std::vector<std::string> lines;
  const std::string place = error.place.known() ? place_text(error.place) : std::string();
  lines.push_back(painted(options, kBold, place) + painted(options, kRed, "error: ") +
                  shortened(printable(error.message)));
  if (detail <= Detail::no_code) append_snippet(error.place, options, lines);
  if (detail <= Detail::no_snippet && !error.hint.empty()) {
    lines.push_back(painted(options, kBold, "hint: ") + shortened(printable(error.hint)));
  }
  if (detail == Detail::all && !error.code.empty()) lines.push_back("code: " + printable(error.code));
  return lines;
}

// The errors in their order, each without its `also`, however deep.
void flatten(const Error& error, std::vector<const Error*>& all) {
  all.push_back(&error);
  for (const Error& other : error.also) flatten(other, all);
}

std::string join(const std::vector<std::string>& lines, std::size_t count) {
  std::string text;
  for (std::size_t at = 0; at < count; ++at) text += lines[at] + "\n";
  return text;
}

const char* status_name(base::Status status) {
  static constexpr std::array<const char*, 17> kNames{
      "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
      "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
      "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
      "DATA_LOSS", "UNAUTHENTICATED"};
  const auto number = static_cast<std::size_t>(status);
  return number < kNames.size() ? kNames[number] : "UNKNOWN";
}

const char* fault_name(base::Fault fault) {
  static constexpr std::array<const char*, 9> kNames{"unknown", "manifest", "source",  "data",     "destination",
                                                     "plugin",  "host",     "missing", "integrity"};
  const auto number = static_cast<std::size_t>(fault);
  return number < kNames.size() ? kNames[number] : "unknown";
}

nlohmann::ordered_json place_to_json(const Place& place) {
  nlohmann::ordered_json json{{"file", base::repaired_utf8(place.file)}};
  if (place.line > 0) json["line"] = place.line;
  if (place.column > 0) json["column"] = place.column;
  if (place.length > 0) json["length"] = place.length;
  if (!place.source_line.empty()) json["source_line"] = base::repaired_utf8(place.source_line);
  return json;
}

}  // namespace

Error joined(std::vector<Error> errors) {
  std::vector<Error> all;
  for (Error& error : errors) {
    std::vector<Error> others = std::move(error.also);
    error.also.clear();
    all.push_back(std::move(error));
    std::move(others.begin(), others.end(), std::back_inserter(all));
  }
  const auto rank = [](const Error& error) {
    return std::tuple(!error.place.known(), std::string_view(error.place.file), error.place.line, error.place.column);
  };
  base::sort_stably(all, rank);
  const auto same = [&rank](const Error& a, const Error& b) { return rank(a) == rank(b) && a.message == b.message; };
  all.erase(std::unique(all.begin(), all.end(), same), all.end());
  Error first = std::move(all.front());
  first.also.assign(std::make_move_iterator(all.begin() + 1), std::make_move_iterator(all.end()));
  return first;
}

std::string render(const Error& error, const RenderOptions& options) {
  std::vector<const Error*> all;
  flatten(error, all);
  std::vector<std::string> lines;
  for (const Detail detail : {Detail::all, Detail::no_code, Detail::no_snippet, Detail::head}) {
    lines.clear();
    for (const Error* const one : all) {
      if (lines.size() > options.max_lines && detail != Detail::head) break;
      const auto more = lines_of(*one, detail, options);
      lines.insert(lines.end(), more.begin(), more.end());
    }
    if (lines.size() <= options.max_lines) return join(lines, lines.size());
  }
  const std::size_t told = std::max<std::size_t>(options.max_lines, 2) - 1;  // heads: one line each
  return join(lines, told) + "and " + base::format_count(lines.size() - told) + " more\n";
}

nlohmann::ordered_json to_json(const Error& error) {
  nlohmann::ordered_json json;
  const auto put = [&json](const char* key, const std::string& text) {
    if (!text.empty()) json[key] = base::repaired_utf8(text);
  };
  put("code", error.code);
  json["status"] = status_name(error.status);
  json["fault"] = fault_name(error.fault);
  put("message", error.message);
  put("hint", error.hint);
  put("link", error.link);
  if (error.place.known()) json["place"] = place_to_json(error.place);
  for (const Error& other : error.also) json["also"].push_back(to_json(other));
  return json;
}

}  // namespace weir::manifest
