// The two kinds of Source: the objects of a storage, each a split; the splits of an extractor.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "pipeline/links/file_reader.hpp"

namespace weir::pipeline {

// `pattern` is what the storage lists: the text of its option `path`.
std::unique_ptr<Source> make_file_source(std::shared_ptr<const FileReading> reading, std::string pattern);

// Objects that were written, to be read back.
struct WrittenObjects {
  std::vector<std::string> names;  // as the storage has them: no pattern
  weir::Schema sent;  // what they are expected to hold; if a format can't keep to it, it tells what it finds
  std::vector<std::string> gone;  // plan() tells here which are there no more
};

// Precondition: reading->formats has one. `objects` is shared with whoever asks what is gone.
std::unique_ptr<Source> make_written_source(std::shared_ptr<const FileReading> reading,
                                            std::shared_ptr<WrittenObjects> objects);

// The splits of an extractor.
std::unique_ptr<Source> make_extractor_source(std::shared_ptr<const Component> extractor, RunIdentity run);

}  // namespace weir::pipeline
