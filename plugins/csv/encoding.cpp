#include "encoding.hpp"

#include <algorithm>
#include <cctype>
#include <cerrno>

#include "options.hpp"

namespace weir::csv {
namespace {

constexpr std::size_t kStep = std::size_t{64} << 10U;
constexpr std::size_t kLooked = 4096;  // bytes that tell how lines end

constexpr std::string_view kUtf8 = "\xEF\xBB\xBF";
constexpr std::string_view kLittle = "\xFF\xFE", kBig = "\xFE\xFF";

bool is_utf8(const std::string& encoding) { return encoding == "utf-8" || encoding == "utf8"; }

// True if lines end with CR alone: the first line break of `head` is one, and there are more of them than of LF. Breaks within
// quotes count for nothing. `whole`: nothing comes behind `head`.
bool only_cr(std::string_view head, const Quoting& quoting, bool whole) {
  head.remove_prefix(byte_order_mark(head));
  std::size_t carriages = 0, newlines = 0;
  bool quoted = false, closed = false;
  char before = '\n';
  for (std::size_t i = 0; i < head.size(); before = head[i++]) {
    const char byte = head[i];
    const bool opens = byte == quoting.quote && byte != 0 && (closed || quoting.opens_behind(before));
    closed = quoted && byte == quoting.quote;
    if (byte == quoting.escape && byte != 0) {
      if (++i == head.size()) break;
    } else if (quoted || opens) {
      quoted = !closed;
    } else if (byte == '\n') {
      if (carriages == 0) return false;
      ++newlines;
    } else if (byte == '\r') {
      const bool last = i + 1 == head.size();
      const bool alone = last ? whole : head[i + 1] != '\n';
      carriages += alone ? 1U : 0U;
    }
  }
  return carriages > newlines;
}

// Makes lines that end with CR, or with CR and LF, end with LF. `behind_carriage`: the text before ended with CR.
void end_with_newlines(std::string& text, bool& behind_carriage) {
  std::size_t to = 0;
  for (const char byte : text) {
    if (byte != '\n' || !behind_carriage) text[to++] = byte == '\r' ? '\n' : byte;
    behind_carriage = byte == '\r';
  }
  text.resize(to);
}

std::string in_spaced_hex(std::string_view bytes) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string hex;
  for (const char byte : bytes) {
    if (!hex.empty()) hex += ' ';
    hex += kHex[static_cast<unsigned char>(byte) >> 4U];
    hex += kHex[static_cast<unsigned char>(byte) & 15U];
  }
  return hex;
}

char mark_in(const Config& config, const char* pointer, char otherwise) {
  const std::string_view text = config.text(pointer);
  if (text == "none") return 0;
  return text.size() == 1 ? text[0] : otherwise;
}

// The encoding whose mark `head` begins with; empty: none.
std::string_view marked_encoding(std::string_view head) {
  if (head.starts_with(kUtf8)) return "utf-8";
  if (head.starts_with(kBig)) return "utf-16be";
  return head.starts_with(kLittle) ? "utf-16le" : "";
}

// Refuses a text whose mark says another encoding than the option does.
void check_mark(const std::string& encoding, std::string_view head) {
  const std::string_view marked = marked_encoding(head);
  if (marked.empty() || encoding == "auto" || is_utf8(encoding) || encoding == marked) return;
  const bool wide = encoding == "utf-16" || encoding == "utf-16le" || encoding == "utf-16be";
  if (marked != "utf-8" && (encoding == "utf-16" || !wide)) return;
  throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_DATA,
                "expected " + encoding + " text, found the byte order mark of " + std::string(marked))
      .option("/encoding")
      .hint("leave encoding: out: the mark says what it is");
}

// Which end comes first of UTF-16 without a mark: most texts have characters whose high byte is zero. Little-endian, as Windows
// writes it, if that does not tell.
bool is_big(std::string_view head) {
  std::size_t zeros[2] = {0, 0};
  for (std::size_t i = 0; i < head.size(); ++i) zeros[i % 2] += head[i] == 0 ? 1U : 0U;
  return zeros[0] > zeros[1];
}

}  // namespace

Quoting::Quoting(const Config& config)
    : quote(mark_in(config, "/quote", '"')),
      escape(mark_in(config, "/escape", 0)),
      delimiter(mark_in(config, "/delimiter", ',')),
      trim(config.boolean("/trim")) {
  if (escape == quote) escape = 0;
}

bool Quoting::opens_behind(char byte) const {
  return byte == delimiter || std::string_view("\t,;|\r\n").find(byte) != std::string_view::npos ||
         (trim && byte == ' ');
}

std::string encoding_of(const Config& config) {
  std::string name(config.text("/encoding"));
  for (char& byte : name) byte = static_cast<char>(std::tolower(static_cast<unsigned char>(byte)));
  return name.empty() ? "auto" : name;
}

std::string iconv_name(const std::string& encoding) {
  if (encoding == "latin-1") return "ISO-8859-1";
  return encoding;
}

Converter::Converter(const std::string& to, const std::string& from) : handle_(iconv_open(to.c_str(), from.c_str())) {
  if (handle_ != reinterpret_cast<iconv_t>(-1)) return;
  const std::string& name = to == "utf-8" ? from : to;
  throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST, "expected the name of an encoding, found \"" + name + "\"")
      .option("/encoding")
      .hint("utf-8, utf-16, latin-1, windows-1252 and what else iconv --list names");
}

Converter::End Converter::convert(std::string_view text, std::string& to, std::size_t& taken) {
  char* from = const_cast<char*>(text.data());  // iconv() reads through it, whatever its type says
  std::size_t left = text.size();
  End end = End::all;
  while (left > 0) {
    const std::size_t before = to.size();
    to.resize(before + left * 4 + 16);
    char* at = to.data() + before;
    std::size_t room = to.size() - before;
    const std::size_t done = iconv(handle_, &from, &left, &at, &room);
    const int problem = errno;
    to.resize(to.size() - room);
    if (done != static_cast<std::size_t>(-1) || problem == E2BIG) continue;
    end = problem == EINVAL ? End::cut : End::wrong;
    break;
  }
  taken = text.size() - left;
  return end;
}

std::string Converter::head() {
  std::string with, without;
  std::size_t taken = 0;
  convert("\n", with, taken);
  convert("\n", without, taken);
  return with.substr(0, with.size() - without.size());
}

bool needs_decoder(const Config& config, std::string_view head) {
  const std::string encoding = encoding_of(config);
  if (encoding == "auto" && (head.starts_with(kLittle) || head.starts_with(kBig))) return true;
  if (encoding == "auto" || is_utf8(encoding)) return only_cr(head, Quoting(config), true);
  return true;
}

Decoder::Decoder(const Context& context, bool /*compress*/)
    : quoting_(context.config()), encoding_(encoding_of(context.config())) {
  const bool by_mark = encoding_ == "auto" || encoding_ == "utf-16";
  if (!by_mark && !is_utf8(encoding_)) converter_ = std::make_unique<Converter>("utf-8", iconv_name(encoding_));
}

Codec::Step Decoder::step(std::string_view in, bool last, std::span<std::uint8_t> out) {
  Step step;
  if (at_ == out_.size()) {
    step.consumed = std::min(in.size(), kStep);
    in_.append(in, 0, step.consumed);
    convert(last && step.consumed == in.size());
  }
  step.produced = std::min(out.size(), out_.size() - at_);
  std::copy_n(out_.data() + at_, step.produced, out.data());
  at_ += step.produced;
  step.done = last && step.consumed == in.size() && at_ == out_.size();
  return step;
}

void Decoder::convert(bool last) {
  out_.clear();
  at_ = 0;
  if (!begun_ && in_.size() < kLooked && !last) return;
  if (!begun_) check_mark(encoding_, in_);
  if (!begun_ && converter_ == nullptr && !is_utf8(encoding_)) {
    const bool marked = in_.starts_with(kLittle) || in_.starts_with(kBig);
    const bool wide = encoding_ == "utf-16" || marked;
    const bool big = marked ? in_.starts_with(kBig) : is_big(std::string_view(in_).substr(0, kLooked));
    if (wide) converter_ = std::make_unique<Converter>("utf-8", big ? "utf-16be" : "utf-16le");
  }
  decode(last);
  if (!begun_) only_cr_ = only_cr(std::string_view(out_).substr(0, kLooked), quoting_, last && out_.size() <= kLooked);
  begun_ = true;
  if (only_cr_) end_with_newlines(out_, behind_carriage_);
}

void Decoder::decode(bool last) {
  if (converter_ == nullptr) {
    out_.swap(in_);
    return;
  }
  std::size_t taken = 0;
  const Converter::End end = converter_->convert(in_, out_, taken);
  taken_ += taken;
  const std::string rest = in_.substr(taken);
  const std::string name = encoding_ == "auto" ? "utf-16" : encoding_;
  if (end == Converter::End::wrong) {
    throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_DATA,
                  "expected " + name + " text, found the bytes " + in_spaced_hex(std::string_view(rest).substr(0, 4)) +
                      " at byte " + std::to_string(taken_))
        .hint("is the file in another encoding?");
  }
  if (last && !rest.empty()) {
    throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_DATA,
                  "expected " + name + " text, found its end within a character, at byte " + std::to_string(taken_))
        .hint("the file was cut short, or is in another encoding");
  }
  in_ = rest;
}

namespace {

weir_status needed(const weir_context* context, weir_bytes head, std::int32_t* needed, weir_error* error) {
  return at_edge(error, [&] { *needed = needs_decoder(Context(context).config(), to_view(head)) ? 1 : 0; });
}

}  // namespace

const weir_decoder kDecoder = {sizeof(weir_decoder), needed, &detail::kCodec<Decoder>};

}  // namespace weir::csv
