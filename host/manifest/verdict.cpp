// valijson's verdict. It alone is included here, as it takes long to compile.
#include <algorithm>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "manifest/schema.hpp"

namespace weir::manifest {
namespace {

// Whether a text somewhere in `value` is too long for the matcher of std::regex, which recurses once a byte.
bool holds_long_text(const Json& value) {
  if (value.is_string()) return value.get_ref<const std::string&>().size() > kMaxMatchedBytes;
  return value.is_structured() && std::any_of(value.begin(), value.end(), holds_long_text);
}

// Takes "pattern" out of a schema (not a property of that name): the explanation has checked it where it could.
void drop_patterns(Json& schema) {
  if (schema.is_object() && schema.contains("pattern") && schema["pattern"].is_string()) schema.erase("pattern");
  if (!schema.is_structured()) return;
  for (Json& inner : schema) drop_patterns(inner);
}

std::string pointer_of(const std::vector<std::string>& context) {
  std::string pointer;
  for (const std::string& part : context) {
    if (part == "<root>") continue;
    const bool bracketed = part.size() > 2 && part.front() == '[' && part.back() == ']';
    pointer += "/" + (bracketed ? part.substr(1, part.size() - 2) : part);
  }
  return pointer;
}

}  // namespace

base::Result<Verdict> judge(const Json& schema, const Json& value) {
  try {
    Json used = schema;
    if (holds_long_text(value)) drop_patterns(used);
    valijson::Schema compiled;
    valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
    parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(used), compiled);
    valijson::Validator validator;
    valijson::ValidationResults results;
    Verdict verdict;
    verdict.accepted = validator.validate(compiled, valijson::adapters::NlohmannJsonAdapter(value), &results);
    valijson::ValidationResults::Error problem;
    std::size_t deepest = 0;
    while (results.popError(problem)) {  // the deepest says most
      if (problem.context.size() < deepest) continue;
      deepest = problem.context.size();
      verdict.pointer = pointer_of(problem.context);
      verdict.reason = problem.description;
    }
    return verdict;
  } catch (const std::exception& problem) {
    base::Error error = base::make_error(base::Status::internal, base::Fault::plugin, "plugin.schema",
                                         std::string("expected a JSON Schema of draft 7, found one that does not parse: ") + problem.what());
    return base::unexpected(std::move(error).with_hint("the plugin's author must correct it"));
  }
}

}  // namespace weir::manifest
