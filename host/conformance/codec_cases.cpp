// Cases of codecs: bytes to bytes and back, in pieces of any size, and what is no stream of theirs.
#include <random>

#include "conformance/lived.hpp"

namespace weir::conformance {
namespace {

// Bytes to compress: none, few, texts, noise.
std::vector<std::string> plain_texts() {
  std::mt19937 random(20);
  std::string noise(20000, ' '), lines;
  for (char& byte : noise) byte = static_cast<char>(random());
  for (int i = 0; i < 4000; ++i) lines += "line " + std::to_string(i % 91) + "\n";
  return {"", "x", std::move(lines), std::move(noise)};
}

// Puts bytes through a fresh instance; the refusal of the plugin is an error.
base::Result<std::string> through(Subject& subject, std::string_view bytes, bool compress,
                                  std::size_t piece = 1U << 16U) {
  Session session(subject, {});
  WEIR_TRY(session.begin());
  auto out = pump(session, bytes, compress, piece);
  for (const char* const rule : {"step-in-bounds", "step-advances", "status-known", "error-says-what"}) {
    if (const std::string* text = session.observed(rule)) return fail(*text);
  }
  if (!out && session.status() == WEIR_UNIMPLEMENTED) return skip("it only goes one way");
  return out;
}

Step round_trip_in(Subject& subject, std::size_t piece) {
  for (const std::string& plain : plain_texts()) {
    WEIR_TRY_ASSIGN(const std::string packed, through(subject, plain, true, piece));
    const auto unpacked = through(subject, packed, false, piece);
    if (!unpacked)
      return fail("what it compressed of " + std::to_string(plain.size()) +
                  " bytes it refused: " + unpacked.error().message);
    if (*unpacked != plain)
      return fail(std::to_string(plain.size()) + " bytes became " + std::to_string(unpacked->size()) +
                  " others, there and back");
  }
  return {};
}

Step codec_round_trip(Subject& subject) { return round_trip_in(subject, 1U << 16U); }

Step any_room(Subject& subject) {
  for (const std::size_t piece : {1U, 3U, 17U}) {
    Step went = round_trip_in(subject, piece);
    if (!went && verdict_of(went).outcome != Outcome::fail) return went;
    if (!went) return fail("in pieces of " + std::to_string(piece) + " bytes: " + went.error().message);
  }
  return {};
}

base::Result<std::string> packed_lines(Subject& subject) {
  WEIR_TRY_ASSIGN(const Sample* sample, subject.sample());
  if (!sample->document.empty()) return sample->document;
  return through(subject, plain_texts()[2].substr(0, 2000), true);
}

Step codec_cut_short(Subject& subject) {
  WEIR_TRY_ASSIGN(const std::string packed, packed_lines(subject));
  constexpr std::size_t kCuts = 300;
  WEIR_TRY_ASSIGN(const std::string whole, through(subject, packed, false));
  for (std::size_t end = 1; end < packed.size(); end += 1 + packed.size() / kCuts) {
    Session session(subject, {});
    WEIR_TRY(session.begin());
    const auto out = pump(session, std::string_view(packed).substr(0, end), false, 1U << 16U);
    if (const std::string* text = session.observed("step-advances"); text != nullptr) return fail(*text);
    if (out && *out == whole) continue;  // what is missing was of no use
    if (out)
      return fail("a stream cut after " + std::to_string(end) + " of " + std::to_string(packed.size()) +
                  " bytes passed for whole");
    if (session.status() != WEIR_DATA_LOSS)
      return fail("a stream that was cut is refused with " + std::string(plugins::status_name(session.status())) +
                  " instead of DATA_LOSS");
  }
  return {};
}

Step codec_damaged(Subject& subject) {
  WEIR_TRY_ASSIGN(const std::string packed, packed_lines(subject));
  std::mt19937 random(20);
  constexpr int kStreams = 200;
  for (int i = 0; i < kStreams; ++i) {
    std::string changed = packed;
    for (int k = 0; k < 2; ++k) changed[random() % changed.size()] = static_cast<char>(random());
    Session session(subject, {});
    WEIR_TRY(session.begin());
    static_cast<void>(pump(session, changed, false, 1U << 16U));
    for (const char* const rule : {"step-in-bounds", "step-advances", "status-known", "error-says-what"}) {
      if (const std::string* text = session.observed(rule)) return fail("a damaged stream: " + *text);
    }
  }
  return {};
}

Step one_behind_another(Subject& subject) {
  WEIR_TRY_ASSIGN(const std::string packed, packed_lines(subject));
  WEIR_TRY_ASSIGN(const std::string once, through(subject, packed, false));
  const auto twice = through(subject, packed + packed, false);
  if (!twice) return fail("two streams behind one another are refused: " + twice.error().message);
  return *twice == once + once ? Step()
                               : fail("of two streams behind one another it gave " + std::to_string(twice->size()) +
                                      " bytes instead of " + std::to_string(2 * once.size()));
}

constexpr std::string_view kStep = "Consumes some of `in`, produces up to `capacity` bytes.";

constexpr Case kCodecCases[] = {
    {"codec", "there-and-back", "What it compressed it expands to the same bytes: none, one, texts, noise.", kCodec,
     codec_round_trip, "write out all that is pending once `last` is 1, and say *done only then", kStep},
    {"codec", "any-room", "It comes forward with one byte of input, and room for sixteen.", kCodec, any_room,
     "keep what does not fit, and go on with it at the next call", kStep},
    {"codec", "stream-cut-short", "A stream that ends too early is refused with DATA_LOSS.", kCodec, codec_cut_short,
     "return WEIR_DATA_LOSS when `last` is 1, the input is used up, and the stream has not ended",
     "`last`: no more input after this."},
    {"codec", "stream-damaged", "A damaged stream is refused, or expands to something.", kCodec, codec_damaged,
     "check lengths in the stream before you use them", kStep},
    {"codec", "streams-in-a-row", "Streams behind one another are read as one.", kCodec, one_behind_another,
     "say *done at the end of each, and begin the next at the call after it",
     "stream has ended, and a call after it begins the next one (files may hold several)."},
};

}  // namespace

std::span<const Case> codec_cases() { return kCodecCases; }

}  // namespace weir::conformance
