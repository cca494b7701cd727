// What publishes or discards a staged file, in any process: a list of byte strings, each as LENGTH ":" BYTES.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::file {

struct Committable {
  std::string staged;  // empty: written straight to where it goes (standard output), nothing is left to do
  std::string target;
  std::uint64_t length = 0;
  std::uint64_t inode = 0;           // of the staged file; a rename keeps it
  std::vector<std::string> folders;  // that were made for it, the outermost first

  std::string encode() const;
  // Throws a Failure (INTERNAL) for bytes that encode() did not make.
  static Committable decode(std::string_view bytes);
};

}  // namespace weir::file
