#include "manifest/documents.hpp"

#include <filesystem>
#include <utility>

#include "manifest/overlay.hpp"
#include "manifest/parse.hpp"

namespace weir::manifest {
namespace {

namespace fs = std::filesystem;

class Loader {
 public:
  Loader(const Use& use, const Json& root, const OptionsContext& context, std::vector<ConfigFile>& files,
         Errors& errors)
      : use_(use), root_(root), context_(context), files_(files), errors_(errors) {}

  void load(Node& node, const Json& schema, const std::string& name, int depth) {
    const Json& rule = resolved(schema, root_);
    if (!rule.is_object() || depth > kMaxSchemaDepth) return;
    const auto format = rule.find("format");
    if (format != rule.end() && node.kind == Kind::text && !node.text.empty()) {
      if (*format == "document" && !load_document(node, name)) return;
      if (*format == "file") look_at_file(node, name);
    }
    for (Member& member : node.members) {
      const std::string inner = name.empty() ? member.key : name + "." + member.key;
      if (const Json* const found = member_schema(rule, member.key)) load(member.value, *found, inner, depth + 1);
    }
    const auto items = rule.find("items");
    for (std::size_t at = 0; at < node.items.size(); ++at) {
      if (items == rule.end() || !items->is_object()) break;
      load(node.items[at], *items, name + "[" + std::to_string(at) + "]", depth + 1);
    }
    for (const char* const key : {"allOf", "anyOf", "oneOf"}) {
      const auto branches = rule.find(key);
      if (branches == rule.end() || !branches->is_array()) continue;
      for (const Json& branch : *branches) load(node, branch, name, depth + 1);
    }
  }

 private:
  // The path that is written at `node`, and as messages name it: from where the manifest's own name starts.
  std::pair<fs::path, std::string> path_of(const Node& node) const {
    const fs::path real = node.where.folder_or(context_.folder) / node.text;
    const fs::path beside = node.where.source ? fs::path(node.where.source->file()).parent_path() : fs::path();
    return {real, (beside / node.text).lexically_normal().string()};
  }

  void fail(const Node& node, const std::string& name, const std::string& message, std::string hint) {
    base::Error error =
        base::manifest_error("manifest.document", use_.name + ": option '" + name + "': " + message, node.place());
    error.hint = std::move(hint);
    error.link = use_.link;
    errors_.push_back(std::move(error));
  }

  bool load_document(Node& node, const std::string& name) {
    const auto [path, shown] = path_of(node);
    std::error_code problem;
    if (!fs::is_regular_file(path, problem)) {
      fail(node, name, "expected a file of YAML or JSON, found none at '" + shown + "'", kStart);
      return false;
    }
    auto source = read_source(path.string(), shown);
    auto tree = source ? parse(*source) : base::Result<Node>(base::unexpected(source.error()));
    if (!tree) {
      errors_.push_back(std::move(tree).error());
      return false;
    }
    if (tree->kind != Kind::object) {
      fail(*tree, name, "expected an object in '" + shown + "', found " + describe(*tree), "");
      return false;
    }
    take(*tree, "$schema");
    files_.push_back({path.string(), std::string((*source)->text())});
    node = std::move(*tree);
    return true;
  }

  // It need not be read here: when it was written, and how much, tells one content from another.
  void look_at_file(const Node& node, const std::string& name) {
    const auto [path, shown] = path_of(node);
    std::error_code problem;
    if (!fs::is_regular_file(path, problem)) {
      return fail(node, name, "expected a file, found none at '" + shown + "'", kStart);
    }
    const auto size = fs::file_size(path, problem);
    const auto written = fs::last_write_time(path, problem).time_since_epoch().count();
    files_.push_back({path.string(), std::to_string(size) + " " + std::to_string(written)});
  }

  static constexpr const char* kStart = "paths start at the folder of the file that they are written in";
  const Use& use_;
  const Json& root_;
  const OptionsContext& context_;
  std::vector<ConfigFile>& files_;
  Errors& errors_;
};

}  // namespace

void load_documents(const Use& use, Node& options, const Json& schema, const OptionsContext& context,
                    std::vector<ConfigFile>& files, Errors& errors) {
  Loader(use, schema, context, files, errors).load(options, schema, "", 0);
}

}  // namespace weir::manifest
