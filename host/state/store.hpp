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
#include "observe/time_text.hpp"

namespace weir::state {

// Of an entry that stays until it is removed.
constexpr std::int64_t kNever = 0;

// A value and its version, which grows with each change of the key, by one, and never comes again: not for a key that was
// removed, or whose time had passed, either.
struct Entry {
  std::string value;
  std::uint64_t version = 0;
  std::int64_t expires_ns = kNever;  // when its time has passed, nanoseconds since 1970
};

// What becomes of a key.
struct Change {
  std::string key;
  std::optional<std::string> value;  // none: it is removed
};

// Keeps values under keys, which are ASCII. An entry whose time has passed is as one that is not there, whoever asks, and goes for
// good when the store is opened next. Threads: [any]. Errors: state.unusable.
//
// Its consistency is `linearizable`: the calls of all processes and threads that share the store come to what they would come to one
// after another, each at a moment between its call and its return. So
//   1. of several who change a key by the same version one wins, and all others are told so;
//   2. what a call has returned, each call that begins later sees, in any process;
//   3. apply() is one such step, of all its keys: nobody sees a part of it;
//   4. each() and list() see one moment.
// It is durable before return: what returned OK is there after a power cut. Of a call whose process was killed, all or nothing is.
// What the clock says does not matter to any of it but to when an entry's time has passed: clocks of several machines should agree to
// within what a time to live is given to spare.
class Store {
 public:
  Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  virtual ~Store() = default;

  // Reads a key; nullopt if it is not there.
  virtual base::Result<std::optional<Entry>> get(std::string_view key) = 0;
  // Sets a key if its version is still `expected` (0: it must not be there), until `expires_ns`. Gives the new version, or nullopt
  // if somebody else was faster: nothing was changed then.
  virtual base::Result<std::optional<std::uint64_t>> put(std::string_view key, std::string_view value,
                                                         std::uint64_t expected, std::int64_t expires_ns = kNever) = 0;
  // Removes a key; OK if it is not there.
  virtual base::Result<void> remove(std::string_view key) = 0;
  // Makes all changes in one step if `guard` still has the version; false, with nothing changed, if it has not. What is set stays
  // until it is removed.
  virtual base::Result<bool> apply(const std::vector<Change>& changes, std::string_view guard,
                                   std::uint64_t version) = 0;
  // Lists the keys that begin with `prefix`, in order.
  virtual base::Result<std::vector<std::string>> list(std::string_view prefix) = 0;
  // Hands over each entry whose key begins with `prefix`, in order. `take` must not call the store.
  virtual base::Result<void> each(std::string_view prefix,
                                  const std::function<void(std::string_view key, std::string_view value)>& take) = 0;
};

// What tells the time to a store: nanoseconds since 1970. Threads: [any].
using Clock = std::function<std::int64_t()>;

// Opens (and makes) the SQLite store in `file`; its folder must be there. Another process's lock is waited for, 10 s. One of an
// older weir is brought to kStoreSchema (sqlite_schema.hpp), in one transaction. Errors: state.newer too.
base::Result<std::unique_ptr<Store>> open_sqlite_store(const std::filesystem::path& file,
                                                       Clock clock = observe::now_ns);

}  // namespace weir::state
