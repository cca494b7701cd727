// Gathering of values: bits, fixed widths, texts, views.
#include <cstring>
#include <limits>

#include "arrow/gather_column.hpp"
#include "arrow/layout.hpp"

namespace weir::arrow {
namespace {

using base::Result;

constexpr std::int64_t kMaxTotal = std::int64_t{1} << 48;
constexpr std::int64_t kShort = 32;  // texts up to this are copied by one fixed-size move

std::size_t bytes_of(std::int64_t count) { return static_cast<std::size_t>(count); }

// Moves bits that begin within a byte.
void shift_bits(const std::uint8_t* bits, std::int64_t begin, std::int64_t count, std::uint8_t* out) {
  const auto shift = static_cast<unsigned>(begin & 7);
  const std::uint8_t* in = bits + (begin >> 3);
  const std::int64_t bytes = (count + 7) / 8, last = (begin + count - 1) / 8 - (begin >> 3);
  for (std::int64_t i = 0; i < bytes; ++i) {
    const unsigned low = in[i], high = i < last ? in[i + 1] : 0U;
    out[i] = static_cast<std::uint8_t>((low | (high << 8U)) >> shift);
  }
}

template <std::size_t Width>
void pick(const std::uint8_t* in, const Selection& selection, std::uint8_t* out) {
  for (std::int64_t i = 0; i < selection.count; ++i)
    std::memcpy(out + bytes_of(i) * Width, in + std::size_t{selection.rows[i]} * Width, Width);
}

void pick_any(const std::uint8_t* in, std::size_t width, const Selection& selection, std::uint8_t* out) {
  for (std::int64_t i = 0; i < selection.count; ++i)
    std::memcpy(out + bytes_of(i) * width, in + selection.rows[i] * width, width);
}

base::Unexpected too_large(const ColumnPath& path) {
  return base::unexpected(
      base::make_error(base::Status::resource_exhausted, base::Fault::data, "data.batch_too_large",
                       path.prefix() + "expected at most 2^31 - 1 bytes or items in a batch, found more")
          .with_hint("make batches smaller, or the column a large one"));
}

// Copies a short text by a fixed-size move where both sides have room for it.
inline void copy_text(std::uint8_t* to, const std::uint8_t* from, std::int64_t length, bool room) {
  if (length <= kShort && room) {
    std::memcpy(to, from, kShort);
  } else {
    std::memcpy(to, from, bytes_of(length));
  }
}

// Whether rows mostly stand in long runs: then a run is one copy, and finding its end costs less than it saves.
bool in_long_runs(const Selection& selection) {
  constexpr std::int64_t kGaps = 32;  // one row in so many is missing at most
  const std::int64_t span = std::int64_t{selection.rows[selection.count - 1]} - selection.rows[0] + 1;
  return span >= selection.count && (span - selection.count) * kGaps <= span;
}

// Copies the bytes of texts whose offsets have been checked; `out` has kShort bytes more than it needs.
template <class Offset>
void copy_texts(const ArrowArray& array, const Selection& selection, const Offset* offsets, std::int64_t limit,
                std::uint8_t* out) {
  const auto* data = static_cast<const std::uint8_t*>(array.buffers[2]);
  const void* in = array.buffers[1];
  const bool runs = in_long_runs(selection);
  for (std::int64_t i = 0; i < selection.count;) {
    std::int64_t next = i + 1;
    while (runs && next < selection.count && selection.rows[next] == selection.rows[next - 1] + 1) ++next;
    const std::int64_t from = load<Offset>(in, selection.row(i));
    copy_text(out + offsets[i], data + from, std::int64_t{offsets[next]} - offsets[i], from + kShort <= limit);
    i = next;
  }
}

template <class Offset>
Result<void> gather_text(const ColumnPath& path, const ArrowArray& array, const Selection& selection, Parts& parts) {
  weir::Buffer offsets, data;
  const std::int64_t limit =
      array.length == 0 ? 0 : std::int64_t{load<Offset>(array.buffers[1], array.offset + array.length)};
  WEIR_TRY_ASSIGN(const std::int64_t total, gather_offsets<Offset>(path, array, selection, limit, offsets));
  data.reserve(bytes_of(total + kShort));
  data.resize(bytes_of(total));
  if (total > 0 && selection.rows == nullptr) {
    const auto from = load<Offset>(array.buffers[1], selection.base);
    std::memcpy(data.data(), static_cast<const std::uint8_t*>(array.buffers[2]) + from, bytes_of(total));
  } else if (total > 0) {
    copy_texts<Offset>(array, selection, offsets.as<Offset>(), limit, data.data());
  }
  parts.buffers.push_back(std::move(offsets));
  parts.buffers.push_back(std::move(data));
  return {};
}

}  // namespace

template <class Offset>
Result<std::int64_t> gather_offsets(const ColumnPath& path, const ArrowArray& array, const Selection& selection,
                                    std::int64_t limit, weir::Buffer& out) {
  out.resize(bytes_of(selection.count + 1) * sizeof(Offset));
  auto* offsets = out.as<Offset>();
  offsets[0] = 0;
  // Any negative among these makes `wrong` negative; unsigned, because garbage may overflow.
  std::uint64_t total = 0, wrong = 0;
  const void* in = array.buffers[1];
  for (std::int64_t i = 0; i < selection.count; ++i) {
    const std::int64_t row = selection.row(i);
    const auto from = static_cast<std::uint64_t>(std::int64_t{load<Offset>(in, row)});
    const auto to = static_cast<std::uint64_t>(std::int64_t{load<Offset>(in, row + 1)});
    total += to - from;
    wrong |=
        from | (to - from) | (static_cast<std::uint64_t>(limit) - to) | (static_cast<std::uint64_t>(kMaxTotal) - total);
    offsets[i + 1] = static_cast<Offset>(total);
  }
  if (static_cast<std::int64_t>(wrong) < 0)
    return bad_batch(path, "expected ascending offsets of at most " + std::to_string(limit) + ", found others");
  if (total > static_cast<std::uint64_t>(std::numeric_limits<Offset>::max())) return too_large(path);
  return static_cast<std::int64_t>(total);
}

template Result<std::int64_t> gather_offsets<std::int32_t>(const ColumnPath&, const ArrowArray&, const Selection&,
                                                           std::int64_t, weir::Buffer&);
template Result<std::int64_t> gather_offsets<std::int64_t>(const ColumnPath&, const ArrowArray&, const Selection&,
                                                           std::int64_t, weir::Buffer&);

weir::Buffer gather_bits(const std::uint8_t* bits, const Selection& selection) {
  weir::Buffer out;
  const std::int64_t count = selection.count;
  out.resize(bytes_of((count + 7) / 8));
  if (count == 0) return out;
  if (selection.rows == nullptr) {
    shift_bits(bits, selection.base, count, out.data());
  } else {
    for (std::int64_t i = 0; i < count; i += 8) {
      unsigned byte = 0;
      const std::int64_t end = i + 8 < count ? i + 8 : count;
      for (std::int64_t k = i; k < end; ++k) byte |= static_cast<unsigned>(bit_at(bits, selection.row(k))) << (k - i);
      out.data()[i / 8] = static_cast<std::uint8_t>(byte);
    }
  }
  if ((count & 7) != 0) {
    auto& last = out.data()[count / 8];
    last = static_cast<std::uint8_t>(last & ((1U << (count & 7)) - 1U));
  }
  return out;
}

weir::Buffer gather_fixed(const void* values, std::int64_t width, const Selection& selection) {
  weir::Buffer out;
  out.resize(bytes_of(selection.count * width));
  if (selection.count == 0) return out;
  const auto* in = static_cast<const std::uint8_t*>(values) + selection.base * width;
  if (selection.rows == nullptr) {
    std::memcpy(out.data(), in, bytes_of(selection.count * width));
    return out;
  }
  switch (width) {
    case 1: pick<1>(in, selection, out.data()); break;
    case 2: pick<2>(in, selection, out.data()); break;
    case 4: pick<4>(in, selection, out.data()); break;
    case 8: pick<8>(in, selection, out.data()); break;
    case 16: pick<16>(in, selection, out.data()); break;
    default: pick_any(in, bytes_of(width), selection, out.data());
  }
  return out;
}

Result<void> gather_text32(const ColumnPath& path, const ArrowArray& array, const Selection& selection, Parts& parts) {
  return gather_text<std::int32_t>(path, array, selection, parts);
}

Result<void> gather_text64(const ColumnPath& path, const ArrowArray& array, const Selection& selection, Parts& parts) {
  return gather_text<std::int64_t>(path, array, selection, parts);
}

Result<void> gather_views(const ColumnPath& path, const ArrowArray& array, const std::uint8_t* validity,
                          const Selection& selection, Parts& parts) {
  weir::Buffer views;
  weir::ViewData data;
  views.resize(bytes_of(selection.count * 16));
  for (std::int64_t i = 0; i < selection.count; ++i) {
    const std::int64_t row = selection.row(i);
    std::uint8_t* view = views.data() + 16 * i;
    std::memset(view, 0, 16);
    if (validity != nullptr && !bit_at(validity, row)) continue;
    std::memcpy(view, static_cast<const std::uint8_t*>(array.buffers[1]) + 16 * row, 16);
    const std::int64_t length = load<std::int32_t>(view, 0);
    if (length >= 0 && length <= 12) continue;
    const std::int64_t buffer = load<std::int32_t>(view, 2), offset = load<std::int32_t>(view, 3);
    const bool known = length >= 0 && buffer >= 0 && buffer < array.n_buffers - 3;
    if (!known || offset < 0 || offset > load<std::int64_t>(array.buffers[array.n_buffers - 1], buffer) - length) {
      return bad_batch(path, "expected views within its data buffers, found others");
    }
    data.append(static_cast<const std::uint8_t*>(array.buffers[2 + buffer]) + offset, bytes_of(length), view);
  }
  parts.buffers.push_back(std::move(views));
  data.finish(parts.buffers);
  return {};
}

}  // namespace weir::arrow
