// Packed: numbers and texts as bytes, for what leaves an instance: to a checkpoint, or to the one that it is merged into.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

#include <weir/weir.hpp>

namespace weir::aggregate {

static_assert(std::endian::native == std::endian::little, "items are read on machines of one byte order");

template <class T>
void append_value(std::string& to, const T& value) {
  static_assert(std::is_trivially_copyable_v<T>);
  to.append(reinterpret_cast<const char*>(&value), sizeof value);
}

inline void append_text(std::string& to, std::string_view text) {
  append_value(to, static_cast<std::uint64_t>(text.size()));
  to += text;
}

// Reads what was appended, in its order. Throws a Failure where there is less, or something else.
class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : left_(bytes) {}

  template <class T>
  T take() {
    T value;
    std::memcpy(&value, bytes(sizeof value).data(), sizeof value);
    return value;
  }
  std::string_view text() { return bytes(take<std::uint64_t>()); }
  std::string_view bytes(std::uint64_t count) {
    if (count > left_.size()) refuse();
    const std::string_view taken = left_.substr(0, count);
    left_.remove_prefix(count);
    return taken;
  }
  bool at_end() const { return left_.empty(); }

  [[noreturn]] static void refuse() {
    throw Failure(WEIR_FAILED_PRECONDITION, WEIR_FAULT_UNKNOWN,
                  "expected the groups that a checkpoint keeps, found something else")
        .hint("another release of the plugin, or with other options, wrote them: run that, or start anew with --fresh");
  }

 private:
  std::string_view left_;
};

}  // namespace weir::aggregate
