#include "pipeline/links/chunk_position.hpp"

#include <algorithm>
#include <charconv>

namespace weir::pipeline {

void StretchStart::pass(std::span<const std::uint8_t> passed) {
  bytes += passed.size();
  lines += static_cast<std::uint64_t>(std::count(passed.begin(), passed.end(), std::uint8_t{'\n'}));
  const auto last = std::find(passed.rbegin(), passed.rend(), std::uint8_t{'\n'});
  columns = static_cast<std::uint64_t>(last - passed.rbegin()) + (last == passed.rend() ? columns : 0);
}

std::shared_ptr<Provenance> StretchStart::of(const std::string& file,
                                             std::shared_ptr<const std::vector<std::uint8_t>> text) const {
  auto stretch = std::make_shared<Provenance>(Provenance{file, "", bytes, lines, std::move(text)});
  stretch->columns_before = columns;
  return stretch;
}

std::string ChunkPosition::text() const {
  std::string text;
  for (const auto number : {start.bytes, start.lines, start.columns, scanned, state[0], state[1], state[2], state[3]})
    text += (text.empty() ? "" : " ") + std::to_string(number);
  return text;
}

std::optional<ChunkPosition> ChunkPosition::parse(std::string_view text) {
  ChunkPosition position;
  const char* at = text.data();
  const char* const end = at + text.size();
  for (auto* const number : {&position.start.bytes, &position.start.lines, &position.start.columns, &position.scanned,
                             &position.state[0], &position.state[1], &position.state[2], &position.state[3]}) {
    const auto parsed = std::from_chars(at, end, *number);
    if (parsed.ec != std::errc()) return std::nullopt;
    at = parsed.ptr + (parsed.ptr != end && *parsed.ptr == ' ' ? 1 : 0);
  }
  return at == end ? std::optional(position) : std::nullopt;
}

}  // namespace weir::pipeline
