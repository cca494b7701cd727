// Functions that look for, cut out, replace and join parts of texts.
#include <algorithm>
#include <limits>

#include "call.hpp"
#include "column.hpp"
#include "function.hpp"
#include "texts.hpp"

namespace weir::expr {
namespace {

// Characters [position, position + length), of which those below 1 don't exist.
View substring(View text, Word position, Word length) {
  Word end = 0;
  if (__builtin_add_overflow(position, length, &end)) end = std::numeric_limits<Word>::max();
  const Word first = std::max<Word>(position, 1);
  if (end <= first) return text.substr(0, 0);
  const std::size_t begin = skip_characters(text, 0, first - 1);
  return text.substr(begin, skip_characters(text, begin, end - first) - begin);
}

bool replaced(View text, View from, View to, View& result, Frame& frame) {
  if (from.empty() || text.find(from) == View::npos) {
    result = text;
    return true;
  }
  std::size_t count = 0;
  for (std::size_t at = text.find(from); at != View::npos; at = text.find(from, at + from.size())) ++count;
  const std::size_t size = text.size() - count * from.size();
  if (to.size() > 0 && count > (kLongestText - std::min(size, kLongestText)) / to.size()) return false;
  char* room = frame.arena.take(size + count * to.size());
  char* at = room;
  const auto put = [&at](View part) {
    if (!part.empty()) std::memcpy(at, part.data(), part.size());
    at += part.size();
  };
  std::size_t begin = 0;
  for (std::size_t found = text.find(from); found != View::npos; found = text.find(from, begin)) {
    put(text.substr(begin, found - begin));
    put(to);
    begin = found + from.size();
  }
  put(text.substr(begin));
  result = {room, static_cast<std::size_t>(at - room)};
  return true;
}

// Any number of texts, one behind the other.
class Concat final : public Operation {
 public:
  Concat(Operations texts, Fault fault) : Operation(kText), texts_(std::move(texts)), fault_(std::move(fault)) {}

  void run(Frame& frame, const Bits& live, Vector& out) const override {
    // The texts are added one operand after the other, in pairs: there may be many.
    texts_[0]->run(frame, live, out);
    for (std::size_t i = 1; i < texts_.size(); ++i) add(frame, live, *texts_[i], out);
  }

 private:
  void add(Frame& frame, const Bits& live, const Operation& operation, Vector& out) const {
    Vector more(frame.scratch);
    operation.run(frame, live, more);
    const Bits rows = out.valid_of(live) & more.valid_of(live);
    if (!out.all_valid || !more.all_valid) out.set_valid(rows);
    const View* left = out.values<View>();
    const View* right = more.values<View>();
    View* to = out.make<View>();
    Bits refused = no_bits();
    for_each(rows, [&](int row) {
      const View a = left[row], b = right[row];
      if (a.size() + b.size() > kLongestText) return set(refused, row);
      char* room = frame.arena.take(a.size() + b.size());
      if (!a.empty()) std::memcpy(room, a.data(), a.size());
      if (!b.empty()) std::memcpy(room + a.size(), b.data(), b.size());
      to[row] = {room, a.size() + b.size()};
    });
    if (!any(refused)) return;
    frame.fail(refused, fault_);
    out.set_valid(rows - refused);
  }

  Operations texts_;
  Fault fault_;
};

OperationPointer make_concat(Call& call) {
  Operations texts;
  for (std::size_t i = 0; i < call.count(); ++i) {
    Operations known;
    known.push_back(call.text(i));
    known.push_back(constant_operation(kText, {}));
    texts.push_back(coalesce_operation(kText, std::move(known)));
  }
  return std::make_unique<Concat>(std::move(texts), call.fault(kTooLong));
}

// Texts joined by the first operand; those that are null don't count.
class Joined final : public Operation {
 public:
  Joined(Operations texts, Fault fault) : Operation(kText), texts_(std::move(texts)), fault_(std::move(fault)) {}

  void run(Frame& frame, const Bits& live, Vector& out) const override {
    Vector separator(frame.scratch);
    texts_[0]->run(frame, live, separator);
    const Bits rows = separator.valid_of(live);
    out.all_valid = separator.all_valid;
    if (!out.all_valid) out.valid = separator.valid;
    View* to = out.make<View>();
    Bits begun = no_bits(), refused = no_bits();
    for (std::size_t i = 1; i < texts_.size(); ++i) {
      Vector more(frame.scratch);
      texts_[i]->run(frame, live, more);
      const Bits next = rows & more.valid_of(live);
      const View* from = more.values<View>();
      for_each(next - begun, [&](int row) { to[row] = from[row]; });
      for_each(next & begun, [&](int row) {
        const View between = separator.values<View>()[row];
        const std::size_t size = to[row].size() + between.size() + from[row].size();
        if (size > kLongestText) return set(refused, row);
        Pen pen(frame, size);
        pen.put(to[row]);
        pen.put(between);
        pen.put(from[row]);
        to[row] = pen.done();
      });
      begun = begun | next;
    }
    for_each(rows - begun, [&](int row) { to[row] = {}; });
    if (!any(refused)) return;
    frame.fail(refused, fault_);
    out.set_valid(rows - refused);
  }

 private:
  Operations texts_;
  Fault fault_;
};

OperationPointer make_concat_ws(Call& call) {
  Operations texts;
  for (std::size_t i = 0; i < call.count(); ++i) texts.push_back(call.text(i));
  return std::make_unique<Joined>(std::move(texts), call.fault(kTooLong));
}

OperationPointer make_text_replace(Call& call) {
  OperationPointer text = call.text(0), from = call.text(1);
  return rowwise_of<View, View, View, View>(kText, together(std::move(text), std::move(from), call.text(2)),
                                            call.fault(kTooLong), replaced);
}

// Each character of `from` becomes the one at its place in `to`, or goes where there is none.
bool translated(View text, View from, View to, View& result, Frame& frame) {
  if (!fits(4, text.size())) return false;
  Pen pen(frame, 4 * text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const char32_t letter = next_character(text, at);
    std::size_t known = 0, other = 0;
    bool found = false;
    while (known < from.size() && !found) {
      const std::size_t place = other;
      found = next_character(from, known) == letter;
      other = skip_characters(to, place, 1);
      if (found) pen.put(to.substr(place, other - place));
    }
    if (!found) pen.put(text.substr(begin, at - begin));
  }
  result = pen.done();
  return true;
}

OperationPointer make_translate(Call& call) {
  OperationPointer text = call.text(0), from = call.text(1);
  return rowwise_of<View, View, View, View>(kText, together(std::move(text), std::move(from), call.text(2)),
                                            call.fault(kTooLong), translated);
}

template <class Test>
OperationPointer make_text_test(Call& call, Test holds) {
  OperationPointer text = call.text(0);
  return rowwise_of<bool, View, View>(kBoolean, together(std::move(text), call.text(1)), {},
                                      [holds](View all, View part, bool& result, Frame&) {
                                        result = holds(all, part);
                                        return true;
                                      });
}
OperationPointer make_starts_with(Call& call) {
  return make_text_test(call, [](View all, View part) { return all.starts_with(part); });
}
OperationPointer make_ends_with(Call& call) {
  return make_text_test(call, [](View all, View part) { return all.ends_with(part); });
}
OperationPointer make_contains(Call& call) {
  return make_text_test(call, [](View all, View part) { return all.find(part) != View::npos; });
}

OperationPointer make_strpos(Call& call) {
  OperationPointer text = call.text(0);
  return rowwise_of<Word, View, View>(kInteger, together(std::move(text), call.text(1)), {},
                                      [](View all, View part, Word& result, Frame&) {
                                        const std::size_t at = all.find(part);
                                        result = at == View::npos ? 0 : characters_in(all.substr(0, at)) + 1;
                                        return true;
                                      });
}

OperationPointer make_substring(Call& call) {
  OperationPointer text = call.text(0), from = call.integer(1);
  const Fault fault = call.fault("a length below zero");
  if (call.count() == 2) {
    return rowwise_of<View, View, Word>(kText, together(std::move(text), std::move(from)), fault,
                                        [](View all, Word position, View& result, Frame&) {
                                          result = substring(all, position, std::numeric_limits<Word>::max());
                                          return true;
                                        });
  }
  return rowwise_of<View, View, Word, Word>(kText, together(std::move(text), std::move(from), call.integer(2)), fault,
                                            [](View all, Word position, Word length, View& result, Frame&) {
                                              result = substring(all, position, length);
                                              return length >= 0;
                                            });
}

// `count` characters; below zero: all but as many.
Word kept(View text, Word count) {
  if (count >= 0) return count;
  const Word has = characters_in(text);
  return count < -has ? 0 : has + count;
}

OperationPointer make_left(Call& call) {
  OperationPointer text = call.text(0);
  return rowwise_of<View, View, Word>(kText, together(std::move(text), call.integer(1)), {},
                                      [](View all, Word count, View& result, Frame&) {
                                        result = all.substr(0, skip_characters(all, 0, kept(all, count)));
                                        return true;
                                      });
}

OperationPointer make_right(Call& call) {
  OperationPointer text = call.text(0);
  return rowwise_of<View, View, Word>(kText, together(std::move(text), call.integer(1)), {},
                                      [](View all, Word count, View& result, Frame&) {
                                        const Word cut = characters_in(all) - kept(all, count);
                                        result = all.substr(skip_characters(all, 0, cut));
                                        return true;
                                      });
}

// Part `number`, from 1 or, below zero, from the end; empty if there is none.
View part_of_text(View text, View separator, Word number) {
  if (separator.empty()) return number == 1 || number == -1 ? text : View();
  if (number < 0) {
    while (++number < 0) {
      const std::size_t at = text.rfind(separator);
      if (at == View::npos) return {};
      text = text.substr(0, at);
    }
    const std::size_t at = text.rfind(separator);
    return at == View::npos ? text : text.substr(at + separator.size());
  }
  while (--number > 0) {
    const std::size_t at = text.find(separator);
    if (at == View::npos) return {};
    text.remove_prefix(at + separator.size());
  }
  return text.substr(0, text.find(separator));
}

OperationPointer make_split_part(Call& call) {
  OperationPointer text = call.text(0), separator = call.text(1);
  return rowwise_of<View, View, View, Word>(kText, together(std::move(text), std::move(separator), call.integer(2)),
                                            call.fault("part 0, where the first is 1"),
                                            [](View all, View between, Word number, View& result, Frame&) {
                                              if (number != 0) result = part_of_text(all, between, number);
                                              return number != 0;
                                            });
}

}  // namespace

OperationPointer concat_operation(Operations texts, const std::string& source) {
  return std::make_unique<Concat>(std::move(texts), fault_in(kTooLong, source));
}

std::span<const Function> text_part_functions() {
  static const std::vector<Function> kFunctions = {
      {"concat",
       "text, …",
       "The texts one behind the other; nulls don't count, where || makes all null.",
       {{"concat('a', 'b', null)", "'ab'"}},
       make_concat},
      {"concat_ws",
       "separator, text, …",
       "The texts with the separator between them; nulls don't count.",
       {{"concat_ws(', ', 'Ada', null, 'London')", "'Ada, London'"}},
       make_concat_ws},
      {"contains",
       "text, part",
       "Whether the part stands anywhere in the text.",
       {{"contains('abc', 'b')", "true"}, {"contains('abc', '')", "true"}},
       make_contains},
      {"ends_with, suffix",
       "text, part",
       "Whether the text ends with the part.",
       {{"ends_with('abc', 'bc')", "true"}},
       make_ends_with},
      {"left",
       "text, count",
       "The first characters; with a count below zero, all but as many at the end.",
       {{"left('äbc', 2)", "'äb'"}, {"left('abc', -1)", "'ab'"}},
       make_left},
      {"replace",
       "text, from, to",
       "The text with every `from` replaced by `to`.",
       {{"replace('1.234,50', '.', '')", "'1234,50'"}, {"replace('abc', '', 'x')", "'abc'"}},
       make_text_replace},
      {"right",
       "text, count",
       "The last characters; with a count below zero, all but as many at the beginning.",
       {{"right('abc', 2)", "'bc'"}, {"right('abc', -1)", "'bc'"}},
       make_right},
      {"split_part",
       "text, separator, number",
       "One of the parts between the separators, counted from 1 or, below zero, from the end; empty if there is none.",
       {{"split_part('a/b/c', '/', 2)", "'b'"},
        {"split_part('a/b/c', '/', -1)", "'c'"},
        {"split_part('a/b', '/', 5)", "''"}},
       make_split_part},
      {"starts_with, prefix",
       "text, part",
       "Whether the text begins with the part.",
       {{"starts_with('abc', 'ab')", "true"}},
       make_starts_with},
      {"strpos, instr",
       "text, part",
       "Where the part first stands in the text, counted in characters from 1; 0 if it doesn't. Also written "
       "position(part in text).",
       {{"strpos('äbc', 'c')", "3"}, {"strpos('abc', 'x')", "0"}, {"position('b' in 'abc')", "2"}},
       make_strpos},
      {"substr, substring",
       "text, from [, length]",
       "The characters from that place on, counted from 1. A place below 1 begins before the text, as the SQL standard "
       "has it.",
       {{"substr('äbc', 2, 1)", "'b'"},
        {"substr('abc', 0, 2)", "'a'"},
        {"substr('abc', 1, -1)", "rejected: a length below zero"}},
       make_substring},
      {"translate",
       "text, from, to",
       "The text with each character of `from` replaced by the one at its place in `to`; those without one go.",
       {{"translate('1.234,50', ',.', '.')", "'1234.50'"}},
       make_translate}};
  return kFunctions;
}

}  // namespace weir::expr
