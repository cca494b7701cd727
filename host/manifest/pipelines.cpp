#include "manifest/pipelines.hpp"

#include <algorithm>
#include <utility>

#include "base/units.hpp"
#include "manifest/overlay.hpp"
#include "manifest/vocabulary.hpp"

namespace weir::manifest {
namespace {

// Whether a key belongs to one pipeline. A description may stand everywhere.
bool of_a_pipeline(std::string_view key) {
  return key == "name" || (key != "description" && is_key_of("pipeline", key));
}

// Tells what stands at the wrong level; a key that is none is told when the pipeline is read.
void check_level(const Node& part, const std::string& what, Errors& errors) {
  for (const Member& member : part.members) {
    if (!is_key_of("manifest", member.key) || is_key_of("pipeline", member.key)) continue;
    errors.push_back(
        base::manifest_error("manifest.pipelines", what + ": '" + member.key + "' can't stand here",
                             member.key_where.place())
            .with_hint(member.key == "name" ? "a pipeline's key is its name" : "put it at the top of the file"));
  }
}

void check_top(const Node& tree, Errors& errors) {
  for (const Member& member : tree.members) {
    if (!of_a_pipeline(member.key)) continue;
    errors.push_back(base::manifest_error("manifest.pipelines", "'" + member.key + "' stands beside 'pipelines'",
                                          member.key_where.place())
                         .with_hint(member.key == "name"
                                        ? "a pipeline's key is its name"
                                        : "put it into a pipeline, or under defaults: for all of them"));
  }
}

// What is common to all, without what belongs to one.
Node common_part(const Node& tree) {
  Node common = tree;
  std::erase_if(common.members, [](const Member& member) { return of_a_pipeline(member.key); });
  return common;
}

Node named(const Member& pipeline, const Node& common, const Node& defaults) {
  Node name;
  name.kind = Kind::text;
  name.text = pipeline.key;
  name.where = pipeline.key_where;
  Node whole = common;
  whole.where = pipeline.key_where;
  if (defaults.kind == Kind::object) overlay(whole, defaults);
  overlay(whole, pipeline.value);
  put(whole, {"name", pipeline.key_where, std::move(name)});
  return whole;
}

bool chosen_one(const std::string& name, const std::vector<std::string>& chosen) {
  return chosen.empty() || std::find(chosen.begin(), chosen.end(), name) != chosen.end();
}

void check_choice(const Node& pipelines, const std::vector<std::string>& chosen, Errors& errors) {
  std::vector<std::string> names;
  std::string list;
  for (const Member& member : pipelines.members) {
    names.push_back(member.key);
    list += (list.empty() ? "" : ", ") + member.key;
  }
  for (const std::string& name : chosen) {
    if (pipelines.find(name) != nullptr) continue;
    const std::string near = base::nearest(name, names);
    errors.push_back(
        base::manifest_error("manifest.pipelines", "expected a pipeline '" + name + "', found none", pipelines.place())
            .with_hint(near.empty() ? "there are: " + list : "did you mean '" + near + "'?"));
  }
}

Node only_one(Node tree, const Node& defaults, const std::vector<std::string>& chosen, Errors& errors) {
  if (defaults.kind == Kind::object) {
    Node whole = defaults;
    whole.where = tree.where;
    overlay(whole, tree);
    tree = std::move(whole);
  }
  const Node* const name = tree.find("name");
  for (const std::string& one : chosen) {
    if (name != nullptr && name->text == one) continue;
    errors.push_back(base::manifest_error("manifest.pipelines",
                                          "expected a pipeline '" + one + "', found a manifest without 'pipelines'",
                                          {tree.where.source ? tree.where.source->file() : "", 0, 0, 0, {}})
                         .with_hint(one.ends_with(".yaml") || one.ends_with(".yml") || one.ends_with(".json")
                                        ? "give one manifest at a time: weir run " + one
                                        : "leave the name away"));
  }
  return tree;
}

}  // namespace

std::vector<Node> split_pipelines(Node tree, const std::vector<std::string>& chosen, Errors& errors) {
  const Node defaults = take(tree, "defaults");
  if (defaults.kind == Kind::object)
    check_level(defaults, "defaults", errors);
  else if (given(&defaults))
    errors.push_back(wrong_value(defaults, "defaults", "", "an object with keys of a manifest"));
  if (tree.find("pipelines") == nullptr) return {only_one(std::move(tree), defaults, chosen, errors)};
  const Node pipelines = take(tree, "pipelines");
  if (pipelines.kind != Kind::object || pipelines.members.empty()) {
    errors.push_back(wrong_value(pipelines, "pipelines", "", "an object of names and pipelines")
                         .with_hint("write pipelines: { NAME: { extract: …, load: … } }"));
    return {};
  }
  check_top(tree, errors);
  check_choice(pipelines, chosen, errors);
  const Node common = common_part(tree);
  std::vector<Node> trees;
  for (const Member& pipeline : pipelines.members) {
    if (pipeline.value.kind != Kind::object) {
      errors.push_back(
          wrong_value(pipeline.value, "pipelines: " + pipeline.key, "", "an object with 'extract' and 'load'"));
      continue;
    }
    check_level(pipeline.value, "pipelines: " + pipeline.key, errors);
    if (chosen_one(pipeline.key, chosen)) trees.push_back(named(pipeline, common, defaults));
  }
  return trees;
}

}  // namespace weir::manifest
