// FF1 against the samples that NIST published with SP 800-38G (FF1samples.pdf), and its own properties.
#include "ff1.hpp"

#include <set>
#include <string>

#include <weir_catch.hpp>

namespace weir::mask {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes bytes_of(std::string_view hexadecimal) {
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < hexadecimal.size(); i += 2) {
    bytes.push_back(static_cast<std::uint8_t>(std::stoi(std::string(hexadecimal.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

constexpr std::string_view kNumerals = "0123456789abcdefghijklmnopqrstuvwxyz";

Bytes numerals_of(std::string_view text) {
  Bytes numerals;
  for (const char one : text) numerals.push_back(static_cast<std::uint8_t>(kNumerals.find(one)));
  return numerals;
}

std::string text_of(const Bytes& numerals) {
  std::string text;
  for (const std::uint8_t one : numerals) text += kNumerals[one];
  return text;
}

struct Sample {
  std::string_view key, tweak, plain, cipher;
  std::uint32_t radix;
};

constexpr std::string_view k128 = "2B7E151628AED2A6ABF7158809CF4F3C";
constexpr std::string_view k192 = "2B7E151628AED2A6ABF7158809CF4F3CEF4359D8D580AA4F";
constexpr std::string_view k256 = "2B7E151628AED2A6ABF7158809CF4F3CEF4359D8D580AA4F7F036D6F04FC6A94";

constexpr Sample kSamples[] = {
    {k128, "", "0123456789", "2433477484", 10},
    {k128, "39383736353433323130", "0123456789", "6124200773", 10},
    {k128, "3737373770717273373737", "0123456789abcdefghi", "a9tv40mll9kdu509eum", 36},
    {k192, "", "0123456789", "2830668132", 10},
    {k192, "39383736353433323130", "0123456789", "2496655549", 10},
    {k192, "3737373770717273373737", "0123456789abcdefghi", "xbj3kv35jrawxv32ysr", 36},
    {k256, "", "0123456789", "6657667009", 10},
    {k256, "39383736353433323130", "0123456789", "1001623463", 10},
    {k256, "3737373770717273373737", "0123456789abcdefghi", "xs8a0azh2avyalyzuwd", 36},
};

}  // namespace

TEST_CASE("FF1 gives NIST's samples, and takes them back") {
  for (const Sample& sample : kSamples) {
    INFO(sample.key << " " << sample.tweak);
    const Bytes key = bytes_of(sample.key), tweak = bytes_of(sample.tweak);
    const std::string_view tweak_text(reinterpret_cast<const char*>(tweak.data()), tweak.size());
    Ff1 cipher(key, sample.radix);
    Bytes numerals = numerals_of(sample.plain);
    cipher.encrypt(numerals, tweak_text);
    CHECK(text_of(numerals) == sample.cipher);
    cipher.decrypt(numerals, tweak_text);
    CHECK(text_of(numerals) == sample.plain);
  }
}

TEST_CASE("FF1 takes strings of every length and radix back") {
  const Bytes key = bytes_of(k256);
  for (const std::uint32_t radix : {2U, 10U, 26U, 36U}) {
    Ff1 cipher(key, radix);
    for (std::size_t length = 2; length <= Ff1::kMostNumerals; ++length) {
      Bytes plain;
      for (std::size_t i = 0; i < length; ++i) plain.push_back(static_cast<std::uint8_t>((7 * i + length) % radix));
      Bytes numerals = plain;
      cipher.encrypt(numerals, "t");
      CHECK(*std::max_element(numerals.begin(), numerals.end()) < radix);
      cipher.decrypt(numerals, "t");
      CHECK(numerals == plain);
    }
  }
}

TEST_CASE("FF1 says how few numerals are a million strings") {
  const Bytes key = bytes_of(k256);
  CHECK(Ff1(key, 10).fewest() == 6);
  CHECK(Ff1(key, 26).fewest() == 5);
  CHECK(Ff1(key, 2).fewest() == 20);
}

TEST_CASE("FF1 is a permutation: no two strings become one") {
  Ff1 cipher(bytes_of(k128), 10);
  std::set<Bytes> seen;
  for (unsigned number = 0; number < 10'000; ++number) {
    Bytes numerals = numerals_of(std::to_string(1'000'000 + number).substr(1));
    cipher.encrypt(numerals, "");
    seen.insert(numerals);
  }
  CHECK(seen.size() == 10'000);
}

}  // namespace weir::mask
