// The bzip2 codec through its ABI, as a host calls it, against streams that libbz2 makes and takes apart.
#include <bzlib.h>

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

Recoded pack(const std::string& text, Pieces pieces = {}, int level = 9) {
  return recode(true, text, pieces, {{"/level", level}});
}

Recoded unpack(const std::string& packed, Pieces pieces = {}) { return recode(false, packed, pieces); }

std::string packed_by_libbz2(std::string text, int level = 9) {
  std::string out(text.size() * 2 + 700, '\0');
  auto size = static_cast<unsigned>(out.size());
  REQUIRE(BZ2_bzBuffToBuffCompress(out.data(), &size, text.data(), static_cast<unsigned>(text.size()), level, 0, 0) ==
          BZ_OK);
  out.resize(size);
  return out;
}

std::string unpacked_by_libbz2(std::string packed, std::size_t size) {
  std::string out(size + 1, '\0');
  auto made = static_cast<unsigned>(out.size());
  REQUIRE(BZ2_bzBuffToBuffDecompress(out.data(), &made, packed.data(), static_cast<unsigned>(packed.size()), 0, 0) ==
          BZ_OK);
  out.resize(made);
  return out;
}

}  // namespace

TEST_CASE("bzip2 gives what libbz2 packed, whatever the sizes of the pieces") {
  const std::string text = sample_text(3000, 1);
  CHECK(wrong_in_pieces({packed_by_libbz2(text), text}) == "");
}

TEST_CASE("bzip2 makes what libbz2 takes apart, the same bytes every time and in any pieces") {
  for (const std::size_t size : {0U, 1U, 100U, 400000U}) {
    const std::string text = sample_text(size, 2), packed = pack(text, {}, 1).bytes;  // of several blocks
    CHECK(unpacked_by_libbz2(packed, text.size()) == text);
    CHECK(pack(text, {777, 31}, 1).bytes == packed);
    CHECK(pack(text, {size + 1, size + 1000}, 1).bytes == packed);
    CHECK(unpack(packed).bytes == text);
  }
}

TEST_CASE("bzip2 obeys its level") {
  const std::string text = sample_text(400000, 3);
  CHECK(pack(text, {}, 9).bytes.size() < pack(text, {}, 1).bytes.size());
}

TEST_CASE("bzip2 reads streams one after the other") {
  const std::string first = sample_text(1000, 4), second = sample_text(500, 5);
  const std::string packed = packed_by_libbz2(first) + packed_by_libbz2("") + packed_by_libbz2(second, 1);
  for (const std::size_t piece : {1U, 2U, 7U, 19U, 5000U}) {
    const Recoded outcome = unpack(packed, {piece, piece});
    CHECK(outcome.message.empty());
    CHECK(outcome.bytes == first + second);
    CHECK(outcome.ended == 3);
  }
}

TEST_CASE("bzip2 refuses what stands behind the last stream, however short") {
  const std::string packed = packed_by_libbz2("pen,2,DE\n"),
                    place = "behind stream 1 at byte " + std::to_string(packed.size());
  for (const std::string tail : {"hello", "h", "BZh0", "Bx", "\n"}) {
    for (const std::size_t piece : {std::size_t{1}, std::size_t{4096}}) {
      const Recoded outcome = unpack(packed + tail, {piece, 100});
      CHECK(outcome.status == WEIR_DATA_LOSS);
      CHECK_THAT(outcome.message, Contains(place));
    }
  }
  CHECK_THAT(unpack(packed + std::string(4, '\0')).message, Contains(place));
  CHECK_THAT(unpack(packed + "BZ").message, Contains("cut short in a header"));
}

TEST_CASE("bzip2 tells a file that is cut short, at every length") {
  const std::string text = sample_text(2000, 7);
  CHECK(cut_unnoticed({packed_by_libbz2(text), text}, "bzip2 stream ends early") == "");
}

TEST_CASE("bzip2 survives every flipped bit, and never gives other bytes as whole") {
  const std::string text = sample_text(500, 8);
  CHECK(flip_accepted({packed_by_libbz2(text), text}) == "");  // but in the level, or in the padding of the last byte
}

TEST_CASE("bzip2 survives several flipped bits, and random bytes behind a good header") {
  const unsigned seed = std::random_device()();
  INFO("seed " << seed);
  const std::string text = sample_text(500, 9), packed = packed_by_libbz2(text, 1);
  CHECK(noise_accepted({packed, text}, packed.substr(0, 10), seed) == "");
}

TEST_CASE("bzip2 is found by its magic and by its name") {
  CHECK(sniff_codec("orders.csv", packed_by_libbz2("pen").substr(0, 10)) == 100);
  CHECK(sniff_codec("orders.csv", packed_by_libbz2("")) == 100);
  CHECK(sniff_codec("orders.csv.bz2", "product,") > 0);
  CHECK(sniff_codec("orders.bzip2", "") > 0);
  CHECK(sniff_codec("orders.csv", "BZh9,quantity,country\n") == 0);
  CHECK(sniff_codec("orders.csv", "BZh9") == 0);
  CHECK(sniff_codec("", "") == 0);
}

TEST_CASE("every message of bzip2 is what its golden file says") {
  const std::string packed = packed_by_libbz2(sample_text(2000, 10));
  std::string block = packed, checksum = packed;
  block[6] = static_cast<char>(block[6] ^ 1);
  checksum[10] = static_cast<char>(checksum[10] ^ 1);
  const std::pair<const char*, std::string> cases[] = {
      {"empty", ""},
      {"text", "product,quantity\n"},
      {"three bytes of text", "a,b"},
      {"a level of 0", "BZh0" + packed.substr(4)},
      {"xz", std::string("\xFD\x37\x7A\x58\x5A\x00", 6)},
      {"a magic number alone", packed.substr(0, 4)},
      {"half of the data", packed.substr(0, packed.size() / 2)},
      {"a block of no type", block},
      {"another checksum", checksum},
      {"something behind", packed + "product"},
  };
  weir::test::Golden golden(WEIR_GOLDEN "/messages.txt");
  for (const auto& [name, input] : cases) {
    const Recoded outcome = unpack(input);
    golden.tell(name, outcome.message + (outcome.hint.empty() ? "" : "\nhint: " + outcome.hint));
  }
  golden.end();
}
