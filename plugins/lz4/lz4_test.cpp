// The lz4 codec through its ABI, as a host calls it, against frames that liblz4 makes and takes apart.
#include <lz4frame.h>

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

Recoded pack(const std::string& text, Pieces pieces = {}, int level = 1) {
  return recode(true, text, pieces, {{"/level", level}});
}

Recoded unpack(const std::string& packed, Pieces pieces = {}) { return recode(false, packed, pieces); }

// What liblz4 makes by itself in one call; nothing is on but what the test asks for.
LZ4F_preferences_t asked(bool content_checksum, bool linked = false, bool block_checksum = false, bool size = false) {
  LZ4F_preferences_t preferences{};
  preferences.frameInfo.contentChecksumFlag = content_checksum ? LZ4F_contentChecksumEnabled : LZ4F_noContentChecksum;
  preferences.frameInfo.blockMode = linked ? LZ4F_blockLinked : LZ4F_blockIndependent;
  preferences.frameInfo.blockChecksumFlag = block_checksum ? LZ4F_blockChecksumEnabled : LZ4F_noBlockChecksum;
  preferences.frameInfo.contentSize = size ? 1 : 0;  // liblz4 puts the right one there
  return preferences;
}
std::string packed_by_liblz4(const std::string& text, const LZ4F_preferences_t& preferences = asked(true)) {
  std::string out(LZ4F_compressFrameBound(text.size(), &preferences), '\0');
  out.resize(LZ4F_compressFrame(out.data(), out.size(), text.data(), text.size(), &preferences));
  return out;
}

std::string unpacked_by_liblz4(const std::string& packed, std::size_t size) {
  LZ4F_dctx* context = nullptr;
  REQUIRE(LZ4F_isError(LZ4F_createDecompressionContext(&context, LZ4F_VERSION)) == 0);
  std::string out(size + 1, '\0');
  std::size_t made = 0, taken = 0, left = 1;
  while (left != 0 && taken < packed.size()) {
    std::size_t room = out.size() - made, rest = packed.size() - taken;
    left = LZ4F_decompress(context, out.data() + made, &room, packed.data() + taken, &rest, nullptr);
    REQUIRE(LZ4F_isError(left) == 0);
    made += room;
    taken += rest;
  }
  LZ4F_freeDecompressionContext(context);
  REQUIRE(left == 0);
  REQUIRE(taken == packed.size());
  out.resize(made);
  return out;
}

std::string skippable(char number, const std::string& content) {
  std::string frame{static_cast<char>(0x50 + number), 0x2A, 0x4D, 0x18};
  for (unsigned shift = 0; shift < 32; shift += 8) frame += static_cast<char>(content.size() >> shift);
  return frame + content;
}

const std::string kMagic("\x04\x22\x4D\x18");

}  // namespace

TEST_CASE("lz4 gives what liblz4 packed, whatever the sizes of the pieces") {
  const std::string text = sample_text(3000, 1);
  for (const auto& preferences : {asked(true), asked(false), asked(true, true, true, true), asked(false, false, true)})
    CHECK(wrong_in_pieces({packed_by_liblz4(text, preferences), text}) == "");
}

TEST_CASE("lz4 makes what liblz4 takes apart, the same bytes every time and in any pieces") {
  for (const std::size_t size : {0U, 1U, 100U, 65536U, 3000000U}) {
    for (const int level : {-5, 1, 9}) {
      const std::string text = sample_text(size, 2), packed = pack(text, {}, level).bytes;
      CHECK(unpacked_by_liblz4(packed, text.size()) == text);
      CHECK(pack(text, {777, 31}, level).bytes == packed);
      CHECK(pack(text, {size + 1, size + 100}, level).bytes == packed);
      CHECK(unpack(packed).bytes == text);
      CHECK((packed[4] & 4) != 0);  // a checksum
    }
  }
  CHECK(pack("", {10, 1}).bytes == pack("").bytes);
}

TEST_CASE("lz4 obeys its level") {
  const std::string text = sample_text(200000, 3);
  const std::size_t fastest = pack(text, {}, -100).bytes.size(), fast = pack(text).bytes.size(),
                    small = pack(text, {}, 12).bytes.size();
  CHECK(fast < fastest);
  CHECK(small < fast);
}

TEST_CASE("lz4 reads frames one after the other and passes over skippable ones") {
  const std::string first = sample_text(1000, 4), second = sample_text(500, 5);
  const std::string packed = skippable(0, "") + packed_by_liblz4(first) + skippable(15, sample_text(300, 6)) +
                             packed_by_liblz4("") + packed_by_liblz4(second, asked(false)) + skippable(3, "end");
  for (const std::size_t piece : {1U, 2U, 7U, 19U, 5000U}) {
    const Recoded outcome = unpack(packed, {piece, piece});
    CHECK(outcome.message.empty());
    CHECK(outcome.bytes == first + second);
  }
  CHECK(unpack(packed_by_liblz4(first) + packed_by_liblz4(second)).ended == 2);
  const Recoded none = unpack(skippable(1, "nothing else"));
  CHECK(none.status == WEIR_OK);
  CHECK(none.bytes.empty());
}

TEST_CASE("lz4 refuses what stands behind the last frame, however short") {
  const std::string packed = packed_by_liblz4("pen,2,DE\n"),
                    place = "behind frame 1 at byte " + std::to_string(packed.size());
  for (const std::string tail : {"hello", "h", "\x04\x22Mx", "Px", "\n"}) {
    for (const std::size_t piece : {std::size_t{1}, std::size_t{4096}}) {
      const Recoded outcome = unpack(packed + tail, {piece, 100});
      CHECK(outcome.status == WEIR_DATA_LOSS);
      CHECK_THAT(outcome.message, Contains(place));
    }
  }
  CHECK_THAT(unpack(packed + std::string(3, '\0')).message, Contains(place));
  CHECK_THAT(unpack(packed + "\x04\x22").message, Contains("cut short in a header"));
}

TEST_CASE("lz4 tells a file that is cut short, at every length") {
  const std::string text = sample_text(2000, 7);
  CHECK(cut_unnoticed({packed_by_liblz4(text), text}, "lz4 stream ends early") == "");
  CHECK(cut_unnoticed({packed_by_liblz4(text, asked(false, true)), text}, "lz4 stream ends early") == "");
  const std::string behind = skippable(2, "abc") + packed_by_liblz4(text);
  CHECK(cut_unnoticed({behind, text}, "lz4 stream ends early", {}, 11) == "");
}

TEST_CASE("lz4 survives every flipped bit, and never gives other bytes as whole where there is a checksum") {
  const std::string text = sample_text(700, 8);
  CHECK(flip_accepted({packed_by_liblz4(text), text}) == "");
  CHECK(flip_accepted({packed_by_liblz4(text, asked(true, true, true, true)), text}) == "");
  CHECK(flip_accepted({packed_by_liblz4(text, asked(false)), text}, {}, false) == "");
}

TEST_CASE("lz4 survives several flipped bits, and random bytes behind a good header") {
  const unsigned seed = std::random_device()();
  INFO("seed " << seed);
  const std::string text = sample_text(700, 9), packed = packed_by_liblz4(text);
  CHECK(noise_accepted({packed, text}, packed.substr(0, 7), seed) == "");
  CHECK(noise_accepted({packed, text}, kMagic, seed) == "");
}

TEST_CASE("lz4 is found by its magic and by its name") {
  CHECK(sniff_codec("orders.csv", kMagic + "\x64") == 100);
  CHECK(sniff_codec("orders.csv", skippable(15, "abc") + kMagic) == 100);
  CHECK(sniff_codec("orders.lz4", skippable(15, "abc")) == 100);
  CHECK(sniff_codec("orders.csv", skippable(15, "abc") + "\x28\xB5\x2F\xFD") == 50);  // zstd is surer
  CHECK(sniff_codec("orders.csv.lz4", "product,") > 0);
  CHECK(sniff_codec("orders.csv", "\x04\x22\x4D") == 0);
  CHECK(sniff_codec("orders.csv", "P*product,") == 0);
  CHECK(sniff_codec("", "") == 0);
}

TEST_CASE("every message of lz4 is what its golden file says") {
  const std::string text = sample_text(2000, 10), packed = packed_by_liblz4(text);
  std::string checksum = packed, header = packed, block = packed_by_liblz4(text, asked(true, false, true));
  checksum.back() = static_cast<char>(checksum.back() ^ 1);
  header[6] = static_cast<char>(header[6] ^ 1);
  block[20] = static_cast<char>(block[20] ^ 1);
  const std::pair<const char*, std::string> cases[] = {
      {"empty", ""},
      {"text", "product,quantity\n"},
      {"three bytes of text", "a,b"},
      {"the legacy format", "\x02\x21\x4C\x18"},
      {"a magic number alone", kMagic},
      {"half of the data", packed.substr(0, packed.size() / 2)},
      {"half of a skippable frame", skippable(0, "abcdef").substr(0, 10)},
      {"another checksum", checksum},
      {"another checksum of the header", header},
      {"another checksum of a block", block},
      {"an unknown version", kMagic + std::string("\xA4\x40\0", 3)},
      {"a dictionary", kMagic + std::string("\x45\x40\x01\0\0\0\0", 7)},
      {"something behind", packed + "product"},
  };
  weir::test::Golden golden(WEIR_GOLDEN "/messages.txt");
  for (const auto& [name, input] : cases) {
    const Recoded outcome = unpack(input);
    golden.tell(name, outcome.message + (outcome.hint.empty() ? "" : "\nhint: " + outcome.hint));
  }
  golden.end();
}
