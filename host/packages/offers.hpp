// Offers: what all indexes of a user have, each opened once; or what a bundle has, in their place.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/version.hpp"
#include "packages/locked_digests.hpp"
#include "packages/releases.hpp"
#include "plugins/lock_file.hpp"

namespace weir::packages {

struct Offer {
  FoundRelease found;
  std::string index_key;          // what signs its index; empty: it is a bundle's
  std::string expired;            // since when its index is; empty: it is valid
  std::filesystem::path package;  // in the bundle

  // For messages.
  std::string where() const;
};

// How it is locked. `signer`: who signed what was locked before; empty: nothing was.
plugins::LockedPlugin locked_of(const Offer& offer, const std::string& signer);

class Offers {
 public:
  // An index that can't be opened is among the problems. Remembers versions in `sources`, which the caller writes. `network`: how servers
  // are reached, where a source says nothing of it.
  static Offers of(Sources& sources, const security::TrustedKeys& keys, std::string_view day,
                   const Network& network = {});
  // Of the packages of a bundle. Error: bundle.unreadable, and those of read_head().
  static base::Result<Offers> of_bundle(const std::filesystem::path& folder);

  // The newest for this host that fits all ranges and is not yanked, of an index that is valid; null: there is none.
  const Offer* newest(const std::string& plugin, std::span<const base::VersionRange> ranges) const;
  // The very release that is locked, yanked or expired too; null: there is none. Error: lock.other_release (other binaries than the
  // locked ones, under the same version).
  base::Result<const Offer*> locked(const std::string& plugin, const plugins::LockedPlugin& locked) const;

  // What to say of a locked plugin that is nowhere to be had; `bundle`: where it should be, if not in an index.
  base::Error nowhere(const std::string& plugin, const plugins::LockedPlugin& locked,
                      const std::filesystem::path& bundle) const;

  const std::vector<base::Error>& problems() const { return problems_; }
  const std::vector<Offer>& all() const { return all_; }
  const std::vector<Revocation>& revoked() const { return revoked_; }  // keys, by any index

 private:
  std::vector<Offer> all_;
  std::vector<Revocation> revoked_;
  std::vector<base::Error> problems_;
};

}  // namespace weir::packages
