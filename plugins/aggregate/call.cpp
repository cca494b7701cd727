#include "call.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <weir/cpp/named_column.hpp>
#include <weir/cpp/type_names.hpp>
#include <weir/cpp/value_bytes.hpp>

namespace weir::aggregate {
namespace {

struct Named {
  std::string_view name;
  Function function;
};
constexpr std::array kFunctions = {Named{"count", Function::count}, Named{"sum", Function::sum},
                                   Named{"avg", Function::avg},     Named{"min", Function::min},
                                   Named{"max", Function::max},     Named{"first", Function::first},
                                   Named{"last", Function::last}};
constexpr const char* kShape = "expected a function of a column, such as sum(amount)";
constexpr const char* kMakeFirst =
    "compute it in front: { use: derive, columns: { total: price * quantity } }, then sum(total)";

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

std::string lower(std::string_view word) {
  std::string small(word);
  for (char& c : small) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return small;
}

// Reads the text word by word.
class Reader {
 public:
  Reader(std::string_view text, const ArrowSchema& input, const std::string& option)
      : text_(text), input_(input), option_(option) {}

  Call read() {
    Call call{function(), -1};
    expect('(', std::string(kShape));
    const bool distinct = take_distinct(call.function);
    if (distinct) call.function = Function::count_distinct;
    if (call.function == Function::count) {
      skip();
      if (at_ < text_.size() && text_[at_] == '*') ++at_;
    }
    if (call.function != Function::count || !is_next(')')) call.column = column(call.function);
    expect(')', std::string(kShape));
    skip();
    if (at_ < text_.size()) fail(kShape, kMakeFirst, at_, text_.size() - at_);
    return call;
  }

 private:
  [[noreturn]] void fail(const std::string& what, std::string hint, std::size_t at, std::size_t length) const {
    const std::string_view found = text_.substr(at, std::min<std::size_t>(length, 40));
    throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
                  what + ", found " + (found.empty() ? "the end" : "'" + std::string(found) + "'"))
        .option(option_, static_cast<std::int64_t>(at), static_cast<std::int64_t>(std::max<std::size_t>(length, 1)))
        .hint(std::move(hint));
  }
  void skip() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n')) ++at_;
  }
  bool is_next(char what) {
    skip();
    return at_ < text_.size() && text_[at_] == what;
  }
  void expect(char what, const std::string& shape) {
    if (!is_next(what)) fail(shape, kMakeFirst, at_, text_.size() - at_);
    ++at_;
  }
  std::string_view word() {
    skip();
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_letter(text_[at_])) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  Function function() {
    const std::string_view name = word();
    if (name.empty()) fail(kShape, kMakeFirst, at_, text_.size() - at_);
    const std::string small = lower(name);
    std::vector<std::string_view> names;
    for (const Named& known : kFunctions) {
      if (known.name == small) return known.function;
      names.push_back(known.name);
    }
    const auto begin = static_cast<std::int64_t>(at_ - name.size());
    throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
                  "no function '" + std::string(name.substr(0, 60)) + "' of many rows")
        .option(option_, begin, static_cast<std::int64_t>(name.size()))
        .hint(name_hint(small, names, "functions"));
  }

  // Of count alone, and only where a column stands behind it: else it is the name of one.
  bool take_distinct(Function function) {
    const std::size_t before = at_;
    const std::string_view name = word();
    const std::size_t begin = at_ - name.size();
    const bool is_word = lower(name) == "distinct" && !is_next(')');
    if (is_word && function == Function::count) return true;
    if (is_word) {
      fail("expected distinct in count alone", "the other functions are the same of values that stand twice", begin,
           name.size());
    }
    at_ = before;
    return false;
  }

  std::string column_name() {
    if (!is_next('"')) return std::string(word());
    std::string name;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '"' && (at_ + 1 == text_.size() || text_[at_ + 1] != '"')) {
        ++at_;
        return name;
      }
      if (text_[at_] == '"') ++at_;
      name += text_[at_];
    }
    fail("expected the quote that ends a name", "write it behind the name: \"a name\"", at_, 0);
  }

  std::int64_t column(Function function) {
    skip();
    const std::size_t begin = at_;
    const std::string name = column_name();
    if (at_ == begin) fail(kShape, kMakeFirst, at_, text_.size() - at_);
    if (!is_next(')')) {
      const std::size_t wrong = at_ == text_.size() ? at_ : begin;
      fail(kShape, kMakeFirst, wrong, text_.size() - wrong);
    }
    std::int64_t found = -1;
    try {
      found = named_column(input_, name, option_);
    } catch (Failure& failure) {
      throw std::move(failure).option(option_, static_cast<std::int64_t>(begin),
                                      static_cast<std::int64_t>(at_ - begin));
    }
    check_type(function, found, begin);
    return found;
  }

  void check_type(Function function, std::int64_t column, std::size_t begin) const {
    const ArrowSchema& field = *input_.children[column];
    const Type type = type_of(field).type;
    const bool is_number = type > Type::boolean && type < Type::decimal256;
    const bool is_summed = function == Function::sum || function == Function::avg;
    if (function == Function::count ||
        (field.dictionary == nullptr && is_summed && (is_number || type == Type::duration)))
      return;
    if (!is_summed && has_value_bytes(field)) return;
    const std::string name(weir::column_name(input_, column));
    throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
                  std::string("expected a column of ") +
                      (is_summed ? "numbers" : "text, bytes, numbers, booleans, dates or times") + ", found '" + name +
                      "' of " + type_name(field))
        .option(option_, static_cast<std::int64_t>(begin), static_cast<std::int64_t>(at_ - begin))
        .hint(is_summed ? "make numbers of it in front: { use: derive, columns: { " + name + ": cast(" + name +
                              " as double) } }"
                        : "flatten or derive can make columns of what is in it");
  }

  std::string_view text_;
  const ArrowSchema& input_;
  const std::string& option_;
  std::size_t at_ = 0;
};

}  // namespace

Call read_call(std::string_view text, const ArrowSchema& input, const std::string& option) {
  return Reader(text, input, option).read();
}

}  // namespace weir::aggregate
