// A folder that plugins are installed from all together: of each that it has the newest for this machine.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "packages/offers.hpp"

namespace weir::packages {

struct FolderPackages {
  bool is_index = false;                     // it is signed as one, and what it says was taken into account
  std::vector<FoundRelease> releases;        // of an index: to be fetched
  std::vector<std::filesystem::path> files;  // else
  std::vector<Revocation> revoked;           // keys, by the index
  std::vector<std::string> warnings;         // of the index
};

// What to install from a folder. One with an index.json is that index, and must be right: signed by the key of the source of that
// place, else by any trusted one; valid; what was yanked is left out. Else its packages count, those in it or in packages/ below it. Where
// no version is for this machine the newest is taken all the same, for its installer to say why not. Remembers the index's version in
// `sources`, which the caller writes. Errors: package.none (there is nothing to install), those of open_index(), judge_expiry(), read_head().
base::Result<FolderPackages> packages_of_folder(const std::filesystem::path& folder, Sources& sources,
                                                const security::TrustedKeys& keys, std::string_view day);

}  // namespace weir::packages
