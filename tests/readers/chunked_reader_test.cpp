// ChunkedReader of the SDK, by a format of its own: a row is a text with ';' behind it, the head a line.
#include <weir/cpp/chunked_reader.hpp>
#include <weir/testing.hpp>
#include <weir/testing_format.hpp>
#include <weir/weir.hpp>

#include "weir_catch.hpp"

namespace weir {
namespace {

class TextReader final : public ChunkedReader {
 public:
  TextReader(const Context& /*context*/, Input input, std::string_view position, const Outputs& outputs)
      : ChunkedReader(input) {
    std::size_t end = std::string_view::npos;
    for (std::size_t wanted = 1; end == std::string_view::npos && !ended(); ++wanted) {
      fill(wanted);
      end = pending().find('\n');
    }
    std::vector<Schema> fields;
    fields.push_back(Schema::field("u", "text"));
    outputs.put(Schema::rows(std::move(fields)));
    begin(end + 1);
    if (fill_head(true)) for_each_sample([this](std::string_view bytes, bool) { samples.emplace_back(bytes); });
    seen = pending().size();
    if (!position.empty()) resume(position);
  }
  // The first word counts the bytes so far, so that a test can see who was shown what.
  std::uint64_t boundary(std::string_view bytes, ScanState& state) const override {
    state[0] += bytes.size();
    return bytes.rfind(';') + 1;
  }

  std::vector<std::string> samples;
  std::size_t seen = 0;  // bytes of the head

 private:
  void parse_records(std::string_view records, std::int64_t offset, const Next& next) const override {
    TextBuilder texts;
    std::int64_t count = 0;
    for (std::size_t at = 0; at < records.size(); ++count) {
      const std::size_t end = records.find(';', at);
      if (end == std::string_view::npos)
        throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_DATA, "expected ';', found the end")
            .offset(offset + static_cast<std::int64_t>(records.size()));
      texts.append(records.substr(at, end - at));
      at = end + 1;
    }
    if (count == 0) return;
    std::vector<Array> columns;
    columns.push_back(texts.finish());
    next.push(rows_of(count, std::move(columns)), 0, {}, offset);
  }
  void check_end(const ScanState& state, std::int64_t offset) const override {
    if (state[0] % 2 == 0) return;
    throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_DATA, "expected an even count of bytes, found an odd one")
        .offset(offset);
  }
};

struct NeverMine {
  static std::int32_t sniff(const weir_sniff& /*head*/) { return 0; }
};

struct Read {
  std::string rows;  // each with ';' behind it
  std::vector<std::int64_t> bases;
  std::vector<std::string> positions;  // before each read(), and behind the last
  std::string failure;
  std::int64_t offset = -1;
};

std::string texts_of(const testing::Collected& collected) {
  std::string texts;
  for (const auto& pushed : collected.pushed) {
    const TextColumn column(*pushed.rows->children[0]);
    for (std::int64_t i = 0; i < pushed.rows->length; ++i) texts += std::string(column[i]) + ";";
  }
  return texts;
}

std::string position_of(TextReader& reader) {
  testing::Bytes position;
  reader.position(Sink(position.sink()));
  return position.kept.at(0);
}

TextReader open(const weir_input& input, const std::string& position = "") {
  testing::Surroundings surroundings;
  testing::Schemas schemas;
  return TextReader(Context(surroundings.context()), Input(&input), position, Outputs(schemas.sink()));
}

Read read_all(const std::string& bytes, std::size_t step = SIZE_MAX, const std::string& position = "") {
  Read read;
  testing::Collected collected;
  try {
    const testing::InputBytes input(bytes, step);
    TextReader reader = open(input, position);
    do {
      read.positions.push_back(position_of(reader));
    } while (reader.read(INT64_MAX, Next(collected.next())) != WEIR_READ_END);
    read.positions.push_back(position_of(reader));
  } catch (const Failure& failure) {
    weir_error error = testing::no_error();
    failure.fill(&error);
    read.failure = error.message;
    read.offset = error.offset;
  }
  read.rows = texts_of(collected);
  for (const auto& pushed : collected.pushed) read.bases.push_back(pushed.base);
  return read;
}

// So many records of four bytes.
std::string records(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += std::to_string(100 + i % 900) + ";";
  return text;
}

}  // namespace

TEST_CASE("records are read whole, however the input gives its bytes") {
  const std::string text = records(2'000'000);  // 8 MB: more than a head and a piece
  for (const std::size_t step : {std::size_t{7}, std::size_t{100'001}, SIZE_MAX}) {
    const Read read = read_all("heads\n" + text, step);
    CAPTURE(step);
    CHECK(read.failure == "");
    CHECK((read.rows == text));
    REQUIRE(read.bases.size() > 1);
    CHECK(read.bases.front() == 6);
    CHECK(read.positions.back() == std::to_string(6 + text.size()));
  }
}

TEST_CASE("a record longer than a piece is waited for") {
  const std::string text = std::string(3'000'000, 'x') + ";yy;";
  CHECK((read_all("h\n" + text).rows == text));
}

TEST_CASE("a reader goes on at every position that one before told") {
  const std::string text = records(2'000'000);
  const Read whole = read_all("heads\n" + text, 100'000);
  REQUIRE(whole.positions.size() > 2);
  for (const std::string& position : whole.positions) {
    const Read rest = read_all("heads\n" + text, 100'000, position);
    CAPTURE(position);
    CHECK(rest.failure == "");
    CHECK((rest.rows == text.substr(std::stoul(position) - 6)));
  }
}

TEST_CASE("a position that no reader told is refused, and so is an input that is shorter than it was") {
  CHECK(read_all("heads\n1;", 7, "x").failure == "expected a position that this reader told, found another text");
  CHECK(read_all("heads\n1;", 7, "2").failure == "expected a position that this reader told, found another text");
  CHECK(read_all("heads\n1;", 7, "9").failure == "expected at least 9 bytes, as before, found 8");
}

TEST_CASE("errors of records and of the end have their offset in the input") {
  const Read cut = read_all("heads\n1;2");
  CHECK(cut.failure == "expected ';', found the end");
  CHECK(cut.offset == 9);
  const Read odd = read_all("heads\n1;22;");
  CHECK(odd.failure == "expected an even count of bytes, found an odd one");
  CHECK(odd.offset == 11);
  CHECK(odd.rows == "1;22;");
}

TEST_CASE("a deadline that passes gives what is there, and the rest comes later") {
  struct Slow : weir_input {
    mutable std::vector<std::string> pieces;
  };
  Slow slow{};
  slow.size = sizeof(weir_input);
  slow.length = -1;
  slow.pieces = {"h\n", "1;2;3", "", ";4;", ""};
  slow.read = [](const weir_input* raw, std::int64_t, std::uint8_t* buffer, std::uint64_t, std::uint64_t* got,
                 std::int32_t* outcome, weir_error*) -> weir_status {
    auto& pieces = static_cast<const Slow*>(raw)->pieces;
    *got = pieces.front().size();
    std::copy(pieces.front().begin(), pieces.front().end(), buffer);
    *outcome = pieces.size() == 1 ? WEIR_READ_END : pieces.front().empty() ? WEIR_READ_IDLE : WEIR_READ_MORE;
    pieces.erase(pieces.begin());
    return WEIR_OK;
  };
  // The head alone: samples would wait for the rest.
  struct HeadOnly final : ChunkedReader {
    explicit HeadOnly(Input input) : ChunkedReader(input) {
      fill(2);
      begin(2);
    }
    std::uint64_t boundary(std::string_view bytes, ScanState& /*state*/) const override { return bytes.rfind(';') + 1; }
    void parse_records(std::string_view records, std::int64_t offset, const Next& /*next*/) const override {
      pieces.push_back(std::to_string(offset) + " " + std::string(records));
    }
    mutable std::vector<std::string> pieces;
  };
  HeadOnly reader{Input(&slow)};
  testing::Collected collected;
  CHECK(reader.read(0, Next(collected.next())) == WEIR_READ_IDLE);
  CHECK(reader.read(0, Next(collected.next())) == WEIR_READ_END);
  CHECK(reader.pieces == std::vector<std::string>{"2 1;2;", "6 3;4;"});
}

TEST_CASE("a host parses the chunks apart, and is told if the input may not end") {
  const weir_component component = format<TextReader, void, NeverMine>("texts");
  REQUIRE(component.extension != nullptr);
  const auto* chunked = static_cast<const weir_chunked*>(component.extension(to_weir(WEIR_CHUNKED)));
  REQUIRE(chunked != nullptr);
  const testing::InputBytes input("heads\n1;22;333;");
  TextReader reader = open(input);
  weir_error error = testing::no_error();
  std::uint64_t start = 0, end = 0, state[4] = {};
  REQUIRE(chunked->start(&reader, &start, &error) == WEIR_OK);
  CHECK(start == 6);
  REQUIRE(chunked->boundary(&reader, to_bytes(std::string_view("1;22;3")), state, &end, &error) == WEIR_OK);
  CHECK(end == 5);
  testing::Collected collected;
  REQUIRE(chunked->parse(&reader, to_bytes(std::string_view("1;22;")), collected.next(), &error) == WEIR_OK);
  CHECK(texts_of(collected) == "1;22;");
  CHECK(collected.pushed.at(0).base == 0);
  CHECK(chunked->finish(&reader, state, &error) == WEIR_OK);
  state[0] = 3;
  CHECK(chunked->finish(&reader, state, &error) == WEIR_INVALID_ARGUMENT);
}

TEST_CASE("samples come from all over an input that can seek, and from the head of another") {
  const std::string text = "heads\n" + records(2'000'000);
  const testing::InputBytes seeking(text, SIZE_MAX, true), flowing(text);
  const TextReader sampled = open(seeking), plain = open(flowing);
  REQUIRE(sampled.samples.size() == 8);
  CHECK(text.ends_with(sampled.samples.back()));
  CHECK(sampled.seen < plain.seen);
  CHECK(plain.samples.empty());
}

}  // namespace weir
