// The plugin csv: one format, comma-separated text (RFC 4180) read and written.
#include <weir/cpp/append.hpp>
#include <weir/weir.hpp>

#include "encoder.hpp"
#include "encoding.hpp"
#include "following.hpp"
#include "options.hpp"
#include "reader.hpp"
#include "weir_plugin_info.h"

namespace weir::csv {

struct Csv {
  static std::int32_t sniff(const weir_sniff& object) {
    return sniff_csv(to_view(object.name), to_view(object.content_type), to_view(object.head));
  }
};

const void* extension(weir_string id) {
  if (to_view(id) == WEIR_DECODER) return &kDecoder;
  if (to_view(id) == WEIR_APPEND) return &kAppend<Following>;
  return detail::format_extension<CsvReader>(id);
}

constexpr weir_component component() {
  weir_component made = format<CsvReader, CsvEncoder, Csv>("csv");
  made.extension = extension;
  return made;
}

}  // namespace weir::csv

WEIR_PLUGIN(weir::csv::component());
