#include "frame.hpp"

#include <algorithm>
#include <cctype>
#include <new>
#include <string>

namespace weir::lz4 {
namespace {

constexpr unsigned kHasDictionary = 1;  // of the byte of flags behind the magic bytes
constexpr std::size_t kHead = 4, kFlags = 4;

// "ERROR_headerChecksum_invalid" as "header checksum invalid".
std::string in_words(std::string_view name) {
  std::string text;
  if (name.starts_with("ERROR_")) name.remove_prefix(6);
  for (const char letter : name) {
    const auto code = static_cast<unsigned char>(letter);
    if (std::isupper(code) != 0 && !text.empty()) text += ' ';
    text += letter == '_' ? ' ' : static_cast<char>(std::tolower(code));
  }
  return text;
}

[[noreturn]] void refuse(std::size_t code, const FramePlace& place) {
  const std::string_view name = LZ4F_getErrorName(code);
  if (name == "ERROR_allocation_failed") throw std::bad_alloc();
  if (name == "ERROR_contentChecksum_invalid") throw place.other_checksum();
  throw place.damaged(in_words(name));
}

}  // namespace

Frame::Frame(const Context& /*context*/) {
  LZ4F_dctx* made = nullptr;
  if (LZ4F_isError(LZ4F_createDecompressionContext(&made, LZ4F_VERSION)) != 0) throw std::bad_alloc();
  context_.reset(made);
}

bool Frame::begins(std::string_view head) const {
  if ((head[0] & 0xF0) == 0x50) return std::string_view("\x2A\x4D\x18").starts_with(head.substr(1));
  return std::string_view("\x04\x22\x4D\x18").starts_with(head);
}

void Frame::begin() {
  LZ4F_resetDecompressionContext(context_.get());
  seen_ = 0;
}

bool Frame::take(CodecBuffers& buffers, const FramePlace& place) {
  look_at(buffers.rest(), place);
  std::size_t taken = buffers.rest().size(), made = buffers.room().size();
  const std::size_t left =
      LZ4F_decompress(context_.get(), buffers.room().data(), &made, buffers.rest().data(), &taken, nullptr);
  if (LZ4F_isError(left) != 0) refuse(left, place);
  buffers.take(taken);
  buffers.made(made);
  return left == 0;
}

void Frame::look_at(std::string_view in, const FramePlace& place) {
  if (seen_ == 0) skippable_ = (in[0] & 0xF0) == 0x50;
  if (seen_ == kHead && !skippable_ && !in.empty() && (static_cast<unsigned char>(in[0]) & kHasDictionary) != 0) {
    throw place.refused("a frame that needs no dictionary", "one that needs one")
        .hint("compress it again without a dictionary");
  }
  seen_ = std::min(seen_ + in.size(), kFlags + 1);
}

std::string_view Frame::where() const {
  return seen_ <= kHead ? "in a header" : skippable_ ? "in a skippable frame" : "in the compressed data";
}

}  // namespace weir::lz4
