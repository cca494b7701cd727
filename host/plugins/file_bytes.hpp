// FileBytes: the bytes of an object file, of which nothing is believed. Every read is bounded, and an error beyond the end.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace weir::plugins {

// Lent: the descriptor or the memory outlives it. Copied freely. Threads: [any].
class FileBytes {
 public:
  // Of an open regular file. `name` is for messages.
  FileBytes(int descriptor, std::uint64_t size, std::string name)
      : descriptor_(descriptor), size_(size), name_(std::move(name)) {}
  // Of a file that is in memory.
  FileBytes(std::string_view bytes, std::string name)
      : memory_(bytes.data()), size_(bytes.size()), name_(std::move(name)) {}

  const std::string& name() const { return name_; }
  std::uint64_t size() const { return size_; }
  // The same, of which errors say that it is no whole file of `format`.
  FileBytes of_format(const char* format) const;

  // Reads exactly `size` bytes; `what` names them. Whoever asks limits the size.
  base::Result<std::string> read(std::uint64_t offset, std::uint64_t size, const char* what) const;
  // Reads a text of at most 4 KiB that ends with a zero within [offset, end), made fit to be shown.
  base::Result<std::string> text(std::uint64_t offset, std::uint64_t end, const char* what) const;
  // SHA-256 of a part, hexadecimal, in pieces of 64 KiB; empty: OpenSSL would not.
  base::Result<std::string> sha256(std::uint64_t offset, std::uint64_t size, const char* what) const;

  // Errors about the file: plugin.damaged, plugin.bad_info.
  base::Unexpected damaged(const std::string& what) const;
  base::Unexpected bad_info(const std::string& what) const;
  // plugin.no_section: it is a library, and not weir's.
  base::Unexpected no_section() const;

 private:
  int descriptor_ = -1;
  const char* memory_ = nullptr;  // null: in the file
  std::uint64_t size_;
  std::string name_;
  const char* format_ = "ELF";
};

// Takes a record of a format out of bytes that were read. Precondition: it is within them.
template <class T>
T record_at(std::string_view data, std::uint64_t offset) {
  T record;
  std::memcpy(&record, data.data() + offset, sizeof record);
  return record;
}

}  // namespace weir::plugins
