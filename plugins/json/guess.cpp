#include "guess.hpp"

#include <bit>
#include <cmath>

#include "field.hpp"

namespace weir::json {
namespace {

constexpr int kMaxTypeDepth = 32;         // deeper values are JSON text
constexpr std::size_t kMaxFields = 1000;  // an object with more keys is a map, not a record: JSON text

Schema raw_field(std::string_view name) { return Schema::field("u", name, true, raw_metadata()); }

}  // namespace

bool is_exact_integer(const text::NumberText& number, double value) {
  if (number.significant > 20 || std::fabs(value) >= 18446744073709551616.0) return false;
  return static_cast<std::uint64_t>(std::fabs(value)) == number.digits;
}

void Guess::add_number(const text::NumberText& number, const char* begin, const char* end) {
  seen_ |= kNumber;
  double value = 0;
  const bool finite = text::to_double(number, begin, end, value);
  if (!number.integer) {
    fraction_ = true;
    all_double_ = all_double_ && finite && text::keeps_value(number, value);
    return;
  }
  const char* const digits = begin + (number.negative ? 1 : 0);
  const bool zero = number.significant == 0;
  std::int64_t small = 0;
  std::uint64_t large = 0;
  negative_ = negative_ || (number.negative && !zero);
  all_int64_ = all_int64_ && (zero || text::parse_int64(begin, end, small));
  all_uint64_ = all_uint64_ && (zero || text::parse_uint64(digits, end, large));
  all_decimal_ = all_decimal_ && number.significant <= 38;
  all_double_ = all_double_ && finite && is_exact_integer(number, value);
}

Guess& Guess::items() {
  if (!items_) items_ = std::make_unique<Guess>();
  return *items_;
}

Guess& Guess::member(std::string_view key, std::size_t& expected) {
  std::size_t number = expected;
  if (number >= members_.size() || members_[number].first != key) {
    const auto found = numbers_.find(key);
    number = found == numbers_.end() ? members_.size() : found->second;
  }
  if (number == members_.size()) {
    // The map's keys point into the texts, which stay where they are only if they are too long for the string itself.
    auto& made = members_.emplace_back(std::string(), std::make_unique<Guess>());
    made.first.reserve(std::max<std::size_t>(key.size(), 32));
    made.first.assign(key);
    numbers_.emplace(made.first, number);
    nul_ = nul_ || key.find('\0') != std::string_view::npos;
  }
  expected = number + 1;
  return *members_[number].second;
}

const char* Guess::number_format() const {
  if (fraction_) return all_double_ ? "g" : nullptr;
  if (all_int64_) return "l";
  if (all_uint64_ && !negative_) return "L";
  return all_decimal_ ? "d:38,0" : nullptr;
}

bool Guess::is_struct(int depth) const { return depth < kMaxTypeDepth && members_.size() <= kMaxFields && !nul_; }

Schema Guess::field(std::string_view name, bool whole, int depth) const {
  switch (seen_ & ~kNull) {
    case 0: return whole ? Schema::field("n", name) : raw_field(name);
    case kBoolean: return Schema::field("b", name);
    case kText: return Schema::field("u", name);
    case kNumber: {
      const char* const format = number_format();
      return format == nullptr ? raw_field(name) : Schema::field(format, name);
    }
    case kObject: {
      if (!is_struct(depth) || (members_.empty() && !whole)) return raw_field(name);
      std::vector<Schema> children;
      for (auto& member : fields(whole, depth + 1)) children.push_back(std::move(member.second));
      return Schema::field("+s", name, true, {}, std::move(children));
    }
    case kList: {
      if (depth >= kMaxTypeDepth) return raw_field(name);
      std::vector<Schema> children;
      const Guess none;
      children.push_back((items_ ? *items_ : none).field("item", whole, depth + 1));
      return Schema::field("+l", name, true, {}, std::move(children));
    }
    default: return raw_field(name);
  }
}

std::vector<std::pair<std::string, Schema>> Guess::fields(bool whole, int depth) const {
  std::vector<std::pair<std::string, Schema>> made;
  for (const auto& [key, guess] : members_) made.emplace_back(key, guess->field(key, whole, depth));
  return made;
}

void Guess::tell_mixed(const std::string& path, const Tell& tell) const {
  static constexpr std::pair<unsigned, const char*> kNames[] = {
      {kBoolean, "booleans"}, {kNumber, "numbers"}, {kText, "strings"}, {kObject, "objects"}, {kList, "arrays"}};
  std::string values;
  for (const auto& [kind, name] : kNames) {
    if ((seen_ & kind) != 0) values += (values.empty() ? "" : ", ") + std::string(name);
  }
  const unsigned kinds = seen_ & ~unsigned{kNull};
  if (std::popcount(kinds) > 1) return tell(path, values);
  if (kinds == kNumber && number_format() == nullptr)
    return tell(path, "numbers that neither a decimal nor a double keeps");
  if (kinds == kList && items_) return items_->tell_mixed(path + "[]", tell);
  if (kinds != kObject || members_.size() > kMaxFields) return;
  for (const auto& [name, member] : members_) member->tell_mixed(path.empty() ? name : path + "." + name, tell);
}

const char* Sampler::sample(Guess& guess, const char* at, int depth) {
  if (depth > kMaxDepth) return fail(at, "a value");
  if (is(at, '"')) {
    guess.add(Guess::kText);
    return skip_string(at);
  }
  if (is(at, '{')) return object(guess, at, depth + 1);
  if (is(at, '[')) return list(guess, at, depth + 1);
  if (is(at, 'n')) {
    guess.add(Guess::kNull);
    return literal(at, "null");
  }
  if (is(at, 't') || is(at, 'f')) {
    guess.add(Guess::kBoolean);
    return literal(at, *at == 't' ? "true" : "false");
  }
  text::NumberText found;
  const char* const end = number(at, found);
  if (end != nullptr) guess.add_number(found, at, end);
  return end;
}

const char* Sampler::object(Guess& guess, const char* at, int depth) {
  guess.add(Guess::kObject);
  at = space(at + 1);
  if (is(at, '}')) return at + 1;
  for (std::size_t expected = 0;;) {
    if (!is(at, '"')) return fail(at, "a key");
    key_.resize(0);
    at = copy_string(at, key_);
    if (at == nullptr) return nullptr;
    at = space(at);
    if (!is(at, ':')) return fail(at, "':'");
    Guess& member = guess.member({key_.as<const char>(), key_.size()}, expected);
    at = sample(member, space(at + 1), depth);
    if (at == nullptr) return nullptr;
    at = space(at);
    if (is(at, '}')) return at + 1;
    if (!is(at, ',')) return fail(at, "','");
    at = space(at + 1);
  }
}

const char* Sampler::list(Guess& guess, const char* at, int depth) {
  guess.add(Guess::kList);
  at = space(at + 1);
  if (is(at, ']')) return at + 1;
  Guess& items = guess.items();
  for (;;) {
    at = sample(items, at, depth);
    if (at == nullptr) return nullptr;
    at = space(at);
    if (is(at, ']')) return at + 1;
    if (!is(at, ',')) return fail(at, "','");
    at = space(at + 1);
  }
}

void Sampler::lines(Guess& rows) {
  for (const char* at = begin_; at != end_;) {
    at = space(at);
    if (is(at, '{')) sample(rows, at, 0);
    const auto* const end = static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end_ - at)));
    at = end == nullptr ? end_ : end + 1;
  }
}

void Sampler::spread(Guess& rows) {
  for (const char* at = space(begin_); at != nullptr && is(at, '{');) {
    at = sample(rows, at, 0);
    if (at != nullptr) at = space(at);
  }
}

void Sampler::array(Guess& rows) {
  for (const char* at = space(begin_); at != nullptr && (is(at, '[') || is(at, ','));) {
    at = space(at + 1);
    if (!is(at, '{')) return;
    at = sample(rows, at, 0);
    if (at != nullptr) at = space(at);
  }
}

}  // namespace weir::json
