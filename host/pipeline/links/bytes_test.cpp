// Byte streams: what is read of an object, put back, expanded by codecs that behave and that don't.
#include "pipeline/links/bytes.hpp"

#include <algorithm>
#include <cstring>
#include <weir_catch.hpp>

#include <weir/ext/decoder.h>

#include "pipeline/fake_parts.hpp"

namespace weir::pipeline {
namespace {

// Bytes in memory, given at most `step` at a time, with an empty read before each if `lazy`.
class MemoryStream final : public ByteStream {
 public:
  MemoryStream(std::string bytes, std::size_t step, bool lazy = false)
      : bytes_(std::move(bytes)), step_(step), lazy_(lazy) {}
  base::Result<std::size_t> read(std::span<std::uint8_t> buffer, bool* end) override {
    *end = false;
    if (lazy_ && std::exchange(rested_, !rested_) == false) return std::size_t{0};
    const std::size_t count = std::min({buffer.size(), step_, bytes_.size() - at_});
    std::memcpy(buffer.data(), bytes_.data() + at_, count);
    at_ += count;
    *end = at_ == bytes_.size();
    return count;
  }
  void cancel() override {}

 private:
  std::string bytes_;
  std::size_t step_, at_ = 0;
  bool lazy_, rested_ = false;
};

// A codec that expands each letter to two. By its link's name: "slow" works a byte at a time; "stuck" stops at 'x';
// "liar" tells of more than there was; "glutton" tells that it consumed more than it was given; "spinner" says that the
// stream has ended, and never goes on.
struct State {
  std::string kind;
  bool half = false;
};

weir_status create_double(const weir_context* context, std::int32_t, void** self, weir_error*) {
  *self = new State{std::string(context->link.data, context->link.length)};
  return WEIR_OK;
}
void destroy(void* self) { delete static_cast<State*>(self); }

weir_status step(void* self, weir_bytes in, std::int32_t last, std::uint8_t* out, std::uint64_t capacity,
                 std::uint64_t* consumed, std::uint64_t* produced, std::int32_t* done, weir_error* error) {
  auto& state = *static_cast<State*>(self);
  if (state.kind == "liar") *produced = capacity + 1;
  if (state.kind == "glutton") *consumed = in.length + 1;
  if (state.kind == "spinner") *done = 1;
  if (state.kind == "liar" || state.kind == "glutton" || state.kind == "spinner") return WEIR_OK;
  const std::uint64_t most = state.kind == "slow" ? 1 : capacity;
  while (*consumed < in.length && *produced < most) {
    const std::uint8_t letter = in.data[*consumed];
    if (letter == 'x' && state.kind == "stuck") return WEIR_OK;
    if (letter == '!') return weir_fail(error, WEIR_DATA_LOSS, WEIR_FAULT_DATA, "damaged");
    out[(*produced)++] = letter;
    if (std::exchange(state.half, !state.half)) ++*consumed;
  }
  *done = last != 0 && *consumed == in.length ? 1 : 0;
  return WEIR_OK;
}

const weir_codec kDouble{sizeof(weir_codec), nullptr, create_double, destroy, step};

// A format whose decoder is needed where the text begins with "2"; a "?" there is an error.
weir_status needed(const weir_context*, weir_bytes head, std::int32_t* needed, weir_error* error) {
  if (head.length > 0 && head.data[0] == '?')
    return weir_fail(error, WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST, "what");
  *needed = head.length > 0 && head.data[0] == '2' ? 1 : 0;
  return WEIR_OK;
}
const weir_decoder kDecoder{sizeof(weir_decoder), needed, &kDouble};
const void* decoder_extension(weir_string id) {
  return std::string_view(id.data, id.length) == WEIR_DECODER ? &kDecoder : nullptr;
}

base::Result<std::string> expanded(const std::string& kind, std::unique_ptr<ByteStream> inner, std::size_t buffer_bytes,
                                   std::uint64_t limit = 1'000'000) {
  WEIR_TRY_ASSIGN(auto stream,
                  expand(fake::component(WEIR_KIND_CODEC, &kDouble, kind), {}, std::move(inner), "in.gz", {limit, {}}));
  std::string all;
  std::vector<std::uint8_t> buffer(buffer_bytes);
  for (bool end = false; !end;) {
    WEIR_TRY_ASSIGN(const std::size_t got, stream->fill(buffer, &end));
    all.append(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(got));
  }
  return all;
}

std::string doubled(const std::string& text) {
  std::string all;
  for (const char letter : text) all.append(2, letter);
  return all;
}

}  // namespace

TEST_CASE("a format's text is decoded where its head says so, and is as it was else") {
  const auto decoded = [](const std::string& bytes, const void* (*extension)(weir_string)) -> std::string {
    auto format = fake::component(WEIR_KIND_FORMAT, nullptr, "format", extension);
    const std::vector<std::uint8_t> head(bytes.begin(), bytes.end());
    auto stream = decode(format, {}, head, std::make_unique<MemoryStream>(bytes, 3), "in.txt");
    if (!stream) return stream.error().message;
    std::vector<std::uint8_t> buffer(100);
    bool end = false;
    auto got = (*stream)->fill(buffer, &end);
    if (!got) return got.error().message + " in " + got.error().place.file;
    return {buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(*got)};
  };
  CHECK(decoded("2ab", decoder_extension) == "22aabb");
  CHECK(decoded("1ab", decoder_extension) == "1ab");
  CHECK(decoded("2ab", nullptr) == "2ab");
  CHECK(decoded("?", decoder_extension) == "what");
  CHECK(decoded("2!", decoder_extension) == "damaged in in.txt");
}

TEST_CASE("a codec's bytes are the same whatever it is given at a time, and whatever it gives") {
  const std::string text = "abcdefghijklmnopqrstuvwyz";
  for (const char* kind : {"plain", "slow"}) {
    for (const std::size_t step : {1U, 2U, 7U, 1000U}) {
      for (const std::size_t buffer : {1U, 3U, 64U}) {
        for (const bool lazy : {false, true}) {
          CAPTURE(kind, step, buffer, lazy);
          const auto all = expanded(kind, std::make_unique<MemoryStream>(text, step, lazy), buffer);
          REQUIRE(all);
          REQUIRE(*all == doubled(text));
        }
      }
    }
  }
}

TEST_CASE("an empty object expands to nothing") {
  const auto all = expanded("plain", std::make_unique<MemoryStream>("", 8), 8);
  REQUIRE(all);
  CHECK(all->empty());
}

TEST_CASE("a codec that misbehaves is named, and the host goes on") {
  for (const char* kind : {"stuck", "liar", "glutton", "spinner"}) {
    CAPTURE(kind);
    const auto all = expanded(kind, std::make_unique<MemoryStream>("abxcd", 3), 16);
    REQUIRE_FALSE(all);
    CHECK(all.error().code == "plugin.misbehaviour");
    CHECK(all.error().fault == base::Fault::plugin);
  }
}

TEST_CASE("damage that a codec finds names the file") {
  const auto all = expanded("plain", std::make_unique<MemoryStream>("ab!", 2), 16);
  REQUIRE_FALSE(all);
  CHECK(all.error().place.file == "in.gz");
  CHECK(all.error().status == base::Status::data_loss);
}

TEST_CASE("what expands to more than is allowed ends with an error") {
  CHECK(expanded("plain", std::make_unique<MemoryStream>("abcd", 2), 3, 8));
  const auto all = expanded("plain", std::make_unique<MemoryStream>("abcde", 2), 3, 9);
  REQUIRE_FALSE(all);
  CHECK(all.error().code == "data.expansion");
}

TEST_CASE("what was looked at comes again, then the rest") {
  const std::string text = "0123456789";
  for (std::size_t looked = 0; looked <= text.size(); ++looked) {
    for (const std::size_t buffer_bytes : {1U, 3U, 20U}) {
      auto inner = std::make_unique<MemoryStream>(text, 4);
      std::vector<std::uint8_t> head(looked);
      bool ended = false;
      REQUIRE(inner->fill(head, &ended));
      auto stream = put_back(std::move(head), ended, std::move(inner));
      std::string all;
      std::vector<std::uint8_t> buffer(buffer_bytes);
      for (bool end = false; !end;) {
        const auto got = stream->read(buffer, &end);
        REQUIRE(got);
        all.append(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(*got));
      }
      CHECK(all == text);
    }
  }
}

}  // namespace weir::pipeline
