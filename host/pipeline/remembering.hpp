// Remembering: what a Source is too, if it can read only what is new since the pipeline's last complete run.
#pragma once

#include <optional>
#include <string>

namespace weir::pipeline {

// Threads: as Source::plan().
class Remembering {
 public:
  Remembering() = default;
  Remembering(const Remembering&) = delete;
  Remembering& operator=(const Remembering&) = delete;
  virtual ~Remembering() = default;

  // Before plan(): what leaves() gave of the last complete run. Not called where there was none, or all is to be read.
  virtual void go_on_from(std::string left) = 0;
  // After plan(): what the plan of the next run is to know once this one is complete; none: it is configured to read all.
  virtual std::optional<std::string> leaves() const = 0;
};

}  // namespace weir::pipeline
