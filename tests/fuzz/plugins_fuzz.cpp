// libFuzzer target of what reads plugins' files: any bytes are a file of whatever format they begin as, taken as a plugin and for
// its details, and any bytes are the text of a section `.weir`.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "plugins/info.hpp"
#include "plugins/object_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir::plugins;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const FileBytes bytes(text, "fuzz");
  const auto facts = read_object(bytes, kMaxInfoBytes);
  if (facts) static_cast<void>(parse_info(facts->info, "fuzz"));
  const auto details = read_details(bytes);
  if (details) static_cast<void>(visible_libraries(details->exported));
  static_cast<void>(parse_info(text, "fuzz"));
  return 0;
}
