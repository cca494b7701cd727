// What a destination holds; and WrittenObject: an object of a storage (a file) that a run has written as a whole, and what it put into it.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "base/hex.hpp"
#include "integrity/digest.hpp"

namespace weir::integrity {

// What a destination holds once a run is complete, as its loader says (WEIR_HOLDS).
enum class Holds {
  merged,  // perhaps not each of the run's rows as it was sent: one may take another's place
  among,   // each of them, perhaps beside others
  run      // them and no others
};

struct WrittenObject {
  std::string name;        // as the storage has it: bytes
  std::uint64_t rows = 0;  // that the run wrote
  Digest digest;           // of those
};

inline nlohmann::json to_json(const WrittenObject& object) {
  return {{"name", base::to_hex(object.name)}, {"rows", object.rows}, {"digest", object.digest.to_text()}};
}

// Of to_json(). Throws what nlohmann throws for anything else.
inline WrittenObject written_object_of(const nlohmann::json& value) {
  auto name = base::from_hex(value.at("name").get_ref<const std::string&>());
  const auto digest = Digest::from_text(value.at("digest").get_ref<const std::string&>());
  if (!name || !digest) throw nlohmann::json::other_error::create(501, "not hexadecimal", nullptr);
  return {std::move(*name), value.at("rows").get_ref<const nlohmann::json::number_unsigned_t&>(), *digest};
}

}  // namespace weir::integrity
