#include "cursor_state.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace weir::sqlite {
namespace {

constexpr std::string_view kVersion = "cursor 1";

// A text with its length in front, so that it may hold anything.
void add(std::string& to, std::string_view text) {
  to += std::to_string(text.size());
  to += ' ';
  to += text;
}

// Takes what add() wrote from the front; nothing: it is something else.
std::optional<std::string> take(std::string_view& from) {
  std::size_t length = 0;
  const auto parsed = std::from_chars(from.data(), from.data() + from.size(), length);
  const auto digits = static_cast<std::size_t>(parsed.ptr - from.data());
  if (parsed.ec != std::errc() || digits >= from.size() || from[digits] != ' ' || length > from.size() - digits - 1)
    return std::nullopt;
  std::string text(from.substr(digits + 1, length));
  from.remove_prefix(digits + 1 + length);
  return text;
}

// What the rows are told apart by: a state of another is of no use.
std::string about(const Wanted& wanted, const CursorRead& read) {
  std::string text;
  add(text, wanted.table.empty() ? "query" : "table");
  add(text, wanted.table + wanted.query);
  add(text, read.column);
  for (const auto& column : read.key) add(text, column);
  return text;
}

std::string value_text(const CursorValue& value) {
  switch (value.kind) {
    case Value::Kind::integer: return "i" + std::to_string(value.integer);
    case Value::Kind::real: return "r" + std::string(reinterpret_cast<const char*>(&value.real), sizeof value.real);
    case Value::Kind::text: return "t" + value.text;
    default: return "n";
  }
}

bool read_value(std::string_view text, CursorValue& value) {
  if (text.empty()) return false;
  const std::string_view rest = text.substr(1);
  switch (text.front()) {
    case 'n': return rest.empty();
    case 't':
      value.kind = Value::Kind::text;
      value.text = rest;
      return true;
    case 'i': {
      value.kind = Value::Kind::integer;
      const auto parsed = std::from_chars(rest.data(), rest.data() + rest.size(), value.integer);
      return parsed.ec == std::errc() && parsed.ptr == rest.data() + rest.size();
    }
    case 'r':
      value.kind = Value::Kind::real;
      if (rest.size() != sizeof value.real) return false;
      std::memcpy(&value.real, rest.data(), sizeof value.real);
      return true;
    default: return false;
  }
}

}  // namespace

RowDigest digest_of(std::string_view bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return {hash.high64, hash.low64};
}

std::string state_text(const Wanted& wanted, const CursorRead& read, const CursorState& state) {
  std::string text;
  add(text, kVersion);
  add(text, about(wanted, read));
  add(text, value_text(state.from));
  add(text, value_text(state.greatest));
  add(text, {reinterpret_cast<const char*>(state.seen.data()), state.seen.size() * sizeof(RowDigest)});
  return text;
}

CursorState state_in(std::string_view text, const Wanted& wanted, const CursorRead& read) {
  CursorState state;
  if (text.empty()) return state;
  const auto version = take(text);
  const auto whose = take(text), from = take(text), greatest = take(text), digests = take(text);
  if (version != kVersion || !whose || !from || !greatest || !digests || !text.empty() ||
      digests->size() % sizeof(RowDigest) != 0 || !read_value(*from, state.from) ||
      !read_value(*greatest, state.greatest)) {
    throw Failure(WEIR_FAILED_PRECONDITION, WEIR_FAULT_MANIFEST,
                  "expected what an earlier run of this plugin has left of its cursor, found another text")
        .option("/cursor")
        .hint("it was written by a later version of the plugin: take that one, or read all rows again: --fresh");
  }
  if (*whose != about(wanted, read)) {
    throw Failure(WEIR_FAILED_PRECONDITION, WEIR_FAULT_MANIFEST,
                  "expected the table or query, the cursor and the key of the last run, found another")
        .option("/cursor")
        .hint(
            "what that one has read says nothing of these rows: read all of them with --fresh, or give the pipeline "
            "another name");
  }
  state.seen.resize(digests->size() / sizeof(RowDigest));
  if (!digests->empty()) std::memcpy(state.seen.data(), digests->data(), digests->size());
  return state;
}

}  // namespace weir::sqlite
