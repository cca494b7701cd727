// ConfigHandle: a component's resolved options as a plugin reads them (struct weir_config).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <weir/weir.h>
#include <nlohmann/json.hpp>

namespace weir::plugins {

// Owns a weir_config over the options, which the manifest has resolved, checked and filled in. It must outlive every
// instance it is given to; several may share it. Not copied or moved: plugins keep its address. Getters never fail:
// what is absent, or of another type, is zero or empty. Texts are those of the tree, valid as long as this. Threads:
// [any].
class ConfigHandle {
 public:
  explicit ConfigHandle(nlohmann::ordered_json options);
  ConfigHandle(const ConfigHandle&) = delete;
  ConfigHandle& operator=(const ConfigHandle&) = delete;

  const weir_config* get() const { return &table_; }
  const nlohmann::ordered_json& options() const { return options_; }

  // The value at a JSON pointer ("/columns/0", ~0 and ~1 escapes); null: absent, or not a pointer.
  const nlohmann::ordered_json* at(std::string_view pointer) const noexcept;

 private:
  struct Table : weir_config {
    const ConfigHandle* owner;
  };
  static const nlohmann::ordered_json* value(const weir_config* self, weir_string path) noexcept;

  nlohmann::ordered_json options_;
  std::string text_;
  Table table_{};
};

}  // namespace weir::plugins
