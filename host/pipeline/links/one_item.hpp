// What a plugin must tell exactly one of: a position, the committable of an object that goes on.
#pragma once

#include <string>
#include <vector>

#include "pipeline/component.hpp"

namespace weir::pipeline {

// The only one of `items`, which is not empty: a position of no bytes would be the start. Else `function` misbehaved.
inline base::Result<std::string> one_item(const Component& component, const char* function,
                                          std::vector<std::string> items) {
  if (items.size() == 1 && !items.front().empty()) return std::move(items.front());
  return base::unexpected(
      plugins::misbehaviour({component.plugin, component.link, function}, "plugin.misbehaviour",
                            "expected one item of at least a byte, found " +
                                (items.size() == 1 ? std::string("an empty one") : std::to_string(items.size()))));
}

}  // namespace weir::pipeline
