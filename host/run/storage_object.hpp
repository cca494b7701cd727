// StorageObject: the one object of a storage that a store is kept in (state::SharedObject), by the storage's plugin.
#pragma once

#include <memory>
#include <string>

#include "pipeline/component.hpp"
#include "state/shared_object.hpp"

namespace weir::run {

// Opens the object that the storage's option `path` names. Errors: state.store, of a storage without weir.conditional/1; what the
// storage tells.
base::Result<std::unique_ptr<state::SharedObject>> open_storage_object(
    std::shared_ptr<const pipeline::Component> storage, const pipeline::RunIdentity& identity);

}  // namespace weir::run
