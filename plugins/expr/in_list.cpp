// Kernels of `in`. Short lists are compared value by value, all rows at once; long ones are looked up in a hash table.
#include "in_list.hpp"

#include <algorithm>
#include <string>
#include <unordered_set>

#include "column.hpp"
#include "pack.hpp"

namespace weir::expr {
namespace {

constexpr std::size_t kFewWords = 8;
constexpr std::size_t kFewTexts = 8;      // of less than 8 bytes
constexpr std::size_t kFewLongTexts = 4;  // of any length

// What is common: null stays null, and not found beside a null in the list is null too.
class In : public Operation {
 public:
  In(OperationPointer operand, bool with_null)
      : Operation({.kind = Kind::boolean}), operand_(std::move(operand)), with_null_(with_null) {}

  void run(Frame& frame, const Bits& live, Vector& out) const override {
    Vector value(frame.scratch);
    operand_->run(frame, live, value);
    out.all_valid = value.all_valid;
    if (!out.all_valid) out.valid = value.valid;
    find(frame, value.valid_of(live), value, out.truth);
    finish(out);
  }

 protected:
  // Sets `truth` for the rows of `wanted`; other bits may be anything.
  virtual void find(Frame& frame, const Bits& wanted, const Vector& value, Bits& truth) const = 0;
  void finish(Vector& out) const {
    if (!out.all_valid) out.truth = out.truth & out.valid;
    if (with_null_) out.set_valid(out.truth);
  }

 private:
  OperationPointer operand_;
  bool with_null_;
};

struct AmongWords {
  const std::int64_t* values;
  const std::int64_t* list;  // kFewWords of them: the last is repeated
  WEIR_EXPR_INLINE bool operator()(int row) const {
    const std::int64_t value = values[row];
    bool found = false;
    for (std::size_t i = 0; i < kFewWords; ++i) found |= value == list[i];
    return found;
  }
};

class InFewWords final : public In {
 public:
  InFewWords(OperationPointer operand, std::vector<std::int64_t> list, bool with_null)
      : In(std::move(operand), with_null), list_(std::move(list)) {
    list_.resize(kFewWords, list_.back());
  }

 protected:
  void find(Frame& frame, const Bits&, const Vector& value, Bits& truth) const override {
    pack(frame.count, truth, AmongWords{value.values<std::int64_t>(), list_.data()});
  }

 private:
  std::vector<std::int64_t> list_;
};

class InManyWords final : public In {
 public:
  InManyWords(OperationPointer operand, const std::vector<std::int64_t>& list, bool with_null)
      : In(std::move(operand), with_null), list_(list.begin(), list.end()) {}

 protected:
  void find(Frame&, const Bits& wanted, const Vector& value, Bits& truth) const override {
    truth = no_bits();
    const auto* values = value.values<std::int64_t>();
    for_each(wanted, [&](int row) {
      if (list_.contains(values[row])) set(truth, row);
    });
  }

 private:
  std::unordered_set<std::int64_t> list_;
};

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};

class InTexts final : public In {
 public:
  InTexts(OperationPointer operand, const std::vector<Constant>& list, bool with_null)
      : In(std::move(operand), with_null) {
    for (const Constant& constant : list) list_.insert(constant.text);
  }

 protected:
  void find(Frame&, const Bits& wanted, const Vector& value, Bits& truth) const override {
    truth = no_bits();
    const auto* values = value.values<std::string_view>();
    for_each(wanted, [&](int row) {
      if (list_.contains(values[row])) set(truth, row);
    });
  }

 private:
  std::unordered_set<std::string, TextHash, std::equal_to<>> list_;
};

// Few texts of any length: most differ in their length, or in their first bytes.
class InFewTexts final : public In {
 public:
  InFewTexts(OperationPointer operand, const std::vector<Constant>& list, bool with_null)
      : In(std::move(operand), with_null) {
    for (const Constant& constant : list) list_.push_back(constant.text);
  }

 protected:
  void find(Frame&, const Bits& wanted, const Vector& value, Bits& truth) const override {
    truth = no_bits();
    const auto* values = value.values<std::string_view>();
    for_each(wanted, [&](int row) {
      for (const std::string& text : list_) {
        if (values[row] == text) set(truth, row);
      }
    });
  }

 private:
  std::vector<std::string> list_;
};

// A text of at most 7 bytes as one word: its bytes, then its length in the highest. Longer ones give a word that none
// of these equals.
std::uint64_t word_of(std::string_view text) {
  std::uint64_t word = 0;
  std::memcpy(&word, text.data(), text.size());
  return word | static_cast<std::uint64_t>(text.size() + 1) << 56U;
}

struct AmongShortTexts {
  const std::uint64_t* values;
  const std::uint64_t* list;  // kFewTexts of them: the last is repeated
  WEIR_EXPR_INLINE bool operator()(int row) const {
    const std::uint64_t value = values[row];
    bool found = false;
    for (std::size_t i = 0; i < kFewTexts; ++i) found |= value == list[i];
    return found;
  }
};

struct EqualsShortText {
  const std::uint64_t* values;
  std::uint64_t wanted;
  WEIR_EXPR_INLINE bool operator()(int row) const { return values[row] == wanted; }
};

// A utf8 column as it stands, beside few short texts: each text is read as one word of 8 bytes.
class InShortTexts final : public Operation {
 public:
  InShortTexts(std::int64_t column, const std::vector<Constant>& list, bool with_null)
      : Operation({.kind = Kind::boolean}), column_(column), with_null_(with_null) {
    for (const Constant& constant : list) list_.push_back(word_of(constant.text));
    single_ = list_.size() == 1;
    list_.resize(kFewTexts, list_.back());
  }

  void run(Frame& frame, const Bits&, Vector& out) const override {
    out.all_valid = load_validity(frame, column_, out.valid);
    Vector words(frame.scratch);
    auto* values = words.make<std::uint64_t>();
    load(frame, values);
    if (single_) {
      pack(frame.count, out.truth, EqualsShortText{values, list_[0]});
    } else {
      pack(frame.count, out.truth, AmongShortTexts{values, list_.data()});
    }
    if (!out.all_valid) out.truth = out.truth & out.valid;
    if (with_null_) out.set_valid(out.truth);
  }

 private:
  void load(const Frame& frame, std::uint64_t* values) const {
    const ColumnData& column = frame.columns[static_cast<std::size_t>(column_)];
    const auto* offsets = raw_values<std::int32_t>(frame, column_);
    const auto* data = static_cast<const char*>(column.array->buffers[2]);
    // Eight bytes are read at once as long as they are inside the chunk's texts; a null row's may be anything, in there.
    const std::int32_t end = frame.count == 0 ? 0 : offsets[frame.count];
    int row = 0;
    for (; row < frame.count && offsets[row] <= end - 8; ++row) {
      const auto length = static_cast<std::uint32_t>(offsets[row + 1] - offsets[row]);
      std::uint64_t word = 0;
      std::memcpy(&word, data + offsets[row], 8);
      const std::uint32_t kept = length < 8 ? length : 8;
      // 8 and more give length 9, which stands in no list.
      const std::uint64_t mask = kept == 0 ? 0 : ~std::uint64_t{0} >> (64 - 8 * kept);
      values[row] = kept == 8 ? ~std::uint64_t{0} : (word & mask) | static_cast<std::uint64_t>(kept + 1) << 56U;
    }
    for (; row < frame.count; ++row) {
      const std::string_view text(data + offsets[row], static_cast<std::size_t>(offsets[row + 1] - offsets[row]));
      values[row] = text.size() < 8 ? word_of(text) : ~std::uint64_t{0};
    }
  }

  std::int64_t column_;
  bool with_null_;
  bool single_ = false;
  std::vector<std::uint64_t> list_;
};

}  // namespace

OperationPointer in_operation(OperationPointer operand, const std::vector<Constant>& values, bool with_null) {
  if (operand->type().kind == Kind::text) {
    const bool small = values.size() <= kFewTexts && std::all_of(values.begin(), values.end(), [](const auto& value) {
                         return value.text.size() < 8;
                       });
    const std::int64_t column = utf8_column_of(*operand);
    if (small && column >= 0) return std::make_unique<InShortTexts>(column, values, with_null);
    if (values.size() <= kFewLongTexts) return std::make_unique<InFewTexts>(std::move(operand), values, with_null);
    return std::make_unique<InTexts>(std::move(operand), values, with_null);
  }
  std::vector<std::int64_t> words;
  for (const Constant& value : values) words.push_back(value.word);
  if (words.size() <= kFewWords) return std::make_unique<InFewWords>(std::move(operand), std::move(words), with_null);
  return std::make_unique<InManyWords>(std::move(operand), words, with_null);
}

}  // namespace weir::expr
