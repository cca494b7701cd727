// The option `times: { naive: ZONE }`, which the transformers of this plugin share: whose clocks timestamps without zone were
// read from.
#pragma once

#include <string>

#include <weir/weir.hpp>

#include "zone.hpp"

namespace weir::expr {

// The zone's name; empty where none is named. Throws Failure if this machine does not know it.
inline std::string naive_zone(const Config& config) {
  constexpr std::string_view kOption = "/times/naive";
  std::string name(config.text(kOption));
  if (!name.empty() && !Zone::named(name)) {
    throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST, "expected a zone of IANA, found '" + name + "'")
        .hint("zones are Europe/Rome and the like, UTC, and offsets such as +02:00; they come with tzdata")
        .option(std::string(kOption));
  }
  return name;
}

}  // namespace weir::expr
