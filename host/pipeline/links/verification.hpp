// Verification of one object while it is read: that its bytes have the checksums that are known of it, and that it is still the
// object that was planned when its last row has been read.
//
//   watch() ──► read … read(end): checksums are compared ──► settle(): what the format did not read is; then the versions
#pragma once

#include <memory>
#include <vector>

#include "observe/log.hpp"
#include "pipeline/links/bytes.hpp"
#include "pipeline/links/checksums.hpp"

namespace weir::pipeline {

// Which object of which instance of a storage; the instance is lent.
struct VerifiedObject {
  std::shared_ptr<const Component> storage;
  void* storage_self = nullptr;
  StoredObject planned;  // as it was listed
};

// Threads: one caller at a time. Shared by the reader and the streams that it reads.
class Verification : public std::enable_shared_from_this<Verification> {
 public:
  // `log`, lent, hears what was verified; null: nobody.
  Verification(VerifiedObject object, std::vector<Expected> expected, observe::Log* log)
      : object_(std::move(object)), expected_(std::move(expected)), log_(log) {}
  Verification(const Verification&) = delete;
  Verification& operator=(const Verification&) = delete;
  ~Verification();

  // Reads `stream`, which stands at the object's beginning, and takes the checksums of what it gives. Its end is an error
  // where one differs. Of several only the last is settled.
  std::unique_ptr<ByteStream> watch(std::unique_ptr<ByteStream> stream);

  // Reads all of the object, for its checksums alone, before it is read for its rows; not if none is known.
  // Errors: source.checksum; source.comes_once: it could not be read for its rows then.
  base::Result<void> read_first();

  // To be called when the last row has been read. Errors: source.checksum, source.changed, what the storage tells.
  base::Result<void> settle();

 private:
  class Watched;

  bool told_to_stop() const;
  base::Result<void> compare(const std::vector<std::string>& digests);
  base::Result<void> check_unchanged() const;
  base::Error changed(const std::string& found) const;
  void tell(observe::Level level, const char* event, const std::string& text) const;

  VerifiedObject object_;
  std::vector<Expected> expected_;
  observe::Log* log_;
  Watched* watched_ = nullptr;  // the last; it takes itself away when it ends
  bool verified_ = false;
};

}  // namespace weir::pipeline
