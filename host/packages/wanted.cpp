#include "packages/wanted.hpp"

#include <algorithm>
#include <iterator>

#include "manifest/diagnostics.hpp"
#include "manifest/manifest.hpp"
#include "manifest/network.hpp"
#include "observe/redact.hpp"

namespace weir::packages {
namespace {

namespace fs = std::filesystem;
using manifest::Node;

// What a run knows, and an installer does not.
bool is_of_a_run(const base::Error& error) {
  return error.code == "manifest.interpolation" || error.code == "manifest.secrets";
}

// How servers are reached is asked by an installer, too: what could not be put in there is an error.
bool is_of_network(const base::Error& error, const Node& tree) {
  const Node* const network = tree.find("network");
  if (network == nullptr || error.place.line == 0) return false;
  for (const manifest::Member& member : network->members) {
    const base::Place at = member.value.place();
    if (at.file == error.place.file && at.line == error.place.line && at.column <= error.place.column &&
        error.place.column < at.column + member.value.where.length)
      return true;
  }
  return false;
}

class Collector {
 public:
  void add(const manifest::Manifest& manifest, std::vector<base::Error>& errors) {
    add_network(manifest, errors);
    file_ = manifest.file;
    for (const auto& requirement : manifest.plugins)
      wanted_[requirement.plugin].push_back({file_, requirement.versions, requirement.where.place()});
    add_uses(manifest.tree, "");
  }
  Needs take() { return {std::move(wanted_), network_}; }

 private:
  void add_network(const manifest::Manifest& manifest, std::vector<base::Error>& errors) {
    const Node* const node = manifest.tree.find("network");
    if (!manifest::given(node)) return;
    manifest::Errors told;  // when the manifest was read
    const manifest::Network said = manifest::read_network(*node, manifest.folder, told);
    Network network;
    network.proxy = said.proxy;
    network.authorities = said.authorities.string();
    if (network.proxy.empty() && network.authorities.empty()) return;
    const bool same = network.proxy == network_.proxy && network.authorities == network_.authorities;
    if (!said_by_.empty() && !same) {
      base::Error error = base::manifest_error(
          "install.network",
          "expected one network: of all manifests that are installed for, found another in " + said_by_,
          said.where.place());
      errors.push_back(
          std::move(error).with_hint("weir install MANIFEST installs for one; a file that both include says it once"));
      return;
    }
    network_ = std::move(network);
    said_by_ = manifest.file;
  }

  void add_uses(const Node& node, const std::string& key) {
    const std::size_t colon = node.kind == manifest::Kind::text && key == "use" ? node.text.rfind(':') : node.text.npos;
    if (colon != node.text.npos && colon > 0) {
      std::vector<WantedBy>& by = wanted_[node.text.substr(0, colon)];
      const bool known = std::any_of(by.begin(), by.end(), [this](const auto& one) { return one.manifest == file_; });
      if (!known) by.push_back({file_, {}, node.where.place()});
    }
    for (const Node& item : node.items) add_uses(item, "");
    for (const manifest::Member& member : node.members) add_uses(member.value, member.key);
  }

  Wanted wanted_;
  Network network_;
  std::string said_by_;  // which manifest said so first
  std::string file_;
};

}  // namespace

base::Result<Needs> needs_of(const std::vector<fs::path>& manifests) {
  Collector collector;
  std::vector<base::Error> errors;
  observe::Redactor redactor;
  for (const fs::path& file : manifests) {
    for (manifest::Draft& draft : manifest::load_drafts(file.string(), {}, redactor)) {
      const Node& tree = draft.manifest.tree;
      std::erase_if(draft.errors,
                    [&tree](const base::Error& error) { return is_of_a_run(error) && !is_of_network(error, tree); });
      if (draft.readable) collector.add(draft.manifest, draft.errors);
      std::move(draft.errors.begin(), draft.errors.end(), std::back_inserter(errors));
    }
  }
  if (!errors.empty()) return base::unexpected(manifest::joined(std::move(errors)));
  return collector.take();
}

}  // namespace weir::packages
