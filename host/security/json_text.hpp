// Documents of JSON that nobody vouches for.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace weir::security {

// Deeper than any of ours. What writes a document calls itself for each level.
inline constexpr int kMostNested = 16;

// A document; a discarded value if it is none, or nested too deep.
inline nlohmann::ordered_json parse_document(std::string_view text) {
  using nlohmann::ordered_json;
  bool fits = true;
  const auto look = [&fits](int depth, ordered_json::parse_event_t, ordered_json&) {
    fits = fits && depth <= kMostNested;
    return fits;
  };
  ordered_json document = ordered_json::parse(text, look, false);
  return fits ? document : ordered_json(ordered_json::value_t::discarded);
}

// The text under `name`; empty if `object` is none, or has no text there.
inline std::string text_member(const nlohmann::ordered_json& object, const char* name) {
  if (!object.is_object()) return {};
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace weir::security
