#include "manifest/chain.hpp"

#include <algorithm>
#include <set>

#include "base/units.hpp"
#include "manifest/connections.hpp"
#include "manifest/diagnostics.hpp"
#include "manifest/use.hpp"

namespace weir::manifest {
namespace {

constexpr std::size_t kLongestLink = 64;

// A use without a name yet, and the name that it gets.
struct Unnamed {
  Use* use;
  std::string fallback;
};

class ChainReader {
 public:
  ChainReader(const Node& tree, Manifest& manifest, Errors& errors)
      : tree_(tree), manifest_(manifest), errors_(errors) {}

  void read(Fields& fields) {
    const Node* const extract = fields.get("extract");
    const Node* const transform = fields.get("transform");
    const Node* const load = fields.get("load");
    const Node* const branches = fields.get("branches");
    const Node* const reject = fields.get("reject");
    if (extract)
      manifest_.extract = read_ends(*extract, "extract");
    else
      missing("extract", "where the rows come from");
    if (transform) manifest_.transform = read_transform(*transform, "transform");
    if (load)
      manifest_.load = read_ends(*load, "load");
    else if (!branches || manifest_.transform.empty())
      missing("load", "where the rows go");
    if (branches) read_branches(*branches);
    if (reject) manifest_.reject = read_use(*reject, "reject", errors_);
  }

 private:
  void missing(const std::string& key, const std::string& meaning) {
    if (misspelled(key)) return;
    errors_.push_back(base::manifest_error("manifest.missing", "expected '" + key + "', " + meaning + ", found none",
                                           Where{tree_.where.source, tree_.where.offset, 1}.place())
                          .with_hint("add " + key + ": { use: NAME, … }"));
  }

  // Whether an unknown key was meant to be `key`: then that is told, once.
  bool misspelled(const std::string& key) const {
    return std::any_of(tree_.members.begin(), tree_.members.end(), [&key](const Member& one) {
      const bool known = one.key == "extract" || one.key == "load" || one.key == "reject" || one.key == "transform";
      return !known && !base::nearest(one.key, {key}).empty();
    });
  }

  // One use, or a list of them.
  std::vector<Use> read_ends(const Node& node, const std::string& what) {
    if (node.kind != Kind::array) return {read_use(node, what, errors_)};
    if (node.items.empty()) {
      errors_.push_back(base::manifest_error("manifest.missing",
                                             what + ": expected a use or a list of uses, found an empty list",
                                             node.place())
                            .with_hint("write - { use: NAME, … } for each"));
    }
    std::vector<Use> uses;
    for (const Node& item : node.items) uses.push_back(read_use(item, what, errors_));
    return uses;
  }

  std::vector<Use> read_transform(const Node& node, const std::string& what) {
    std::vector<Use> uses;
    if (node.kind != Kind::array) {
      errors_.push_back(wrong_value(node, what, "", "a list of uses").with_hint("write - { use: NAME, … } for each"));
    }
    for (const Node& item : node.items) uses.push_back(read_use(item, what, errors_));
    return uses;
  }

  void read_branches(const Node& node) {
    if (node.kind != Kind::object) {
      errors_.push_back(wrong_value(node, "branches", "", "an object of names and branches")
                            .with_hint("write NAME: { transform: [ … ], load: { use: NAME, … } } for each"));
      return;
    }
    for (const Member& member : node.members) read_branch(member);
  }

  void read_branch(const Member& member) {
    const std::string what = "branch '" + member.key + "'";
    Branch branch{member.key, member.key_where, {}, {}};
    if (!is_link_name(member.key)) {
      errors_.push_back(base::manifest_error(
          "manifest.branch",
          "branches: expected a name of 1 to 64 letters, digits, '_' or '-', found '" + member.key + "'",
          member.key_where.place()));
    }
    Fields fields(member.value, "branch", what, errors_);
    if (const Node* const transform = fields.get("transform"))
      branch.transform = read_transform(*transform, what + ": transform");
    if (const Node* const load = fields.get("load")) {
      branch.load = read_ends(*load, what + ": load");
    } else if (branch.transform.empty() && member.value.kind == Kind::object) {
      errors_.push_back(base::manifest_error("manifest.missing",
                                             what + ": expected 'load', where the rows go, found none",
                                             member.key_where.place())
                            .with_hint("add load: { use: NAME, … }, or discard what goes there: load: discard"));
    }
    fields.refuse_unknown();
    manifest_.branches.push_back(std::move(branch));
  }

  const Node& tree_;
  Manifest& manifest_;
  Errors& errors_;
};

// All uses of the chain, with the name that each gets if it was given none.
std::vector<Unnamed> links_of(Manifest& manifest) {
  std::vector<Unnamed> links;
  const auto add = [&links](std::vector<Use>& uses, const std::string& name, const std::string& behind) {
    for (Use& use : uses) {
      const std::string full = (name.empty() ? use.name : name) + behind;
      links.push_back({&use, full.size() > kLongestLink ? full.substr(0, kLongestLink - 8) : full});
    }
  };
  add(manifest.extract, "extract", "");
  add(manifest.load, "load", "");
  if (manifest.reject) links.push_back({&*manifest.reject, "reject"});
  add(manifest.transform, "", "");
  for (Branch& branch : manifest.branches) {
    add(branch.transform, "", "-" + branch.name);
    add(branch.load, "load", "-" + branch.name);
  }
  return links;
}

}  // namespace

void read_chain(Fields& fields, const Node& tree, Manifest& manifest, Errors& errors) {
  ChainReader(tree, manifest, errors).read(fields);
}

void name_links(Manifest& manifest, Errors& errors) {
  std::set<std::string> taken;
  const std::vector<Unnamed> links = links_of(manifest);
  for (const auto& [use, fallback] : links) {
    if (use->link.empty() || taken.insert(use->link).second) continue;
    errors.push_back(
        base::manifest_error("manifest.link", "two links are named '" + use->link + "'", use->where.place())
            .with_hint("give each a name of its own, or none"));
  }
  for (const auto& [use, fallback] : links) {
    if (!use->link.empty()) continue;
    use->link = fallback;
    for (std::size_t number = 2; !taken.insert(use->link).second; ++number)
      use->link = fallback + "-" + std::to_string(number);
  }
}

void join_connections(Manifest& manifest, Errors& errors) {
  for (const auto& [use, fallback] : links_of(manifest)) join_connection(*use, manifest.connections, errors);
}

}  // namespace weir::manifest
