// Inference: what values are allowed to be. JSON's grammar decides what a number is, so that nothing with a leading
// zero, a plus sign or a blank becomes one.
#include "infer.hpp"

#include <algorithm>

namespace weir::csv {

unsigned Guess::add_number(std::string_view text) const {
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  if (text.empty() || (static_cast<unsigned char>(text[0] - '0') > 9 && text[0] != '-')) return 0;
  std::int64_t integer = 0;
  if (text::parse_int64(begin, end, integer)) {
    constexpr std::int64_t kExact = std::int64_t{1} << 53U;
    return integer >= -kExact && integer <= kExact ? kInteger | kDouble : unsigned{kInteger};
  }
  text::NumberText number;
  double value = 0;
  if (!text::scan_number(begin, end, number) || number.integer || !text::to_double(number, begin, end, value)) return 0;
  return text::keeps_value(number, value) ? unsigned{kDouble} : 0;
}

bool Guess::add_moment(std::string_view text) {
  text::ReadTimestamp read;
  if (!text::parse_timestamp(text.data(), text.data() + text.size(), read)) return false;
  std::int64_t value = 0;
  naive_ = naive_ || read.spelling.zone == text::Spelling::Zone::none;
  nanoseconds_ = nanoseconds_ || read.spelling.digits > 6;
  nanoseconds_fit_ = nanoseconds_fit_ && text::to_unit(read, Unit::nano, value);
  return !nanoseconds_ || nanoseconds_fit_;
}

void Guess::add(std::string_view text, std::string_view number) {
  seen_ = true;
  if (fits_ == 0) return;
  unsigned fits = 0;
  if ((fits_ & (kInteger | kDouble)) != 0) fits |= add_number(number);
  if ((fits_ & kBoolean) != 0 && (text == "true" || text == "false")) fits |= kBoolean;
  std::int32_t days = 0;
  if ((fits_ & kDate) != 0 && text::parse_date(text.data(), text.data() + text.size(), days)) fits |= kDate;
  if ((fits_ & kTimestamp) != 0 && text.size() >= 19 && timestamps_.add(text)) fits |= kTimestamp;
  if ((fits_ & kMoment) != 0 && text.size() >= 19 && add_moment(text)) fits |= kMoment;
  fits_ &= fits;
}

Metadata Guess::spelling() const { return (fits_ & kTimestamp) == 0 ? Metadata() : timestamps_.spelling(); }

Schema Guess::field(std::string_view name, bool whole) const {
  if (!seen_) return Schema::field(whole ? "n" : "u", name);
  if ((fits_ & kInteger) != 0) return Schema::field("l", name);
  if ((fits_ & kDouble) != 0) return Schema::field("g", name);
  if ((fits_ & kBoolean) != 0) return Schema::field("b", name);
  if ((fits_ & kDate) != 0) return Schema::field("tdD", name);
  if ((fits_ & kTimestamp) != 0) return timestamps_.field(name);
  // Texts that have zones of their own are not those that the manifest gives one: they keep their spelling.
  const bool moment = (fits_ & kMoment) != 0 && naive_;
  return Schema::field(!moment ? "u" : nanoseconds_ ? "tsn:UTC" : "tsu:UTC", name);
}

// The text with the usual marks of numbers; empty if it has them where no number has.
std::string_view Inference::usual(std::string_view text) {
  if (options_.numbers.usual()) return text;
  const char* const end = to_usual_number(text.data(), text.data() + text.size(), options_.numbers, number_);
  return end == nullptr ? std::string_view() : std::string_view(number_, static_cast<std::size_t>(end - number_));
}

void Inference::add_record(const Chunk& chunk, std::size_t first) {
  for (const std::size_t i : columns_) {
    const std::string_view field = chunk.field(first + i, i + 1 == guesses_.size());
    if (field.empty()) continue;
    const std::string_view text = text_of(chunk, field, scratch_);
    const bool null =
        std::any_of(options_.nulls.begin(), options_.nulls.end(), [&](const auto& word) { return word == text; });
    if (null) continue;
    if (text.empty())
      guesses_[i].add_empty();
    else
      guesses_[i].add(text, usual(text));
  }
}

void Inference::add(std::string_view records) {
  const Chunk chunk = scanned(records);
  std::size_t first = 0;
  try {
    for (std::size_t i = 0; i < chunk.fields(); ++i) {
      if (!chunk.ends_record(i)) continue;
      if (i + 1 - first == guesses_.size()) add_record(chunk, first);
      first = i + 1;
    }
  } catch (const Failure&) {
    return;  // something stands behind a closing quote: parse() will refuse it, and tell its place
  }
}

bool Inference::is_regular(std::string_view records) {
  const Chunk chunk = scanned(records);
  std::size_t first = 0;
  for (std::size_t i = 0; i < chunk.fields(); ++i) {
    if (!chunk.ends_record(i)) continue;
    const std::size_t width = i + 1 - first;
    if (width != guesses_.size() && !(width == 1 && chunk.field(first, true).empty())) return false;
    first = i + 1;
  }
  return chunk.fields() > 0;
}

void Inference::add_sample(std::string_view bytes, bool at_end) {
  for (const State start : {State::plain, State::quoted}) {
    auto state = static_cast<std::uint64_t>(start);
    // The first record's end: byte by byte, for last_record_end() gives the last one's.
    std::size_t begin = 0;
    while (begin < bytes.size() && lexer_.last_record_end(bytes.substr(begin, 1), state) == 0) ++begin;
    if (begin >= bytes.size()) continue;
    const std::string_view rest = bytes.substr(begin + 1);
    state = 0;
    const std::string_view records = at_end ? rest : rest.substr(0, lexer_.last_record_end(rest, state));
    if (!is_regular(records)) continue;
    add(records);
    return;
  }
}

}  // namespace weir::csv
