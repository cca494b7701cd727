// Where the chunks of an object go on: what is before the next one, and how far its bytes have been scanned.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/batch.hpp"

namespace weir::pipeline {

// Where a stretch of a file begins: bytes and lines before it, and bytes of its first line.
struct StretchStart {
  std::uint64_t bytes = 0, lines = 0, columns = 0;

  void pass(std::span<const std::uint8_t> passed);
  std::shared_ptr<Provenance> of(const std::string& file, std::shared_ptr<const std::vector<std::uint8_t>> text) const;
};

struct ChunkPosition {
  StretchStart start;
  std::uint64_t scanned = 0;  // bytes behind the start that the scanner has seen
  std::uint64_t state[4] = {};

  std::string text() const;
  // Of text(); none, if it is anything else.
  static std::optional<ChunkPosition> parse(std::string_view text);
};

}  // namespace weir::pipeline
