// ByteStream: bytes of an object, as they are or expanded by a codec, with as much of the beginning kept as was looked at.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "pipeline/component.hpp"

namespace weir::pipeline {

// Threads: one caller at a time, but cancel() and read_at().
class ByteStream {
 public:
  ByteStream() = default;
  ByteStream(const ByteStream&) = delete;
  ByteStream& operator=(const ByteStream&) = delete;
  virtual ~ByteStream() = default;
  // Reads up to buffer.size() bytes; sets *end when nothing comes after these. Fewer bytes, even none, are no end.
  virtual base::Result<std::size_t> read(std::span<std::uint8_t> buffer, bool* end) = 0;
  virtual bool can_seek() const { return false; }
  virtual base::Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> buffer);
  virtual std::int64_t length() const { return -1; }
  // Goes on reading at `offset` from the beginning of the bytes, and tells whether it can: else nothing has changed.
  virtual bool seek(std::uint64_t /*offset*/) { return false; }
  virtual void cancel() = 0;

  // Reads until `buffer` is full or the end.
  base::Result<std::size_t> fill(std::span<std::uint8_t> buffer, bool* end);
};

// An object of a storage. `shown` is its name in messages; `counter` counts the bytes read.
base::Result<std::unique_ptr<ByteStream>> open_object(std::shared_ptr<const Component> storage, void* storage_self,
                                                      const std::string& name, const std::string& version,
                                                      std::string shown, std::atomic<std::uint64_t>* counter);

// The same stream; `reached` tells how far from the beginning of the object it has been read.
std::unique_ptr<ByteStream> tracked(std::unique_ptr<ByteStream> inner,
                                    std::shared_ptr<std::atomic<std::uint64_t>> reached);

struct ExpansionLimit {
  std::uint64_t bytes = 0;
  base::Place place;  // of max_size in the manifest; unknown: the default
};

// What `inner` expands to by `codec`.
base::Result<std::unique_ptr<ByteStream>> expand(std::shared_ptr<const Component> codec, const RunIdentity& run,
                                                 std::unique_ptr<ByteStream> inner, std::string shown,
                                                 ExpansionLimit limit);

// What `inner`, which begins with `head`, is to a format that decodes text (weir.decoder/1): decoded, or as it is.
base::Result<std::unique_ptr<ByteStream>> decode(std::shared_ptr<const Component> format, const RunIdentity& run,
                                                 std::span<const std::uint8_t> head, std::unique_ptr<ByteStream> inner,
                                                 std::string shown);

// Gives back the bytes of `head`, which were read from `inner` already, then the rest. Seeks as `inner` does.
std::unique_ptr<ByteStream> put_back(std::vector<std::uint8_t> head, bool ended, std::unique_ptr<ByteStream> inner);

// The name of a file for people: relative to the current folder if it is below it.
std::string shown_name(const std::string& path);

}  // namespace weir::pipeline
