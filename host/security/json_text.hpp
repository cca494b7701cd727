// Texts in documents of JSON that nobody vouches for.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace weir::security {

// The text under `name`; empty if `object` is none, or has no text there.
inline std::string text_member(const nlohmann::ordered_json& object, const char* name) {
  if (!object.is_object()) return {};
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace weir::security
