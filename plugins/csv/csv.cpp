// The plugin csv: one format, comma-separated text (RFC 4180) read and written.
#include <weir/weir.hpp>

#include "encoder.hpp"
#include "options.hpp"
#include "reader.hpp"
#include "weir_plugin_info.h"

namespace weir::csv {

struct Csv {
  static std::int32_t sniff(const weir_sniff& object) {
    return sniff_csv(to_view(object.name), to_view(object.content_type), to_view(object.head));
  }
};

}  // namespace weir::csv

WEIR_PLUGIN(weir::format<weir::csv::CsvReader, weir::csv::CsvEncoder, weir::csv::Csv>("csv"));
