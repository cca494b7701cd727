// The xz codec through its ABI, as a host calls it, against streams that liblzma makes and takes apart.
#include <lzma.h>

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
using weir::testing::Options;
using weir::testing::Pieces;
using weir::testing::recode;
using weir::testing::Recoded;
using weir::testing::sample_text;
using weir::testing::sniff_codec;
using weir::testing::wrong_in_pieces;

constexpr std::int64_t kMemory = std::int64_t{128} << 20U;
const Options kReading{{"/memory", kMemory}, {"/threads", 1}};
const Options kReadingBySeveral{{"/memory", kMemory}, {"/threads", 3}};

Recoded pack(const std::string& text, Pieces pieces = {}, int level = 0, int threads = 1) {
  return recode(true, text, pieces, {{"/level", level}, {"/threads", threads}});
}

Recoded unpack(const std::string& packed, Pieces pieces = {}, const Options& options = kReading) {
  return recode(false, packed, pieces, options);
}

std::string coded(lzma_stream stream, std::string input, std::size_t room) {
  std::string out(room, '\0');
  stream.next_in = reinterpret_cast<const std::uint8_t*>(input.data());
  stream.avail_in = input.size();
  stream.next_out = reinterpret_cast<std::uint8_t*>(out.data());
  stream.avail_out = out.size();
  lzma_ret code = LZMA_OK;
  while (code == LZMA_OK) code = lzma_code(&stream, LZMA_FINISH);
  REQUIRE(code == LZMA_STREAM_END);
  REQUIRE(stream.avail_in == 0);
  out.resize(out.size() - stream.avail_out);
  lzma_end(&stream);
  return out;
}

std::string packed_by_liblzma(const std::string& text, lzma_check check = LZMA_CHECK_CRC64, std::uint64_t block = 0) {
  lzma_stream stream = LZMA_STREAM_INIT;
  lzma_mt options{};
  options.threads = 1;
  options.check = check;
  options.block_size = block;
  if (block == 0) {
    REQUIRE(lzma_easy_encoder(&stream, 0, check) == LZMA_OK);
  } else {
    REQUIRE(lzma_stream_encoder_mt(&stream, &options) == LZMA_OK);
  }
  return coded(stream, text, text.size() * 2 + 100000);
}

std::string packed_alone(const std::string& text) {
  lzma_stream stream = LZMA_STREAM_INIT;
  lzma_options_lzma options{};
  REQUIRE_FALSE(lzma_lzma_preset(&options, 0));
  REQUIRE(lzma_alone_encoder(&stream, &options) == LZMA_OK);
  return coded(stream, text, text.size() * 2 + 1000);
}

std::string unpacked_by_liblzma(const std::string& packed, std::size_t size) {
  lzma_stream stream = LZMA_STREAM_INIT;
  REQUIRE(lzma_stream_decoder(&stream, UINT64_MAX, 0) == LZMA_OK);
  return coded(stream, packed, size + 1);
}

}  // namespace

TEST_CASE("xz gives what liblzma packed, whatever the sizes of the pieces") {
  const std::string text = sample_text(3000, 1);
  CHECK(wrong_in_pieces({packed_by_liblzma(text), text}, kReading) == "");
  CHECK(wrong_in_pieces({packed_by_liblzma(text, LZMA_CHECK_SHA256, 1000), text}, kReading) == "");
  CHECK(wrong_in_pieces({packed_by_liblzma(text, LZMA_CHECK_NONE), text}, kReading) == "");
  CHECK(wrong_in_pieces({packed_alone(text), text}, kReading) == "");
  for (const Pieces pieces : {Pieces{1, 1}, Pieces{7, 100000}, Pieces{100000, 7}, Pieces{500, 500}})
    CHECK(unpack(packed_by_liblzma(text, LZMA_CHECK_CRC32, 1000), pieces, kReadingBySeveral).bytes == text);
}

TEST_CASE("xz makes what liblzma takes apart, the same bytes every time, in any pieces and by any number of threads") {
  for (const std::size_t size : {0U, 1U, 100U, 3000000U}) {
    const std::string text = sample_text(size, 2), packed = pack(text).bytes;  // blocks of 1 MiB
    CHECK(unpacked_by_liblzma(packed, text.size()) == text);
    CHECK(pack(text, {777, 31}).bytes == packed);
    CHECK(pack(text, {size + 1, size + 1000}).bytes == packed);
    CHECK(pack(text, {}, 0, 4).bytes == packed);
    CHECK(unpack(packed).bytes == text);
    CHECK(unpack(packed, {}, kReadingBySeveral).bytes == text);
  }
}

TEST_CASE("xz obeys its level") {
  const std::string text = sample_text(100000, 3);
  CHECK(pack(text, {}, 9).bytes.size() < pack(text, {}, 0).bytes.size());
}

TEST_CASE("xz reads streams one after the other, with padding between and behind them") {
  const std::string first = sample_text(1000, 4), second = sample_text(500, 5);
  const std::string packed = packed_by_liblzma(first) + packed_by_liblzma("") + std::string(8, '\0') +
                             packed_by_liblzma(second, LZMA_CHECK_CRC32) + std::string(4, '\0');
  for (const Options& options : {kReading, kReadingBySeveral}) {
    for (const std::size_t piece : {1U, 2U, 7U, 19U, 5000U}) {
      const Recoded outcome = unpack(packed, {piece, piece}, options);
      CHECK(outcome.message.empty());
      CHECK(outcome.bytes == first + second);
    }
  }
  CHECK(unpack(packed_by_liblzma(first) + packed_by_liblzma(second)).ended == 2);
}

TEST_CASE("xz refuses what stands behind the last stream, however short") {
  const std::string text = "pen,2,DE\n", packed = packed_by_liblzma(text), alone = packed_alone(text);
  for (const std::string& whole : {packed, alone}) {
    const std::string place = "behind stream 1 at byte " + std::to_string(whole.size());
    for (const std::string tail : {"hello there", "h", "\xFD\x37zXZx", "\n"}) {
      for (const std::size_t piece : {std::size_t{1}, std::size_t{4096}}) {
        const Recoded outcome = unpack(whole + tail, {piece, 100});
        CHECK(outcome.status == WEIR_DATA_LOSS);
        CHECK_THAT(outcome.message, Contains(place));
      }
    }
  }
  CHECK(unpack(packed + std::string(3, '\0')).status == WEIR_DATA_LOSS);
  CHECK_THAT(unpack(packed + std::string(3, '\0') + packed).message, Contains("expected the end behind stream 1"));
  CHECK_THAT(unpack(packed + alone).message, Contains("behind stream 1"));
  CHECK_THAT(unpack(alone + packed).message, Contains("behind stream 1"));
  CHECK_THAT(unpack(packed + "\xFD\x37").message, Contains("cut short in a header"));
}

TEST_CASE("xz tells a file that is cut short, at every length") {
  const std::string text = sample_text(1000, 7);
  CHECK(cut_unnoticed({packed_by_liblzma(text), text}, "xz stream ends early", kReading) == "");
  CHECK(cut_unnoticed({packed_by_liblzma(text, LZMA_CHECK_CRC32, 400), text}, "xz stream ends early",
                      kReadingBySeveral) == "");
  CHECK(cut_unnoticed({packed_alone(text), text}, "xz stream ends early", kReading) == "");
}

TEST_CASE("xz survives every flipped bit, and never gives other bytes as whole where there is a checksum") {
  const std::string text = sample_text(500, 8);
  CHECK(flip_accepted({packed_by_liblzma(text), text}, kReading) == "");
  CHECK(flip_accepted({packed_by_liblzma(text, LZMA_CHECK_CRC32, 200), text}, kReadingBySeveral) == "");
  CHECK(flip_accepted({packed_by_liblzma(text, LZMA_CHECK_NONE), text}, kReading, false) == "");
  CHECK(flip_accepted({packed_alone(text), text}, kReading, false) == "");
}

TEST_CASE("xz survives several flipped bits, and random bytes behind a good header") {
  const unsigned seed = std::random_device()();
  INFO("seed " << seed);
  const std::string text = sample_text(500, 9), packed = packed_by_liblzma(text);
  CHECK(noise_accepted({packed, text}, packed.substr(0, 24), seed, kReading) == "");
  CHECK(noise_accepted({packed, text}, packed_alone(text).substr(0, 14), seed, kReading) == "");
}

TEST_CASE("xz reads what its limit of memory allows, and refuses the rest before it takes the memory") {
  const std::string packed = packed_by_liblzma(sample_text(1000, 10));
  const auto limited = [&packed](std::int64_t memory, int threads) {
    return unpack(packed, {}, {{"/memory", memory}, {"/threads", threads}});
  };
  for (const int threads : {1, 3}) {
    CHECK(limited(2 << 20U, threads).message.empty());
    CHECK_THAT(limited(64 << 10U, threads).message,
               Contains("takes at most 64 KiB of memory at byte 0, found one that"));
    CHECK(limited(64 << 10U, threads).status == WEIR_INVALID_ARGUMENT);
  }
}

TEST_CASE("xz is found by its magic and by its name, and lzma by its whole header") {
  const std::string alone = packed_alone("pen,2,DE\n");
  CHECK(sniff_codec("orders.csv", packed_by_liblzma("").substr(0, 6)) == 100);
  CHECK(sniff_codec("orders.csv.xz", "product,") > 0);
  CHECK(sniff_codec("orders.lzma", alone) == 100);
  CHECK(sniff_codec("orders.csv", alone.substr(0, 14)) > 0);
  CHECK(sniff_codec("orders.csv", alone.substr(0, 13)) == 0);
  CHECK(sniff_codec("orders.csv", "]\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n") == 0);
  CHECK(sniff_codec("orders.csv", std::string(64, '\0')) == 0);
  CHECK(sniff_codec("orders.csv", "product,quantity,country") == 0);
  CHECK(sniff_codec("", "") == 0);
}

TEST_CASE("every message of xz is what its golden file says") {
  const std::string packed = packed_by_liblzma(sample_text(2000, 11)), alone = packed_alone("pen,2,DE\n");
  std::string header = packed, block = packed, check = packed, data = alone;
  header[8] = static_cast<char>(header[8] ^ 1);
  block[40] = static_cast<char>(block[40] ^ 1);
  // A kind of checksum that is reserved, with the CRC32 of the flags that fits.
  check[7] = 2;
  const std::uint32_t crc = lzma_crc32(reinterpret_cast<const std::uint8_t*>(check.data()) + 6, 2, 0);
  for (unsigned i = 0; i < 4; ++i) check[8 + i] = static_cast<char>(crc >> 8U * i);
  data[13] = 1;
  const std::pair<const char*, std::string> cases[] = {
      {"empty", ""},
      {"text", "product,quantity\n"},
      {"three bytes of text", "a,b"},
      {"a magic number alone", packed.substr(0, 6)},
      {"half of the data", packed.substr(0, packed.size() / 2)},
      {"a damaged header", header},
      {"a damaged block", block},
      {"an unknown kind of checksum", check},
      {"damaged lzma", data},
      {"half of lzma", alone.substr(0, 20)},
      {"something behind", packed + "product"},
      {"something behind padding", packed + std::string(4, '\0') + "product"},
      {"odd padding", packed + std::string(5, '\0')},
      {"xz behind odd padding", packed + std::string(5, '\0') + packed},
  };
  weir::test::Golden golden(WEIR_GOLDEN "/messages.txt");
  const auto tell = [&golden](const std::string& title, const Recoded& outcome) {
    golden.tell(title, outcome.message + (outcome.hint.empty() ? "" : "\nhint: " + outcome.hint));
  };
  for (const auto& [name, input] : cases) tell(name, unpack(input));
  tell("much memory", unpack(packed, {}, {{"/memory", 1 << 16}, {"/threads", 1}}));
  golden.end();
}
