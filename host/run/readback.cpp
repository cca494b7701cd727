#include "run/readback.hpp"

#include <algorithm>

#include "manifest/parse.hpp"

namespace weir::run {

using nlohmann::ordered_json;

const manifest::Use* find_load(const manifest::Manifest& manifest, const std::string& link) {
  const auto find = [&link](const std::vector<manifest::Use>& uses) -> const manifest::Use* {
    const auto found =
        std::find_if(uses.begin(), uses.end(), [&link](const manifest::Use& use) { return use.link == link; });
    return found == uses.end() ? nullptr : &*found;
  };
  const manifest::Use* found = find(manifest.load);
  for (const auto& branch : manifest.branches) {
    if (found == nullptr) found = find(branch.load);
  }
  return found;
}

base::Result<manifest::Use> readback_use(const manifest::Use& use, const plugins::Component& loader) {
  const plugins::Readback& readback = *loader.info->readback;
  manifest::Use read;
  read.name = readback.use;
  read.plugin = loader.plugin_info().name;
  read.link = use.link;
  read.where = use.where;
  read.options.kind = manifest::Kind::object;
  read.options.where = use.options.where;
  for (const auto& [option, from] : readback.options) {
    if (const auto* const given = use.options.member(from)) {
      read.options.members.push_back({option, given->key_where, given->value});
      continue;
    }
    const ordered_json& declared = loader.info->schema.at("properties").at(from);
    if (!declared.contains("default")) continue;
    WEIR_TRY_ASSIGN(const auto source, manifest::make_source(use.name, declared["default"].dump()));
    WEIR_TRY_ASSIGN(auto value, manifest::parse_json(source));
    read.options.members.push_back({option, {}, std::move(value)});
  }
  return read;
}

std::vector<std::string> key_columns(const manifest::Use& use, const plugins::Component& loader) {
  std::vector<std::string> columns;
  const auto* const given = use.options.find(loader.info->readback->key);
  if (given == nullptr) return columns;
  if (given->kind == manifest::Kind::text) columns.push_back(given->text);
  for (const auto& item : given->items) columns.push_back(item.text);
  return columns;
}

base::Error no_readback(const plugins::Component& loader) {
  return base::make_error(base::Status::unimplemented, base::Fault::destination, "verify.no_readback",
                          "the loader '" + loader.info->name + "' of the plugin '" + loader.plugin_info().name +
                              "' has no extractor to read it back through");
}

std::string destination_text(const plugins::Component& found, const pipeline::Component& component,
                             const std::vector<std::pair<std::string, std::string>>& options) {
  ordered_json told{{"use", component.plugin + ":" + component.name}};
  const ordered_json properties = found.info->schema.value("properties", ordered_json::object());
  for (const auto& [option, value] : component.config->options().items()) {
    const bool secret = properties.value(option, ordered_json::object()).value("writeOnly", false);
    const bool counts =
        options.empty() ||
        std::any_of(options.begin(), options.end(), [&name = option](const auto& one) { return one.second == name; });
    if (counts && !secret) told["options"][option] = value;
  }
  return told.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace weir::run
