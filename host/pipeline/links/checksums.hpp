// Checksums: what is known beforehand of the bytes of a storage's objects: by the storage itself, by a file NAME.sha256 beside
// an object, by a file SHA256SUMS in its folder. They are read through the same storage.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/component.hpp"
#include "pipeline/links/checksum_file.hpp"
#include "pipeline/sinks.hpp"

namespace weir::pipeline {

// A checksum that an object must have.
struct Expected {
  std::string algorithm;  // as OpenSSL knows it: "sha256"
  std::string digest;     // hexadecimal, lower case
  std::string from;       // who says so, for people: "SHA256SUMS:3", "the storage"
};

// Threads: [any].
class Checksums {
 public:
  // An instance of the storage; both are lent.
  Checksums(std::shared_ptr<const Component> storage, void* storage_self)
      : storage_(std::move(storage)), self_(storage_self) {}

  // All that is known of an object; empty: nothing is. Errors: source.checksum_file, what the storage tells.
  base::Result<std::vector<Expected>> of(const StoredObject& object);

 private:
  using Lines = std::map<std::string, std::vector<ChecksumLine>, std::less<>>;  // by the name of the object

  base::Result<std::optional<std::string>> text_of(const std::string& name) const;
  base::Result<void> add_own(const StoredObject& object, std::vector<Expected>& expected) const;
  base::Result<void> add_of_folder(const std::string& folder, const std::string& name, std::vector<Expected>& expected);
  base::Result<const Lines*> lines_of(const std::string& folder);

  std::shared_ptr<const Component> storage_;
  void* self_;
  std::mutex mutex_;
  std::map<std::string, Lines> folders_;  // guarded by mutex_; an entry is constant
};

// Tells an object of a storage now; none: there is none of that name, or the storage can't tell.
base::Result<std::optional<StoredObject>> find_object(const Component& storage, void* storage_self,
                                                      const std::string& name);

// Takes out of what was listed the files of checksums of the others: NAME.sha256 beside NAME, SHA256SUMS in a folder
// of anything else. Gives their names.
std::vector<std::string> take_out_checksums(std::vector<StoredObject>& objects);

}  // namespace weir::pipeline
