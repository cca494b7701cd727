// What is usual (the key that is expected, a value of the field's type) stays in short paths; what does not fit is read
// over, and noted, so that the record is known as a whole when it is rejected.
#include "record_parser.hpp"

#include <algorithm>

#include "blocks.hpp"
#include "guess.hpp"
#include "spelled.hpp"

namespace weir::json {
namespace {

constexpr std::int64_t kMaxRows = 64 * 1024;

bool holds(const Field& field, const Field* sought) {
  if (&field == sought) return true;
  return std::any_of(field.fields.begin(), field.fields.end(),
                     [&](const Field& child) { return holds(child, sought); });
}

// True if values of the type are strings in JSON.
bool has_no_json(Type type) {
  return type == Type::binary || type == Type::date32 || type == Type::time64 || type == Type::timestamp;
}

// A value as it stands, for a message: cut at 40 bytes, whole characters, on one line.
std::string shown(const char* begin, const char* end) {
  constexpr std::ptrdiff_t kMost = 40;
  const char* last = end;
  if (end - begin > kMost) {
    last = begin + kMost;
    while (last > begin && (static_cast<unsigned char>(*last) & 0xC0U) == 0x80U) --last;
  }
  std::string text(begin, last);
  for (char& byte : text) {
    if (static_cast<unsigned char>(byte) < 0x20) byte = ' ';
  }
  return last == end ? text : text + "…";
}

}  // namespace

RecordParser::RecordParser(std::string_view bytes, Layout layout, const Field& rows, std::int64_t base,
                           const Next& next)
    : Tokens(bytes, layout == Layout::lines), layout_(layout), rows_(rows), base_(base), next_(next) {
  rows_.reserve(bytes.size());
}

void RecordParser::parse() {
  if (layout_ == Layout::array || layout_ == Layout::within)
    array();
  else if (layout_ == Layout::spread)
    spread();
  else
    lines();
  if (rows_.rows() > 0) push();
}

void RecordParser::push() {
  const std::int64_t count = rows_.rows();
  std::vector<Buffer> origins(2);
  origins[1] = std::exchange(origins_, Buffer());
  Array rows = rows_.finish();
  next_.push(std::move(rows), 0, make_array(count, 0, std::move(origins)), base_);
}

void RecordParser::refuse(const char* at, std::string_view expected) {
  fail(at, expected);
  refuse();
}

void RecordParser::refuse() const {
  throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_DATA, message()).offset(base_ + (problem().at - begin_));
}

const char* RecordParser::record(const char* at) {
  misfits_.clear();
  return is(at, '{') ? object(rows_, at, 1) : fail(at, "an object");
}

// Ends the record in hand, which has been read: it is a row, or it is rejected.
void RecordParser::finish_record(const char* start, const char* end) {
  if (misfits_.empty()) {
    const auto origin = static_cast<std::uint32_t>(start - begin_);
    origins_.append(&origin, sizeof origin);
    if (rows_.rows() == kMaxRows) {
      push();
      rows_.reserve(static_cast<std::size_t>(end_ - end));
    }
    return;
  }
  rows_.cut(rows_.rows() - 1);
  reject_misfit(start, end);
}

void RecordParser::lines() {
  for (const char* at = begin_; at != end_;) {
    at = space(at);
    if (at == end_) return;
    if (*at == '\n') {
      ++at;
      continue;
    }
    at = finish_line(at, record(at));
  }
}

// `at`: behind the record, or null if it is no JSON. Gives where the next line begins.
const char* RecordParser::finish_line(const char* start, const char* at) {
  const std::int64_t before = static_cast<std::int64_t>(origins_.size() / sizeof(std::uint32_t));
  if (at != nullptr) {
    const char* const behind = space(at);
    if (behind == end_ || *behind == '\n') {
      finish_record(start, at);
      return behind == end_ ? end_ : behind + 1;
    }
    fail(behind, "the end of the line behind the object");
  }
  rows_.cut(before);
  const auto* end = static_cast<const char*>(std::memchr(start, '\n', static_cast<std::size_t>(end_ - start)));
  const char* const next = end == nullptr ? end_ : end + 1;
  if (end == nullptr) end = end_;
  if (end != start && end[-1] == '\r') --end;
  reject_line(start, end);
  return next;
}

void RecordParser::spread() {
  for (const char* at = space(begin_); at != end_;) {
    const char* const end = record(at);
    if (end == nullptr) refuse();
    finish_record(at, end);
    at = space(end);
  }
}

// A piece begins with the array's bracket or with the comma behind the item before, and ends in front of a comma or with
// the array; within a document one may end behind it, and what begins with something else is of no concern here.
void RecordParser::array() {
  const char* at = space(begin_);
  if (at == end_) return;
  const bool first = *at == '[', within = layout_ == Layout::within;
  if (!first && *at != ',') return within ? void() : refuse(at, "','");
  at = space(at + 1);
  if (first && is(at, ']')) return end_of_array(at + 1);
  if (first && within && at == end_) return;
  for (;;) {
    const char* const end = record(at);
    if (end == nullptr) refuse();
    finish_record(at, end);
    at = space(end);
    if (at == end_) return;
    if (*at == ']') return end_of_array(at + 1);
    if (*at != ',') refuse(at, "',' or ']'");
    at = space(at + 1);
  }
}

void RecordParser::end_of_array(const char* at) {
  at = space(at);
  if (at != end_ && layout_ != Layout::within) refuse(at, "the end of the file behind the array");
}

void RecordParser::reject_line(const char* start, const char* end) {
  const std::string detail = message();
  weir_reject reject{};
  weir_reject_clear(&reject);
  reject.offset = base_ + (start - begin_);
  reject.record = to_bytes({start, static_cast<std::size_t>(end - start)});
  reject.reason = to_weir(problem().reason);
  reject.detail = to_weir(detail);
  reject.within = std::min(problem().at, end) - start;
  next_.reject(reject);
}

void RecordParser::reject_misfit(const char* start, const char* end) {
  const Misfit& first =
      *std::min_element(misfits_.begin(), misfits_.end(), [](const Misfit& a, const Misfit& b) { return a.at < b.at; });
  const std::string found = shown(first.at, first.end);
  std::string column = first.field->path;
  if (first.key) column += (column.empty() ? "" : ".") + found.substr(1, found.size() - 2);
  const std::string detail =
      first.key ? "expected a key of the sample, found " + found + ": name it in `types`, or set `unknown_keys: ignore`"
                : "expected " + first.field->type_text + ", found " + found;
  weir_reject reject{};
  weir_reject_clear(&reject);
  reject.offset = base_ + (start - begin_);
  reject.record = reject.fields = to_bytes({start, static_cast<std::size_t>(end - start)});
  reject.column = to_weir(column);
  reject.reason = to_weir(first.reason);
  reject.detail = to_weir(detail);
  reject.within = first.at - start;
  next_.reject(reject);
}

// Reads a key and its colon. `number`: the key that is expected; becomes the one that stands there, -1 if it is unknown.
const char* RecordParser::key(const Keys& keys, const char* at, std::int64_t& number) {
  const char* const name = at;
  const auto expected = static_cast<std::size_t>(number);
  if (end_ - at >= static_cast<std::ptrdiff_t>(Key::kMost) && expected < keys.size() && keys[expected].stands_at(at)) {
    at += keys[expected].size;
  } else {
    if (!is(at, '"')) return fail(at, "a key in quotes");
    scratch_.resize(0);
    at = copy_string(at, scratch_);
    if (at == nullptr) return nullptr;
    number = keys.find({scratch_.as<const char>(), scratch_.size()});
  }
  key_ = {name, static_cast<std::size_t>(at - name)};
  if (!is(at, ':')) {
    at = space(at);
    if (!is(at, ':')) return fail(at, "':'");
  }
  return space(at + 1);
}

const char* RecordParser::object(FieldBuilder& to, const char* at, int depth) {
  const char* const opening = at;
  const std::int64_t row = to.rows();
  const Keys& keys = to.field().keys;
  std::size_t seen = 0;
  at = space(at + 1);
  if (is(at, '}')) return end_of_object(to, at + 1, seen);
  for (std::int64_t expected = 0;;) {
    std::int64_t number = expected;
    at = key(keys, at, number);
    if (at == nullptr) return nullptr;
    if (number >= 0) expected = number + 1;
    const std::int32_t child = number < 0 ? Key::kSkipped : keys[static_cast<std::size_t>(number)].child;
    if (child == Key::kSkipped) {
      at = skipped(to.field(), at, depth, number < 0);
    } else {
      FieldBuilder& column = to.children()[static_cast<std::size_t>(child)];
      if (column.rows() == row)
        ++seen;
      else
        forget(column, row, opening);
      at = value_of(column, at, depth);
    }
    if (at == nullptr) return nullptr;
    at = space(at);
    if (is(at, '}')) return end_of_object(to, at + 1, seen);
    if (!is(at, ',')) return fail(at, "',' or '}'");
    at = space(at + 1);
  }
}

// Reads over the value of a key that no column has.
const char* RecordParser::skipped(const Field& object, const char* at, int depth, bool unknown) {
  if (unknown && !object.ignore_unknown)
    misfits_.push_back({&object, key_.data(), key_.data() + key_.size(), "unknown key", true});
  return value(at, depth);
}

// Adds the object, and null for each key that it has not.
const char* RecordParser::end_of_object(FieldBuilder& to, const char* at, std::size_t seen) {
  if (seen < to.children().size()) {
    for (FieldBuilder& column : to.children()) {
      if (column.rows() == to.rows()) column.add_null();
    }
  }
  to.end_object();
  return at;
}

// A key that stands again in its object: the last one counts, and what was wrong with the one before does not.
void RecordParser::forget(FieldBuilder& child, std::int64_t rows, const char* object) {
  child.cut(rows);
  std::erase_if(misfits_,
                [&](const Misfit& misfit) { return misfit.at > object && holds(child.field(), misfit.field); });
}

const char* RecordParser::value_of(FieldBuilder& to, const char* at, int depth) {
  if (is(at, 'n')) {
    at = literal(at, "null");
    if (at != nullptr) to.add_null();
    return at;
  }
  switch (to.field().type) {
    case Type::utf8: return text(to, at, depth);
    case Type::float32:
    case Type::float64:
    case Type::decimal128: return real(to, at, depth);
    case Type::boolean: return boolean(to, at, depth);
    case Type::list: return is(at, '[') ? list(to, at, depth + 1) : misfit(to, at, depth, "not a list");
    case Type::structure: return is(at, '{') ? object(to, at, depth + 1) : misfit(to, at, depth, "not an object");
    case Type::null: return misfit(to, at, depth, "not null");
    case Type::binary:
    case Type::date32:
    case Type::time64:
    case Type::timestamp: return spelled(to, at, depth, "not a string");
    default: return integer(to, at, depth);
  }
}

const char* RecordParser::list(FieldBuilder& to, const char* at, int depth) {
  at = space(at + 1);
  if (!is(at, ']')) {
    for (FieldBuilder& items = to.children()[0];;) {
      at = value_of(items, at, depth);
      if (at == nullptr) return nullptr;
      at = space(at);
      if (is(at, ']')) break;
      if (!is(at, ',')) return fail(at, "',' or ']'");
      at = space(at + 1);
    }
  }
  to.end_list();
  return at + 1;
}

const char* RecordParser::text(FieldBuilder& to, const char* at, int depth) {
  const Field& field = to.field();
  if (is(at, '"') && !field.raw) {
    at = copy_string(at, to.data());
    if (at != nullptr) to.end_text();
    return at;
  }
  if (!field.raw && !field.declared) return misfit(to, at, depth, "not a string");
  const char* const end = value(at, depth);
  if (end == nullptr) return nullptr;
  to.data().append(at, static_cast<std::size_t>(end - at));
  to.end_text();
  return end;
}

const char* RecordParser::boolean(FieldBuilder& to, const char* at, int depth) {
  if (!is(at, 't') && !is(at, 'f')) return spelled(to, at, depth, "not true or false");
  const bool yes = *at == 't';
  at = literal(at, yes ? "true" : "false");
  if (at != nullptr) to.add_boolean(yes);
  return at;
}

const char* RecordParser::integer(FieldBuilder& to, const char* at, int depth) {
  if (!starts_number(at)) return spelled(to, at, depth, "not an integer");
  text::NumberText found;
  const char* const end = number(at, found);
  if (end == nullptr) return nullptr;
  if (!found.integer) return misfit_at(to, at, end, "not an integer");
  return add_integer(to, found, at, end) ? end : misfit_at(to, at, end, "out of range");
}

const char* RecordParser::real(FieldBuilder& to, const char* at, int depth) {
  if (!starts_number(at)) return spelled(to, at, depth, "not a number");
  text::NumberText found;
  const char* const end = number(at, found);
  if (end == nullptr) return nullptr;
  double value = 0;
  if (to.field().type == Type::float64) {
    if (!text::to_double(found, at, end, value)) return misfit_at(to, at, end, "out of range");
    const bool kept =
        to.field().declared || (found.integer ? is_exact_integer(found, value) : text::keeps_value(found, value));
    if (!kept) return misfit_at(to, at, end, "more digits than a double keeps");
    to.add(value);
    return end;
  }
  const char* const reason = add_spelled(to, {at, static_cast<std::size_t>(end - at)});
  return reason == nullptr ? end : misfit_at(to, at, end, reason);
}

// A value in quotes, of a type that JSON has none for, or whose type the manifest gives. `otherwise`: the reason if it is
// another value.
const char* RecordParser::spelled(FieldBuilder& to, const char* at, int depth, const char* otherwise) {
  if (!is(at, '"') || !(has_no_json(to.field().type) || to.field().declared)) return misfit(to, at, depth, otherwise);
  scratch_.resize(0);
  const char* const end = copy_string(at, scratch_);
  if (end == nullptr) return nullptr;
  const char* const reason = add_spelled(to, {scratch_.as<const char>(), scratch_.size()});
  return reason == nullptr ? end : misfit_at(to, at, end, reason);
}

const char* RecordParser::misfit(FieldBuilder& to, const char* at, int depth, const char* reason) {
  const char* const end = value(at, depth);
  return end == nullptr ? nullptr : misfit_at(to, at, end, reason);
}

// Stands in for the value, which has been read over.
const char* RecordParser::misfit_at(FieldBuilder& to, const char* at, const char* end, const char* reason) {
  misfits_.push_back({&to.field(), at, end, reason, false});
  to.cut(to.rows());
  to.add_null();
  return end;
}

}  // namespace weir::json
