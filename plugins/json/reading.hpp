// For tests: reads bytes as the host does, in one go or in pieces, and gives the rows as the encoder writes them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <weir/testing.hpp>
#include <weir/testing_format.hpp>
#include <weir/weir.hpp>

#include "encoder.hpp"
#include "reader.hpp"

namespace weir::json::test {

struct Rejected {
  std::int64_t offset, within;  // offset: in the whole input
  std::string column, reason, detail, record;
  bool operator==(const Rejected&) const = default;
};

// What came of some bytes. Two readings are equal if a user can't tell them apart.
struct Reading {
  std::string types;  // "a int64, b string"
  std::string rows;   // as the encoder writes them
  std::vector<std::int64_t> origins;
  std::vector<Rejected> rejects;
  std::string failure;  // "offset message (hint)"
};

struct How {
  testing::Options options = {};
  std::size_t piece = 0;  // 0: by read(); else by chunks of about so many bytes,
  bool seeks = false;
  const ArrowSchema* expected = nullptr;
  std::vector<std::string> wanted = {};
  std::vector<std::size_t> pieces = {};  // or of about so many, each in turn
};

// Takes what a reader pushes into a Reading. `from`: where the chunk begins in the input.
class Taker : public weir_next {
 public:
  explicit Taker(Reading& reading) : weir_next{}, reading_(&reading) {
    size = sizeof(weir_next);
    push = [](const weir_next* self, std::uint64_t, weir_batch* batch) -> weir_status {
      static_cast<const Taker*>(self)->take(batch);
      return WEIR_OK;
    };
    reject = [](const weir_next* self, const weir_reject* bad) -> weir_status {
      const auto& taker = *static_cast<const Taker*>(self);
      taker.reading_->rejects.push_back({taker.from + bad->offset, bad->within, std::string(to_view(bad->column)),
                                         std::string(to_view(bad->reason)), std::string(to_view(bad->detail)),
                                         std::string(to_view(bad->record))});
      return WEIR_OK;
    };
    output_.size = sizeof(weir_output);
    output_.write = [](const weir_output* self, weir_bytes bytes, weir_error*) -> weir_status {
      static_cast<const Lines*>(self)->reading->rows += to_view(bytes);
      return WEIR_OK;
    };
    output_.reading = reading_;
  }
  void begin(const ArrowSchema& schema) {
    encoder_ = std::make_unique<LinesEncoder>(Context(surroundings_.context()), schema, Outputs(schemas_.sink()),
                                              Output(&output_));
  }
  std::int64_t from = 0;
  bool ended = false;  // all was parsed: what fails now, fails at the end

 private:
  struct Lines : weir_output {
    Reading* reading = nullptr;
  };
  void take(weir_batch* batch) const {
    const auto* origins = static_cast<const std::uint32_t*>(batch->origins.buffers[1]);
    for (std::int64_t i = 0; i < batch->rows.length; ++i)
      reading_->origins.push_back(from + batch->base + std::int64_t{origins[i]});
    Batch rows(batch);
    encoder_->encode(rows, Next(this));
    encoder_->end();
    batch->rows.release(&batch->rows);
    batch->origins.release(&batch->origins);
  }
  Reading* reading_;
  Lines output_{};
  testing::Surroundings surroundings_;
  testing::Schemas schemas_;
  std::unique_ptr<LinesEncoder> encoder_;
};

inline std::string shown_type(const ArrowSchema& field) {
  if (metadata_value(field, kExtensionKey) == "arrow.json") return "json";
  std::string name = type_name(field);
  if (field.n_children == 0) return name == "struct" ? "struct()" : name;
  std::string inner;
  for (std::int64_t i = 0; i < field.n_children; ++i) {
    const ArrowSchema& child = *field.children[i];
    inner += (i == 0 ? "" : ", ") + (name == "list" ? "" : std::string(child.name) + " ") + shown_type(child);
  }
  return name + "(" + inner + ")";
}

// Cuts the bytes as the host does, and parses the chunks.
inline void read_chunks(JsonReader& reader, const std::string& bytes, const std::vector<std::size_t>& pieces,
                        Taker& taker) {
  std::size_t look = 0;
  std::uint64_t state[4] = {};
  std::size_t begin = reader.start(), scanned = begin;
  while (begin < bytes.size()) {
    std::size_t cut = 0;
    while (cut == 0 && scanned < bytes.size()) {
      const std::size_t count = std::min(pieces[look++ % pieces.size()], bytes.size() - scanned);
      taker.from = static_cast<std::int64_t>(scanned);
      const std::size_t end = reader.boundary(std::string_view(bytes).substr(scanned, count), state);
      if (end > 0) cut = scanned + end;
      scanned += count;
    }
    if (scanned == bytes.size()) cut = bytes.size();
    taker.from = static_cast<std::int64_t>(begin);
    // A copy, so that a sanitizer sees what is read behind its end.
    const std::vector<char> chunk(bytes.begin() + static_cast<std::ptrdiff_t>(begin),
                                  bytes.begin() + static_cast<std::ptrdiff_t>(cut));
    reader.parse({chunk.data(), chunk.size()}, Next(&taker));
    begin = cut;
  }
  taker.from = static_cast<std::int64_t>(bytes.size());
  taker.ended = true;
  reader.finish(state);
}

inline Reading read_json(const std::string& bytes, How how = {}) {
  Reading reading;
  Taker taker(reading);
  testing::Surroundings surroundings(how.options);
  weir_context context = *surroundings.context();
  context.expected = &how.expected;
  const testing::Wanted wanted(how.wanted);
  testing::Schemas schemas;
  try {
    const testing::InputBytes input(bytes, SIZE_MAX, how.seeks);
    JsonReader reader(Context(&context), Input(&input), "", Outputs(schemas.sink()), wanted.get());
    const ArrowSchema& schema = schemas.kept.at(0).get();
    for (std::int64_t i = 0; i < schema.n_children; ++i)
      reading.types +=
          (i == 0 ? "" : ", ") + std::string(schema.children[i]->name) + " " + shown_type(*schema.children[i]);
    taker.begin(schema);
    if (how.piece > 0) how.pieces = {how.piece};
    if (!how.pieces.empty()) {
      read_chunks(reader, bytes, how.pieces, taker);
    } else {
      while (reader.read(INT64_MAX, Next(&taker)) != WEIR_READ_END) {
      }
    }
  } catch (const Failure& failure) {
    weir_error error = testing::no_error();
    failure.fill(&error);
    const std::int64_t offset = taker.ended ? 0 : error.offset;
    reading.failure = std::to_string(offset < 0 ? offset : offset + taker.from) + " " + error.message;
    if (error.hint[0] != 0) reading.failure += " (" + std::string(error.hint) + ")";
  }
  return reading;
}

}  // namespace weir::json::test
