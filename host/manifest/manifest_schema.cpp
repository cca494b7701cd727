// The JSON Schema of a whole manifest: the vocabulary, and for each place where a component may stand a choice by `use:`.
#include <algorithm>
#include <map>
#include <utility>

#include "manifest/manifest.hpp"
#include "manifest/vocabulary.hpp"

namespace weir::manifest {
namespace {

using Ordered = nlohmann::ordered_json;

// A place for components: their kinds, and what of the host's stands beside their options.
struct Role {
  const char* name;
  std::vector<std::string> kinds;
  std::vector<std::string> beside_storage;
};

const std::vector<Role>& roles() {
  static const std::vector<Role> kRoles{
      {"extract", {"extractor", "storage"}, {"format", "codec", "max_size", "verify"}},
      {"transform", {"transformer"}, {}},
      {"load", {"loader", "storage"}, {"format", "codec", "max_size", "rows", "bytes", "by", "append"}},
      {"store", {"storage"}, {}},
      {"format", {"format"}, {}},
      {"codec", {"codec"}, {"max_size"}}};
  return kRoles;
}

Ordered reference(const std::string& definition) { return {{"$ref", "#/definitions/" + definition}}; }

// Makes a component's own references lead into its definition.
void move_references(Ordered& schema, const std::string& definition) {
  if (schema.is_object()) {
    const auto found = schema.find("$ref");
    if (found != schema.end() && found->is_string() && found->get_ref<const std::string&>().starts_with('#'))
      *found = "#/definitions/" + definition + found->get<std::string>().substr(1);
  }
  if (!schema.is_structured()) return;
  for (Ordered& inner : schema) move_references(inner, definition);
}

bool names_type(const Ordered& schema, const char* type) {
  const auto found = schema.find("type");
  if (found == schema.end()) return false;
  return *found == type || (found->is_array() && std::find(found->begin(), found->end(), type) != found->end());
}

bool holds(const Ordered& schema, std::initializer_list<const char*> keywords) {
  return std::any_of(keywords.begin(), keywords.end(), [&schema](const char* one) { return schema.contains(one); });
}

// Whether a text with ${...} fits already, or nothing like it can.
bool needs_no_variable(const Ordered& schema) {
  const bool narrow = holds(schema, {"enum", "const", "pattern", "maxLength"});
  if (names_type(schema, "string")) return !narrow;
  if (schema.contains("type"))
    return !names_type(schema, "integer") && !names_type(schema, "number") && !names_type(schema, "boolean");
  return !narrow && !holds(schema, {"$ref", "anyOf", "oneOf", "allOf"});
}

void open_inside(Ordered& schema);

// Lets a text with ${...} stand for the value.
void open(Ordered& schema) {
  if (!schema.is_object()) return;
  open_inside(schema);
  const auto format = schema.find("format");
  if (format != schema.end() && (*format == "duration" || *format == "size")) {
    const std::string unit = *format;  // "duration" means another spelling to JSON Schema
    schema.erase("format");
    if (!schema.contains("pattern")) schema["pattern"] = vocabulary()[unit]["pattern"];
  }
  if (needs_no_variable(schema)) return;
  auto opened = Ordered::object();
  for (const char* const key : {"title", "description", "default", "examples", "writeOnly"}) {
    const auto found = schema.find(key);
    if (found == schema.end()) continue;
    opened[key] = std::move(*found);
    schema.erase(key);
  }
  opened["anyOf"] = Ordered::array({std::move(schema), reference("variable")});
  schema = std::move(opened);
}

void open_inside(Ordered& schema) {
  if (!schema.is_object()) return;
  for (const char* const key : {"properties", "patternProperties"}) {
    if (!schema.contains(key) || !schema[key].is_object()) continue;
    for (auto& [name, inner] : schema[key].items()) open(inner);
  }
  for (const char* const key : {"additionalProperties", "items"}) {
    if (schema.contains(key) && schema[key].is_object()) open(schema[key]);
  }
  for (const char* const key : {"allOf", "anyOf", "oneOf", "definitions"}) {
    if (!schema.contains(key) || !schema[key].is_structured()) continue;
    for (Ordered& inner : schema[key]) open_inside(inner);
  }
  for (const char* const key : {"then", "else"}) {
    if (schema.contains(key)) open_inside(schema[key]);
  }
}

// {"if": use is it, "then": …}
Ordered when_used(const ComponentSchema& component, Ordered then) {
  Ordered words = Ordered::array({component.name, component.plugin + ":" + component.name});
  return {{"if",
           {{"type", "object"},
            {"required", Ordered::array({"use"})},
            {"properties", {{"use", {{"enum", std::move(words)}}}}}}},
          {"then", std::move(then)}};
}

class Maker {
 public:
  explicit Maker(const std::vector<ComponentSchema>& components) : components_(components) {}

  Ordered make() {
    for (const auto& [name, schema] : vocabulary().items()) {
      if (name != "manifest" && name != "use" && name != "composition" && name != "extract_only")
        definitions_[name] = schema;
    }
    for (const Role& role : roles()) add_role(role);
    definitions_["connection"] = connection();
    definitions_["provider"] = provider();
    loosen("pipeline", {"extract", "load", "reject"},
           {"transform", "checkpoint", "retry", "deadlines", "limits", "on"});
    loosen("profile", {"extract", "load", "reject"}, {"transform", "checkpoint", "retry", "deadlines", "limits", "on"});
    loosen("stream", {"extract", "load", "reject"}, {"transform", "checkpoint", "retry", "deadlines", "limits"});
    for (const char* const key : {"plugins", "connections", "secrets", "defaults", "pipelines"})
      definitions_["profile"]["properties"][key] = {{"type", Ordered::array({"object", "null"})}};
    return root();
  }

 private:
  Ordered root() const {
    Ordered properties = vocabulary()["manifest"]["properties"];
    Ordered whole = Ordered::object();
    for (const char* const key : {"extract", "load", "reject"}) {
      whole[key] = properties[key];
      properties[key]["$ref"] = properties[key]["$ref"].get<std::string>() + ".part";
    }
    const auto has = [](const char* key) { return Ordered{{"required", Ordered::array({key})}}; };
    return {{"$schema", "http://json-schema.org/draft-07/schema#"},
            {"title", "weir manifest"},
            {"description", "Where rows come from, what happens to them, and where they go."},
            {"type", "object"},
            {"additionalProperties", false},
            {"patternProperties", {{"^x-", true}}},
            {"properties", std::move(properties)},
            {"if", {{"anyOf", Ordered::array({has("include"), has("defaults"), has("pipelines")})}}},
            {"else",
             {{"required", Ordered::array({"weir", "extract"})},
              {"anyOf", Ordered::array({has("load"), has("branches")})},
              {"properties", std::move(whole)}}},
            {"definitions", definitions_}};
  }

  // The options of a component, and what of the host's stands beside them. What is required is not: a connection, or what
  // the manifest is laid over, may have it.
  std::string add_component(const ComponentSchema& component, const Role& role) {
    std::string name = std::string(role.name) + "." + component.name;
    for (int number = 2; definitions_.contains(name); ++number)
      name = std::string(role.name) + "." + component.name + "." + std::to_string(number);
    Ordered schema = component.options.is_object() ? component.options : Ordered::object();
    move_references(schema, name);
    schema.erase("required");
    open_inside(schema);
    Ordered properties = vocabulary()["use"]["properties"];
    if (schema.contains("properties")) properties.update(schema["properties"]);
    if (role.name == std::string_view("extract")) properties.update(vocabulary()["extract_only"]["properties"]);
    for (const std::string& key : role.beside_storage) {
      if (component.kind == "storage" || component.kind == "codec")
        properties[key] = vocabulary()["composition"]["properties"][key];
    }
    schema["properties"] = std::move(properties);
    const bool combined = holds(schema, {"oneOf", "anyOf", "allOf", "if", "patternProperties"});
    if (!schema.contains("additionalProperties") && !combined) schema["additionalProperties"] = false;
    if (!schema.contains("description")) schema["description"] = component.summary;
    definitions_[name] = std::move(schema);
    return name;
  }

  void add_role(const Role& role) {
    Ordered strict = Ordered::array();
    Ordered part = Ordered::array();
    Ordered names = Ordered::array();
    for (const ComponentSchema& component : components_) {
      if (std::find(role.kinds.begin(), role.kinds.end(), component.kind) == role.kinds.end()) continue;
      if (std::find(names.begin(), names.end(), component.name) == names.end()) names.push_back(component.name);
      const std::string name = add_component(component, role);
      by_name_[component.name].push_back({&component, name});
      part.push_back(when_used(component, reference(name)));
      Ordered whole = reference(name);
      if (component.options.is_object() && component.options.contains("required")) {
        const Ordered missing{{"if", {{"required", Ordered::array({"connection"})}}},
                              {"else", {{"required", component.options["required"]}}}};
        whole = {{"allOf", Ordered::array({std::move(whole), missing})}};
      }
      strict.push_back(when_used(component, std::move(whole)));
    }
    Ordered object{{"required", Ordered::array({"use"})}, {"properties", {{"use", use_of(names)}}}};
    if (!strict.empty()) object["allOf"] = std::move(strict);
    definitions_[role.name] = {{"if", {{"type", "object"}}}, {"then", std::move(object)}, {"else", use_of(names)}};
    definitions_[role.name]["type"] = Ordered::array({"object", "string"});
    Ordered partly{{"type", Ordered::array({"object", "string", "null"})}};
    if (!part.empty()) partly["allOf"] = std::move(part);
    definitions_[std::string(role.name) + ".part"] = std::move(partly);
  }

  // One of these names, or what only the loader can know: PLUGIN:NAME, and what a variable holds.
  static Ordered use_of(const Ordered& names) {
    Ordered known{{"enum", names.empty() ? Ordered::array({""}) : names}};
    return {{"anyOf", Ordered::array({std::move(known), {{"type", "string"}, {"pattern", ":|\\$\\{"}}})},
            {"description", vocabulary()["use"]["properties"]["use"]["description"]}};
  }

  Ordered connection() const {
    Ordered choices = Ordered::array();
    Ordered names = Ordered::array();
    for (const auto& [name, uses] : by_name_) {
      names.push_back(name);
      Ordered any = Ordered::array();
      for (const auto& [component, definition] : uses) any.push_back(reference(definition));
      choices.push_back(when_used(*uses.front().first, {{"anyOf", std::move(any)}}));
    }
    Ordered made{{"type", "object"},
                 {"required", Ordered::array({"use"})},
                 {"properties", {{"use", use_of(names)}, {"name", false}, {"connection", false}}}};
    if (!choices.empty()) made["allOf"] = std::move(choices);
    return made;
  }

  static Ordered provider() {
    const auto when = [](const char* use, const char* definition) {
      return Ordered{{"if", {{"properties", {{"use", {{"const", use}}}}}}}, {"then", reference(definition)}};
    };
    return {{"type", "object"},
            {"required", Ordered::array({"use"})},
            {"properties", {{"use", {{"enum", Ordered::array({"file", "exec"})}}}}},
            {"allOf", Ordered::array({when("file", "file_provider"), when("exec", "exec_provider")})}};
  }

  // What lies over something else may hold parts, and null to take away.
  void loosen(const char* definition, std::initializer_list<const char*> parts,
              std::initializer_list<const char*> nullable) {
    Ordered& made = definitions_[definition];
    made["type"] = Ordered::array({"object", "null"});
    made["additionalProperties"] = false;
    made["patternProperties"] = {{"^x-", true}};
    for (const char* const key : parts) {
      Ordered& reference = made["properties"][key]["$ref"];
      reference = reference.get<std::string>() + ".part";
    }
    for (const char* const key : nullable) {
      Ordered value = made["properties"][key];
      made["properties"][key] = {{"anyOf", Ordered::array({std::move(value), {{"type", "null"}}})}};
    }
  }

  const std::vector<ComponentSchema>& components_;
  Ordered definitions_ = Ordered::object();
  std::map<std::string, std::vector<std::pair<const ComponentSchema*, std::string>>> by_name_;
};

}  // namespace

nlohmann::ordered_json manifest_schema(const std::vector<ComponentSchema>& components) {
  return Maker(components).make();
}

}  // namespace weir::manifest
