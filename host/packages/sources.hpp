// Sources: the indexes that a user installs from, and what was seen of each.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "packages/http_get.hpp"

namespace weir::packages {

struct Source {
  std::string name;
  // The same index, in the order in which it is asked for: absolute paths of folders, or addresses without a slash at their end.
  std::vector<std::string> places;
  std::string key;         // the fingerprint that signs it; empty: any that is trusted
  std::uint64_t seen = 0;  // the highest version that was seen: an older one is refused
  Network network;         // how its servers are reached

  // For messages: its places without passwords.
  std::string shown() const;
};

// A folder or an address, as it is kept in a source. Error: download.address.
base::Result<std::string> place_of(const std::string& text);

// One file of the user's. Threads: one caller at a time.
class Sources {
 public:
  // $XDG_CONFIG_HOME/weir/indexes.json, else ~/.config/weir/…; empty: there is no home.
  static std::filesystem::path file_of_user();
  // None if the file is not there. Error: index.sources.
  static base::Result<Sources> read(const std::filesystem::path& path);
  // Reads the file, changes what it says, and writes that, while no other process does so: what others have changed since it was
  // read before stays. The file is for its owner alone, as an address may have a password. Errors: index.sources, and those of
  // `change`, after which nothing is written.
  static base::Result<void> change(const std::filesystem::path& path,
                                   const std::function<base::Result<void>(Sources&)>& change);
  // Keeps in the file which versions of the indexes were seen, if any is new. Error: index.sources.
  base::Result<void> keep_seen();

  // Error: index.name, if another has it.
  base::Result<void> add(Source source);
  // Error: index.name, if none has it.
  base::Result<Source> remove(std::string_view name);
  std::vector<Source>& all() { return all_; }
  const std::vector<Source>& all() const { return all_; }

 private:
  std::string text() const;
  base::Result<void> write() const;

  std::filesystem::path path_;
  std::string read_;  // as the file had it
  std::vector<Source> all_;
};

}  // namespace weir::packages
