#include "packages/signer.hpp"

namespace weir::packages {
namespace {

using Verdict = security::Belief::Verdict;

base::Error refused(const PackageHead& head, const char* code, const std::string& message, std::string hint) {
  return base::make_error(base::Status::permission_denied, base::Fault::missing, code,
                          title(head.info) + ": expected a signature " + message)
      .with_hint(std::move(hint));
}

std::string shown_belief(const security::Belief& belief) { return "'" + belief.name + "' (" + belief.signer + ")"; }

base::Error why_not(const PackageHead& head, const security::Belief& belief) {
  switch (belief.verdict) {
    case Verdict::unknown:
      return refused(head, "package.unknown_signer", "of a trusted key, found that of " + belief.signer,
                     "if its author publishes that fingerprint: weir plugin trust add NAME.pub");
    case Verdict::wrong:
      return refused(head, "package.wrong_signature",
                     "that is right, found one of " + shown_belief(belief) + " that is not",
                     "the package was changed after it was signed: get it anew, and tell its author");
    case Verdict::expired:
      return refused(
          head, "package.expired_key",
          "of a key that is believed, found one that expired on " + belief.detail + ": " + shown_belief(belief),
          "ask its author for a package that a newer key has signed");
    case Verdict::revoked:
      return refused(
          head, "package.revoked_key",
          "of a key that is believed, found one that was revoked (" + belief.detail + "): " + shown_belief(belief),
          "ask its author for a package that another key has signed");
    case Verdict::other_signer:
      return refused(head, "package.other_signer",
                     "of " + belief.detail + ", who signed it before, found that of " + shown_belief(belief),
                     "if the plugin has changed hands: weir plugin trust remove the old key, then install again");
    default:
      return refused(head, "package.unsigned", "of a trusted key, found none",
                     "ask its author for a signed one; --signatures warn takes it as it is");
  }
}

bool may_be_warned_of(Verdict verdict) {
  return verdict == Verdict::unsigned_ || verdict == Verdict::unknown || verdict == Verdict::expired;
}

}  // namespace

std::string signer_text(const security::TrustedKeys& keys, const std::string& signer) {
  const auto* const key = keys.find(signer);
  return key == nullptr ? "  not verified" : "  signed by '" + key->key.name + "' (" + signer + ")";
}

base::Result<SignerVerdict> judge_signer(const PackageHead& head, const security::TrustedKeys& keys,
                                         SignaturePolicy policy, std::string_view day) {
  if (policy == SignaturePolicy::off) return SignerVerdict{};
  const security::Belief belief = keys.belief(head.info.name, kPackageType, head.info_text, head.signatures, day);
  if (belief.verdict == Verdict::trusted) return SignerVerdict{belief.signer, belief.name, {}};
  base::Error error = why_not(head, belief);
  if (policy == SignaturePolicy::require || !may_be_warned_of(belief.verdict))
    return base::unexpected(std::move(error));
  return SignerVerdict{{}, {}, error.message};
}

}  // namespace weir::packages
