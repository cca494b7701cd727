// FormatInput: the bytes of an object, as a format's reader is given them.
#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "pipeline/links/bytes.hpp"
#include "pipeline/links/chunk_position.hpp"

namespace weir::pipeline {

// The bytes as the format's reader sees them: what it reads is kept, for the chunks begin there again; of a long head (rows deep
// in a document) only the last, if `drops`.
class FormatInput : public weir_input {
 public:
  FormatInput(std::unique_ptr<ByteStream> stream, bool drops)
      : weir_input{sizeof(weir_input), stream->length(), read, stream->can_seek() ? read_at : nullptr, nullptr, close,
                   cancel_call},
        stream_(std::move(stream)),
        drops_(drops) {}

  ByteStream& stream() { return *stream_; }
  // Goes on in another stream of the same bytes, from their beginning.
  void begin_again(std::unique_ptr<ByteStream> stream) {
    stream_ = std::move(stream);
    kept_.clear();
    dropped_ = {};
    ended_ = false;
  }
  std::optional<base::Error> take_failure() { return std::exchange(failure_, std::nullopt); }
  bool ended() const { return ended_; }
  void keep(bool keep) { keep_ = keep; }
  std::vector<std::uint8_t> take_kept() { return std::move(kept_); }
  // Where what is kept begins.
  const StretchStart& dropped() const { return dropped_; }

 private:
  static constexpr std::size_t kMostKept = 24U << 20U;  // of the head, if the object can be read again
  static constexpr std::size_t kDropped = 8U << 20U;    // at a time, of what is kept beyond that
  static FormatInput& mine(const weir_input* self) {
    return *const_cast<FormatInput*>(static_cast<const FormatInput*>(self));
  }
  static weir_status read(const weir_input* self, std::int64_t /*deadline*/, std::uint8_t* buffer,
                          std::uint64_t capacity, std::uint64_t* got, std::int32_t* outcome, weir_error* error) {
    auto& input = mine(self);
    if (input.ended_) {
      *got = 0;
      *outcome = WEIR_READ_END;
      return WEIR_OK;
    }
    auto filled = input.stream_->read({buffer, capacity}, &input.ended_);
    if (!filled) return input.fail(std::move(filled).error(), error);
    if (input.keep_) input.append({buffer, *filled});
    *got = *filled;
    *outcome = input.ended_ ? WEIR_READ_END : WEIR_READ_MORE;
    return WEIR_OK;
  }
  static weir_status read_at(const weir_input* self, std::uint64_t offset, std::uint8_t* buffer, std::uint64_t capacity,
                             std::uint64_t* got, weir_error* error) {
    auto& input = mine(self);
    auto filled = input.stream_->read_at(offset, {buffer, capacity});
    if (!filled) return input.fail(std::move(filled).error(), error);
    *got = *filled;
    return WEIR_OK;
  }
  static void close(const weir_input* /*self*/) {}  // the reader's owner closes it
  static void cancel_call(const weir_input* self) { mine(self).stream_->cancel(); }

  void append(std::span<const std::uint8_t> bytes) {
    kept_.insert(kept_.end(), bytes.begin(), bytes.end());
    if (!drops_) return;
    if (kept_.capacity() < kMostKept + kDropped && kept_.size() > kDropped) kept_.reserve(kMostKept + 2 * kDropped);
    if (kept_.size() < kMostKept + kDropped) return;
    dropped_.pass({kept_.data(), kDropped});
    kept_.erase(kept_.begin(), kept_.begin() + static_cast<std::ptrdiff_t>(kDropped));
  }

  // The true error is kept; what the format makes of it is only how it learnt of it.
  weir_status fail(base::Error error, weir_error* told) {
    told->fault = WEIR_FAULT_SOURCE;
    const std::size_t count = std::min(error.message.size(), sizeof told->message - 1);
    std::memcpy(told->message, error.message.data(), count);
    told->message[count] = 0;
    failure_ = std::move(error);
    return WEIR_DATA_LOSS;
  }

  std::unique_ptr<ByteStream> stream_;
  std::vector<std::uint8_t> kept_;
  StretchStart dropped_;
  std::optional<base::Error> failure_;
  bool ended_ = false;
  bool keep_ = true;
  bool drops_;
};

}  // namespace weir::pipeline
