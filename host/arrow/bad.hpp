// How this folder says that a batch or schema is wrong.
#pragma once

#include <string>
#include <string_view>

#include <weir/arrow.hpp>

#include "base/result.hpp"

namespace weir::arrow {

// A place among nested columns, as a chain on the stack; its text is only made when something is wrong.
struct ColumnPath {
  const ColumnPath* outer = nullptr;  // null: the rows themselves
  const ArrowSchema* field = nullptr;

  std::string text() const {
    if (outer == nullptr) return {};
    const std::string name = field->name == nullptr || *field->name == 0 ? std::string("[]") : std::string(field->name);
    const std::string before = outer->text();
    return before.empty() ? name : before + "." + name;
  }
  // "column 'a.b': " or, for the rows themselves, "rows: ".
  std::string prefix() const { return outer == nullptr ? "rows: " : "column '" + text() + "': "; }
};

inline base::Error plugin_fault(std::string code, std::string message) {
  return base::make_error(base::Status::internal, base::Fault::plugin, std::move(code), std::move(message));
}

inline base::Unexpected bad_batch(const ColumnPath& path, const std::string& what) {
  return base::unexpected(plugin_fault("plugin.bad_batch", path.prefix() + what));
}

inline base::Unexpected bad_row(const ColumnPath& path, std::int64_t row, const std::string& what) {
  return base::unexpected(plugin_fault("plugin.bad_batch", path.prefix() + "row " + std::to_string(row) + ": " + what));
}

inline base::Unexpected bad_schema(const ColumnPath& path, const std::string& what) {
  return base::unexpected(plugin_fault("plugin.bad_schema", path.prefix() + what));
}

// "expected WHAT, found FOUND".
template <class Found>
std::string expected(std::string_view what, Found found) {
  return "expected " + std::string(what) + ", found " + std::to_string(found);
}

}  // namespace weir::arrow
