// Source: the text of a manifest file, and Where: a place in it. A Place with its copy of the source line is made only
// when an error needs it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/result.hpp"

namespace weir::manifest {

// Limits of a manifest; beyond them it is refused, so that no file can exhaust the host.
inline constexpr std::size_t kMaxSourceBytes = 16U << 20U;
inline constexpr std::size_t kMaxDepth = 200;
inline constexpr std::size_t kMaxNodes = 500'000;  // aliases count each time they are used

// Holds one file's text, valid UTF-8 without a byte order mark. Constant once made: [any].
class Source {
 public:
  // Takes the file's name as the user wrote it, its text, and the folder that relative paths in it start from (empty: it
  // has none of its own). Precondition: at most kMaxSourceBytes.
  Source(std::string file, std::string text, std::filesystem::path folder = {});

  const std::string& file() const { return file_; }
  const std::filesystem::path& folder() const { return folder_; }
  std::string_view text() const { return text_; }

  // Makes the Place of `length` bytes at `offset` (cut at the line's end); offsets past the end mean the end. The
  // source line is left out when it is longer than 8 KiB.
  base::Place place(std::size_t offset, std::size_t length) const;

 private:
  std::string file_;
  std::string text_;
  std::filesystem::path folder_;
  std::vector<std::size_t> line_starts_;
};

// Reads a manifest file and checks its text: UTF-8, no control characters, at most kMaxSourceBytes. Errors are the
// manifest's fault (exit 2): no such file, a folder, not UTF-8 and where. `shown`: its name in messages; empty: `file`.
base::Result<std::shared_ptr<const Source>> read_source(const std::string& file, std::string shown = {});

// The same checks for a text that is at hand already.
base::Result<std::shared_ptr<const Source>> make_source(std::string file, std::string text,
                                                        std::filesystem::path folder = {});

// Names some bytes of a source. Shared ownership: trees and structs made from a file outlive the reading of it, and the
// last of them ends it.
struct Where {
  std::shared_ptr<const Source> source;
  std::size_t offset = 0;
  std::size_t length = 0;

  // Makes the Place; an unknown one if there is no source (a value that nobody wrote: a default).
  base::Place place() const { return source ? source->place(offset, length) : base::Place{}; }

  // The folder that a relative path written here starts from; `otherwise`, if the source has none.
  const std::filesystem::path& folder_or(const std::filesystem::path& otherwise) const {
    return source && !source->folder().empty() ? source->folder() : otherwise;
  }
};

}  // namespace weir::manifest
