// The made-up components of the tests, and the way a run checks a manifest.
#include "manifest/checked.hpp"

#include <map>

namespace weir::manifest::test {
namespace {

const std::map<std::string, nlohmann::json>& schemas() {
  static const std::map<std::string, nlohmann::json> kSchemas = {
      {"file", nlohmann::json::parse(R"({"type":"object","required":["path"],"properties":{
         "path":{"type":"string","format":"path"}}})")},
      {"csv", nlohmann::json::parse(R"({"type":"object","properties":{
         "header":{"type":"boolean","default":true},
         "delimiter":{"type":"string","minLength":1,"maxLength":1,"default":","},
         "types":{"type":"object","additionalProperties":{"enum":["int64","double","string","date"]}}}})")},
      {"json", nlohmann::json::parse(R"({"type":"object","properties":{}})")},
      {"filter",
       nlohmann::json::parse(R"({"type":"object","required":["where"],"properties":{"where":{"type":"string"}}})")},
      {"odd", nlohmann::json::parse(R"({"type":"object",
         "definitions":{"check":{"type":"object","required":["column"],"properties":{
           "column":{"type":"string"},"min":{"type":"number","default":0},
           "wait":{"type":"string","format":"duration","default":"5s"}}}},
         "properties":{
           "wait":{"type":"string","format":"duration","default":"1m"},
           "buffer":{"type":"string","format":"size","default":"64MiB"},
           "mode":{"enum":["append","replace","upsert"],"default":"append"},
           "port":{"type":"integer","minimum":1,"maximum":65535},
           "share":{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":1},
           "word":{"type":"string","pattern":"^[a-z]+$"},
           "keys":{"type":"array","items":{"type":"string"},"minItems":1,"maxItems":3,"uniqueItems":true},
           "checks":{"type":"array","items":{"$ref":"#/definitions/check"}},
           "either":{"oneOf":[{"type":"string","format":"path"},
                              {"type":"object","required":["url"],"properties":{"url":{"type":"string"}}}]},
           "step":{"type":"integer","multipleOf":5}, "secret":{"type":"string","writeOnly":true,"maxLength":20},
           "none":{"not":{"type":"string"}}}})")},
      {"shared", nlohmann::json::parse(R"({"type":"object","properties":{
         "list":{"type":"string","format":"file"},
         "contract":{"type":["object","string"],"format":"document","additionalProperties":false,"properties":{
           "limit":{"type":"integer"},"list":{"type":"string","format":"file"}}}}})")},
      {"plain", nlohmann::json::parse(R"({"type":"object","additionalProperties":true})")},
      {"broken", nlohmann::json::parse(R"({"type":"objekt"})")}};
  return kSchemas;
}

void check(const Use& use, const std::vector<std::string>& host_keys, std::vector<base::Error>& errors) {
  const auto found = schemas().find(use.name);
  if (found == schemas().end()) return;
  auto config = check_options(use, found->second, {"/base", host_keys, nullptr});
  if (!config) errors.push_back(std::move(config).error());
}

void check_storage(const Use& use, Side side, std::vector<base::Error>& errors) {
  if (use.name != "file") return check(use, {}, errors);
  auto composed = compose(use, side);
  if (!composed) {
    errors.push_back(std::move(composed).error());
    return;
  }
  check(composed->storage, composition_keys(), errors);
  if (composed->composition.format) check(*composed->composition.format, {}, errors);
}

}  // namespace

const nlohmann::json& schema_of(const std::string& component) { return schemas().at(component); }

Values values() {
  static const std::map<std::string, std::string> kEnvironment{
      {"HOST", "db.example"}, {"EMPTY", ""}, {"TOKEN", "s3cr3t-Zm9v"}, {"PORT", "5432"}};
  Values values;
  values.folder = "/base";
  values.parameters = {{"day", "monday"}};
  values.environment = [](const std::string& name) {
    const auto found = kEnvironment.find(name);
    return found == kEnvironment.end() ? std::nullopt : std::optional(found->second);
  };
  return values;
}

std::vector<base::Error> errors_of(const std::string& file, const std::string& text) {
  return errors_of(file, text, values());
}

std::vector<base::Error> errors_of(const std::string& file, const std::string& text, const Values& values) {
  observe::Redactor redactor;
  Draft draft = draft_from_text(file, text, values, redactor);
  std::vector<base::Error> errors = std::move(draft.errors);
  if (!draft.readable) return errors;
  const Manifest& manifest = draft.manifest;
  for (const Use& use : manifest.extract) check_storage(use, Side::read, errors);
  for (const Use& use : manifest.transform) check(use, {}, errors);
  for (const Use& use : manifest.load) check_storage(use, Side::write, errors);
  for (const Branch& branch : manifest.branches) {
    for (const Use& use : branch.transform) check(use, {}, errors);
    for (const Use& use : branch.load) check_storage(use, Side::write, errors);
  }
  return errors;
}

}  // namespace weir::manifest::test
