#include "packages/relock.hpp"

#include <algorithm>
#include <set>

#include "base/units.hpp"
#include "manifest/diagnostics.hpp"
#include "packages/package_file.hpp"

namespace weir::packages {
namespace {

namespace fs = std::filesystem;
using plugins::FoundPlugin;
using plugins::LockedPlugin;

base::Error lock_error(base::Fault fault, const char* code, std::string message, std::string hint) {
  return base::make_error(base::Status::failed_precondition, fault, code, std::move(message))
      .with_hint(std::move(hint));
}

std::vector<base::VersionRange> ranges_of(const std::vector<WantedBy>& by) {
  std::vector<base::VersionRange> ranges;
  for (const WantedBy& one : by) ranges.push_back(one.range);
  return ranges;
}

// "orders.yaml asks for ^1, items.yaml for ^2".
std::string asking(const std::vector<WantedBy>& by) {
  std::string text;
  for (const WantedBy& one : by)
    text += (text.empty() ? one.manifest + " asks for " : ", " + one.manifest + " for ") + one.range.text;
  return text;
}

bool fits_all(const base::Version& version, const std::vector<WantedBy>& by) {
  return std::all_of(by.begin(), by.end(), [&version](const WantedBy& one) { return one.range.fits(version); });
}

bool fits_all(const std::string& version_text, const std::vector<WantedBy>& by) {
  const auto version = base::parse_version(version_text);
  return version && fits_all(*version, by);
}

class Relocker {
 public:
  Relocker(const RelockRequest& request, Relocking& relocking, const Offers& offers)
      : request_(request), relocking_(relocking), offers_(offers) {
    found_ = plugins::discover(plugins::search_paths(request.folder));
  }

  base::Result<void> run(const Wanted& wanted) {
    refuse_unknown(wanted);
    for (const auto& [plugin, by] : wanted) {
      if (auto decided = decide(plugin, by); !decided) errors_.push_back(std::move(decided).error());
    }
    keep_others(wanted);
    if (request_.locked) refuse_changes();
    if (!errors_.empty()) return base::unexpected(manifest::joined(std::move(errors_)));
    for (const Pick& pick : relocking_.picks) relocking_.after.plugins[pick.plugin] = pick.locked;
    return {};
  }

 private:
  const LockedPlugin* before(const std::string& plugin) const {
    return relocking_.before ? relocking_.before->find(plugin) : nullptr;
  }

  bool updates(const std::string& plugin) const {
    return request_.update && (request_.only.empty() ||
                               std::find(request_.only.begin(), request_.only.end(), plugin) != request_.only.end());
  }

  void refuse_unknown(const Wanted& wanted) {
    std::vector<std::string> names;
    for (const auto& [plugin, by] : wanted) names.push_back(plugin);
    for (const std::string& plugin : request_.only) {
      if (wanted.contains(plugin)) continue;
      const std::string near = base::nearest(plugin, names);
      errors_.push_back(lock_error(base::Fault::manifest, "lock.unknown",
                                   "expected a plugin that the manifests here name, found '" + plugin + "'",
                                   near.empty() ? "weir.lock lists them" : "did you mean '" + near + "'?"));
    }
  }

  base::Result<void> decide(const std::string& plugin, const std::vector<WantedBy>& by) {
    const LockedPlugin* const old = before(plugin);
    const bool fits = old != nullptr && fits_all(old->version, by);
    if (fits && !updates(plugin)) return keep(plugin, *old);
    if (old == nullptr && is_bundled(plugin, by)) return {};
    if (request_.locked) {
      changes_.push_back(plugin + (old == nullptr ? " is not in it" : " is " + old->version + " in it") + ", " +
                         asking(by));
      return {};
    }
    if (request_.bundle.empty()) {
      if (const Offer* const offer = offers_.newest(plugin, ranges_of(by))) return take(plugin, *offer, old);
    }
    if (fits) {
      relocking_.notes.push_back(plugin + " " + old->version + ": no index has one that is newer");
      return keep(plugin, *old);
    }
    return find_here(plugin, by);
  }

  // What is locked, from wherever it is to be had.
  base::Result<void> keep(const std::string& plugin, const LockedPlugin& old) {
    Pick pick{plugin, old, old.version, binary_of(plugin, old), {}, {}, {}};
    auto offer = offers_.locked(plugin, old);
    if (!offer && pick.there.empty()) return base::unexpected(std::move(offer).error());
    if (offer && *offer != nullptr) {
      const FoundRelease& found = (*offer)->found;
      pick.package = (*offer)->package;
      if (!(*offer)->index_key.empty()) pick.offer = found;
      WEIR_TRY_ASSIGN(pick.warning, judge_expiry((*offer)->expired, found.source.name, Taken::locked));
      if (!found.release.yanked.empty())
        pick.warning += (pick.warning.empty() ? "" : "; ") + ("it was yanked: " + found.release.yanked);
    } else if (!old.file.empty() && request_.bundle.empty()) {
      pick.package = request_.folder / old.file;
    }
    if (pick.there.empty() && pick.package.empty() && !pick.offer)
      return base::unexpected(offers_.nowhere(plugin, old, request_.bundle));
    relocking_.picks.push_back(std::move(pick));
    return {};
  }

  base::Result<void> take(const std::string& plugin, const Offer& offer, const LockedPlugin* old) {
    const LockedPlugin locked = locked_of(offer, old == nullptr ? "" : old->signer);  // nobody else takes over
    if (old != nullptr && old->version == locked.version) return keep(plugin, *old);
    Pick pick{plugin, locked, old == nullptr ? "" : old->version, binary_of(plugin, locked), {}, offer.found, {}};
    relocking_.picks.push_back(std::move(pick));
    return {};
  }

  // What no index has may have been installed from a file.
  base::Result<void> find_here(const std::string& plugin, const std::vector<WantedBy>& by) {
    const FoundPlugin* own = nullptr;
    for (const FoundPlugin& one : found_) {
      if (!one.info || one.info->name != plugin || !fits_all(one.info->version, by)) continue;
      std::vector<base::Error> damaged;
      for (const Installed& installed : installed_in(one.path.parent_path(), damaged)) {
        if (installed.binary == one.path) return lock_installed(installed);
      }
      own = &one;
    }
    if (own == nullptr) return base::unexpected(no_version(plugin, by));
    relocking_.notes.push_back(plugin + " " + own->info->version_text + ": " + own->path.string() +
                               " was not installed by weir, so it is not locked");
    return {};
  }

  base::Result<void> lock_installed(const Installed& installed) {
    const PackageInfo& info = installed.head.info;
    const fs::path package = fs::absolute(installed.source).lexically_normal();
    const fs::path beside = package.lexically_relative(fs::absolute(request_.folder).lexically_normal());
    const bool below = !beside.empty() && *beside.begin() != "..";
    LockedPlugin locked{info.version_text, "", "", (below ? beside : package).string(), installed.signer,
                        digests_of(info)};
    const fs::path there = binary_of(info.name, locked);
    if (there.empty()) {
      return base::unexpected(
          lock_error(base::Fault::missing, "lock.changed",
                     installed.binary.string() + ": expected the binary that was installed, found another",
                     "weir plugin verify " + info.name + " tells more"));
    }
    relocking_.picks.push_back({info.name, std::move(locked), "", there, {}, {}, {}});
    return {};
  }

  // A plugin's binary that is as it is locked; empty: there is none.
  fs::path binary_of(const std::string& plugin, const LockedPlugin& locked) const {
    for (const FoundPlugin& one : found_) {
      const bool same = one.info && one.info->name == plugin && one.info->version_text == locked.version;
      if (same && plugins::check_locked(*one.info, one.path, locked)) return one.path;
    }
    return {};
  }

  bool is_bundled(const std::string& plugin, const std::vector<WantedBy>& by) const {
    return std::any_of(found_.begin(), found_.end(), [&](const FoundPlugin& one) {
      return one.origin == "installation" && one.info && one.info->name == plugin && fits_all(one.info->version, by);
    });
  }

  void keep_others(const Wanted& wanted) {
    if (!relocking_.before) return;
    for (const auto& [plugin, locked] : relocking_.before->plugins) {
      if (wanted.contains(plugin)) continue;
      if (!request_.all) relocking_.after.plugins[plugin] = locked;
      if (request_.all && request_.locked) changes_.push_back(plugin + " is in it, and no manifest names it");
    }
  }

  void refuse_changes() {
    if (changes_.empty()) return;
    std::string text;
    for (const std::string& change : changes_) text += (text.empty() ? "" : "; ") + change;
    errors_.push_back(
        lock_error(base::Fault::manifest, "lock.must_change",
                   plugins::lock_path(request_.folder).lexically_normal().string() +
                       ": expected it to have what the manifests name, found that it must change: " + text,
                   "weir install without --locked changes it"));
  }

  base::Error no_version(const std::string& plugin, const std::vector<WantedBy>& by) const {
    std::string there;
    std::vector<std::string> names;
    for (const Offer& offer : offers_.all()) {
      const PackageInfo& info = offer.found.release.info;
      names.push_back(info.name);
      if (info.name != plugin) continue;
      there += (there.empty() ? "" : ", ") + info.version_text;
      if (!offer.found.release.yanked.empty()) there += " (yanked: " + offer.found.release.yanked + ")";
      if (!offer.expired.empty()) there += " (of an index that has expired)";
      if (info.binary_for(host_platform()) == nullptr) there += " (for other machines)";
    }
    const std::string near = there.empty() ? base::nearest(plugin, names) : "";
    std::string hint = "weir plugin search shows what there is; weir plugin index add says where from";
    if (!there.empty()) hint = "change what a manifest asks for, or add an index that has more: weir plugin index add";
    if (!near.empty()) hint = "did you mean '" + near + "'?";
    base::Error error = lock_error(base::Fault::missing, "lock.no_version",
                                   plugin + ": expected a version that fits all manifests here (" + asking(by) +
                                       "), found " + (there.empty() ? "none in any index" : there),
                                   std::move(hint));
    error.place = by.front().place;
    error.also = offers_.problems();
    return error;
  }

  const RelockRequest& request_;
  Relocking& relocking_;
  const Offers& offers_;
  std::vector<FoundPlugin> found_;
  std::vector<std::string> changes_;
  std::vector<base::Error> errors_;
};

}  // namespace

base::Result<Relocking> relock(const RelockRequest& request, Sources& sources, const security::TrustedKeys& keys,
                               std::string_view day) {
  Relocking relocking;
  WEIR_TRY_ASSIGN(const Needs needs, needs_of(request.manifests));
  WEIR_TRY_ASSIGN(relocking.before, plugins::read_lock(plugins::lock_path(request.folder).lexically_normal()));
  Offers offers;
  if (request.bundle.empty()) {
    offers = Offers::of(sources, keys, day, needs.network);
  } else {
    WEIR_TRY_ASSIGN(offers, Offers::of_bundle(request.bundle));
    if (!relocking.before) {
      WEIR_TRY_ASSIGN(relocking.before, plugins::read_lock(plugins::lock_path(request.bundle)));
    }
  }
  WEIR_TRY(Relocker(request, relocking, offers).run(needs.plugins));
  return relocking;
}

}  // namespace weir::packages
