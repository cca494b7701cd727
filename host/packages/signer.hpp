// Signer: whether a package may be installed by who signed it.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "packages/package_file.hpp"
#include "security/trusted_keys.hpp"

namespace weir::packages {

using security::SignaturePolicy;

// "  signed by 'acme' (SHA256:…)", or that it is not verified: for whom nobody here knows.
std::string signer_text(const security::TrustedKeys& keys, const std::string& signer);

// What came of it: the signer's fingerprint, if there is one that is believed, and a warning.
struct SignerVerdict {
  std::string signer;
  std::string name;
  std::string warning;  // empty: none
};

// Looks at the signatures of a package on a day ("2026-11-27"). Errors (fault missing): package.unsigned, package.unknown_signer,
// package.expired_key if the policy asks for more; package.wrong_signature, package.revoked_key, package.other_signer unless it is off.
base::Result<SignerVerdict> judge_signer(const PackageHead& head, const security::TrustedKeys& keys,
                                         SignaturePolicy policy, std::string_view day);

}  // namespace weir::packages
