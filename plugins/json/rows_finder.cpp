#include "rows_finder.hpp"

#include <charconv>
#include <optional>

#include <weir/cpp/suggest.hpp>

namespace weir::json {
namespace {

constexpr std::size_t kMostSeen = 40;    // keys for a hint
constexpr std::size_t kMostOfKey = 200;  // bytes of one

std::string_view kind_of(char byte) {
  switch (byte) {
    case '{': return "an object";
    case '[': return "an array";
    case '"': return "a string";
    case 't':
    case 'f': return "a boolean";
    case 'n': return "null";
    default: return "a number";
  }
}

// The index that a token says; none: it is none (RFC 6901: digits without leading zeros).
std::optional<std::uint64_t> index_of(std::string_view token) {
  std::uint64_t index = 0;
  const auto [end, problem] = std::from_chars(token.data(), token.data() + token.size(), index);
  if (problem != std::errc() || end != token.data() + token.size()) return std::nullopt;
  if (token.size() > 1 && token.front() == '0') return std::nullopt;
  return index;
}

}  // namespace

std::size_t RowsFinder::read(std::string_view bytes) {
  const char* const end = bytes.data() + bytes.size();
  for (const char* at = bytes.data(); at != end; ++at) {
    if (scan_.in_plain_text()) at = plain_text_end(at, end);
    if (at == end) break;
    try {
      step(*at);
    } catch (const Failure& failure) {
      throw Failure(failure).offset(offset_ + (at - bytes.data()));
    }
    if (found_) return static_cast<std::size_t>(at - bytes.data());
  }
  offset_ += static_cast<std::int64_t>(bytes.size());
  return bytes.size();
}

void RowsFinder::step(char byte) {
  const bool in_key = scan_.in_key();
  switch (scan_.step(byte)) {
    case DocumentScan::Event::value: return on_value(byte);
    case DocumentScan::Event::closed: refuse_missing();
    case DocumentScan::Event::key:
      matches_ = scan_.is_match();
      if (seen_.size() < kMostSeen) seen_.push_back(key_);
      key_.clear();
      return;
    default:
      if (in_key && key_.size() < kMostOfKey) key_ += byte;
  }
}

void RowsFinder::on_value(char byte) {
  const std::size_t level = scan_.state().level;
  if (level > 0 && !path_.objects[level - 1]) matches_ = index_of(path_.tokens[level - 1]) == index_++;
  if (level > 0 && !matches_) return scan_.skip(byte);
  if (level == path_.tokens.size()) {
    found_ = byte == '[';
    if (!found_)
      throw bad_document("expected an array of rows at '" + path_.pointer + "', found " + std::string(kind_of(byte)));
    return;
  }
  const std::string here = level == 0 ? "as the document" : "at '" + path_.upto(level) + "'";
  if (byte == '[' && !index_of(path_.tokens[level])) {
    throw bad_document("expected an object " + here + ", with a key '" + path_.tokens[level] + "', found an array")
        .hint("a pointer says the number of an item, from 0: " + path_.upto(level) + "/0");
  }
  if (byte != '[' && byte != '{')
    throw bad_document("expected an object " + here + ", found " + std::string(kind_of(byte)));
  path_.objects.push_back(byte == '{');
  scan_.enter(byte == '{');
  seen_.clear();
  index_ = 0;
}

void RowsFinder::refuse_missing() const {
  const std::size_t level = scan_.state().level;
  const std::string& token = path_.tokens[level];
  const std::string where = level == 0 ? "in the document" : "at '" + path_.upto(level) + "'";
  if (!path_.objects[level]) {
    throw bad_document("expected an item " + token + " " + where + ", counted from 0, found an array of " +
                       std::to_string(index_));
  }
  const std::vector<std::string_view> names(seen_.begin(), seen_.end());
  throw bad_document("expected a key '" + token + "' " + where + ", found an object without it")
      .hint(name_hint(token, names, "keys"));
}

void RowsFinder::refuse_end() const {
  throw bad_document("expected an array of rows at '" + path_.pointer + "', found the end of the file").offset(offset_);
}

}  // namespace weir::json
