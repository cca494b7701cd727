#include "staged_name.hpp"

#include <charconv>
#include <vector>

namespace weir::file {
namespace {

constexpr std::string_view kFront = ".weir-";
constexpr std::size_t kLongest = 40;  // of run, link and lane: so that the whole stays below NAME_MAX, 255

std::uint64_t hash_of(std::string_view text) {  // FNV-1a
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const char letter : text) hash = (hash ^ static_cast<std::uint8_t>(letter)) * 0x100000001B3ULL;
  return hash;
}

std::string number(std::uint64_t value, int base = 10) {
  char buffer[24];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, base).ptr;
  return {buffer, end};
}

std::string shortened(std::string_view text) {
  if (text.size() <= kLongest) return std::string(text);
  const std::string hash = number(hash_of(text), 16);
  return std::string(text.substr(0, kLongest - 1 - hash.size())) + "+" + hash;
}

bool read_number(std::string_view text, std::uint64_t& value, int base = 10) {
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value, base);
  return !text.empty() && result.ec == std::errc() && result.ptr == text.data() + text.size();
}

}  // namespace

StagedName StagedName::of(const Context& context, std::uint64_t epoch, std::string_view target) {
  return {shortened(context.run()),
          shortened(context.link()),
          shortened(context.lane()),
          epoch,
          context.fence(),
          context.instance(),
          hash_of(target)};
}

std::optional<StagedName> StagedName::parse(std::string_view name) {
  if (!name.starts_with(kFront) || !name.ends_with('~')) return std::nullopt;
  name = name.substr(kFront.size(), name.size() - kFront.size() - 1);
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at <= name.size();) {
    const std::size_t dot = std::min(name.find('.', at), name.size());
    parts.push_back(name.substr(at, dot - at));
    at = dot + 1;
  }
  if (parts.size() != 7) return std::nullopt;
  StagedName found{std::string(parts[0]), std::string(parts[1]), std::string(parts[2])};
  const bool whole = read_number(parts[3], found.epoch) && read_number(parts[4], found.fence) &&
                     read_number(parts[5], found.instance) && read_number(parts[6], found.hash, 16);
  return whole ? std::optional(found) : std::nullopt;
}

std::string StagedName::text() const {
  return std::string(kFront) + run + "." + link + "." + lane + "." + number(epoch) + "." + number(fence) + "." +
         number(instance) + "." + number(hash, 16) + "~";
}

bool StagedName::is_left_by(const Context& context) const {
  if (run != shortened(context.run()) || link != shortened(context.link())) return false;
  return context.lane().empty() || (lane == shortened(context.lane()) && fence < context.fence());
}

}  // namespace weir::file
