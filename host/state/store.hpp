// Store: the host's memory between runs, a key-value interface with compare-and-set. The default is one SQLite file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace weir::state {

// A value and its version, which grows by one with each change of the key, from 1.
struct Entry {
  std::string value;
  std::uint64_t version = 0;
};

// What becomes of a key.
struct Change {
  std::string key;
  std::optional<std::string> value;  // none: it is removed
};

// Keeps values under keys, durably: what returned OK is there after a power cut. Threads: [any].
class Store {
 public:
  Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  virtual ~Store() = default;

  // Reads a key; nullopt if it is not there.
  virtual base::Result<std::optional<Entry>> get(std::string_view key) = 0;
  // Sets a key if its version is still `expected` (0: it must not be there). Gives the new version, or nullopt if
  // somebody else was faster: nothing was changed then.
  virtual base::Result<std::optional<std::uint64_t>> put(std::string_view key, std::string_view value,
                                                         std::uint64_t expected) = 0;
  // Removes a key; OK if it is not there.
  virtual base::Result<void> remove(std::string_view key) = 0;
  // Makes all changes in one step if `guard` still has the version; false, with nothing changed, if it has not.
  virtual base::Result<bool> apply(const std::vector<Change>& changes, std::string_view guard,
                                   std::uint64_t version) = 0;
  // Lists the keys that begin with `prefix`, in order.
  virtual base::Result<std::vector<std::string>> list(std::string_view prefix) = 0;
  // Hands over each entry whose key begins with `prefix`, in order. `take` must not call the store.
  virtual base::Result<void> each(std::string_view prefix,
                                  const std::function<void(std::string_view key, std::string_view value)>& take) = 0;
};

// Opens (and makes) the SQLite store in `file`; its folder must be there. Another process's lock is waited for, 10 s.
base::Result<std::unique_ptr<Store>> open_sqlite_store(const std::filesystem::path& file);

}  // namespace weir::state
