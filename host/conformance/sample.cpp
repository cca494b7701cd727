#include "conformance/sample.hpp"

#include <weir/cpp/type_names.hpp>

#include "base/hex.hpp"
#include "conformance/verdict.hpp"
#include "manifest/options.hpp"
#include "manifest/schema.hpp"

namespace weir::conformance {
namespace {

using Json = nlohmann::ordered_json;

base::Result<weir::Schema> columns_of(const Json& types) {
  std::vector<weir::Schema> fields;
  for (const auto& [name, type] : types.items()) {
    std::string text = type.is_string() ? type.get<std::string>() : std::string();
    constexpr std::string_view kNotNull = " not null";
    const bool nullable = !text.ends_with(kNotNull);
    if (!nullable) text.resize(text.size() - kNotNull.size());
    const bool list = text.starts_with("list<") && text.ends_with(">");
    if (list) text = text.substr(5, text.size() - 6);
    const auto named = weir::type_named(text);
    if (!named) return fail("`conformance` has a column '" + name + "' of an unknown type: " + type.dump());
    fields.push_back(list ? weir::Schema::nested("+l", name, weir::Schema::field(named->format, "item"))
                          : weir::Schema::field(named->format, name, nullable));
  }
  return weir::Schema::rows(std::move(fields));
}

base::Result<std::string> bytes_in(const Json& text) {
  if (text.is_string()) return text.get<std::string>();
  const auto bytes = text.is_object() && text.contains("hex") && text["hex"].is_string()
                         ? base::from_hex(text["hex"].get<std::string>())
                         : std::nullopt;
  if (bytes) return *bytes;
  return fail("`conformance` has bytes that are neither a text nor {\"hex\": \"00ff\"}");
}

const Json& standard_columns() {
  static const Json columns = Json::parse(
      R"json({"id": "int64", "name": "string", "amount": "double", "price": "decimal(10,2)", "active": "bool",
          "day": "date", "at": "timestamp(us, UTC)"})json");
  return columns;
}

// The first example of each option that the schema requires.
Json required_options(const Json& schema) {
  Json options = Json::object();
  const Json properties = schema.value("properties", Json::object());
  for (const auto& name : schema.value("required", Json::array())) {
    const auto property = properties.find(name.get<std::string>());
    if (property == properties.end()) continue;
    const auto examples = property->find("examples");
    if (examples != property->end() && !examples->empty()) options[name.get<std::string>()] = examples->front();
  }
  return options;
}

}  // namespace

base::Result<Sample> sample_of(const plugins::ComponentInfo& component) {
  Sample sample;
  const Json about = Json::parse(component.about, nullptr, false);
  const Json said = about.is_object() ? about.value("conformance", Json::object()) : Json::object();
  if (!said.is_object()) return fail("`conformance` is no object");
  sample.options = said.contains("options") ? said["options"] : required_options(component.schema);
  WEIR_TRY_ASSIGN(sample.columns, columns_of(said.value("columns", standard_columns())));
  const Json files = said.value("files", Json::object());
  for (const auto& [name, text] : files.items()) {
    WEIR_TRY_ASSIGN(std::string bytes, bytes_in(text));
    sample.files.push_back({name, std::move(bytes)});
  }
  if (said.contains("document")) {
    WEIR_TRY_ASSIGN(sample.document, bytes_in(said["document"]));
  }
  sample.filled_by = said.value("filled_by", std::string());
  return sample;
}

base::Result<Json> completed(const plugins::ComponentInfo& component, const Json& options,
                             const std::filesystem::path& folder) {
  manifest::Use use;
  use.name = component.name;
  use.link = component.name;
  use.options = manifest::node_from_json(options);
  manifest::OptionsContext context;
  context.folder = folder;
  WEIR_TRY_ASSIGN(manifest::Config config, manifest::check_options(use, component.schema, context));
  return std::move(config.json);
}

}  // namespace weir::conformance
