// Reading the index of a source: from whichever of its places has a right one, else what was kept of it.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "packages/index.hpp"
#include "packages/sources.hpp"
#include "security/trusted_keys.hpp"

namespace weir::packages {

struct OpenedIndex {
  Index index;
  std::string signer;   // the fingerprint
  std::string expired;  // since when; empty: it is valid
  std::string warning;  // no place of it could be reached: this is what was kept; empty: none
};

// Whether what was kept of an index may stand for what is served.
enum class KeptIndex { read, left };

// Reads the index of a source, and remembers its version in it. Each place is asked until one has an index that is right and valid; what
// a server says is kept in the user's cache ($XDG_CACHE_HOME/weir/indexes), and read from there, with a warning, when no place can be
// reached. Reads the environment: [main]. Errors: index.unreadable, index.damaged, index.signature (its key is not trusted, or did not
// sign it), index.rolled_back (an older one than was seen), those of fetch_document().
base::Result<OpenedIndex> open_index(Source& source, const security::TrustedKeys& keys, std::string_view day,
                                     KeptIndex kept = KeptIndex::read);

// What is taken from an index: a release that nobody here has named yet, or the very one that a lock names.
enum class Taken { anew, locked };

// The rule of an index that is past its day: what is locked is taken from it, with a warning, which this gives (empty: it is valid);
// nothing new is. `expired`: since when it is, as OpenedIndex; `name`: of its source. Error: index.expired.
base::Result<std::string> judge_expiry(const std::string& expired, const std::string& name, Taken taken);

}  // namespace weir::packages
