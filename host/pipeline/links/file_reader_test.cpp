// FileReader: whatever bytes come at a time, and wherever chunks are cut, the rows and their places are the same. The
// storage is a text in memory, the format has a record a line: a number, or "text" in quotes that may hold line ends.
#include "pipeline/links/file_reader.hpp"

#include <weir/ext/chunked.h>
#include <algorithm>
#include <cstring>
#include <weir_catch.hpp>

#include "pipeline/fake_parts.hpp"

namespace weir::pipeline {
namespace {

// The object of the storage; `self` of an instance.
struct Object {
  std::string bytes;
  std::size_t step = 1'000'000;
  bool seeks = false;
};

struct Opened : weir_input {
  const Object* object = nullptr;
  std::size_t at = 0;
};

weir_status read_object(const weir_input* self, std::int64_t, std::uint8_t* buffer, std::uint64_t capacity,
                        std::uint64_t* got, std::int32_t* outcome, weir_error*) {
  auto& opened = *const_cast<Opened*>(static_cast<const Opened*>(self));
  const Object& object = *opened.object;
  *got = std::min({static_cast<std::size_t>(capacity), object.step, object.bytes.size() - opened.at});
  std::memcpy(buffer, object.bytes.data() + opened.at, *got);
  opened.at += *got;
  *outcome = opened.at == object.bytes.size() ? WEIR_READ_END : WEIR_READ_MORE;
  return WEIR_OK;
}

weir_status read_object_at(const weir_input* self, std::uint64_t offset, std::uint8_t* buffer, std::uint64_t capacity,
                           std::uint64_t* got, weir_error*) {
  const Object& object = *static_cast<const Opened*>(self)->object;
  *got = std::min({static_cast<std::size_t>(capacity), object.step, object.bytes.size() - offset});
  std::memcpy(buffer, object.bytes.data() + offset, *got);
  return WEIR_OK;
}

weir_status open_read(void* self, weir_string, weir_string, const weir_input** input, weir_error*) {
  auto* opened = new Opened{};
  if (static_cast<const Object*>(self)->seeks) opened->read_at = read_object_at;
  opened->size = sizeof(weir_input);
  opened->read = read_object;
  opened->close = [](const weir_input* raw) { delete static_cast<const Opened*>(raw); };
  opened->object = static_cast<const Object*>(self);
  *input = opened;
  return WEIR_OK;
}

weir_status open_format(const weir_context*, const weir_input*, weir_bytes, const weir_schema_sink* sink, void** self,
                        weir_error*) {
  *self = nullptr;
  weir::Schema told = fake::schema();
  return sink->same(sink, {nullptr, 0}, &told.get());
}
void close_reader(void*) {}

weir_status start(void*, std::uint64_t* offset, weir_error*) {
  *offset = 2;  // a head of one line, "#\n"
  return WEIR_OK;
}

weir_status boundary(const void*, weir_bytes bytes, std::uint64_t state[4], std::uint64_t* end, weir_error*) {
  for (std::uint64_t i = 0; i < bytes.length; ++i) {
    if (bytes.data[i] == '"') state[0] ^= 1U;
    if (bytes.data[i] == '\n' && state[0] == 0) *end = i + 1;
  }
  return WEIR_OK;
}

// A row a record: how many bytes it has. Origins are where records begin.
weir_status parse(const void*, weir_bytes chunk, const weir_next* next, weir_error*) {
  std::vector<std::int64_t> lengths;
  std::vector<std::uint32_t> begins;
  std::uint64_t begin = 0;
  bool quoted = false;
  for (std::uint64_t i = 0; i < chunk.length; ++i) {
    if (chunk.data[i] == '"') quoted = !quoted;
    if ((chunk.data[i] == '\n' && !quoted) || i + 1 == chunk.length) {
      lengths.push_back(static_cast<std::int64_t>(i + 1 - begin));
      begins.push_back(static_cast<std::uint32_t>(begin));
      begin = i + 1;
    }
  }
  weir_batch batch{};
  weir_batch_clear(&batch);
  batch.base = 0;
  batch.rows = fake::rows(lengths).release();
  batch.origins = fake::origins(begins).release();
  return next->push(next, 0, &batch);
}

const weir_chunked kChunked{sizeof(weir_chunked), start, boundary, parse};
const weir_reader kReader{sizeof(weir_reader), nullptr, nullptr, close_reader, nullptr, nullptr};

weir_format format_table() {
  weir_format table{};
  table.size = sizeof table;
  table.open_reader = open_format;
  table.reader = &kReader;
  return table;
}

weir_storage storage_table() {
  weir_storage table{};
  table.size = sizeof table;
  table.open_read = open_read;
  return table;
}

const weir_format kFormat = format_table();
const weir_storage kStorage = storage_table();

const void* extension(weir_string id) {
  return std::string_view(id.data, id.length) == WEIR_CHUNKED ? &kChunked : nullptr;
}

struct Rows {
  std::vector<std::int64_t> lengths;
  std::vector<std::uint64_t> lines;
  std::size_t pieces = 0;
};

// `apart`: each piece by a reader that is opened behind the one before.
base::Result<Rows> read_rows(Object& object, bool apart = false) {
  auto reading = std::make_shared<FileReading>();
  reading->storage = fake::component(WEIR_KIND_STORAGE, &kStorage, "storage");
  reading->formats = {fake::component(WEIR_KIND_FORMAT, &kFormat, "format", extension)};
  reading->format_named = true;
  std::atomic<std::uint64_t> counter{0};
  WEIR_TRY_ASSIGN(auto reader, FileReader::open(reading, &object, "a.txt", "", {}, &counter));
  std::vector<weir::Schema> schemas;
  schemas.push_back(fake::schema());
  integrity::Account account;
  Outlet outlet(OutletSetup{"fakes", "format", &schemas, nullptr, true, false}, &account, nullptr);
  Rows rows;
  const Deliver collect = [&rows](Batch batch) -> base::Result<void> {
    const auto lengths = fake::values(batch);
    rows.lengths.insert(rows.lengths.end(), lengths.begin(), lengths.end());
    for (std::int64_t row = 0; row < batch.rows.length(); ++row) rows.lines.push_back(batch.place(row).line);
    return {};
  };
  for (bool last = false; !last;) {
    WEIR_TRY_ASSIGN(const Piece piece, reader->read(outlet, collect));
    if (piece.to_parse) WEIR_TRY(reader->parse(piece, outlet, collect));
    if (piece.got) ++rows.pieces;
    last = piece.last;
    if (last || !apart) continue;
    reader.reset();
    REQUIRE(piece.position);
    WEIR_TRY_ASSIGN(reader, FileReader::open(reading, &object, "a.txt", "", {}, &counter, *piece.position));
  }
  CHECK((apart || counter == object.bytes.size()));
  return rows;
}

// The same by the whole text at once.
Rows expected(const std::string& bytes) {
  Rows rows;
  std::uint64_t line = 2, begins = 2;
  std::int64_t length = 0;
  bool quoted = false;
  for (std::size_t i = 2; i < bytes.size(); ++i) {
    ++length;
    if (bytes[i] == '"') quoted = !quoted;
    if (bytes[i] == '\n') ++line;
    if ((bytes[i] == '\n' && !quoted) || i + 1 == bytes.size()) {
      rows.lengths.push_back(length);
      rows.lines.push_back(begins);
      length = 0;
      begins = line;
    }
  }
  return rows;
}

void check(const std::string& bytes, std::size_t step) {
  CAPTURE(bytes.size(), step);
  Object object{bytes, step};
  const auto rows = read_rows(object);
  REQUIRE(rows);
  const Rows right = expected(bytes);
  REQUIRE(rows->lengths == right.lengths);
  REQUIRE(rows->lines == right.lines);
  for (const bool seeks : {false, true}) {
    object.seeks = seeks;
    const auto gone_on_with = read_rows(object, true);
    REQUIRE(gone_on_with);
    REQUIRE(gone_on_with->lengths == right.lengths);
    REQUIRE(gone_on_with->lines == right.lines);
  }
}

constexpr std::size_t kChunk = 1U << 20U;

}  // namespace

TEST_CASE("small files give the same rows however they are read") {
  for (const char* text :
       {"#\n", "#\n\n", "#\n1", "#\n1\n", "#\n1\n22\n333", "#\n\"a\nb\"\n2\n", "#\n\"a\nb", "#\n\n\n\n"}) {
    for (const std::size_t step : {1U, 2U, 3U, 5U, 100U}) check(text, step);
  }
}

TEST_CASE("records about the cut give the same rows, each once, with its line") {
  for (const std::size_t begin : {kChunk - 5, kChunk - 2, kChunk - 1, kChunk, kChunk + 1, kChunk + 2, 2 * kChunk - 1}) {
    std::string bytes = "#\n";
    while (bytes.size() + 64 < begin) bytes += "0123456789\n";
    bytes += std::string(begin - bytes.size() - 1, 'f') + "\n\"quoted\nover\nlines\"\nnext\nlast";
    for (const std::size_t step : {4096UL, 65'537UL, 10'000'000UL}) check(bytes, step);
  }
}

TEST_CASE("a record longer than a chunk is kept whole") {
  for (const std::size_t length : {kChunk - 1, kChunk, kChunk + 1, 3 * kChunk + 7}) {
    check("#\nshort\n\"" + std::string(length, '\n') + "\"\nafter\n", 100'000);
    check("#\n\"" + std::string(length, 'x'), 100'000);
  }
}

TEST_CASE("a long file is cut into several pieces") {
  std::string bytes = "#\n";
  while (bytes.size() < 5 * kChunk) bytes += "row " + std::to_string(bytes.size()) + "\n";
  Object object{bytes, 200'000};
  const auto rows = read_rows(object);
  REQUIRE(rows);
  CHECK(rows->pieces >= 4);
  CHECK(rows->lines == expected(bytes).lines);
}

}  // namespace weir::pipeline
