#include "document_scan.hpp"

#include <bit>
#include <string>

#include <weir/cpp/quoted.hpp>
#include <weir/weir.hpp>

#include "blocks.hpp"
#include "tokens.hpp"

namespace weir::json {
namespace {

enum Mode : std::uint8_t {
  kValue,      // a value
  kFirstItem,  // a value or ']'
  kKey,        // a key
  kFirstKey,   // a key or '}'
  kColon,      // behind a key
  kAfter,      // behind a value
  kDone,       // behind the document
  kText,       // in a string; kKeyText: in one that is a key
  kKeyText,
  kEscape,  // behind a backslash; of a key, here and in the two below, if the bit kOfKey is set in `count`
  kHex,
  kPairLetter,  // behind the backslash of a pair's second half
  kMinus,
  kZero,
  kDigits,
  kPoint,
  kFraction,
  kExponent,
  kExponentSign,
  kExponentDigits,
  kLiteral,
  kAnything,  // nobody knows where the document stands: all is accepted
};

constexpr std::uint8_t kOfKey = 0x80;
constexpr std::uint32_t kMismatch = UINT32_MAX;
constexpr std::uint16_t kMostBeside = 128;  // levels, as State::objects holds

std::string_view word_of(std::uint16_t letter) {
  return letter == 't'   ? std::string_view("true")
         : letter == 'f' ? std::string_view("false")
                         : std::string_view("null");
}

std::string found_byte(char byte) {
  static constexpr char kHexDigits[] = "0123456789abcdef";
  const auto number = static_cast<unsigned char>(byte);
  if (byte == '\n' || byte == '\r') return "the end of the line";
  if (byte == '"') return "a quote";
  if (number >= 0x20 && number < 0x7F) return quoted_for_message({&byte, 1});
  return std::string("the byte ") + kHexDigits[number >> 4U] + kHexDigits[number & 15U];
}

bool begins_value(char byte) {
  return std::string_view("{[\"-tfn").find(byte) != std::string_view::npos || is_digit(byte);
}

}  // namespace

Failure bad_document(std::string message) { return {WEIR_INVALID_ARGUMENT, WEIR_FAULT_DATA, std::move(message)}; }

const char* plain_text_end(const char* at, const char* end) {
  for (; end - at >= kBlock; at += kBlock) {
    const BlockMasks found = masks_of(at, nullptr);
    if ((found.stops | found.high) != 0) return at + std::countr_zero(found.stops | found.high);
  }
  while (at != end && !is_stop(*at) && static_cast<unsigned char>(*at) < 0x80) ++at;
  return at;
}

DocumentScan::State DocumentScan::State::unpack(const std::uint64_t (&words)[4]) {
  State state;
  state.mode = static_cast<std::uint8_t>(words[0] >> 8U);
  state.count = static_cast<std::uint8_t>(words[0] >> 16U);
  state.code = static_cast<std::uint16_t>(words[0] >> 24U);
  state.high = static_cast<std::uint16_t>(words[0] >> 40U);
  state.level = static_cast<std::uint16_t>(words[1]);
  state.depth = static_cast<std::uint16_t>(words[1] >> 16U);
  state.matched = static_cast<std::uint32_t>(words[1] >> 32U);
  state.objects[0] = words[2];
  state.objects[1] = words[3];
  return state;
}

void DocumentScan::State::pack(std::uint64_t (&words)[4], std::uint64_t flags) const {
  words[0] = flags | std::uint64_t{mode} << 8U | std::uint64_t{count} << 16U | std::uint64_t{code} << 24U |
             std::uint64_t{high} << 40U;
  words[1] = std::uint64_t{level} | std::uint64_t{depth} << 16U | std::uint64_t{matched} << 32U;
  words[2] = objects[0];
  words[3] = objects[1];
}

DocumentScan::State DocumentScan::State::anywhere() {
  State state;
  state.mode = kAnything;
  return state;
}

DocumentScan::State DocumentScan::State::behind_rows(std::size_t level) {
  State state;
  state.mode = kAfter;
  state.level = static_cast<std::uint16_t>(level);
  return state;
}

void DocumentScan::refuse(std::string_view expected, char byte) const {
  throw bad_document("expected " + std::string(expected) + ", found " + found_byte(byte));
}

bool DocumentScan::in_object() const {
  if (state_.depth == 0) return path_.objects[state_.level - 1U];
  const unsigned top = state_.depth - 1U;
  return (state_.objects[top / 64] >> (top % 64) & 1U) != 0;
}

bool DocumentScan::is_done() const { return state_.mode == kDone || state_.mode == kAnything; }
bool DocumentScan::in_key() const { return state_.mode == kKeyText && state_.depth == 0; }
bool DocumentScan::in_plain_text() const { return state_.mode == kText && state_.count == 0 && state_.high == 0; }
bool DocumentScan::is_match() const { return state_.matched == path_.tokens[state_.level - 1U].size(); }

void DocumentScan::enter(bool object) {
  ++state_.level;
  state_.mode = object ? kFirstKey : kFirstItem;
}

void DocumentScan::push(bool object, char byte) {
  if (state_.depth == kMostBeside) refuse("values nested at most 128 deep beside the rows", byte);
  const unsigned top = state_.depth++;
  const std::uint64_t bit = std::uint64_t{1} << (top % 64);
  state_.objects[top / 64] = object ? state_.objects[top / 64] | bit : state_.objects[top / 64] & ~bit;
  state_.mode = object ? kFirstKey : kFirstItem;
}

void DocumentScan::begin_value(char byte) {
  switch (byte) {
    case '{': return push(true, byte);
    case '[': return push(false, byte);
    case '"': state_.mode = kText; return;
    case '-': state_.mode = kMinus; return;
    case '0': state_.mode = kZero; return;
    case 't':
    case 'f':
    case 'n':
      state_.mode = kLiteral;
      state_.code = static_cast<std::uint16_t>(byte);
      state_.count = 1;
      return;
    default:
      if (!is_digit(byte)) refuse("a value", byte);
      state_.mode = kDigits;
  }
}

DocumentScan::Event DocumentScan::close(char byte) {
  if ((byte == '}') != in_object()) refuse(in_object() ? "',' or '}'" : "',' or ']'", byte);
  state_.mode = kAfter;
  if (state_.depth > 0) {
    --state_.depth;
    return Event::none;
  }
  --state_.level;
  if (state_.level == 0) state_.mode = kDone;
  return Event::closed;
}

DocumentScan::Event DocumentScan::after(char byte) {
  if (is_blank(byte)) return Event::none;
  if (byte == '}' || byte == ']') return close(byte);
  if (byte != ',') refuse(in_object() ? "',' or '}'" : "',' or ']'", byte);
  state_.mode = in_object() ? kKey : kValue;
  return Event::none;
}

DocumentScan::Event DocumentScan::in_structure(char byte) {
  if (is_blank(byte)) return Event::none;
  switch (state_.mode) {
    case kFirstItem:
      if (byte == ']') return close(byte);
      [[fallthrough]];
    case kValue:
      if (!begins_value(byte)) refuse("a value", byte);
      if (state_.depth == 0) return Event::value;
      begin_value(byte);
      return Event::none;
    case kFirstKey:
      if (byte == '}') return close(byte);
      [[fallthrough]];
    case kKey:
      if (byte != '"') refuse("a key in quotes", byte);
      state_.mode = kKeyText;
      state_.matched = state_.depth == 0 ? 0 : kMismatch;
      return Event::none;
    case kColon:
      if (byte != ':') refuse("':'", byte);
      state_.mode = kValue;
      return Event::none;
    default: refuse("the end of the file behind the document", byte);
  }
}

void DocumentScan::match(char byte) {
  if (state_.matched == kMismatch || state_.depth > 0) return;
  const std::string& token = path_.tokens[state_.level - 1U];
  state_.matched = state_.matched < token.size() && token[state_.matched] == byte ? state_.matched + 1 : kMismatch;
}

// `count`: bytes of the character that are to come; `code`: the least and the greatest that the next may be.
void DocumentScan::utf8(unsigned char byte) {
  if (state_.count > 0) {
    if (byte < (state_.code & 0xFFU) || byte > (state_.code >> 8U)) refuse("UTF-8 text", static_cast<char>(byte));
    --state_.count;
    state_.code = 0xBF80;
    return;
  }
  if (byte < 0x80) return;
  if (byte < 0xC2 || byte > 0xF4) refuse("UTF-8 text", static_cast<char>(byte));
  state_.count = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3;
  state_.code = byte == 0xE0 ? 0xBFA0 : byte == 0xED ? 0x9F80 : byte == 0xF0 ? 0xBF90 : byte == 0xF4 ? 0x8F80 : 0xBF80;
}

void DocumentScan::plain(char byte) {
  if (state_.high != 0) refuse("the other half of a surrogate pair (\\uDC00 to \\uDFFF)", byte);
  if (static_cast<unsigned char>(byte) < 0x20) refuse("a closing quote", byte);
  utf8(static_cast<unsigned char>(byte));
  if (state_.mode == kKeyText) match(byte);
}

DocumentScan::Event DocumentScan::in_string(char byte) {
  const bool key = state_.mode == kKeyText;
  if (state_.count == 0 && state_.high == 0 && byte == '"') {
    state_.mode = key ? kColon : kAfter;
    return key && state_.depth == 0 ? Event::key : Event::none;
  }
  if (state_.count == 0 && byte == '\\') {
    state_.mode = state_.high != 0 ? kPairLetter : kEscape;
    state_.count = key ? kOfKey : 0;
    return Event::none;
  }
  plain(byte);
  return Event::none;
}

void DocumentScan::unit(std::uint32_t code) {
  char bytes[4];
  const char* const end = put_utf8(bytes, code);
  if (state_.mode == kKeyText) {
    for (const char* at = bytes; at != end; ++at) match(*at);
  }
}

void DocumentScan::escape(char byte) {
  if (state_.mode == kPairLetter && byte != 'u')
    refuse("the other half of a surrogate pair (\\uDC00 to \\uDFFF)", byte);
  if (byte == 'u') {
    state_.mode = kHex;
    state_.code = 0;
    return;
  }
  const char letter = escaped(byte);
  if (letter == 0) refuse("an escape of JSON", byte);
  state_.mode = (state_.count & kOfKey) != 0 ? kKeyText : kText;
  state_.count = 0;
  if (state_.mode == kKeyText) match(letter);
}

void DocumentScan::hex(char byte) {
  const char small = static_cast<char>(byte | 0x20);
  const bool letter = small >= 'a' && small <= 'f';
  if (!letter && !is_digit(byte)) refuse("four hexadecimal digits", byte);
  state_.code =
      static_cast<std::uint16_t>(state_.code * 16U + static_cast<unsigned>(letter ? small - 'a' + 10 : byte - '0'));
  if ((++state_.count & 7U) != 4) return;
  const std::uint32_t code = state_.code;
  const bool second = code >= 0xDC00 && code < 0xE000;
  if (state_.high != 0 && !second) refuse("the other half of a surrogate pair (\\uDC00 to \\uDFFF)", byte);
  if (state_.high == 0 && second) refuse("the first half of a surrogate pair before its second", byte);
  state_.mode = (state_.count & kOfKey) != 0 ? kKeyText : kText;
  state_.count = 0;
  if (code >= 0xD800 && code < 0xDC00) {
    state_.high = state_.code;
    return;
  }
  unit(state_.high == 0 ? code : 0x10000 + ((state_.high - 0xD800U) << 10U) + (code - 0xDC00U));
  state_.high = 0;
}

DocumentScan::Event DocumentScan::in_number(char byte) {
  const bool digit = is_digit(byte);
  const bool exponent = byte == 'e' || byte == 'E';
  switch (state_.mode) {
    case kMinus:
      if (!digit) refuse("a digit", byte);
      state_.mode = byte == '0' ? kZero : kDigits;
      return Event::none;
    case kDigits:
      if (digit) return Event::none;
      [[fallthrough]];
    case kZero:
      if (byte != '.' && !exponent) break;
      state_.mode = exponent ? kExponent : kPoint;
      return Event::none;
    case kPoint:
      if (!digit) refuse("a digit behind the point", byte);
      state_.mode = kFraction;
      return Event::none;
    case kFraction:
      if (digit) return Event::none;
      if (!exponent) break;
      state_.mode = kExponent;
      return Event::none;
    case kExponent:
      if (byte == '+' || byte == '-') {
        state_.mode = kExponentSign;
        return Event::none;
      }
      [[fallthrough]];
    case kExponentSign:
      if (!digit) refuse("a digit of the exponent", byte);
      state_.mode = kExponentDigits;
      return Event::none;
    default:
      if (digit) return Event::none;
  }
  state_.mode = kAfter;
  return after(byte);
}

void DocumentScan::literal(char byte) {
  const std::string_view word = word_of(state_.code);
  if (byte != word[state_.count]) refuse("a value", byte);
  if (++state_.count < word.size()) return;
  state_.count = 0;
  state_.mode = kAfter;
}

DocumentScan::Event DocumentScan::step(char byte) {
  switch (state_.mode) {
    case kText:
    case kKeyText: return in_string(byte);
    case kAfter: return after(byte);
    case kAnything: return Event::none;
    case kEscape:
    case kPairLetter: escape(byte); return Event::none;
    case kHex: hex(byte); return Event::none;
    case kLiteral: literal(byte); return Event::none;
    case kMinus:
    case kZero:
    case kDigits:
    case kPoint:
    case kFraction:
    case kExponent:
    case kExponentSign:
    case kExponentDigits: return in_number(byte);
    default: return in_structure(byte);
  }
}

void check_behind(std::string_view bytes, std::size_t from, DocumentScan& scan) {
  const char* const end = bytes.data() + bytes.size();
  for (const char* at = bytes.data() + from; at != end; ++at) {
    if (scan.in_plain_text()) at = plain_text_end(at, end);
    if (at == end) break;
    try {
      const DocumentScan::Event event = scan.step(*at);
      if (event == DocumentScan::Event::value) scan.skip(*at);
      if (event == DocumentScan::Event::key && scan.is_match()) {
        throw bad_document("expected the key of the rows once, found it again, with other rows perhaps")
            .hint("a reader that streams can't let the last one win: mend the document");
      }
    } catch (const Failure& failure) {
      throw Failure(failure).offset(at - bytes.data());
    }
  }
}

}  // namespace weir::json
