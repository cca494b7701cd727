// The plugin json: one format, read and written.
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

}  // namespace
}  // namespace weir::json

WEIR_PLUGIN(weir::format<weir::json::JsonReader, weir::json::LinesEncoder, weir::json::Sniffer>("json"));
