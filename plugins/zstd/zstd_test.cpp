// The zstd codec through its ABI, as a host calls it, against frames that libzstd makes and takes apart.
#include <zstd.h>

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

constexpr std::int64_t kWindow = std::int64_t{128} << 20U;
const weir::testing::Options kReading{{"/window", kWindow}};

Recoded pack(const std::string& text, Pieces pieces = {}, int level = 3) {
  return recode(true, text, pieces, {{"/level", level}});
}

Recoded unpack(const std::string& packed, Pieces pieces = {}, std::int64_t window = kWindow) {
  return recode(false, packed, pieces, {{"/window", window}});
}

// What libzstd makes by itself in one call: the size of the content in the header, and a checksum only if asked for.
struct TestFrame {
  bool checksum = true, size = true;
};
std::string packed_by_libzstd(const std::string& text, const TestFrame& frame = {}) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, frame.checksum ? 1 : 0);
  ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, frame.size ? 1 : 0);
  std::string out(ZSTD_compressBound(text.size()) + 64, '\0');
  out.resize(ZSTD_compress2(context, out.data(), out.size(), text.data(), text.size()));
  ZSTD_freeCCtx(context);
  return out;
}

// A frame of several blocks, which ends only after `text` was flushed in parts.
std::string packed_in_blocks(const std::string& text, int window_log = 0) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  if (window_log > 0) ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window_log);
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  std::string out(ZSTD_compressBound(text.size()) + 4096, '\0');
  ZSTD_outBuffer to{out.data(), out.size(), 0};
  for (std::size_t at = 0; at < text.size(); at += 500) {
    ZSTD_inBuffer from{text.data() + at, std::min<std::size_t>(500, text.size() - at), 0};
    REQUIRE(ZSTD_compressStream2(context, &to, &from, ZSTD_e_flush) == 0);
  }
  ZSTD_inBuffer none{nullptr, 0, 0};
  REQUIRE(ZSTD_compressStream2(context, &to, &none, ZSTD_e_end) == 0);
  ZSTD_freeCCtx(context);
  out.resize(to.pos);
  return out;
}

std::string unpacked_by_libzstd(const std::string& packed, std::size_t size) {
  std::string out(size + 1, '\0');
  out.resize(ZSTD_decompress(out.data(), out.size(), packed.data(), packed.size()));
  return out;
}

std::string skippable(char number, const std::string& content) {
  std::string frame{static_cast<char>(0x50 + number), 0x2A, 0x4D, 0x18};
  for (unsigned shift = 0; shift < 32; shift += 8) frame += static_cast<char>(content.size() >> shift);
  return frame + content;
}

// A header that no encoder need have made, and nothing behind it: descriptor, then the rest.
std::string header_of(unsigned descriptor, const std::string& rest) {
  return std::string("\x28\xB5\x2F\xFD") + static_cast<char>(descriptor) + rest;
}

}  // namespace

TEST_CASE("zstd gives what libzstd packed, whatever the sizes of the pieces") {
  const std::string text = sample_text(3000, 1);
  for (const std::string& packed :
       {packed_by_libzstd(text), packed_by_libzstd(text, {false, false}), packed_in_blocks(text)}) {
    CHECK(wrong_in_pieces({packed, text}, kReading) == "");
  }
}

TEST_CASE("zstd makes what libzstd takes apart, the same bytes every time and in any pieces") {
  for (const std::size_t size : {0U, 1U, 100U, 400000U}) {
    const std::string text = sample_text(size, 2), packed = pack(text).bytes;
    CHECK(unpacked_by_libzstd(packed, text.size()) == text);
    CHECK(pack(text, {777, 31}).bytes == packed);
    CHECK(pack(text, {size + 1, size + 100}).bytes == packed);
    CHECK(unpack(packed).bytes == text);
    CHECK((packed[4] & 4) != 0);  // a checksum
  }
}

TEST_CASE("zstd makes the same bytes with any number of threads above one, in any pieces") {
  const std::string text = sample_text(12 << 20U, 11);  // more than one job
  const auto packed = [&text](int threads, Pieces pieces) {
    return recode(true, text, pieces, {{"/level", 1}, {"/threads", threads}});
  };
  const Recoded two = packed(2, {});
  CHECK(two.message.empty());
  CHECK(two.bytes != packed(1, {}).bytes);
  CHECK(two.bytes == packed(4, {std::size_t{1} << 20U, 4096}).bytes);
  CHECK(two.bytes == packed(1000, {300000, std::size_t{1} << 20U}).bytes);
  CHECK(unpack(two.bytes).bytes == text);
}

TEST_CASE("zstd obeys its level") {
  const std::string text = sample_text(100000, 3);
  const std::size_t fastest = pack(text, {}, -7).bytes.size(), fast = pack(text, {}, 1).bytes.size(),
                    small = pack(text, {}, 19).bytes.size();
  CHECK(fastest < text.size());
  CHECK(fast < fastest);
  CHECK(small < fast);
}

TEST_CASE("zstd reads frames one after the other and passes over skippable ones") {
  const std::string first = sample_text(1000, 4), second = sample_text(500, 5);
  const std::string packed = skippable(0, "") + packed_by_libzstd(first) + skippable(15, sample_text(300, 6)) +
                             packed_by_libzstd("", {false}) + packed_in_blocks(second) + skippable(3, "end");
  for (const std::size_t piece : {1U, 2U, 7U, 19U, 5000U}) {
    const Recoded outcome = unpack(packed, {piece, piece});
    CHECK(outcome.message.empty());
    CHECK(outcome.bytes == first + second);
  }
  CHECK(unpack(packed_by_libzstd(first) + packed_by_libzstd(second)).ended == 2);
  const Recoded none = unpack(skippable(1, "nothing else"));
  CHECK(none.status == WEIR_OK);
  CHECK(none.bytes.empty());
}

TEST_CASE("zstd refuses what stands behind the last frame, however short") {
  const std::string packed = packed_by_libzstd("pen,2,DE\n"),
                    place = "behind frame 1 at byte " + std::to_string(packed.size());
  for (const std::string tail : {"hello", "h", "\x28\xB5\x2Fx", "Px", "\n"}) {
    for (const std::size_t piece : {std::size_t{1}, std::size_t{4096}}) {
      const Recoded outcome = unpack(packed + tail, {piece, 100});
      CHECK(outcome.status == WEIR_DATA_LOSS);
      CHECK_THAT(outcome.message, Contains(place));
    }
  }
  CHECK_THAT(unpack(packed + std::string(3, '\0')).message, Contains(place));
  CHECK_THAT(unpack(packed + "\x28\xB5").message, Contains("cut short in a header"));
}

TEST_CASE("zstd tells a file that is cut short, at every length") {
  const std::string text = sample_text(2000, 7);
  for (const std::string& packed : {packed_in_blocks(text), packed_by_libzstd(text, {false, false}),
                                    skippable(2, "abc") + packed_by_libzstd(text)}) {
    // Right behind the skippable frame it is whole.
    CHECK(cut_unnoticed({packed, text}, "zstd stream ends early", kReading, packed[0] == 0x52 ? 11 : 0) == "");
  }
}

TEST_CASE("zstd survives every flipped bit, and never gives other bytes as whole") {
  const std::string text = sample_text(700, 8);
  for (const std::string& packed : {packed_by_libzstd(text), packed_in_blocks(text), pack(text).bytes}) {
    CHECK(flip_accepted({packed, text}, kReading) == "");  // but a bit that no one reads, or a larger window
  }
}

TEST_CASE("zstd survives several flipped bits, and random bytes behind a good header") {
  const unsigned seed = std::random_device()();
  INFO("seed " << seed);
  const std::string text = sample_text(700, 12);
  for (const unsigned descriptor : {0x00U, 0x24U, 0x64U, 0xA4U})
    CHECK(noise_accepted({pack(text).bytes, text}, header_of(descriptor, ""), seed, kReading) == "");
}

TEST_CASE("zstd reads a window up to its limit, and refuses one byte more before it takes the memory") {
  const std::string text = sample_text(5000, 9);
  const std::string packed = packed_in_blocks(text, 20);
  CHECK(unpack(packed, {}, 1 << 20).bytes == text);
  CHECK_THAT(unpack(packed, {}, (1 << 20) - 1).message, Contains("expected a window of at most 1048575 bytes"));
  // The content is the window where the header has no other: 5000 bytes, in two bytes less 256.
  const std::string whole = packed_by_libzstd(text);
  CHECK(unpack(whole, {}, 5000).bytes == text);
  CHECK(unpack(whole, {}, 4999).status == WEIR_INVALID_ARGUMENT);
  // 3.75 TiB, the largest that the format can ask for.
  CHECK_THAT(unpack(header_of(0, "\xFF")).message, Contains("found 3932160 MiB"));
  CHECK_THAT(unpack(header_of(0, "\xB8"), {}, INT64_MAX).message, Contains("at most 2048 MiB"));
}

TEST_CASE("zstd is found by its magic and by its name") {
  CHECK(sniff_codec("orders.csv", "\x28\xB5\x2F\xFD\x04") == 100);
  CHECK(sniff_codec("orders.csv", skippable(15, "abc") + skippable(0, "") + "\x28\xB5\x2F\xFD") == 100);
  CHECK(sniff_codec("orders.zst", skippable(15, "abc")) == 100);
  CHECK(sniff_codec("orders.csv", skippable(15, "abc").substr(0, 9)) == 50);
  CHECK(sniff_codec("orders.csv", skippable(15, "abc") + "\x04\"M\x18") == 50);  // LZ4 is surer
  CHECK(sniff_codec("orders.csv.zst", "product,") > 0);
  CHECK(sniff_codec("orders.zstd", "") > 0);
  CHECK(sniff_codec("orders.csv", "\x28\xB5\x2F") == 0);
  CHECK(sniff_codec("orders.csv", "P*product,") == 0);
  CHECK(sniff_codec("", "") == 0);
}

TEST_CASE("every message of zstd is what its golden file says") {
  const std::string text = sample_text(2000, 10), packed = packed_by_libzstd(text, {true, false});
  std::string checksum = packed, block = packed;
  checksum.back() = static_cast<char>(checksum.back() ^ 1);
  block[6] = static_cast<char>(block[6] | 6);  // the reserved type of a block
  const std::string with_dictionary = header_of(0x23, std::string("\x39\x30\0\0\x05", 5));
  const std::pair<const char*, std::string> cases[] = {
      {"empty", ""},
      {"text", "product,quantity\n"},
      {"three bytes of text", "a,b"},
      {"gzip", "\x1F\x8B\x08" + std::string(20, '\0')},
      {"a magic number alone", packed.substr(0, 4)},
      {"half of the data", packed.substr(0, packed.size() / 2)},
      {"half of a skippable frame", skippable(0, "abcdef").substr(0, 10)},
      {"another checksum", checksum},
      {"a block of no type", block},
      {"an unknown version", header_of(8, "\x50")},
      {"a dictionary", with_dictionary},
      {"a large window", header_of(0, "\x90")},
      {"a window beyond libzstd", header_of(0, "\xFF")},
      {"something behind", packed + "product"},
  };
  weir::test::Golden golden(WEIR_GOLDEN "/messages.txt");
  const auto tell = [&golden](const std::string& title, const Recoded& outcome) {
    golden.tell(title, outcome.message + (outcome.hint.empty() ? "" : "\nhint: " + outcome.hint));
  };
  for (const auto& [name, input] : cases) tell(name, unpack(input));
  tell("a window beyond libzstd, and no limit", unpack(header_of(0, "\xFF"), {}, INT64_MAX));
  golden.end();
}
