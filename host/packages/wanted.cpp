#include "packages/wanted.hpp"

#include <algorithm>
#include <iterator>

#include "manifest/diagnostics.hpp"
#include "manifest/manifest.hpp"
#include "observe/redact.hpp"

namespace weir::packages {
namespace {

namespace fs = std::filesystem;
using manifest::Node;

// What a run knows, and an installer does not.
bool is_of_a_run(const base::Error& error) {
  return error.code == "manifest.interpolation" || error.code == "manifest.secrets";
}

class Collector {
 public:
  void add(const manifest::Manifest& manifest) {
    file_ = manifest.file;
    for (const auto& requirement : manifest.plugins)
      wanted_[requirement.plugin].push_back({file_, requirement.versions, requirement.where.place()});
    add_uses(manifest.tree, "");
  }
  Wanted take() { return std::move(wanted_); }

 private:
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
  std::string file_;
};

}  // namespace

base::Result<Wanted> wanted_by(const std::vector<fs::path>& manifests) {
  Collector collector;
  std::vector<base::Error> errors;
  observe::Redactor redactor;
  for (const fs::path& file : manifests) {
    for (manifest::Draft& draft : manifest::load_drafts(file.string(), {}, redactor)) {
      if (draft.readable) collector.add(draft.manifest);
      std::erase_if(draft.errors, is_of_a_run);
      std::move(draft.errors.begin(), draft.errors.end(), std::back_inserter(errors));
    }
  }
  if (!errors.empty()) return base::unexpected(manifest::joined(std::move(errors)));
  return collector.take();
}

}  // namespace weir::packages
