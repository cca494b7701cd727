// Secrets: what the providers under `secrets:` give, asked for once and remembered.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "base/result.hpp"
#include "manifest/secrets.hpp"
#include "observe/redact.hpp"

namespace weir::security {

inline constexpr std::size_t kMaxSecretBytes = std::size_t{64} << 10U;

// Holds secrets in memory for as long as it lives. Threads: [one caller at a time].
class Secrets {
 public:
  // Takes secrets out of what a provider says when it fails. Lent; outlives this.
  explicit Secrets(const observe::Redactor& redactor) : redactor_(redactor) {}

  // Gives a secret without the line break at its end. Errors, without a place: the provider could not be asked, failed,
  // took too long, gave nothing, or more than kMaxSecretBytes.
  base::Result<std::string> get(const manifest::SecretProvider& provider, const std::string& key);

 private:
  base::Result<std::string> ask(const manifest::SecretProvider& provider, const std::string& key) const;
  base::Result<std::string> run(const manifest::SecretProvider& provider, const std::string& key) const;

  const observe::Redactor& redactor_;
  std::map<std::pair<std::string, std::string>, base::Result<std::string>> known_;
};

}  // namespace weir::security
