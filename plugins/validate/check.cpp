// Checks: fast loops that ask whether any row is bad, and slow ones that say which.
#include "check.hpp"

#include <algorithm>
#include <limits>
#include <string_view>
#include <unordered_set>

#include <re2/re2.h>

#include "numbers.hpp"

namespace weir::validate {
namespace {

std::string characters(std::int64_t count) {
  return std::to_string(count) + (count == 1 ? " character" : " characters");
}

template <class T>
using Compared = std::conditional_t<std::is_floating_point_v<T>, double, std::int64_t>;

template <class T>
Compared<T> value_of(const Bound& bound) {
  if constexpr (std::is_floating_point_v<T>) {
    return bound.real;
  } else {
    return bound.word;
  }
}

class NotNull final : public Check {
 public:
  explicit NotNull(Subject subject) : problem_{subject, "null", "a value"} {}
  void run(const ColumnView& column, Findings& findings) const override {
    const bool all_null = column.array->n_buffers == 0;  // the null type
    const Validity validity = all_null ? Validity() : Validity(*column.array, column.outer);
    if (!all_null && validity.all()) return;
    for (std::int64_t row = 0; row < column.rows; ++row) {
      if (all_null || !validity.valid(row)) findings.add(row, problem_);
    }
  }

  void tell(std::vector<const Problem*>& problems) const override { problems.push_back(&problem_); }

 private:
  Problem problem_;
};

class InRange final : public Check {
 public:
  InRange(Subject subject, const ColumnType& type, const Bound* least, const Bound* most, std::string shown)
      : problem_{subject, "out of range", std::move(shown)}, type_(type.info().type), layout_(type.layout()) {
    least_ = least != nullptr ? *least : lowest();
    most_ = most != nullptr ? *most : highest();
  }

  void run(const ColumnView& column, Findings& findings) const override {
    if (layout_ == Layout::wide) return run_wide(column, findings);
    with_numbers(type_, [&]<class T>(T) { run_numbers<T>(column, findings); });
  }

  void tell(std::vector<const Problem*>& problems) const override { problems.push_back(&problem_); }

 private:
  static Bound lowest() {
    return {std::numeric_limits<std::int64_t>::min(),
            std::numeric_limits<Int128>::min(),
            -std::numeric_limits<double>::infinity(),
            {}};
  }
  static Bound highest() {
    return {std::numeric_limits<std::int64_t>::max(),
            std::numeric_limits<Int128>::max(),
            std::numeric_limits<double>::infinity(),
            {}};
  }

  template <class T>
  void run_numbers(const ColumnView& column, Findings& findings) const {
    const NumberColumn<T> values(*column.array, column.outer);
    const T* data = values.data();
    const Compared<T> least = value_of<T>(least_), most = value_of<T>(most_);
    // NaN is in no range, so what is asked is whether a value is in it.
    const auto within = [=](T value) {
      return (static_cast<Compared<T>>(value) >= least) & (static_cast<Compared<T>>(value) <= most);
    };
    bool all = true;
    for (std::int64_t row = 0; row < column.rows; ++row) all &= within(data[row]);
    if (all) return;
    for (std::int64_t row = 0; row < column.rows; ++row) {
      if (!within(data[row]) && values.valid(row)) findings.add(row, problem_);
    }
  }

  void run_wide(const ColumnView& column, Findings& findings) const {
    const WideColumn values(type_, column);
    for (std::int64_t row = 0; row < column.rows; ++row) {
      const Int128 value = values[row];
      if ((value < least_.wide || value > most_.wide) && values.valid(row)) findings.add(row, problem_);
    }
  }

  Problem problem_;
  Type type_;
  Layout layout_;
  Bound least_, most_;
};

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};

class OneOf final : public Check {
 public:
  OneOf(Subject subject, const ColumnType& type, const std::vector<Bound>& values, std::string_view reason,
        std::string shown)
      : problem_{subject, std::string(reason), std::move(shown)}, type_(type.info().type), layout_(type.layout()) {
    for (const Bound& value : values) {
      texts_.insert(value.text);
      words_.push_back(value.word);
      reals_.push_back(value.real);
      wides_.push_back(value.wide);
    }
    std::sort(words_.begin(), words_.end());
    std::sort(reals_.begin(), reals_.end());
    std::sort(wides_.begin(), wides_.end());
  }

  void run(const ColumnView& column, Findings& findings) const override {
    const auto add = [&](std::int64_t row) { findings.add(row, problem_); };
    if (layout_ == Layout::text) {
      with_texts(type_, column, [&](const auto& texts) {
        // Equal texts tend to come together: the last one that was allowed needs no second look.
        std::string_view last;
        bool known = false;
        for (std::int64_t row = 0; row < column.rows; ++row) {
          if (!texts.valid(row)) continue;
          const std::string_view text = texts[row];
          if (known && text == last) continue;
          if (!texts_.contains(text)) {
            add(row);
            continue;
          }
          last = text;
          known = true;
        }
      });
    } else if (layout_ == Layout::wide) {
      const WideColumn values(type_, column);
      for (std::int64_t row = 0; row < column.rows; ++row) {
        if (values.valid(row) && !std::binary_search(wides_.begin(), wides_.end(), values[row])) add(row);
      }
    } else {
      with_numbers(type_, [&]<class T>(T) {
        const NumberColumn<T> values(*column.array, column.outer);
        const auto& list = list_of<T>();
        for (std::int64_t row = 0; row < column.rows; ++row) {
          if (values.valid(row) && !std::binary_search(list.begin(), list.end(), static_cast<Compared<T>>(values[row])))
            add(row);
        }
      });
    }
  }

  void tell(std::vector<const Problem*>& problems) const override { problems.push_back(&problem_); }

 private:
  template <class T>
  const std::vector<Compared<T>>& list_of() const {
    if constexpr (std::is_floating_point_v<T>) {
      return reals_;
    } else {
      return words_;
    }
  }

  Problem problem_;
  Type type_;
  Layout layout_;
  std::unordered_set<std::string, TextHash, std::equal_to<>> texts_;
  std::vector<std::int64_t> words_;
  std::vector<double> reals_;
  std::vector<Int128> wides_;
};

class OfLength final : public Check {
 public:
  OfLength(Subject subject, const ColumnType& type, std::int64_t least, std::int64_t most)
      : short_{subject, "too short", "at least " + characters(least)},
        long_{subject, "too long", "at most " + characters(most)},
        type_(type.info().type),
        least_(least),
        most_(most < 0 ? std::numeric_limits<std::int64_t>::max() : most) {}

  void run(const ColumnView& column, Findings& findings) const override {
    with_texts(type_, column, [&](const auto& texts) {
      for (std::int64_t row = 0; row < column.rows; ++row) {
        if (!texts.valid(row)) continue;
        const std::string_view text = texts[row];
        const auto bytes = static_cast<std::int64_t>(text.size());
        if (bytes <= most_ && (bytes + 3) / 4 >= least_) continue;  // a character has 1 to 4 bytes
        const auto count = static_cast<std::int64_t>(std::count_if(
            text.begin(), text.end(), [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }));
        if (count < least_) findings.add(row, short_);
        if (count > most_) findings.add(row, long_);
      }
    });
  }

  void tell(std::vector<const Problem*>& problems) const override {
    problems.push_back(&short_);
    problems.push_back(&long_);
  }

 private:
  Problem short_, long_;
  Type type_;
  std::int64_t least_, most_;
};

class OfPattern final : public Check {
 public:
  OfPattern(Subject subject, const ColumnType& type, const std::string& pattern)
      : problem_{subject, "does not match the pattern", "a text that matches " + pattern.substr(0, 200)},
        type_(type.info().type),
        pattern_(pattern, quiet()) {
    if (!pattern_.ok()) throw pattern_.error();
  }

  void run(const ColumnView& column, Findings& findings) const override {
    with_texts(type_, column, [&](const auto& texts) {
      for (std::int64_t row = 0; row < column.rows; ++row) {
        if (!texts.valid(row)) continue;
        const std::string_view text = texts[row];
        if (!RE2::FullMatch(re2::StringPiece(text.data(), text.size()), pattern_)) findings.add(row, problem_);
      }
    });
  }

  void tell(std::vector<const Problem*>& problems) const override { problems.push_back(&problem_); }

 private:
  static RE2::Options quiet() {
    RE2::Options options;
    options.set_log_errors(false);
    return options;
  }

  Problem problem_;
  Type type_;
  RE2 pattern_;
};

}  // namespace

CheckPointer not_null(Subject subject) { return std::make_unique<NotNull>(subject); }
CheckPointer in_range(Subject subject, const ColumnType& type, const Bound* least, const Bound* most,
                      std::string shown) {
  return std::make_unique<InRange>(subject, type, least, most, std::move(shown));
}
CheckPointer one_of(Subject subject, const ColumnType& type, const std::vector<Bound>& values, std::string_view reason,
                    std::string shown) {
  return std::make_unique<OneOf>(subject, type, values, reason, std::move(shown));
}
CheckPointer of_length(Subject subject, const ColumnType& type, std::int64_t least, std::int64_t most) {
  return std::make_unique<OfLength>(subject, type, least, most);
}
CheckPointer of_pattern(Subject subject, const ColumnType& type, const std::string& pattern) {
  return std::make_unique<OfPattern>(subject, type, pattern);
}

}  // namespace weir::validate
