// ChunkedReader: the base class of a format's reader whose records stand one behind another in bytes, as in CSV or JSON.
// It keeps the bytes, cuts them where records end, knows positions, and parses apart (weir.chunked/1).
#pragma once

#include <algorithm>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>

#include "../arrow.hpp"
#include "format.hpp"

namespace weir {

// What is the format's own: T derives from it, and its constructor, which has that of a reader (format.hpp),
//   1. looks at the head by fill() and pending(), and tells the schema (perhaps from samples: for_each_sample());
//   2. says by begin() where the first record is;
//   3. goes on where a reader before stood, by resume(), if it is given a position.
// Then read() and the host call boundary(), parse_records() and check_end(): one virtual call a chunk, none a row.
//
// Owns the bytes that are read and not parsed yet, at least one record and about a MiB; the input is lent, as long as the
// reader lives. Threads: as a Reader, but boundary(), parse() and finish() run on any, several at a time, beside nothing
// else: so what is behind parse_records() may change only what is made for that. Errors: throws Failure, of its own for a
// record of 2 GiB, a position that no reader told, and an input that is shorter than it was. Offsets are in bytes.
class ChunkedReader : public Reader {
 public:
  // Where a scan stands between two bytes, all zero in front of the first record. The words are the format's.
  using ScanState = std::uint64_t[4];

  std::int32_t read(std::int64_t deadline, const Next& next) final;
  void position(const Sink& sink) final { sink.put(std::to_string(offset())); }

  // weir.chunked/1
  std::uint64_t start() const { return start_; }
  // Looks through `bytes`, in front of which `state` stands, and leaves it behind them. Gives the offset behind the last
  // record that ends there; 0: none does. A Failure's offset counts from `bytes`.
  virtual std::uint64_t boundary(std::string_view bytes, ScanState& state) const = 0;
  void parse(std::string_view chunk, const Next& next) const { parse_whole(chunk, 0, next); }
  void finish(const ScanState& state) const { check_end(state, -1); }

 protected:
  // Looked at of a head, at first and at the most, until the format knows its own.
  static constexpr std::size_t kFirstBytes = std::size_t{64} << 10U;
  static constexpr std::size_t kMostOfHead = std::size_t{64} << 20U;

  explicit ChunkedReader(Input input) : input_(input) {}

  // Pushes the rows of whole records. `offset`: where they begin in what offsets count from.
  virtual void parse_records(std::string_view records, std::int64_t offset, const Next& next) const = 0;
  // Throws if an input may not end at `offset` (-1: not known), `state` being behind its last byte.
  virtual void check_end(const ScanState& /*state*/, std::int64_t /*offset*/) const {}

  // The bytes read that are not taken. Valid until the next fill().
  std::string_view pending() const {
    return {reinterpret_cast<const char*>(buffer_.data()) + taken_, buffer_.size() - taken_};
  }
  // True if the input has nothing behind pending().
  bool ended() const { return end_; }
  // Reads until `wanted` bytes are pending or the input ends; gives false if it waited past the deadline.
  bool fill(std::size_t wanted, std::int64_t deadline = INT64_MAX);
  // Passes over bytes of the head that need not be kept: the first of pending().
  void skip(std::size_t count) { taken_ += count; }
  // Takes the head: the first record is at this offset of pending().
  void begin(std::size_t records) {
    taken_ += records;
    start_ = static_cast<std::size_t>(offset());
  }
  // Goes on where position() stood, `position` being what it told: reads over what is before, for only then the input is
  // there too. Gives the state, for what a format must know there besides zeros. Call it once, behind begin().
  ScanState& resume(std::string_view position);
  // True if nothing of the records was read before.
  bool at_start() const { return offset() == static_cast<std::int64_t>(start_); }

  // Fills pending() with what types are guessed from: less where more can be sampled from behind it, and `samples` says
  // that the format can read such samples. Gives true if so.
  bool fill_head(bool samples);
  // Calls each(std::string_view sample, bool last) for pieces of the input between what is read and its end, which the
  // last one reaches. Where they begin in a record nobody knows. Precondition: fill_head() gave true.
  template <class Each>
  void for_each_sample(Each&& each);

 private:
  static constexpr std::size_t kChunkBytes = std::size_t{1} << 20U;
  static constexpr std::size_t kHeadBytes = std::size_t{4} << 20U;
  static constexpr std::size_t kSampledHeadBytes = std::size_t{1} << 20U;
  static constexpr std::size_t kSampleBytes = std::size_t{128} << 10U;
  static constexpr std::size_t kSamples = 8;

  std::int64_t offset() const { return base_ + static_cast<std::int64_t>(taken_); }
  std::uint64_t read_so_far() const { return static_cast<std::uint64_t>(base_) + buffer_.size(); }
  void parse_whole(std::string_view records, std::int64_t offset, const Next& next) const;
  std::uint64_t next_boundary(std::string_view bytes);

  Input input_;
  Buffer buffer_;  // bytes read and not parsed: from taken_ on
  std::size_t taken_ = 0;
  std::int64_t base_ = 0;   // where the buffer begins in the input
  std::size_t start_ = 0;   // where the records begin in the input
  std::size_t looked_ = 0;  // bytes of pending() that have been looked at for the end of a record
  ScanState state_ = {};    // behind them
  bool end_ = false;        // the input has no more
};

inline bool ChunkedReader::fill(std::size_t wanted, std::int64_t deadline) {
  if (taken_ > 0 && pending().size() < wanted) {
    const std::size_t rest = pending().size();
    std::memmove(buffer_.data(), buffer_.data() + taken_, rest);
    buffer_.resize(rest);
    base_ += static_cast<std::int64_t>(taken_);
    taken_ = 0;
  }
  while (!end_ && pending().size() < wanted) {
    const std::size_t size = buffer_.size();
    buffer_.reserve(taken_ + wanted);
    const std::uint64_t got = input_.read(buffer_.data() + size, taken_ + wanted - size, &end_, deadline);
    buffer_.resize(size + got);
    if (got == 0 && !end_) return false;
  }
  return true;
}

inline ChunkedReader::ScanState& ChunkedReader::resume(std::string_view position) {
  std::uint64_t offset = 0;
  const bool number = text::parse_uint64(position.data(), position.data() + position.size(), offset);
  if (!number || offset < start_) {
    throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_PLUGIN,
                  "expected a position that this reader told, found another text");
  }
  while (read_so_far() < offset && !end_) {
    taken_ = buffer_.size();
    fill(kChunkBytes);
  }
  if (read_so_far() < offset) {
    throw Failure(
        WEIR_DATA_LOSS, WEIR_FAULT_SOURCE,
        "expected at least " + std::to_string(offset) + " bytes, as before, found " + std::to_string(read_so_far()));
  }
  taken_ = static_cast<std::size_t>(offset - static_cast<std::uint64_t>(base_));
  return state_;
}

inline bool ChunkedReader::fill_head(bool samples) {
  const bool between = samples && input_.can_seek() && input_.length() > static_cast<std::int64_t>(kHeadBytes);
  fill(between ? kSampledHeadBytes : kHeadBytes);
  return between && !end_;
}

template <class Each>
void ChunkedReader::for_each_sample(Each&& each) {
  const auto length = static_cast<std::uint64_t>(input_.length());
  const std::uint64_t first = read_so_far();
  Buffer bytes(kSampleBytes);
  for (std::size_t i = 1; i <= kSamples; ++i) {
    const std::uint64_t offset = i == kSamples ? length : first + (length - first) / kSamples * i;
    const std::uint64_t at = std::min(offset, length - kSampleBytes);
    const std::uint64_t got = input_.read_at(at, bytes.data(), kSampleBytes);
    each(std::string_view(bytes.as<char>(), got), i == kSamples);
  }
}

inline std::int32_t ChunkedReader::read(std::int64_t deadline, const Next& next) {
  std::size_t end = 0;
  bool late = false;
  for (std::size_t wanted = kChunkBytes; end == 0 && !late; wanted = pending().size() + kChunkBytes) {
    late = !fill(std::max(wanted, looked_ + 1), deadline);
    const std::string_view bytes = pending();
    const std::size_t found = next_boundary(bytes.substr(looked_));
    end = found == 0 ? 0 : looked_ + found;
    looked_ = bytes.size();
    if (end_) {
      end = bytes.size();
      break;
    }
  }
  parse_whole(pending().substr(0, end), offset(), next);
  if (end_) check_end(state_, offset() + static_cast<std::int64_t>(end));
  taken_ += end;
  looked_ -= end;
  return end_ ? WEIR_READ_END : late ? WEIR_READ_IDLE : WEIR_READ_MORE;
}

// As boundary(), with a failure's offset in the input.
inline std::uint64_t ChunkedReader::next_boundary(std::string_view bytes) {
  try {
    return boundary(bytes, state_);
  } catch (const Failure& failure) {
    weir_error told{};
    weir_error_clear(&told);
    failure.fill(&told);
    if (told.offset < 0) throw;
    throw Failure(failure).offset(offset() + static_cast<std::int64_t>(looked_) + told.offset);
  }
}

inline void ChunkedReader::parse_whole(std::string_view records, std::int64_t offset, const Next& next) const {
  if (records.size() >= static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max())) {
    throw Failure(WEIR_OUT_OF_RANGE, WEIR_FAULT_DATA, "expected a record of less than 2 GiB, found a longer one")
        .offset(offset);
  }
  parse_records(records, offset, next);
}

}  // namespace weir
