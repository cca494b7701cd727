// Files, pipes and standard output, for writing. The life of a staged file:
//
//   open ──► staged, unsynced ──prepare──► staged, durable ──commit──► under its name
//                  └──── close, abort ──► gone ◄──── abort ────┘
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <weir/cpp/storage.hpp>

#include "committable.hpp"

namespace weir::file {

// The folders that this instance made, and those that it made names in. [any]
class Folders {
 public:
  // Makes `folder` and those above it. Throws a Failure. Gives those of ours that `folder` is or lies below, the
  // outermost first: outputs below one note it, so that whoever is discarded last takes it away.
  std::vector<std::string> make(const std::string& folder);
  // Takes note that a name was made in a folder.
  void note(const std::string& folder);
  // Makes the names noted so far durable: one sync of a folder does for all that were made in it before. Throws a Failure.
  void sync(const std::string& folder);

 private:
  struct Names {
    std::uint64_t made = 0, durable = 0;
  };

  std::mutex mutex_;
  std::set<std::string> made_;
  std::map<std::string, Names> names_;
};

// Opens the target `name` for what weir_storage::open_write() says; `folders` outlives it.
std::unique_ptr<StoredOutput> open_target(const Context& context, Folders& folders, std::string_view name,
                                          std::uint64_t epoch, std::string_view resume);

// Publishes and discards, both idempotent: weir_storage::commit(), abort().
void publish(const Committable& committable);
void discard(const Committable& committable);

// Makes durable which names a folder holds; nothing if it is gone. Throws a Failure.
void sync_folder(const std::string& folder);

// Writes all bytes to an open file, which is called `path` in the Failure that it throws.
void write_all(int file, std::string_view bytes, const std::string& path);

// Who may do what with files made, as the manifest says it in octal digits; none: as the umask has it.
std::optional<mode_t> asked_mode(const Context& context);

// Follows symbolic links of the last name, also where the last one points to nothing yet.
std::string behind_links(std::string path);

}  // namespace weir::file
