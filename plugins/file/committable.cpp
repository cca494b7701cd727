#include "committable.hpp"

#include <charconv>

#include <weir/cpp/failure.hpp>

namespace weir::file {
namespace {

constexpr std::string_view kMark = "weir.file/1";

[[noreturn]] void refuse() {
  throw Failure(WEIR_INTERNAL, WEIR_FAULT_UNKNOWN, "expected a committable of the storage 'file', found other bytes");
}

std::uint64_t number_in(std::string_view text) {
  std::uint64_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || result.ec != std::errc() || result.ptr != text.data() + text.size()) refuse();
  return value;
}

void put(std::string& out, std::string_view part) {
  out += std::to_string(part.size()) + ":";
  out += part;
}

std::string_view take(std::string_view& bytes) {
  const std::size_t colon = bytes.find(':');
  if (colon == std::string_view::npos) refuse();
  const std::uint64_t length = number_in(bytes.substr(0, colon));
  bytes.remove_prefix(colon + 1);
  if (length > bytes.size()) refuse();
  const std::string_view part = bytes.substr(0, length);
  bytes.remove_prefix(length);
  return part;
}

}  // namespace

std::string Committable::encode() const {
  std::string out;
  put(out, kMark);
  put(out, staged);
  put(out, target);
  put(out, std::to_string(length));
  put(out, std::to_string(inode));
  for (const auto& folder : folders) put(out, folder);
  return out;
}

Committable Committable::decode(std::string_view bytes) {
  if (take(bytes) != kMark) refuse();
  Committable found;
  found.staged = take(bytes);
  found.target = take(bytes);
  found.length = number_in(take(bytes));
  found.inode = number_in(take(bytes));
  while (!bytes.empty()) found.folders.emplace_back(take(bytes));
  return found;
}

}  // namespace weir::file
