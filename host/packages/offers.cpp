#include "packages/offers.hpp"

#include <algorithm>

#include "packages/package_file.hpp"

namespace weir::packages {
namespace {

namespace fs = std::filesystem;

// What an index remembers goes over what holds for all.
Source reached_by(Source source, const Network& network) {
  if (source.network.proxy.empty()) source.network.proxy = network.proxy;
  if (source.network.authorities.empty()) source.network.authorities = network.authorities;
  return source;
}

}  // namespace

std::string Offer::where() const { return index_key.empty() ? package.string() : "index '" + found.source.name + "'"; }

plugins::LockedPlugin locked_of(const Offer& offer, const std::string& signer) {
  const PackageInfo& info = offer.found.release.info;
  return {info.version_text, offer.found.source.name, offer.index_key, "", signer, digests_of(info)};
}

Offers Offers::of(Sources& sources, const security::TrustedKeys& keys, std::string_view day, const Network& network) {
  Offers offers;
  for (Source& kept : sources.all()) {
    Source source = reached_by(kept, network);
    auto opened = open_index(source, keys, day);
    if (!opened) {
      offers.problems_.push_back(std::move(opened).error());
      continue;
    }
    kept.seen = source.seen;
    const Index& index = opened->index;
    std::vector<std::string> warnings;
    if (!opened->warning.empty()) warnings.push_back(opened->warning);
    offers.revoked_.insert(offers.revoked_.end(), index.revoked.begin(), index.revoked.end());
    for (const Release& release : index.releases)
      offers.all_.push_back({{release, source, index.revoked, warnings}, opened->signer, opened->expired, {}});
  }
  return offers;
}

base::Result<Offers> Offers::of_bundle(const fs::path& folder) {
  Offers offers;
  std::error_code problem;
  const std::vector<fs::path> packages = package_files(folder / "packages", problem);
  if (problem) {
    return base::unexpected(base::make_error(base::Status::not_found, base::Fault::missing, "bundle.unreadable",
                                             (folder / "packages").string() +
                                                 ": expected the packages of a bundle, found: " + problem.message())
                                .with_hint("weir plugin bundle FOLDER makes one, where there is a network"));
  }
  for (const fs::path& package : packages) {
    WEIR_TRY_ASSIGN(PackageHead head, read_head(package));
    Release release;
    release.info = std::move(head.info);
    offers.all_.push_back({{std::move(release), {}, {}, {}}, "", "", package});
  }
  return offers;
}

const Offer* Offers::newest(const std::string& plugin, std::span<const base::VersionRange> ranges) const {
  const Offer* best = nullptr;
  for (const Offer& offer : all_) {
    const Release& release = offer.found.release;
    const bool fits = std::all_of(ranges.begin(), ranges.end(),
                                  [&release](const auto& range) { return range.fits(release.info.version); });
    if (release.info.name != plugin || !fits || !release.yanked.empty() || !is_for_host(release.info) ||
        !judge_expiry(offer.expired, offer.found.source.name, Taken::anew))
      continue;
    if (best == nullptr || best->found.release.info.version < release.info.version) best = &offer;
  }
  return best;
}

base::Result<const Offer*> Offers::locked(const std::string& plugin, const plugins::LockedPlugin& locked) const {
  const Offer* other = nullptr;
  for (const Offer& offer : all_) {
    const PackageInfo& info = offer.found.release.info;
    if (info.name != plugin || info.version_text != locked.version) continue;
    if (digests_of(info) == locked.digests) return &offer;
    other = &offer;
  }
  if (other != nullptr) WEIR_TRY(check_digests(other->found.release.info, other->where(), locked.digests));
  return nullptr;
}

base::Error Offers::nowhere(const std::string& plugin, const plugins::LockedPlugin& locked,
                            const fs::path& bundle) const {
  const std::string where = bundle.empty() ? "no index has it" : "it is not in " + bundle.string();
  std::string hint = "make the bundle anew, of the weir.lock that is used here";
  if (bundle.empty() && locked.file.empty())
    hint = "weir plugin index add " + locked.index + " PLACE --key FILE.pub: one that " + locked.index_key +
           " signs had it when it was locked";
  base::Error error =
      base::make_error(base::Status::not_found, base::Fault::missing, "lock.nowhere",
                       plugin + " " + locked.version + ": expected what weir.lock names, found that " + where)
          .with_hint(std::move(hint));
  error.also = problems_;
  return error;
}

}  // namespace weir::packages
