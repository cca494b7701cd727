// Runs: rows that are sorted in pieces, in memory and, where that is spent, on disk; and all of them merged.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <weir/weir.hpp>

#include "temporary_file.hpp"

namespace weir::sort {

// A row of a run: its key, and the row itself, as bytes. Lent.
struct Record {
  std::string_view key, row;
};

// The first bytes of a key, so that most comparisons need not look at it.
__extension__ using Lead = unsigned __int128;
inline Lead lead_of(std::string_view key) {
  std::uint64_t words[2] = {0, 0};
  std::memcpy(words, key.data(), std::min(key.size(), sizeof words));
  return static_cast<Lead>(__builtin_bswap64(words[0])) << 64U | __builtin_bswap64(words[1]);
}

// Appends a record to a run.
inline void append_record(Buffer& run, std::string_view key, std::string_view row) {
  const std::uint64_t sizes[2] = {key.size(), row.size()};
  run.append(sizes, sizeof sizes);
  run.append(key.data(), key.size());
  run.append(row.data(), row.size());
}

// Of equal keys, those of an earlier run come first. Threads: one at a time.
class Runs {
 public:
  // `cancelled`: looked at while it works long; then a Stop is thrown. Lent.
  Runs(std::uint64_t most_bytes, const std::atomic<bool>& cancelled) : most_bytes_(most_bytes), cancelled_(cancelled) {}

  // Takes records in order, one behind the other. Goes to disk if there is more than may be in memory.
  void add(Buffer run);
  // Calls `take` with all records in order, and forgets them.
  void merge(const std::function<void(const Record&)>& take);
  // Calls `take` with all records, run by run, each some records of a run in order; and forgets them.
  void take(const std::function<void(const Buffer& run)>& take);

 private:
  struct Stretch {  // of the file
    std::uint64_t begin = 0, end = 0;
  };
  void spill();
  void merge_disk();
  void merge_all(const std::vector<Stretch>& disk, const std::vector<Buffer>& memory,
                 const std::function<void(const Record&)>& take) const;
  template <class From>
  Stretch write_run(TemporaryFile& to, const From& from) const;

  std::uint64_t most_bytes_;
  const std::atomic<bool>& cancelled_;
  std::vector<Buffer> memory_;
  std::uint64_t bytes_ = 0;  // of them
  std::vector<Stretch> disk_;
  std::unique_ptr<TemporaryFile> file_;
};

}  // namespace weir::sort
