// For tests: CSV read in the simplest way, byte by byte, and what must be true of the format for any bytes at all.
#pragma once

#include <cstdlib>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <weir/cpp/utf8.hpp>

#include "fake_host.hpp"
#include "reader.hpp"
#include "writing.hpp"

namespace weir::csv::test {

using weir::test::FakeConfig;
using weir::test::FakeContext;
using weir::test::FakeHost;
using weir::test::FakeNext;
using weir::test::FakeReject;
using weir::test::FakeSchemas;
using weir::test::InputBytes;
using weir::test::Wanted;
using weir::test::write_rows;

using Field = std::optional<std::string>;
using Table = std::vector<std::vector<Field>>;

// The field that raw bytes say; nothing if they are not a field.
inline std::optional<Field> reference_field(const std::string& raw) {
  if (raw.empty()) return Field();
  if (raw[0] != '"') return Field(raw);
  std::string text;
  for (std::size_t i = 1; i < raw.size(); ++i) {
    if (raw[i] != '"')
      text += raw[i];
    else if (i + 1 == raw.size())
      return Field(text);
    else if (raw[i + 1] == '"')
      text += raw[i++];
    else
      return std::nullopt;
  }
  return std::nullopt;
}

// All records, the first one too; nothing if it is not CSV. Blank lines are left out where there are more columns.
inline std::optional<Table> reference_table(std::string_view bytes, char delimiter) {
  std::vector<std::vector<std::string>> records;
  std::vector<std::string> record(1);
  bool quoted = false, at_start = true, closed = false;
  for (const char byte : bytes) {
    std::string& field = record.back();
    if (quoted) {
      field += byte;
      if (byte == '"') quoted = false, closed = true;
    } else if (byte == '"' && (at_start || closed)) {
      field += byte;
      quoted = true, closed = at_start = false;
    } else if (byte == delimiter) {
      record.emplace_back();
      at_start = true, closed = false;
    } else if (byte == '\n') {
      records.push_back(std::move(record));
      record = {""};
      at_start = true, closed = false;
    } else {
      field += byte;
      at_start = closed = false;
    }
  }
  if (quoted) return std::nullopt;
  if (record.size() > 1 || !record[0].empty()) records.push_back(std::move(record));
  Table table;
  for (auto& raw : records) {
    if (raw.back().ends_with('\r')) raw.back().pop_back();
    const bool first = table.empty();
    if (raw.size() == 1 && raw[0].empty() && (first || table[0].size() > 1)) continue;
    if (!first && raw.size() != table[0].size()) return std::nullopt;
    std::vector<Field> row;
    for (const auto& text : raw) {
      const std::optional<Field> field = reference_field(text);
      if (!field) return std::nullopt;
      row.push_back(*field);
    }
    table.push_back(std::move(row));
  }
  return table;
}

// The rows of string columns.
inline Table rows_of_texts(const std::vector<Array>& batches) {
  Table table;
  for (const auto& batch : batches) {
    const std::size_t first = table.size();
    table.resize(first + static_cast<std::size_t>(batch->length));
    for (std::int64_t c = 0; c < batch->n_children; ++c) {
      const TextColumn column(*batch->children[c]);
      for (std::int64_t r = 0; r < batch->length; ++r) {
        table[first + static_cast<std::size_t>(r)].push_back(column.valid(r) ? Field(column[r]) : Field());
      }
    }
  }
  return table;
}

// How many bytes are looked at together, in turn.
using Steps = std::vector<std::size_t>;

// Cuts what follows the head into chunks as a host does, and parses each. What is told of a chunk counts from its beginning:
// `next` has it as of the whole.
inline void parse_in_chunks(CsvReader& reader, std::string_view bytes, const Steps& steps, const FakeNext& next) {
  std::uint64_t state[4] = {};
  std::size_t begin = reader.start(), at = begin, look = 0;
  const auto parse = [&](std::size_t end) {
    const std::size_t batches = next.bases.size(), rejects = next.rejects.size();
    // A copy, so that a sanitizer sees what is read behind its end.
    const std::vector<char> chunk(bytes.begin() + static_cast<std::ptrdiff_t>(begin),
                                  bytes.begin() + static_cast<std::ptrdiff_t>(end));
    reader.parse({chunk.data(), chunk.size()}, Next(&next));
    for (std::size_t i = batches; i < next.bases.size(); ++i) next.bases[i] += static_cast<std::int64_t>(begin);
    for (std::size_t i = rejects; i < next.rejects.size(); ++i)
      next.rejects[i].offset += static_cast<std::int64_t>(begin);
    begin = end;
  };
  while (at < bytes.size()) {
    const std::size_t step = std::min(steps[look++ % steps.size()], bytes.size() - at);
    const std::uint64_t end = reader.boundary(bytes.substr(at, step), state);
    if (end > 0) parse(at + end);
    at += step;
  }
  if (begin < bytes.size()) parse(bytes.size());
}

struct Result {
  std::optional<std::string> failure;
  std::vector<Array> batches;
  Schema schema;
  std::vector<std::int64_t> origins;  // of each row, in the whole
  std::vector<FakeReject> rejects;
};

// Where each row began.
inline std::vector<std::int64_t> origins_of(const FakeNext& next) {
  std::vector<std::int64_t> origins;
  for (std::size_t batch = 0; batch < next.batches.size(); ++batch) {
    const NumberColumn<std::uint32_t> within(next.origins[batch].get());
    for (std::int64_t row = 0; row < next.batches[batch]->length; ++row)
      origins.push_back(next.bases[batch] + std::int64_t{within[row]});
  }
  return origins;
}

// Reads all, in steps; none: by read(). `columns`: those that somebody reads; none: all.
inline Result read_in_steps(std::string_view bytes, const std::string& options, const Steps& steps,
                            std::vector<std::string> columns = {}) {
  Result result;
  const Wanted wanted(std::move(columns));
  const FakeHost host;
  const FakeConfig config(options);
  FakeContext context(host, config);
  const FakeSchemas schemas;
  const FakeNext next;
  const InputBytes input{std::string(bytes), steps.empty() ? std::size_t{7} : SIZE_MAX};
  try {
    CsvReader reader(Context(&context), Input(&input), "", Outputs(&schemas), wanted.get());
    if (!steps.empty()) {
      parse_in_chunks(reader, bytes, steps, next);
    } else {
      while (reader.read(0, Next(&next)) != WEIR_READ_END) {
      }
    }
  } catch (const Failure& failure) {
    result.failure = failure.message();
  }
  result.origins = origins_of(next);
  result.batches = std::move(next.batches);
  result.schema = std::move(schemas.schema);
  result.rejects = std::move(next.rejects);
  return result;
}

// The same, `step` bytes a look; step 0 by read().
inline Result read_all(std::string_view bytes, const std::string& options, std::size_t step,
                       std::vector<std::string> columns = {}) {
  return read_in_steps(bytes, options, step == 0 ? Steps() : Steps{step}, std::move(columns));
}

// True if a written field says what the field that was read did: the same text, or the same number.
inline bool says_the_same(const Field& read, const Field& written, Type type) {
  if (read.has_value() != written.has_value()) return false;
  if (!read || *read == *written) return true;
  return type == Type::float64 && std::strtod(read->c_str(), nullptr) == std::strtod(written->c_str(), nullptr);
}

// The rows of one column.
inline Table column_of(const Table& table, std::size_t column) {
  Table rows;
  for (const auto& row : table) rows.push_back({row[column]});
  return rows;
}

// The usual dialect, said rather than found: as texts, and with types.
inline constexpr const char* kTexts = R"({"infer": false, "delimiter": ",", "quote": "\"", "header": true})";
inline constexpr const char* kTyped = R"({"delimiter": ",", "quote": "\"", "header": true})";

// Whether columns get other names than stand there: one has none, or two have the same.
inline bool mends_names(const std::vector<Field>& names) {
  const std::set<Field> different(names.begin(), names.end());
  return different.size() < names.size() || different.contains(Field()) || different.contains(Field(""));
}

// What is not as it must be if only the column `number` is read; empty: all is well.
inline std::string violated_narrow(std::string_view bytes, std::size_t step, std::size_t number, const Result& wide) {
  const std::string name = wide.schema->children[number]->name;
  const Result found = read_all(bytes, kTexts, step, {name});
  if (found.failure.has_value() != wide.failure.has_value())
    return "narrow: refused: " + found.failure.value_or("no") + ", column " + name;
  if (found.failure) return "";
  if (found.schema->n_children != 1) return "narrow: more columns than " + name;
  return rows_of_texts(found.batches) == column_of(rows_of_texts(wide.batches), number)
             ? ""
             : "narrow: other rows of " + name;
}

// What is not as it must be if a dialect goes through the lexer that has no more in these bytes; empty: all is well.
inline std::string violated_rewritten(std::string_view bytes, std::size_t step, const Result& plain) {
  if (bytes.find('\x01') != std::string_view::npos) return "";
  const Result found = read_all(
      bytes, R"({"infer": false, "delimiter": ",", "quote": "\"", "header": true, "comment": "\u0001"})", step);
  if (found.failure.has_value() != plain.failure.has_value())
    return "rewritten: refused: " + found.failure.value_or("no") + ", step " + std::to_string(step);
  if (found.failure) return "";
  return rows_of_texts(found.batches) == rows_of_texts(plain.batches)
             ? ""
             : "rewritten: other rows, step " + std::to_string(step);
}

// What is not as it must be for these bytes; empty: all is well.
inline std::string violated(std::string_view bytes, std::size_t step) {
  const std::optional<Table> wanted = reference_table(bytes.substr(byte_order_mark(bytes)), ',');
  const bool text = invalid_utf8(bytes) == std::string_view::npos;
  for (const std::size_t look : {step, std::size_t{1} << 20U, std::size_t{0}}) {
    const Result found = read_all(bytes, kTexts, look);
    if (found.schema.empty()) return "";  // the head is refused
    const bool fine = wanted.has_value() && text;
    if (found.failure.has_value() == fine)
      return "refused: " + found.failure.value_or("no") + ", step " + std::to_string(look);
    if (fine && rows_of_texts(found.batches) != Table(wanted->begin() + 1, wanted->end()))
      return "other rows, step " + std::to_string(look);
    const std::string other = violated_rewritten(bytes, look, found);
    if (!other.empty()) return other;
    const auto last = static_cast<std::size_t>(found.schema->n_children - 1);
    for (const std::size_t column : {std::size_t{0}, last}) {
      const std::string problem = violated_narrow(bytes, look, column, found);
      if (!problem.empty()) return problem;
    }
  }
  const Result typed = read_all(bytes, kTyped, 0);
  if (typed.failure) return "";
  if (!typed.rejects.empty()) return "a value that was seen does not fit its type";
  const std::string once = write_rows(typed.schema, typed.batches).text;
  const std::optional<Table> written = reference_table(once, ',');
  if (!written || written->size() != wanted->size()) return "written in another form:\n" + once;
  for (std::size_t r = mends_names(wanted->front()) ? 1 : 0; r < written->size(); ++r) {
    for (std::size_t c = 0; c < (*wanted)[r].size(); ++c) {
      const Type type = r == 0 ? Type::utf8 : type_of(*typed.schema->children[c]).type;
      if (!says_the_same((*wanted)[r][c], (*written)[r][c], type)) return "a value is changed:\n" + once;
    }
  }
  const Result again = read_all(once, kTyped, 0);
  if (again.failure) return "what was written is refused: " + *again.failure + "\n" + once;
  const std::string twice = write_rows(again.schema, again.batches).text;
  return once == twice ? "" : "the second writing differs:\n" + once + "\n" + twice;
}

}  // namespace weir::csv::test
