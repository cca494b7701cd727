// The two kinds of Source: the objects of a storage, each a split; the splits of an extractor.
#pragma once

#include <memory>

#include "pipeline/links/file_reader.hpp"

namespace weir::pipeline {

// `pattern` is what the storage lists: the text of its option `path`.
std::unique_ptr<Source> make_file_source(std::shared_ptr<const FileReading> reading, std::string pattern);

// The splits of an extractor.
std::unique_ptr<Source> make_extractor_source(std::shared_ptr<const Component> extractor, RunIdentity run);

}  // namespace weir::pipeline
