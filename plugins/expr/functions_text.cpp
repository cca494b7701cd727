// Kernels over texts. What they make stands in the frame's arena, until the chunk is done.
#include <algorithm>
#include <limits>

#include "functions.hpp"
#include "letters.hpp"
#include "logic.hpp"
#include "rowwise.hpp"

namespace weir::expr {
namespace {

using View = std::string_view;
using Word = std::int64_t;

const ValueType kText{.kind = Kind::text};
const ValueType kInteger{.kind = Kind::integer, .precision = 19};
constexpr std::size_t kLongestText = 64 * 1024 * 1024;  // that concat and replace make

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

std::size_t skip_characters(View text, std::size_t at, Word count) {
  for (; count > 0 && at < text.size(); --count) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) ++at;
  }
  return at;
}

// Characters [position, position + length), of which those below 1 don't exist.
View substring(View text, Word position, Word length) {
  Word end = 0;
  if (__builtin_add_overflow(position, length, &end)) end = std::numeric_limits<Word>::max();
  const Word first = std::max<Word>(position, 1);
  if (end <= first) return text.substr(0, 0);
  const std::size_t begin = skip_characters(text, 0, first - 1);
  return text.substr(begin, skip_characters(text, begin, end - first) - begin);
}

// Several operands at once; the result is null where one is. Kernel: bool operator()(const Vector*, int row, View&, Frame&).
template <class Kernel>
class Several final : public Operation {
 public:
  Several(ValueType type, Operations operands, Fault fault, Kernel kernel)
      : Operation(std::move(type)), operands_(std::move(operands)), fault_(std::move(fault)), kernel_(kernel) {}

  void run(Frame& frame, const Bits& live, Vector& out) const override {
    constexpr std::size_t kMost = 3;
    Vector values[kMost] = {Vector(frame.scratch), Vector(frame.scratch), Vector(frame.scratch)};
    Bits rows = live;
    out.all_valid = true;
    for (std::size_t i = 0; i < operands_.size(); ++i) {
      operands_[i]->run(frame, live, values[i]);
      if (values[i].all_valid) continue;
      rows = rows & values[i].valid;
      out.set_valid(rows);
    }
    Bits refused = no_bits();
    if (type().kind == Kind::boolean) {
      out.truth = no_bits();
      for_each(rows, [&](int row) {
        View ignored;
        if (kernel_(values, row, ignored, frame)) set(out.truth, row);
      });
      return;
    }
    auto* to = out.make<View>();
    for_each(rows, [&](int row) {
      if (!kernel_(values, row, to[row], frame)) set(refused, row);
    });
    if (!any(refused)) return;
    frame.fail(refused, fault_);
    out.set_valid(rows - refused);
  }

 private:
  Operations operands_;
  Fault fault_;
  Kernel kernel_;
};

template <class Kernel>
OperationPointer several(ValueType type, Operations operands, Fault fault, Kernel kernel) {
  return std::make_unique<Several<Kernel>>(std::move(type), std::move(operands), std::move(fault), kernel);
}

template <class... Pointers>
Operations together(Pointers... pointers) {
  Operations made;
  (made.push_back(std::move(pointers)), ...);
  return made;
}

View text_at(const Vector* values, std::size_t which, int row) { return values[which].values<View>()[row]; }

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

}  // namespace

OperationPointer case_operation(OperationPointer text, bool upper) {
  return rowwise<View, View>(kText, std::move(text), {}, [upper](View value, View& result, Frame& frame) {
    return change_case(value, upper, result, frame);
  });
}

OperationPointer trim_operation(OperationPointer text, bool left, bool right) {
  return rowwise<View, View>(kText, std::move(text), {}, [left, right](View value, View& result, Frame&) {
    result = trimmed(value, left, right);
    return true;
  });
}

OperationPointer length_operation(OperationPointer text) {
  return rowwise<View, Word>(kInteger, std::move(text), {}, [](View value, Word& result, Frame&) {
    result = characters_in(value);
    return true;
  });
}

OperationPointer substring_operation(OperationPointer text, OperationPointer position, OperationPointer length,
                                     const std::string& source) {
  const Fault fault = fault_in("a length below zero", source);
  if (length == nullptr) {
    return several(kText, together(std::move(text), std::move(position)), fault,
                   [](const Vector* values, int row, View& result, Frame&) {
                     result = substring(text_at(values, 0, row), values[1].values<Word>()[row],
                                        std::numeric_limits<Word>::max());
                     return true;
                   });
  }
  return several(kText, together(std::move(text), std::move(position), std::move(length)), fault,
                 [](const Vector* values, int row, View& result, Frame&) {
                   const Word count = values[2].values<Word>()[row];
                   result = substring(text_at(values, 0, row), values[1].values<Word>()[row], count);
                   return count >= 0;
                 });
}

OperationPointer concat_operation(std::vector<OperationPointer> texts, const std::string& source) {
  return std::make_unique<Concat>(std::move(texts), fault_in("a text beyond 64 MiB", source));
}

OperationPointer replace_operation(OperationPointer text, OperationPointer from, OperationPointer to,
                                   const std::string& source) {
  return several(
      kText, together(std::move(text), std::move(from), std::move(to)), fault_in("a text beyond 64 MiB", source),
      [](const Vector* values, int row, View& result, Frame& frame) {
        return replaced(text_at(values, 0, row), text_at(values, 1, row), text_at(values, 2, row), result, frame);
      });
}

OperationPointer contains_operation(OperationPointer text, OperationPointer part, Contained where) {
  return several({.kind = Kind::boolean}, together(std::move(text), std::move(part)), {},
                 [where](const Vector* values, int row, View&, Frame&) {
                   const View all = text_at(values, 0, row), wanted = text_at(values, 1, row);
                   if (where == Contained::prefix) return all.starts_with(wanted);
                   if (where == Contained::suffix) return all.ends_with(wanted);
                   return all.find(wanted) != View::npos;
                 });
}

}  // namespace weir::expr
