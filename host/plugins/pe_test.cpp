#include "plugins/pe.hpp"

#include <random>

#include <weir_catch.hpp>

#include "plugins/bad_plugins.hpp"
#include "plugins/compatibility.hpp"
#include "plugins/info.hpp"

namespace weir::plugins {
namespace {

using test::Contains;

constexpr const char* kInfo =
    R"({"name":"w","version":"1.0.0","abi":"1.0","needs_abi":"1.0","components":{"w":{"kind":"codec"}}})";

// A DLL with two sections: `.weir`, and `.rdata` with its tables of imports and exports.
class Dll {
 public:
  Dll() : bytes_(0x600, '\0') {
    put(0, "MZ");
    number<std::uint32_t>(60, kHead);
    put(kHead, std::string("PE\0\0", 4));
    number<std::uint16_t>(kHead + 4, 0x8664);
    number<std::uint16_t>(kHead + 6, 2);
    number<std::uint16_t>(kHead + 20, kOptionalBytes);
    number<std::uint16_t>(kHead + 22, 0x2022);
    number<std::uint16_t>(kOptional, 0x20b);
    number<std::uint32_t>(kOptional + 108, 16);
    number<std::uint32_t>(kOptional + 112, kTables);
    number<std::uint32_t>(kOptional + 120, kTables + 0x40);
    section(0, ".weir", 0x1000, 0x200, 0x200);
    section(1, ".rdata", kTables, 0x400, 0x200);
    number<std::uint32_t>(kSections + 8, static_cast<std::uint32_t>(std::string_view(kInfo).size()));
    put(0x200, kInfo);
    // One exported name.
    number<std::uint32_t>(at(0x18), 1);
    number<std::uint32_t>(at(0x20), kTables + 0xc0);
    number<std::uint32_t>(at(0xc0), kTables + 0xd0);
    put(at(0xd0), "weir_plugin_v1");
    // One library, with a name and a number.
    number<std::uint32_t>(at(0x40), kTables + 0x80);
    number<std::uint32_t>(at(0x4c), kTables + 0xe0);
    number<std::uint32_t>(at(0x50), kTables + 0x80);
    put(at(0xe0), "KERNEL32.dll");
    number<std::uint64_t>(at(0x80), kTables + 0xf0);
    number<std::uint64_t>(at(0x88), (std::uint64_t{1} << 63U) + 12);
    put(at(0xf2), "CreateFileW");
  }

  template <class T>
  void number(std::size_t where, T value) {
    std::memcpy(bytes_.data() + where, &value, sizeof value);
  }
  const std::string& bytes() const { return bytes_; }

  static constexpr std::uint32_t kHead = 0x40, kOptional = kHead + 24, kTables = 0x2000;
  static constexpr std::uint16_t kOptionalBytes = 112 + 16 * 8;
  static constexpr std::uint32_t kSections = kOptional + kOptionalBytes;
  static constexpr std::size_t at(std::size_t table_offset) { return 0x400 + table_offset; }

 private:
  void put(std::size_t where, const std::string& text) { bytes_.replace(where, text.size(), text); }
  void section(std::size_t index, const std::string& name, std::uint32_t address, std::uint32_t offset,
               std::uint32_t size) {
    const std::size_t entry = kSections + 40 * index;
    put(entry, name);
    number<std::uint32_t>(entry + 8, size);
    number<std::uint32_t>(entry + 12, address);
    number<std::uint32_t>(entry + 16, size);
    number<std::uint32_t>(entry + 20, offset);
  }

  std::string bytes_;
};

base::Result<ObjectDetails> details_of(const Dll& dll) {
  return read_details(FileBytes(std::string_view(dll.bytes()), "w.dll"));
}

std::string message_of(const Dll& dll) {
  const auto details = details_of(dll);
  return details ? "none" : details.error().message;
}

TEST_CASE("a plugin for Windows tells what it is, and is refused here") {
  const Scratch scratch;
  const Dll dll;
  const auto path = scratch.file("w.dll", dll.bytes());
  const auto info = read_info(path);
  if (!info) FAIL(info.error().message);
  CHECK(info->name == "w");
  CHECK(info->machine == "x86-64 (Windows)");
  CHECK(info->needed == std::vector<std::string>{"KERNEL32.dll"});
  const auto compatible = check_compatible(*info, path);
  REQUIRE_FALSE(compatible.has_value());
  CHECK(compatible.error().code == "plugin.wrong_system");
}

TEST_CASE("a DLL's symbols and digests are read") {
  const auto details = details_of(Dll());
  if (!details) FAIL(details.error().message);
  CHECK(details->exported == std::vector<std::string>{"weir_plugin_v1"});
  CHECK(details->undefined == std::vector<std::string>{"CreateFileW", "#12"});
  REQUIRE(details->sections.size() == 2);
  CHECK(details->sections[0].name == ".weir");
  CHECK(details->sections[0].bytes == std::string_view(kInfo).size());
  CHECK(details->sections[1].sha256.size() == 64);
}

TEST_CASE("what is no DLL of 64 bits is told for what it is") {
  Dll small;
  small.number<std::uint16_t>(Dll::kOptional, 0x10b);
  CHECK_THAT(message_of(small), Contains("expected a DLL of 64 bits, found one of 32 bits"));
  Dll program;
  program.number<std::uint16_t>(Dll::kHead + 22, 0x22);
  CHECK_THAT(message_of(program), Contains("found a program"));
}

TEST_CASE("tables of a DLL that lie are errors") {
  const auto broken = [](std::size_t where, std::uint32_t value) {
    Dll dll;
    dll.number<std::uint32_t>(where, value);
    return message_of(dll);
  };
  CHECK_THAT(broken(Dll::kSections + 12 + 40, 0xfffffff0), Contains("in no section"));
  CHECK_THAT(broken(Dll::kSections + 20, 0xfffffff0), Contains("a section beyond the end of the file"));
  CHECK_THAT(broken(Dll::at(0x18), 0xffffffff), Contains("4294967295 exported names"));
  CHECK_THAT(broken(Dll::at(0x20), 0x2f00), Contains("exported names in no section"));
  CHECK_THAT(broken(Dll::at(0x4c), 0x9000), Contains("a library's name in no section"));
  CHECK_THAT(broken(Dll::at(0x40), 0x2300), Contains("a list of names in no section"));
  Dll many;
  many.number<std::uint16_t>(Dll::kHead + 6, 0xffff);
  CHECK_THAT(message_of(many), Contains("65535 sections"));
}

TEST_CASE("a DLL cut at any length, or with random damage, is an error and never a crash") {
  const Dll whole;
  for (std::size_t length = 0; length < whole.bytes().size(); ++length) {
    const std::string cut = whole.bytes().substr(0, length);
    const FileBytes bytes(std::string_view(cut), "w.dll");
    static_cast<void>(read_object(bytes, kMaxInfoBytes));
    REQUIRE_FALSE(read_details(bytes).has_value());
  }
  const auto seed = std::random_device()();
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (int i = 0; i < 20000; ++i) {
    std::string damaged = whole.bytes();
    for (int k = 0; k < 3; ++k) damaged[random() % damaged.size()] = static_cast<char>(random());
    const FileBytes bytes(std::string_view(damaged), "w.dll");
    const auto details = read_details(bytes);
    if (!details) CHECK(base::exit_code(details.error()) == 4);
    static_cast<void>(read_object(bytes, kMaxInfoBytes));
  }
}

}  // namespace
}  // namespace weir::plugins
