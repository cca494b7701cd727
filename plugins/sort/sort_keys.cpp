#include "sort_keys.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include <weir/cpp/named_column.hpp>
#include <weir/cpp/nested.hpp>
#include <weir/cpp/type_names.hpp>

namespace weir::sort {
namespace {

constexpr const char* kShape = "expected a column, perhaps with 'desc' and 'nulls first', such as amount desc";

std::string lower(std::string_view word) {
  std::string small(word);
  for (char& c : small) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return small;
}

// The words of a text, names in double quotes as they are: the text, whether it was quoted, where it stands.
struct Word {
  std::string text;
  bool quoted = false;
  std::size_t offset = 0, length = 0;
};

std::vector<Word> words_of(std::string_view text) {
  std::vector<Word> words;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == ' ' || text[at] == '\t') {
      ++at;
      continue;
    }
    Word word{{}, text[at] == '"', at, 0};
    if (word.quoted) ++at;
    for (; at < text.size(); ++at) {
      if (!word.quoted && (text[at] == ' ' || text[at] == '\t')) break;
      if (word.quoted && text[at] == '"') {
        if (at + 1 == text.size() || text[at + 1] != '"') break;
        ++at;
      }
      word.text += text[at];
    }
    if (word.quoted && at < text.size()) ++at;
    word.length = at - word.offset;
    words.push_back(std::move(word));
  }
  return words;
}

// Bytes of a number that compare as it does: its highest first.
template <class T>
void put_high_first(char* to, T value) {
  for (std::size_t i = 0; i < sizeof value; ++i) to[i] = static_cast<char>(value >> (8 * (sizeof value - 1 - i)));
}

void append_ordered(Buffer& to, std::uint64_t value) {
  const std::uint64_t high_first = __builtin_bswap64(value);
  to.append(&high_first, sizeof high_first);
}
void append_signed(Buffer& to, std::int64_t value) {
  append_ordered(to, static_cast<std::uint64_t>(value) ^ (std::uint64_t{1} << 63U));
}
// What is not a number is the greatest, and one; -0 is 0.
void append_real(Buffer& to, double value) {
  if (value == 0) value = 0;
  auto bits = std::bit_cast<std::uint64_t>(value);
  if (std::isnan(value)) bits = 0x7FF8000000000000ULL;
  append_ordered(to, (bits >> 63U) != 0 ? ~bits : bits | (std::uint64_t{1} << 63U));
}
void append_wide(Buffer& to, Int128 value) {
  append_signed(to, static_cast<std::int64_t>(value >> 64));
  append_ordered(to, static_cast<std::uint64_t>(value));
}
void append_widest(Buffer& to, const Int256& value) {
  append_signed(to, static_cast<std::int64_t>(value.words[3]));
  for (int i = 2; i >= 0; --i) append_ordered(to, value.words[static_cast<std::size_t>(i)]);
}
// A zero byte in a text is two, and two of them end it: a text comes before those that it begins.
void append_text(Buffer& to, std::string_view text) {
  static constexpr char kZero[2] = {0, static_cast<char>(0xFF)}, kEnd[2] = {0, 0};
  for (std::size_t zero = text.find('\0'); zero != std::string_view::npos; zero = text.find('\0')) {
    to.append(text.data(), zero);
    to.append(kZero, sizeof kZero);
    text.remove_prefix(zero + 1);
  }
  to.append(text.data(), text.size());
  to.append(kEnd, sizeof kEnd);
}

// One key column over a batch.
class KeySource {
 public:
  KeySource(const ArrowSchema& field, const ArrowArray& array, std::int64_t outer)
      : array_(array), outer_(outer), info_(type_of(field)) {
    if (info_.type != Type::null) validity_ = Validity(array, outer);
  }
  bool valid(std::int64_t row) const { return info_.type != Type::null && validity_.valid(row); }

  void append(Buffer& to, std::int64_t row) const {
    switch (info_.type) {
      case Type::boolean: return append_signed(to, BooleanColumn(array_, outer_)[row] ? 1 : 0);
      case Type::int8: return append_signed(to, at<std::int8_t>(row));
      case Type::uint8: return append_signed(to, at<std::uint8_t>(row));
      case Type::int16: return append_signed(to, at<std::int16_t>(row));
      case Type::uint16: return append_signed(to, at<std::uint16_t>(row));
      case Type::uint32: return append_signed(to, at<std::uint32_t>(row));
      case Type::int32:
      case Type::date32:
      case Type::time32: return append_signed(to, at<std::int32_t>(row));
      case Type::uint64: return append_ordered(to, at<std::uint64_t>(row));
      case Type::float16: return append_real(to, static_cast<double>(to_float(at<Half>(row))));
      case Type::float32: return append_real(to, static_cast<double>(at<float>(row)));
      case Type::float64: return append_real(to, at<double>(row));
      case Type::decimal128: return append_wide(to, at<Int128>(row));
      case Type::decimal256: return append_widest(to, at<Int256>(row));
      case Type::utf8:
      case Type::binary: return append_text(to, TextColumn(array_, outer_)[row]);
      case Type::large_utf8:
      case Type::large_binary: return append_text(to, LargeTextColumn(array_, outer_)[row]);
      case Type::utf8_view:
      case Type::binary_view: return append_text(to, ViewColumn(array_, outer_)[row]);
      case Type::fixed_binary: {
        const std::string_view value = FixedBinaryColumn(array_, info_.width, outer_)[row];
        return to.append(value.data(), value.size());
      }
      default: return append_signed(to, at<std::int64_t>(row));
    }
  }

 private:
  template <class T>
  T at(std::int64_t row) const {
    return NumberColumn<T>(array_, outer_)[row];
  }
  const ArrowArray& array_;
  std::int64_t outer_;
  TypeInfo info_;
  Validity validity_;
};

}  // namespace

SortKeys::SortKeys(const Config& config, const ArrowSchema& input) : input_(input) {
  for (std::uint64_t i = 0; i < config.count("/by"); ++i) {
    const std::string option = "/by/" + std::to_string(i);
    const Key key = read(config.text(option), option);
    for (const Key& had : keys_) {
      if (had.column != key.column) continue;
      throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
                    "expected each column once, found '" + std::string(column_name(input, key.column)) + "' twice")
          .option(option)
          .hint("take the second away: rows that are equal in the first are equal in it");
    }
    check_type(key, option);
    keys_.push_back(key);
  }
}

SortKeys::Key SortKeys::read(std::string_view text, const std::string& option) const {
  const auto words = words_of(text);
  const auto fail = [&option](const Word& word) {
    return Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST, std::string(kShape) + ", found '" + word.text + "'")
        .option(option, static_cast<std::int64_t>(word.offset), static_cast<std::int64_t>(word.length))
        .hint(
            "write the name of a column, then asc or desc, then nulls first or nulls last; a name with blanks in "
            "double "
            "quotes");
  };
  if (words.empty()) throw fail({});
  Key key;
  try {
    key.column = named_column(input_, words[0].text, option);
  } catch (Failure& failure) {
    throw std::move(failure).option(option, static_cast<std::int64_t>(words[0].offset),
                                    static_cast<std::int64_t>(words[0].length));
  }
  std::size_t next = 1;
  const auto is = [&](const char* what) {
    return next < words.size() && !words[next].quoted && lower(words[next].text) == what;
  };
  if (is("asc") || is("desc")) key.descending = lower(words[next++].text) == "desc";
  if (is("nulls")) {
    ++next;
    if (!is("first") && !is("last")) throw fail(next < words.size() ? words[next] : words[next - 1]);
    key.nulls_first = lower(words[next++].text) == "first";
  }
  if (next < words.size()) throw fail(words[next]);
  return key;
}

void SortKeys::check_type(const Key& key, const std::string& option) const {
  const ArrowSchema& field = *input_.children[key.column];
  if (field.dictionary == nullptr && type_of(field).type < Type::interval) return;
  throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
                "column '" + std::string(column_name(input_, key.column)) +
                    "': expected text, bytes, a number, boolean, date or time to sort by, found " + type_name(field))
      .option(option)
      .hint("sort by what is in it: flatten or derive can make columns of that");
}

std::vector<std::int64_t> SortKeys::columns() const {
  std::vector<std::int64_t> columns;
  for (const Key& key : keys_) columns.push_back(key.column);
  return columns;
}

// A key is, column by column: a byte that puts nulls where they belong; the bytes of the value, turned over if they descend.
void SortKeys::append(const Batch& batch, Buffer& to, std::vector<std::uint64_t>& ends) const {
  std::vector<KeySource> sources;
  sources.reserve(keys_.size());
  for (const Key& key : keys_)
    sources.emplace_back(*input_.children[key.column], batch.column(key.column), batch.outer());
  for (std::int64_t row = 0; row < batch.length(); ++row) {
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      const bool valid = sources[i].valid(row);
      const char mark = valid ? 1 : keys_[i].nulls_first ? 0 : 2;
      to.append(&mark, 1);
      if (!valid) continue;
      const std::size_t begin = to.size();
      sources[i].append(to, row);
      for (std::size_t at = begin; keys_[i].descending && at < to.size(); ++at)
        to.data()[at] = static_cast<std::uint8_t>(~to.data()[at]);
    }
    ends.push_back(to.size());
  }
}

}  // namespace weir::sort
