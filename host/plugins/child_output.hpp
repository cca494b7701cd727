// ChildOutput: what a process says that weir has started to try a plugin, apart from what the plugin prints.
#pragma once

#include <string_view>

namespace weir::plugins {

// Takes standard output for itself; from then on what anybody prints there goes nowhere. A crash leaves no core. One a
// process. [main]
class ChildOutput {
 public:
  ChildOutput();

  int descriptor() const { return descriptor_; }
  // Writes all of it at once; whether that worked.
  bool tell(std::string_view text) const;

 private:
  int descriptor_;
};

}  // namespace weir::plugins
