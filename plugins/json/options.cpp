#include "options.hpp"

#include <algorithm>

#include <weir/cpp/type_names.hpp>

namespace weir::json {

const Options::Declared* Options::declared(std::string_view column) const {
  const auto found = std::find_if(types.begin(), types.end(), [&](const auto& type) { return type.column == column; });
  return found == types.end() ? nullptr : &*found;
}

Options read_options(const Config& config) {
  Options options;
  options.ignore_unknown = config.text("/unknown_keys") == "ignore";
  if (config.has("/rows")) options.rows = RowsPath::parse(config.text("/rows"));
  for (std::uint64_t i = 0; i < config.count("/types"); ++i) {
    Options::Declared declared;
    declared.column = config.key("/types", i);
    const std::string pointer = pointer_to("/types", declared.column);
    const std::string_view name = config.text(pointer);
    declared.raw = name == "json";
    const std::optional<NamedType> type = type_named(declared.raw ? "string" : name);
    if (!type) {
      throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
                    "expected the name of a type, found \"" + std::string(name) + "\"")
          .option(pointer)
          .hint(type_hint(name));
    }
    declared.format = type->format;
    options.types.push_back(std::move(declared));
  }
  return options;
}

}  // namespace weir::json
