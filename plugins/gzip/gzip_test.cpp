// The gzip codec through its ABI, as a host calls it, against streams that zlib makes and takes apart.
#include <zlib.h>

#include <random>
#include <string>

#include <weir/testing_codec.hpp>
#include <weir/weir.hpp>
#include <weir_catch.hpp>
#include <weir_golden.hpp>

namespace {

using weir::test::Contains;
using weir::testing::cut_unnoticed;
using weir::testing::flip_accepted;
using weir::testing::noise_accepted;
using weir::testing::Pieces;
using weir::testing::recode;
using weir::testing::Recoded;
using weir::testing::sample_text;
using weir::testing::sniff_codec;
using weir::testing::wrong_in_pieces;

Recoded run(bool compress, const std::string& input, Pieces pieces = {}, int level = 6) {
  return recode(compress, input, pieces, {{"/level", level}});
}

Recoded unpack(const std::string& input, std::size_t in = 65536, std::size_t out = 65536) {
  return recode(false, input, {in, out});
}

// What zlib itself makes, with every optional part of the header.
std::string packed_by_zlib(const std::string& text, bool full_header = false) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY);
  gz_header header{};
  std::string extra = "extra bytes", name = "orders.csv", comment = "made by a test";
  if (full_header) {
    header.time = 1234567890;
    header.extra = reinterpret_cast<Bytef*>(extra.data());
    header.extra_len = static_cast<uInt>(extra.size());
    header.name = reinterpret_cast<Bytef*>(name.data());
    header.comment = reinterpret_cast<Bytef*>(comment.data());
    header.hcrc = 1;
    deflateSetHeader(&stream, &header);
  }
  std::string source = text, out(deflateBound(&stream, source.size()) + 256, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(source.data());
  stream.avail_in = static_cast<uInt>(source.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

// Takes one member apart with zlib alone.
std::string unpacked_by_zlib(std::string packed, std::size_t size) {
  z_stream stream{};
  inflateInit2(&stream, MAX_WBITS + 16);
  std::string out(size + 1, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  REQUIRE(inflate(&stream, Z_FINISH) == Z_STREAM_END);
  REQUIRE(stream.avail_in == 0);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

}  // namespace

TEST_CASE("gzip gives what zlib packed, whatever the sizes of the pieces") {
  const std::string text = sample_text(3000, 1), packed = packed_by_zlib(text, true);
  CHECK(wrong_in_pieces({packed, text}) == "");
}

TEST_CASE("gzip makes what zlib takes apart, the same bytes every time and in any pieces") {
  const std::string text = sample_text(200000, 2), packed = run(true, text).bytes;
  CHECK(unpacked_by_zlib(packed, text.size()) == text);
  CHECK(packed.substr(4, 4) == std::string(4, '\0'));  // no time
  CHECK((packed[3] & 8) == 0);                         // no name
  CHECK(run(true, text, {777, 31}).bytes == packed);
  CHECK(unpack(packed).bytes == text);
  const std::string none = run(true, "", {10, 1}).bytes;
  CHECK(unpacked_by_zlib(none, 0).empty());
}

TEST_CASE("gzip obeys its level") {
  const std::string text = sample_text(100000, 3);
  const std::size_t stored = run(true, text, {}, 0).bytes.size();
  const std::size_t fast = run(true, text, {}, 1).bytes.size();
  const std::size_t small = run(true, text, {}, 9).bytes.size();
  CHECK(stored > text.size());
  CHECK(fast < text.size());
  CHECK(small < fast);
}

TEST_CASE("gzip reads members one after the other and padding behind the last") {
  const std::string first = sample_text(1000, 4), second = sample_text(500, 5);
  const std::string packed = packed_by_zlib(first) + packed_by_zlib("") + packed_by_zlib(second, true);
  for (const std::size_t piece : {1U, 2U, 7U, 19U, 5000U}) {
    const Recoded plain = unpack(packed, piece, piece);
    CHECK(plain.bytes == first + second);
    CHECK(plain.ended == 3);
    const Recoded padded = unpack(packed + std::string(512, '\0'), piece, piece);
    CHECK(padded.message.empty());
    CHECK(padded.bytes == first + second);
  }
}

TEST_CASE("gzip refuses what stands behind the last member") {
  const std::string packed = packed_by_zlib("pen,2,DE\n");
  const std::string end = std::to_string(packed.size()), padded = std::to_string(packed.size() + 2);
  CHECK_THAT(unpack(packed + "hello").message, Contains("behind member 1 at byte " + end));
  CHECK_THAT(unpack(packed + std::string("\0\0x", 3)).message, Contains("behind member 1 at byte " + padded));
  CHECK_THAT(unpack(packed + std::string("\0\0", 2) + packed).message, Contains("behind member 1 at byte " + padded));
  CHECK(unpack(packed + "hello").status == WEIR_DATA_LOSS);
}

TEST_CASE("gzip tells a stream that is cut short, at every length") {
  const std::string text = sample_text(2000, 6), packed = packed_by_zlib(text, true);
  CHECK(cut_unnoticed({packed, text}, "gzip stream ends early") == "");
  CHECK_THAT(unpack("").message, Contains("the file is empty"));
  CHECK_THAT(unpack(packed.substr(0, packed.size() - 9)).message, Contains("cut short in the compressed data"));
}

TEST_CASE("gzip names what is not gzip by its first bytes") {
  CHECK(unpack("product,quantity\n").message == "not gzip: expected the magic bytes 1f 8b, found 70 72");
  CHECK_THAT(unpack("PK\x03\x04 whatever").message, Contains("found 50 4b (a zip archive)"));
  CHECK_THAT(unpack(std::string("\x1f\x8b\x07\0\0\0\0\0\0\0", 10)).message,
             Contains("expected compression method 8, found 7"));
  CHECK_THAT(unpack(std::string("\x1f\x8b\x08\xE0\0\0\0\0\0\0", 10)).message, Contains("flags below 0x20, found 0xe0"));
}

TEST_CASE("gzip tells a checksum and a length that do not fit") {
  const std::string text = "pen,2,DE\nhub,3,FR\n", packed = packed_by_zlib(text);
  std::string wrong = packed;
  wrong[wrong.size() - 8] = static_cast<char>(wrong[wrong.size() - 8] ^ 1);
  const Recoded outcome = unpack(wrong);
  CHECK(outcome.status == WEIR_DATA_LOSS);
  char expected[64];
  const auto crc =
      static_cast<unsigned>(crc32(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size())));
  std::snprintf(expected, sizeof expected, "gzip checksum: expected %08x, found %08x", crc ^ 1U, crc);
  CHECK(outcome.message == expected);
  wrong = packed;
  wrong[wrong.size() - 4] = static_cast<char>(wrong[wrong.size() - 4] + 1);
  CHECK_THAT(unpack(wrong).message, Contains("gzip length: expected 19 bytes (modulo 2^32), found 18"));
}

TEST_CASE("gzip survives every flipped bit, and never gives other bytes as whole") {
  const std::string text = sample_text(700, 7), packed = packed_by_zlib(text, true);
  CHECK(flip_accepted({packed, text}) == "");  // but in the system or flag bytes
}

TEST_CASE("gzip survives several flipped bits, and random bytes behind a good header") {
  const unsigned seed = std::random_device()();
  INFO("seed " << seed);
  const std::string text = sample_text(700, 8), head("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10);
  CHECK(noise_accepted({packed_by_zlib(text, true), text}, head, seed) == "");
}

TEST_CASE("gzip is found by its magic and by its name") {
  CHECK(sniff_codec("orders.csv", "\x1f\x8b\x08") == 100);
  CHECK(sniff_codec("orders.csv.gz", "product,") > 0);
  CHECK(sniff_codec("orders.gzip", "") > 0);
  CHECK(sniff_codec("orders.csv", "product,") == 0);
  CHECK(sniff_codec("", "") == 0);
}

TEST_CASE("every message of gzip is what its golden file says") {
  const std::string packed = packed_by_zlib("pen,2,DE\n");
  const auto with = [&packed](std::size_t at, int bits) {
    std::string wrong = packed;
    wrong[at] = static_cast<char>(wrong[at] ^ bits);
    return wrong;
  };
  std::string header = packed_by_zlib("pen,2,DE\n", true);
  header[9] = static_cast<char>(header[9] ^ 1);
  const std::pair<const char*, std::string> cases[] = {
      {"empty", ""},
      {"text", "product,quantity\n"},
      {"one byte of text", "a"},
      {"zstd", "\x28\xB5\x2F\xFD"},
      {"half of the header", packed.substr(0, 5)},
      {"half of the data", packed.substr(0, 14)},
      {"half of the checksum", packed.substr(0, packed.size() - 5)},
      {"another method", with(2, 1)},
      {"unknown flags", with(3, 0xE0)},
      {"another checksum of the header", header},
      {"invalid data", with(10, 6)},
      {"another checksum", with(packed.size() - 8, 1)},
      {"another length", with(packed.size() - 4, 1)},
      {"something behind", packed + "product"},
      {"something behind zeros", packed + std::string(7, '\0') + packed},
  };
  weir::test::Golden golden(WEIR_GOLDEN "/messages.txt");
  for (const auto& [name, input] : cases) {
    const Recoded outcome = unpack(input);
    golden.tell(name, outcome.message + (outcome.hint.empty() ? "" : "\nhint: " + outcome.hint));
  }
  golden.end();
}
