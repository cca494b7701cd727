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

// Takes a keyword whose value is a text out of a schema (not a property of that name): the explanation checks it.
void drop(Json& schema, const char* keyword) {
  if (schema.is_object() && schema.contains(keyword) && schema[keyword].is_string()) schema.erase(keyword);
  if (!schema.is_structured()) return;
  for (Json& inner : schema) drop(inner, keyword);
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
    drop(used, "format");  // valijson throws when a value with a format is no text
    if (holds_long_text(value)) drop(used, "pattern");
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
    base::Error error = base::make_error(
        base::Status::internal, base::Fault::plugin, "plugin.schema",
        std::string("expected a JSON Schema of draft 7, found one that does not parse: ") + problem.what());
    return base::unexpected(std::move(error).with_hint("the plugin's author must correct it"));
  }
}

}  // namespace weir::manifest
