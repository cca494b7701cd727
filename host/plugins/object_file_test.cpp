#include "plugins/object_file.hpp"

#include <algorithm>
#include <random>

#include <weir_catch.hpp>

#include "plugins/bad_plugins.hpp"
#include "plugins/elf.hpp"
#include "plugins/info.hpp"
#include "security/checksum.hpp"

namespace weir::plugins {
namespace {

using test::Contains;

std::string sha256_of(const std::string& bytes) {
  security::Checksum checksum("sha256");
  checksum.add({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  return checksum.end();
}

ObjectDetails details_of_bytes(const std::string& bytes) {
  auto details = read_details(FileBytes(std::string_view(bytes), "x.so"));
  if (!details) FAIL(details.error().message);
  return *details;
}

bool has(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The plugin with a note of its processor, under the name that it must have.
std::string telling() {
  std::string bytes = bytes_of(bad_plugin("inspected/telling"));
  const std::size_t at = bytes.find(".note.wei.property");
  REQUIRE(at != std::string::npos);
  return bytes.replace(at + 6, 3, "gnu");
}

TEST_CASE("digests, symbols and size are those of the bytes") {
  const std::string bytes = bytes_of(bad_plugin("good"));
  CHECK(sha256_of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const ObjectDetails details = details_of_bytes(bytes);
  CHECK(details.bytes == bytes.size());
  CHECK(details.sha256 == sha256_of(bytes));
  CHECK(details.exported == std::vector<std::string>{"weir_plugin_v1"});
  CHECK_FALSE(details.static_tls);
  CHECK(details.cpu_level == 0);
  CHECK(visible_libraries(details.exported).empty());
  const auto info = std::find_if(details.sections.begin(), details.sections.end(),
                                 [](const ObjectSection& section) { return section.name == ".weir"; });
  REQUIRE(info != details.sections.end());
  const auto facts = read_object(FileBytes(std::string_view(bytes), "x.so"), kMaxInfoBytes);
  REQUIRE(facts.has_value());
  CHECK(info->bytes >= facts->info.size());
  const std::size_t at = bytes.find(facts->info);
  CHECK(info->sha256 == sha256_of(bytes.substr(at, info->bytes)));
}

TEST_CASE("a symbol that nothing has is undefined, one that is weak is not") {
  const ObjectDetails details = details_of_bytes(bytes_of(bad_plugin("unresolved_symbol")));
  CHECK(has(details.undefined, "weir_nowhere_to_be_found"));
  CHECK_FALSE(has(details.undefined, "__gmon_start__"));
}

TEST_CASE("the floor of libstdc++ is told of a plugin in C++") {
  const ObjectDetails details = details_of_bytes(bytes_of(bad_plugin("throws")));
  CHECK_THAT(details.libstdcxx, Catch::Matchers::StartsWith("3.4"));
  CHECK(details_of_bytes(bytes_of(bad_plugin("good"))).libstdcxx.empty());
}

TEST_CASE("libraries within the file whose symbols can be seen are named, static storage and the processor told") {
  const ObjectDetails details = details_of_bytes(telling());
  CHECK(visible_libraries(details.exported) == std::vector<std::string>{"OpenSSL", "protobuf"});
  CHECK(has(details.exported, "weir_plugin_v1"));
  CHECK(has(details.exported, "telling_calls"));
  CHECK(details.static_tls);
  CHECK(details.cpu_level == 3);
}

TEST_CASE("a processor's note that lies about its size tells nothing") {
  std::string bytes = telling();
  const std::string note("\x04\0\0\0\x10\0\0\0\x05\0\0\0GNU\0\x02\x80\0\xc0\x04\0\0\0\x06\0\0\0", 28);
  const std::size_t at = bytes.find(note);
  REQUIRE(at != std::string::npos);
  for (const std::size_t size : {0U, 4U, 20U}) {  // of the name, of all properties, of one
    std::string wrong = bytes;
    wrong.replace(at + size, 4, "\xff\xff\xff\xff");
    CHECK(details_of_bytes(wrong).cpu_level == 0);
  }
}

TEST_CASE("details of a file that is cut at any length are an error and never a crash") {
  const std::string whole = bytes_of(bad_plugin("good"));
  for (std::size_t length = 0; length < whole.size(); length += length < 200 ? 1 : 13) {
    const std::string cut = whole.substr(0, length);
    const auto details = read_details(FileBytes(std::string_view(cut), "x.so"));
    if (details) FAIL("cut at " << length << " of " << whole.size() << " bytes, it was read");
    REQUIRE((details.error().code == "plugin.not_elf" || details.error().code == "plugin.damaged"));
  }
}

TEST_CASE("random damage never crashes the reader of details") {
  const auto seed = std::random_device()();
  CAPTURE(seed);
  std::mt19937 random(seed);
  const std::string wholes[] = {bytes_of(bad_plugin("throws")), telling()};
  for (int i = 0; i < 600; ++i) {
    std::string bytes = wholes[i % 2];
    const auto header = record_at<Elf64_Ehdr>(bytes, 0);
    for (int k = 0; k < 6; ++k) {  // a half where the sections are described
      const std::size_t from = k % 2 == 0 ? 0 : header.e_shoff;
      bytes[from + random() % (bytes.size() - from)] = static_cast<char>(random());
    }
    const auto details = read_details(FileBytes(std::string_view(bytes), "x.so"));
    if (!details) CHECK(base::exit_code(details.error()) == 4);
  }
}

TEST_CASE("symbols beyond their table and names beyond theirs are errors") {
  const auto broken = [](std::string_view section, auto&& change) {
    Patched file;
    file.change(section, change);
    const auto details = read_details(FileBytes(std::string_view(file.bytes), "x.so"));
    return details ? std::string("none") : details.error().message;
  };
  CHECK_THAT(broken(".dynsym", [](Elf64_Shdr& s) { s.sh_size = UINT64_MAX; }), Contains("a symbol table of"));
  CHECK_THAT(broken(".dynsym", [](Elf64_Shdr& s) { s.sh_offset = UINT64_MAX - 8; }), Contains("beyond the end"));
  CHECK_THAT(broken(".dynsym", [](Elf64_Shdr& s) { s.sh_link = UINT32_MAX; }), Contains("not there"));
  CHECK_THAT(broken(".dynstr", [](Elf64_Shdr& s) { s.sh_size = 1; }), Contains("a name beyond its table"));
  CHECK_THAT(broken(".text", [](Elf64_Shdr& s) { s.sh_size = UINT64_MAX; }), Contains("a section beyond the end"));
}

}  // namespace
}  // namespace weir::plugins
