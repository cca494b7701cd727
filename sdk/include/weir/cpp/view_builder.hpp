// Builds columns in the view layout (utf8_view, binary_view).
#pragma once

#include "builder.hpp"

namespace weir {

// Texts that go out of line, packed into as few data buffers as hold them.
class ViewData {
 public:
  // Keeps the text, and writes where it is into the last 8 bytes of its view.
  void append(const void* text, std::size_t length, std::uint8_t* view) {
    if (buffers_.empty() || buffers_.back().size() + length > kMaxBuffer) buffers_.emplace_back();
    const std::int32_t where[2] = {static_cast<std::int32_t>(buffers_.size() - 1),
                                   static_cast<std::int32_t>(buffers_.back().size())};
    buffers_.back().append(text, length);
    std::memcpy(view + 8, where, sizeof where);
  }
  // Appends the data buffers, and the one that holds their sizes; begins anew.
  void finish(std::vector<Buffer>& buffers) {
    Buffer sizes;
    for (auto& buffer : buffers_) {
      const auto size = static_cast<std::int64_t>(buffer.size());
      sizes.append(&size, sizeof size);
      buffers.push_back(std::move(buffer));
    }
    buffers.push_back(std::move(sizes));
    buffers_.clear();
  }

 private:
  static constexpr std::size_t kMaxBuffer = std::size_t{1} << 30;
  std::vector<Buffer> buffers_;
};

// Collects texts or bytes. One of more than 2^31 - 1 bytes throws a Failure.
class ViewBuilder {
 public:
  void append(std::string_view value) {
    std::uint8_t view[kViewBytes] = {};
    if (value.size() > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max())) {
      throw Failure(WEIR_OUT_OF_RANGE, WEIR_FAULT_DATA,
                    "expected a text of at most 2^31 - 1 bytes, found a longer one");
    }
    const auto length = static_cast<std::int32_t>(value.size());
    std::memcpy(view, &length, sizeof length);
    const bool within = value.size() <= kViewBytes - 4;
    if (!value.empty()) std::memcpy(view + 4, value.data(), within ? value.size() : 4);
    if (!within) data_.append(value.data(), value.size(), view);
    views_.append(view, kViewBytes);
    validity_.append_valid();
  }
  void append_null() {
    const std::uint8_t view[kViewBytes] = {};
    views_.append(view, kViewBytes);
    validity_.append_null();
  }
  std::int64_t length() const { return validity_.length(); }
  Array finish() {
    const std::int64_t length = validity_.length(), nulls = validity_.null_count();
    std::vector<Buffer> buffers(2);
    buffers[0] = validity_.finish();
    buffers[1] = std::exchange(views_, Buffer());
    data_.finish(buffers);
    return make_array(length, nulls, std::move(buffers));
  }

 private:
  static constexpr std::size_t kViewBytes = 16;
  Buffer views_;
  ViewData data_;
  ValidityBuilder validity_;
};

}  // namespace weir
