// Standard output: what it can show, and how it is written to.
#pragma once

#include <atomic>
#include <cstddef>
#include <string_view>

namespace weir::print {

struct Terminal {
  std::size_t width = 0;  // of a line; 0: no terminal, any
  bool colours = false;
};

Terminal standard_output();

// Writes to standard output. A reader that is slow can be waited for, one that went away is an error. Threads: one caller at
// a time, but cancel().
class OutputWriter {
 public:
  OutputWriter();
  OutputWriter(const OutputWriter&) = delete;
  OutputWriter& operator=(const OutputWriter&) = delete;
  ~OutputWriter();
  // Throws Failure.
  void write_all(std::string_view bytes);
  // Makes a running write_all() return soon, with CANCELLED. [any]
  void cancel() noexcept;

 private:
  void wait() const;
  int wake_;  // an eventfd, readable once cancelled
};

}  // namespace weir::print
