// What a test of a format needs of a host besides testing.hpp: bytes to read, and columns that somebody reads. Threads: a
// test's one.
#pragma once

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "cpp/format.hpp"

namespace weir::testing {

// An input of bytes that it owns: gives at most `step` at a time; can seek if told so.
class InputBytes : public weir_input {
 public:
  explicit InputBytes(std::string bytes, std::size_t step = SIZE_MAX, bool seeks = false)
      : weir_input{}, bytes_(std::move(bytes)), step_(step) {
    size = sizeof(weir_input);
    length = seeks ? static_cast<std::int64_t>(bytes_.size()) : -1;
    read = read_next;
    if (seeks) read_at = read_from;
  }
  InputBytes(const InputBytes&) = delete;
  InputBytes& operator=(const InputBytes&) = delete;

 private:
  static const InputBytes& of(const weir_input* raw) { return *static_cast<const InputBytes*>(raw); }
  static weir_status read_next(const weir_input* raw, std::int64_t /*deadline*/, std::uint8_t* buffer,
                               std::uint64_t capacity, std::uint64_t* got, std::int32_t* outcome,
                               weir_error* /*error*/) {
    const InputBytes& input = of(raw);
    *got = input.copy(input.at_, buffer, std::min<std::uint64_t>(capacity, input.step_));
    input.at_ += *got;
    *outcome = input.at_ == input.bytes_.size() ? WEIR_READ_END : WEIR_READ_MORE;
    return WEIR_OK;
  }
  static weir_status read_from(const weir_input* raw, std::uint64_t offset, std::uint8_t* buffer,
                               std::uint64_t capacity, std::uint64_t* got, weir_error* /*error*/) {
    *got = of(raw).copy(offset, buffer, capacity);
    return WEIR_OK;
  }
  std::uint64_t copy(std::uint64_t offset, std::uint8_t* buffer, std::uint64_t capacity) const {
    const std::uint64_t count = std::min<std::uint64_t>(capacity, bytes_.size() - offset);
    if (count > 0) std::memcpy(buffer, bytes_.data() + offset, count);
    return count;
  }

  std::string bytes_;
  std::size_t step_;
  mutable std::uint64_t at_ = 0;
};

// The columns that somebody reads, as a format is opened with them; of an empty list get() is null: all are.
class Wanted {
 public:
  explicit Wanted(std::vector<std::string> names) : names_(std::move(names)) {
    for (const auto& name : names_) columns_.push_back(to_weir(name));
    raw_.size = sizeof raw_;
    raw_.columns = columns_.data();
    raw_.column_count = columns_.size();
  }
  Wanted(const Wanted&) = delete;
  Wanted& operator=(const Wanted&) = delete;
  const weir_wanted* get() const { return names_.empty() ? nullptr : &raw_; }

 private:
  std::vector<std::string> names_;
  std::vector<weir_string> columns_;
  weir_wanted raw_{};
};

}  // namespace weir::testing
