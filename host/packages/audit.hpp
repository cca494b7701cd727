// Audit: what is installed, against what is known today: keys that were revoked or have expired, and versions that were yanked.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "packages/installed.hpp"
#include "packages/offers.hpp"

namespace weir::packages {

struct Audited {
  Installed installed;
  std::vector<base::Error> findings;
  bool verified = false;  // a trusted key has signed it
};

// Reads each binary again. Findings: package.changed; package.revoked_key, package.expired_key, package.wrong_signature,
// package.other_signer; audit.yanked. What an index revokes is not believed, whether its key is trusted here or not.
std::vector<Audited> audit(const std::vector<Installed>& all, const Offers& offers, const security::TrustedKeys& keys,
                           std::string_view day);

}  // namespace weir::packages
