// Which component an object is for: each says how sure it is by the object's name and first bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <weir/weir.h>

#include "pipeline/component.hpp"

namespace weir::pipeline {

// The surest of those that are sure at all; null: none is. Table: weir_format or weir_codec. Without a head the name decides.
// Threads: [any].
template <class Table>
std::shared_ptr<const Component> surest(const std::vector<std::shared_ptr<const Component>>& components,
                                        const std::string& name, std::span<const std::uint8_t> head = {}) {
  weir_sniff sniff{};
  sniff.size = sizeof sniff;
  sniff.name = {name.data(), name.size()};
  sniff.head = {head.data(), head.size()};
  std::shared_ptr<const Component> best;
  int score = 0;
  for (const auto& component : components) {
    const auto& table = component->table<Table>();
    int sure = 0;
    if (WEIR_CAN(&table, sniff)) component->tell("sniff", [&] { sure = table.sniff(&sniff); });
    if (sure <= score) continue;
    score = sure;
    best = component;
  }
  return best;
}

// The name of what a codec's object holds: without the extension, if it is the codec's ("a.csv.gz": "a.csv").
inline std::string name_within(const std::shared_ptr<const Component>& codec, const std::string& name) {
  if (surest<weir_codec>({codec}, name) == nullptr) return name;
  const auto dot = name.rfind('.');
  const auto slash = name.rfind('/');
  return dot == std::string::npos || (slash != std::string::npos && dot < slash) ? name : name.substr(0, dot);
}

}  // namespace weir::pipeline
