// Going through an archive, member by member.
#pragma once

#include <atomic>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "bytes_of_file.hpp"

struct archive;
struct archive_entry;

namespace weir::archive {

// One way through one archive, from its first member to its last. Threads: one at a time.
class Walk {
 public:
  // Throws a Failure for what is no archive.
  Walk(std::string path, std::string version, const std::string& password);
  Walk(const Walk&) = delete;
  Walk& operator=(const Walk&) = delete;
  ~Walk();

  const std::string& path() const { return path_; }
  const std::string& version() const { return version_; }
  // Whose cancellation ends next() and read(); null: nobody's.
  void stopped_by(const std::atomic<bool>* stop) { bytes_.stopped_by(stop); }

  // Goes on to the next member; false behind the last.
  bool next();
  // How many members next() has gone to.
  std::size_t gone() const { return gone_; }
  // The member that next() went to.
  const std::string& name() const { return name_; }
  std::int64_t size() const;  // -1: not known
  bool is_folder() const;
  // Empty for a file, else what it is: "a link".
  std::string what_else() const;
  // Reads on in the member; 0 at its end.
  std::size_t read(std::span<std::uint8_t> buffer);

 private:
  [[noreturn]] void fail(bool at_beginning);
  // Where the member ends in a tar, in bytes as unpacked; 0 where that can't be told.
  std::uint64_t end_of_member() const;
  void check_end() const;

  std::string path_, version_;
  bool has_password_;
  BytesOfFile bytes_;
  ::archive* reader_;
  ::archive_entry* entry_ = nullptr;
  std::string name_;
  std::size_t gone_ = 0;
  std::uint64_t end_of_member_ = 0;
};

}  // namespace weir::archive
