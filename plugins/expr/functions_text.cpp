// Functions over whole texts.
#include <algorithm>
#include <limits>

#include "call.hpp"
#include "function.hpp"
#include "texts.hpp"

namespace weir::expr {
namespace {

bool is_ascii(View text) {
  unsigned char all = 0;
  for (const char byte : text) all |= static_cast<unsigned char>(byte);
  return all < 0x80;
}

bool change_case(View text, bool upper, View& result, Frame& frame) {
  if (is_ascii(text)) {
    char* room = frame.arena.take(text.size());
    const char low = upper ? 'a' : 'A', high = upper ? 'z' : 'Z';
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      room[i] = static_cast<char>(c >= low && c <= high ? c ^ 0x20 : c);
    }
    result = {room, text.size()};
    return true;
  }
  // No letter grows beyond twice its bytes: the longest of any is 4, the shortest of a mapped one 2.
  char* room = frame.arena.take(2 * text.size() + 4);
  std::size_t size = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t letter = next_character(text, at);
    size += write_character(upper ? upper_of(letter) : lower_of(letter), room + size);
  }
  frame.arena.trim(room, size);
  result = {room, size};
  return true;
}

View trimmed(View text, bool left, bool right) {
  constexpr View kBlanks = " \t\n\r\f\v";
  if (left) text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  if (right) text.remove_suffix(text.size() - std::min(text.find_last_not_of(kBlanks) + 1, text.size()));
  return text;
}

OperationPointer make_case(Call& call, bool upper) {
  return rowwise<View, View>(kText, call.text(0), {}, [upper](View value, View& result, Frame& frame) {
    return change_case(value, upper, result, frame);
  });
}
OperationPointer make_lower(Call& call) { return make_case(call, false); }
OperationPointer make_upper(Call& call) { return make_case(call, true); }

bool holds(View characters, View character) {
  // No character of UTF-8 begins within another, so bytes can be searched.
  return !character.empty() && characters.find(character) != View::npos;
}

// `text` without those of its first and last characters that stand in `characters`.
View trimmed_of(View text, View characters, bool left, bool right) {
  while (left && !text.empty()) {
    const std::size_t size = skip_characters(text, 0, 1);
    if (!holds(characters, text.substr(0, size))) break;
    text.remove_prefix(size);
  }
  while (right && !text.empty()) {
    std::size_t begin = text.size() - 1;
    while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xC0U) == 0x80U) --begin;
    if (!holds(characters, text.substr(begin))) break;
    text.remove_suffix(text.size() - begin);
  }
  return text;
}

OperationPointer make_trimmed(Call& call, bool left, bool right) {
  if (call.count() == 1) {
    return rowwise<View, View>(kText, call.text(0), {}, [left, right](View value, View& result, Frame&) {
      result = trimmed(value, left, right);
      return true;
    });
  }
  OperationPointer text = call.text(0);
  return rowwise_of<View, View, View>(kText, together(std::move(text), call.text(1)), {},
                                      [left, right](View value, View characters, View& result, Frame&) {
                                        result = trimmed_of(value, characters, left, right);
                                        return true;
                                      });
}
OperationPointer make_trim(Call& call) { return make_trimmed(call, true, true); }
OperationPointer make_ltrim(Call& call) { return make_trimmed(call, true, false); }
OperationPointer make_rtrim(Call& call) { return make_trimmed(call, false, true); }

OperationPointer make_text_length(Call& call) {
  return rowwise<View, Word>(kInteger, call.text(0), {}, [](View value, Word& result, Frame&) {
    result = characters_in(value);
    return true;
  });
}

OperationPointer make_octet_length(Call& call) {
  return rowwise<View, Word>(kInteger, call.text(0), {}, [](View value, Word& result, Frame&) {
    result = static_cast<Word>(value.size());
    return true;
  });
}

OperationPointer make_reverse(Call& call) {
  return rowwise<View, View>(kText, call.text(0), {}, [](View value, View& result, Frame& frame) {
    char* room = frame.arena.take(value.size());
    std::size_t left = value.size();
    for (std::size_t at = 0; at < value.size();) {
      const std::size_t end = skip_characters(value, at, 1);
      left -= end - at;
      std::memcpy(room + left, value.data() + at, end - at);
      at = end;
    }
    result = {room, value.size()};
    return true;
  });
}

OperationPointer make_repeat(Call& call) {
  OperationPointer text = call.text(0);
  return rowwise_of<View, View, Word>(kText, together(std::move(text), call.integer(1)), call.fault(kTooLong),
                                      [](View value, Word count, View& result, Frame& frame) {
                                        const auto times = static_cast<std::size_t>(std::max<Word>(count, 0));
                                        if (value.empty() || times == 0) return true;
                                        if (!fits(value.size(), times)) return false;
                                        Pen pen(frame, value.size() * times);
                                        for (std::size_t i = 0; i < times; ++i) pen.put(value);
                                        result = pen.done();
                                        return true;
                                      });
}

// `text` made `length` characters long, by `fill` on one side or by cutting its end off.
bool padded(View text, Word length, View fill, bool left, View& result, Frame& frame) {
  const Word has = characters_in(text), fills = characters_in(fill);
  const Word wanted = std::max<Word>(length, 0);
  if (has >= wanted || fills == 0) {
    result = text.substr(0, skip_characters(text, 0, wanted));
    return true;
  }
  const Word missing = wanted - has;
  if (wanted > static_cast<Word>(kLongestText / 4)) return false;
  Pen pen(frame, text.size() + (static_cast<std::size_t>(missing / fills) + 1) * fill.size());
  if (!left) pen.put(text);
  for (Word i = 0; i < missing / fills; ++i) pen.put(fill);
  pen.put(fill.substr(0, skip_characters(fill, 0, missing % fills)));
  if (left) pen.put(text);
  result = pen.done();
  return true;
}

OperationPointer make_padded(Call& call, bool left) {
  OperationPointer text = call.text(0), length = call.integer(1);
  return rowwise_of<View, View, Word, View>(kText, together(std::move(text), std::move(length), call.text(2)),
                                            call.fault(kTooLong),
                                            [left](View value, Word wanted, View fill, View& result, Frame& frame) {
                                              return padded(value, wanted, fill, left, result, frame);
                                            });
}
OperationPointer make_lpad(Call& call) { return make_padded(call, true); }
OperationPointer make_rpad(Call& call) { return make_padded(call, false); }

OperationPointer make_ascii(Call& call) {
  return rowwise<View, Word>(kInteger, call.text(0), {}, [](View value, Word& result, Frame&) {
    std::size_t at = 0;
    result = value.empty() ? 0 : static_cast<Word>(next_character(value, at));
    return true;
  });
}

OperationPointer make_chr(Call& call) {
  return rowwise<Word, View>(kText, call.integer(0), call.fault("no character"),
                             [](Word code, View& result, Frame& frame) {
                               if (code < 1 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return false;
                               Pen pen(frame, 4);
                               pen.put_character(static_cast<char32_t>(code));
                               result = pen.done();
                               return true;
                             });
}

}  // namespace

std::span<const Function> text_functions() {
  static const std::vector<Function> kFunctions = {
      {"ascii, unicode",
       "text",
       "The number of the first character in Unicode; 0 for an empty text.",
       {{"ascii('A')", "65"}, {"ascii('é')", "233"}, {"ascii('')", "0"}},
       make_ascii},
      {"chr",
       "code",
       "The character of that number in Unicode.",
       {{"chr(8364)", "'€'"}, {"chr(-1)", "rejected: no character"}},
       make_chr},
      {"length, char_length, len",
       "text",
       "How many characters the text has.",
       {{"length('häß')", "3"}, {"length('')", "0"}, {"length(null)", "null"}},
       make_text_length},
      {"lower, lcase",
       "text",
       "The text in small letters, by Unicode, one for one, without the rules of a language.",
       {{"lower('ÀÉŽΣЯ x')", "'àéžσя x'"}, {"lower('ẞἈƁＡ')", "'ßἀɓａ'"}},
       make_lower},
      {"lpad",
       "text, length, fill",
       "The text made that many characters long by the fill on its left; a longer one loses its end.",
       {{"lpad('7', 3, '0')", "'007'"}, {"lpad('12345', 3, '0')", "'123'"}},
       make_lpad},
      {"ltrim",
       "text [, characters]",
       "The text without the blanks, or those characters, at its beginning.",
       {{"ltrim('  a ')", "'a '"}, {"ltrim('0071', '0')", "'71'"}},
       make_ltrim},
      {"octet_length, strlen",
       "text",
       "How many bytes the text has in UTF-8.",
       {{"octet_length('häß')", "5"}},
       make_octet_length},
      {"repeat",
       "text, count",
       "The text that many times; none if the count is below 1.",
       {{"repeat('ab', 3)", "'ababab'"}, {"repeat('a', 0)", "''"}},
       make_repeat},
      {"reverse",
       "text",
       "The text's characters from the last to the first.",
       {{"reverse('äbc')", "'cbä'"}},
       make_reverse},
      {"rpad",
       "text, length, fill",
       "As lpad, with the fill on the right.",
       {{"rpad('7', 3, '.-')", "'7.-'"}},
       make_rpad},
      {"rtrim",
       "text [, characters]",
       "The text without the blanks, or those characters, at its end.",
       {{"rtrim(' a  ')", "' a'"}, {"rtrim('1.500', '0')", "'1.5'"}},
       make_rtrim},
      {"trim",
       "text [, characters]",
       "The text without the blanks (spaces, tabs, line ends), or those characters, at both ends.",
       {{"trim('  a b ')", "'a b'"}, {"trim('«a»', '«»')", "'a'"}},
       make_trim},
      {"upper, ucase",
       "text",
       "The text in capital letters, one for one: ß stays.",
       {{"upper('straße ÿ')", "'STRAßE Ÿ'"}},
       make_upper}};
  return kFunctions;
}

}  // namespace weir::expr
