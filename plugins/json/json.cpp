// The plugin json: one format, read and written.
#include <algorithm>
#include <string>

#include <weir/cpp/append.hpp>
#include <weir/weir.hpp>

#include "encoder.hpp"
#include "reader.hpp"
#include "weir_plugin_info.h"

namespace weir::json {
namespace {

struct Sniffer {
  static std::int32_t sniff(const weir_sniff& found) {
    const std::string_view name = to_view(found.name), head = to_view(found.head);
    for (const std::string_view ending : {".json", ".ndjson", ".jsonl"}) {
      if (name.ends_with(ending)) return 90;
    }
    const std::size_t first = head.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && (head[first] == '{' || head[first] == '[') ? 40 : 0;
  }
};

// Whether lines may follow what is there.
struct Following {
  static void fits(const Context& /*context*/, const ArrowSchema& /*input*/, std::string_view head) {
    constexpr std::string_view kBlank = " \t\r\n";
    const std::size_t begin = std::min(head.find_first_not_of(kBlank), head.size());
    const std::string_view first = head.substr(begin, head.find('\n', begin) - begin);
    if (first.empty()) return;  // only blank lines
    const bool array = first[0] == '[';
    const bool cut = first.size() == head.size() - begin;  // its end is not known, if there is more
    if (first[0] == '{' && (cut || first[first.find_last_not_of(kBlank)] == '}')) return;
    throw Failure(
        WEIR_FAILED_PRECONDITION, WEIR_FAULT_DESTINATION,
        std::string("expected lines of an object each, found ") + (array             ? "an array"
                                                                   : first[0] == '{' ? "an object over several lines"
                                                                                     : "something else"))
        .hint("rows are written as lines: write to another file, and make lines of this one by a run of its own");
  }
  static std::string between(const Context& /*context*/, std::string_view tail) {
    return tail.ends_with('\n') ? "" : "\n";
  }
};

const void* extension(weir_string id) {
  return to_view(id) == WEIR_APPEND ? &kAppend<Following> : detail::format_extension<JsonReader>(id);
}

constexpr weir_component component() {
  weir_component made = format<JsonReader, LinesEncoder, Sniffer>("json");
  made.extension = extension;
  return made;
}

}  // namespace
}  // namespace weir::json

WEIR_PLUGIN(weir::json::component());
