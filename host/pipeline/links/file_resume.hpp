// What a writer of files keeps between epochs: the objects that go on, and how they are numbered.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/links/file_part.hpp"

namespace weir::pipeline {

struct FileResume {
  // What goes by one name, but for {n}.
  struct Object {
    std::string key;                 // as ObjectNames::key() gives it; empty: there is one object
    std::string name;                // empty: of `path`
    std::uint64_t parts = 0;         // begun, the paused one too
    std::optional<PausedPart> part;  // none: all parts have ended
  };
  std::vector<Object> objects;

  std::string text() const;
  // Of text(); empty: of a writer that begins. DATA_LOSS for anything else.
  static base::Result<FileResume> parse(const std::string& text);
  // Committables of the objects that go on.
  std::vector<std::string> kept() const;
};

}  // namespace weir::pipeline
