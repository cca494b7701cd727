#include "conformance/traits.hpp"

namespace weir::conformance {

weir_traits default_traits(const weir_component& component) {
  weir_traits traits{};
  traits.size = sizeof traits;
  if (component.kind == WEIR_KIND_EXTRACTOR) {
    const auto& table = *static_cast<const weir_extractor*>(component.table);
    traits.replay = WEIR_CAN(table.reader, position) ? WEIR_REPLAY_EXACT : WEIR_REPLAY_NONE;
  }
  if (component.kind == WEIR_KIND_LOADER) {
    const auto& table = *static_cast<const weir_loader*>(component.table);
    if (WEIR_CAN(table.writer, commit)) traits.commit |= WEIR_COMMIT_ATOMIC;
    if (table.committer != nullptr && WEIR_CAN(table.committer, commit)) traits.commit |= WEIR_COMMIT_TWO_PHASE;
  }
  return traits;
}

weir_traits_function* traits_of(const weir_component& component) {
  switch (component.kind) {
    case WEIR_KIND_EXTRACTOR: return static_cast<const weir_extractor*>(component.table)->traits;
    case WEIR_KIND_TRANSFORMER: return static_cast<const weir_transformer*>(component.table)->traits;
    case WEIR_KIND_LOADER: return static_cast<const weir_loader*>(component.table)->traits;
    default: return nullptr;
  }
}

}  // namespace weir::conformance
