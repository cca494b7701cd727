#include "packages/audit.hpp"

#include <algorithm>

namespace weir::packages {
namespace {

using security::TrustedKeys;

base::Error finding(const char* code, const Installed& installed, const std::string& message) {
  const PackageInfo& info = installed.head.info;
  return base::make_error(base::Status::failed_precondition, base::Fault::missing, code, title(info) + ": " + message)
      .with_hint("weir plugin update " + info.name + " takes another; or weir plugin remove " + info.name + "@" +
                 info.version_text);
}

// A key that nobody here trusts may have signed it, and be revoked all the same.
void add_revoked(const Installed& installed, const Offers& offers, const TrustedKeys& keys,
                 std::vector<base::Error>& findings) {
  for (const auto& signature : installed.head.signatures) {
    const auto revoked = std::find_if(offers.revoked().begin(), offers.revoked().end(),
                                      [&signature](const Revocation& one) { return one.key == signature.key; });
    if (revoked == offers.revoked().end() || keys.find(signature.key) != nullptr) continue;
    findings.push_back(finding("package.revoked_key", installed,
                               "expected a signature of a key that is believed, found one that was revoked (" +
                                   revoked->reason + "): " + signature.key));
  }
}

void add_yanked(const Installed& installed, const Offers& offers, std::vector<base::Error>& findings) {
  for (const Offer& offer : offers.all()) {
    const Release& release = offer.found.release;
    const bool same =
        release.info.name == installed.head.info.name && release.info.version_text == installed.head.info.version_text;
    if (!same || release.yanked.empty()) continue;
    findings.push_back(finding("audit.yanked", installed,
                               "expected a version that was not yanked, found that index '" + offer.found.source.name +
                                   "' has: " + release.yanked));
  }
}

}  // namespace

std::vector<Audited> audit(const std::vector<Installed>& all, const Offers& offers, const TrustedKeys& keys,
                           std::string_view day) {
  TrustedKeys today = keys;
  for (const Revocation& one : offers.revoked()) {
    if (keys.find(one.key) != nullptr) static_cast<void>(today.revoke(one.key, one.reason));
  }
  std::vector<Audited> audited;
  for (const Installed& installed : all) {
    Audited one{installed, {}, false};
    auto verdict = verify_installed(installed, today, SignaturePolicy::require, day);
    one.verified = verdict.has_value();
    const std::string code = verdict ? "" : verdict.error().code;
    if (!verdict && code != "package.unsigned" && code != "package.unknown_signer")
      one.findings.push_back(std::move(verdict).error());
    add_revoked(installed, offers, keys, one.findings);
    add_yanked(installed, offers, one.findings);
    audited.push_back(std::move(one));
  }
  return audited;
}

}  // namespace weir::packages
