#include "pipeline/links/link_partial.hpp"

#include "pipeline/sinks.hpp"

namespace weir::pipeline {

const weir_partial* partial_of(const Component& component) {
  const auto* const partial = static_cast<const weir_partial*>(component.extension(WEIR_PARTIAL));
  return partial != nullptr && WEIR_CAN(partial, take) && WEIR_CAN(partial, merge) ? partial : nullptr;
}

base::Result<std::vector<std::string>> take_partial(const Component& component, void* self) {
  ByteSink items;
  WEIR_TRY(component.call("take", [&](weir_error* error) {
    items.items.clear();
    return partial_of(component)->take(self, &items, error);
  }));
  return std::move(items.items);
}

base::Result<void> merge_partial(const Component& component, void* self, const std::vector<std::string>& items) {
  const auto lent = lend(items);
  return component.call(
      "merge", [&](weir_error* error) { return partial_of(component)->merge(self, lent.data(), lent.size(), error); });
}

}  // namespace weir::pipeline
