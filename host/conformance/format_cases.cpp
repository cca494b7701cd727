// Cases of formats: rows to bytes and back, however the bytes come, and whatever they are.
#include <weir/ext/chunked.h>

#include <random>

#include "conformance/lived.hpp"

namespace weir::conformance {
namespace {

base::Result<std::string> document_now(Subject& subject) {
  Session session(subject, {});
  WEIR_TRY(session.begin());
  return document_of(session);
}

const weir_format& format_of(const weir_component& component) {
  return *static_cast<const weir_format*>(component.table);
}

Step needs_reader(Subject& subject, bool writes) {
  WEIR_TRY_ASSIGN(const weir_component* described, subject.description());
  const weir_format& table = format_of(*described);
  if (!WEIR_CAN(&table, open_reader)) return skip("it only writes");
  return writes && !WEIR_CAN(&table, open_encoder) ? skip("it only reads") : Step();
}

Step format_round_trip(Subject& subject) {
  WEIR_TRY(needs_reader(subject, true));
  WEIR_TRY_ASSIGN(const Sample* sample, subject.sample());
  Knobs knobs;
  knobs.expected = &sample->columns.get();
  Session session(subject, std::move(knobs));
  WEIR_TRY(session.live());
  std::vector<std::string> given;
  for (const auto& rows : session.batches())
    session.each_row(rows.get(), sample->columns.get(),
                     [&](std::string row) { given.push_back("0 " + std::move(row)); });
  return same_rows(given, session.rows(), "rows were written and read again");
}

// The rows of a document that comes in pieces of so many bytes.
base::Result<std::vector<std::string>> rows_in_pieces(Subject& subject, const std::string& document,
                                                      std::size_t piece) {
  Knobs knobs;
  knobs.document = document;
  knobs.piece = piece;
  return rows_of_life(subject, std::move(knobs));
}

Step any_pieces(Subject& subject) {
  WEIR_TRY(needs_reader(subject, false));
  WEIR_TRY_ASSIGN(const std::string document, document_now(subject));
  WEIR_TRY_ASSIGN(const auto whole, rows_in_pieces(subject, document, document.size() + 1));
  for (const std::size_t piece : {1U, 7U, 100U}) {
    WEIR_TRY_ASSIGN(const auto rows, rows_in_pieces(subject, document, piece));
    WEIR_TRY(same_rows(whole, rows, "an input in pieces of " + std::to_string(piece) + " bytes gave other rows"));
  }
  return {};
}

// Cuts the bytes at boundaries that are looked for in pieces of so many bytes, and parses each chunk.
Step parse_chunks(Session& session, const weir_chunked& chunked, std::string_view document, std::size_t piece) {
  const weir_reader& reader = *session.table<weir_format>().reader;
  MemoryInput input(session, document, document.size() + 1);
  Reading reading(session, reader);
  WEIR_TRY(reading.open(input.get()));
  std::uint64_t start = 0, state[4] = {};
  WEIR_TRY(session.call("start", [&](weir_error* error) { return chunked.start(reading.self(), &start, error); }));
  std::size_t begin = start;
  const auto parse = [&](std::size_t end) -> Step {
    const weir_bytes chunk = bytes_of(document.substr(begin, end - begin));
    begin = end;
    if (chunk.length == 0) return {};
    return session.call("parse",
                        [&](weir_error* error) { return chunked.parse(reading.self(), chunk, session.next(), error); });
  };
  for (std::size_t at = start; at < document.size(); at += piece) {
    const std::string_view part = document.substr(at, piece);
    std::uint64_t end = 0;
    WEIR_TRY(session.call("boundary", [&](weir_error* error) {
      return chunked.boundary(reading.self(), bytes_of(part), state, &end, error);
    }));
    if (end > part.size()) return fail("boundary() told an offset behind the bytes that it was given");
    if (end > 0) WEIR_TRY(parse(at + end));
  }
  WEIR_TRY(parse(document.size()));
  if (!WEIR_CAN(&chunked, finish)) return {};
  return session.call("finish", [&](weir_error* error) { return chunked.finish(reading.self(), state, error); });
}

Step any_chunks(Subject& subject) {
  WEIR_TRY(needs_reader(subject, false));
  WEIR_TRY_ASSIGN(const weir_component* described, subject.description());
  const auto* chunked = static_cast<const weir_chunked*>(plugins::Library::extension(*described, WEIR_CHUNKED));
  if (chunked == nullptr) return skip("its records can't be parsed apart");
  WEIR_TRY_ASSIGN(const std::string document, document_now(subject));
  WEIR_TRY_ASSIGN(const auto whole, rows_in_pieces(subject, document, document.size() + 1));
  for (const std::size_t piece : {1U, 13U, 64U, 1000U}) {
    Session session(subject, {});
    WEIR_TRY(session.begin());
    const Step parsed = parse_chunks(session, *chunked, document, piece);
    if (!parsed) return fail("parsed in chunks: " + parsed.error().message);
    WEIR_TRY(same_rows(whole, session.rows(),
                       "cut into chunks of about " + std::to_string(piece) + " bytes it gave other rows"));
  }
  return {};
}

// What bytes must not come to that may be no document.
Step stands(Subject& subject, std::string document, const std::string& what) {
  Knobs knobs;
  knobs.document = std::move(document);
  Session session(subject, std::move(knobs));
  static_cast<void>(session.live());
  for (const char* const rule :
       {"status-known", "error-says-what", "error-texts-utf8", "nothing-thrown", "schema-right", "rows-fit-schema",
        "rows-valid", "rejects-say-why", "rejects-in-hand", "outcome-known"}) {
    if (const std::string* text = session.observed(rule)) return fail(what + ": " + *text);
  }
  return {};
}

Step format_cut_short(Subject& subject) {
  WEIR_TRY(needs_reader(subject, false));
  WEIR_TRY_ASSIGN(const std::string document, document_now(subject));
  constexpr std::size_t kCuts = 300;
  const std::size_t step = 1 + document.size() / kCuts;
  for (std::size_t end = 0; end < document.size(); end += step)
    WEIR_TRY(stands(subject, document.substr(0, end), "cut after " + std::to_string(end) + " bytes"));
  return {};
}

Step format_damaged(Subject& subject) {
  WEIR_TRY(needs_reader(subject, false));
  WEIR_TRY_ASSIGN(const std::string document, document_now(subject));
  constexpr int kDocuments = 150;
  std::mt19937 random(20);
  for (int i = 0; i < kDocuments; ++i) {
    std::string changed = document;
    for (int k = 0; k < 3 && !changed.empty(); ++k) changed[random() % changed.size()] = static_cast<char>(random());
    if (i % 10 == 0) {
      for (char& byte : changed) byte = static_cast<char>(random());
    }
    WEIR_TRY(stands(subject, std::move(changed), "damaged"));
  }
  return {};
}

Step nothing_in_it(Subject& subject) {
  WEIR_TRY(needs_reader(subject, false));
  WEIR_TRY(stands(subject, "", "an input of 0 bytes"));
  return stands(subject, "\n", "an input of a line end");
}

Step format_restarts(Subject& subject) {
  WEIR_TRY(needs_reader(subject, false));
  WEIR_TRY_ASSIGN(const weir_component* described, subject.description());
  const weir_reader& reader = *format_of(*described).reader;
  if (!WEIR_CAN(&reader, position)) return skip("its reader has no position()");
  WEIR_TRY_ASSIGN(const std::string document, document_now(subject));
  Session whole(subject, {});
  WEIR_TRY(whole.begin());
  std::vector<std::pair<std::size_t, std::string>> stops;
  {
    MemoryInput input(whole, document, 100);
    Reading reading(whole, reader);
    WEIR_TRY(reading.open(input.get()));
    WEIR_TRY(read_all(whole, reader, reading.self(), [&]() -> Step {
      WEIR_TRY_ASSIGN(std::string position, reading.position());
      stops.emplace_back(whole.rows().size(), std::move(position));
      return {};
    }));
  }
  for (const auto& [rows, position] : stops) {
    Session later(subject, {});
    WEIR_TRY(later.begin());
    MemoryInput input(later, document, document.size() + 1);
    Reading reading(later, reader);
    const Step opened = reading.open(input.get(), position);
    if (!opened) return fail("opened at a position that it told: " + opened.error().message);
    WEIR_TRY(read_all(later, reader, reading.self()));
    const std::vector<std::string> left(whole.rows().begin() + static_cast<std::ptrdiff_t>(rows), whole.rows().end());
    WEIR_TRY(same_rows(left, later.rows(), "opened where it stood after " + std::to_string(rows) + " rows"));
  }
  return {};
}

using Sniff = std::int32_t (*)(const weir_sniff* sniff);

Sniff sniff_of(const weir_component& component) {
  if (component.kind == WEIR_KIND_CODEC) return static_cast<const weir_codec*>(component.table)->sniff;
  return format_of(component).sniff;
}

Step sniffs(Subject& subject) {
  WEIR_TRY_ASSIGN(const weir_component* described, subject.description());
  const Sniff sniff = sniff_of(*described);
  if (sniff == nullptr) return skip("it does not sniff");
  WEIR_TRY_ASSIGN(const Sample* sample, subject.sample());
  std::mt19937 random(20);
  std::string noise(4096, ' ');
  for (char& byte : noise) byte = static_cast<char>(random());
  for (const std::string& head : {std::string(), std::string(1, '\0'), noise, sample->document, std::string(4096, '{'),
                                  std::string("PK\x03\x04")}) {
    for (const std::string_view name : {"", "in.csv", ".", "\xff"}) {
      const weir_sniff about{sizeof about, string_of(name), {nullptr, 0}, bytes_of(head)};
      subject.announce("sniff");
      const std::int32_t first = sniff(&about), second = sniff(&about);
      if (first != second)
        return fail("sniff() gave " + std::to_string(first) + " and then " + std::to_string(second) +
                    " for the same bytes");
      if (first < 0 || first > 100) return fail("sniff() gave " + std::to_string(first));
    }
  }
  return {};
}

constexpr std::string_view kReads = "Opens a reader on `input`, which outlives it.";

constexpr Case kFormatCases[] = {
    {"format", "round-trip", "Rows that it wrote are the same when it reads them again.", kFormat, format_round_trip,
     "write every value so that it reads back the same, or tell in `stored` what it becomes",
     "`stored`, for each, the schema that reading back would give"},
    {"format", "any-pieces", "However many bytes the input gives at a time, the rows are the same.", kFormat,
     any_pieces, "expect from read() any number of bytes, one too, and keep what is left of a record",
     "Reads up to `capacity` bytes from where the last read() ended"},
    {"format", "any-chunks", "Wherever its records are cut apart, the rows are the same.", kFormat, any_chunks,
     "keep in `state` what the bytes before say of those behind", "Pure but for `state`."},
    {"format", "cut-short", "A document that ends too early is refused, or read as far as it goes.", kFormat,
     format_cut_short, "check how many bytes are left before you look at them", kReads},
    {"format", "damaged", "Bytes that are no document of it are refused, or read as well as may be.", kFormat,
     format_damaged, "take lengths and offsets in the bytes for what a stranger wrote", kReads},
    {"format", "nothing-in-it", "An input of no bytes is refused, or has no rows.", kFormat, nothing_in_it,
     "let the end come before the first byte", "nothing after these, *got may"},
    {"format", "restarts-anywhere-in-it", "Opened at any position that it told, it gives the rows that were left.",
     kFormat, format_restarts, "keep in the position all that the next row depends on",
     "acknowledge() to forget what is before. At most 1 MiB, no I/O."},
    {"format", "sniffs", "How sure it is of bytes is 0 to 100, and the same each time.", kFormat | kCodec, sniffs,
     "look at no more bytes than head has, and let nothing else decide", "How sure it is, 0 (not mine) to 100. Pure."},
};

}  // namespace

std::span<const Case> format_cases() { return kFormatCases; }

}  // namespace weir::conformance
