#include "plugins/info.hpp"

#include <elf.h>
#include <sys/stat.h>

#include <cstring>
#include <random>

#include <weir/weir.h>
#include <weir_catch.hpp>

#include "plugins/bad_plugins.hpp"

namespace weir::plugins {
namespace {

using test::Contains;

std::string code_of(const std::filesystem::path& path) {
  const auto info = read_info(path);
  return info ? "none" : info.error().code;
}

std::string message_of_file(const std::filesystem::path& path) {
  const auto info = read_info(path);
  return info ? "none" : info.error().message;
}

TEST_CASE("a plugin's file tells what it is without being loaded") {
  const auto info = read_info(bad_plugin("good"));
  if (!info) FAIL(info.error().message);
  CHECK(info->name == "good");
  CHECK(info->version.text() == "1.0.0");
  CHECK(info->license == "Apache-2.0");
  CHECK(info->abi == WEIR_VERSION(1, 0));
  CHECK(info->needs_abi == WEIR_VERSION(1, 0));
  CHECK(info->machine == host_machine());
  REQUIRE(info->components.size() == 1);
  CHECK(info->components[0].name == "good");
  CHECK(info->components[0].kind == WEIR_KIND_TRANSFORMER);
  CHECK(info->components[0].schema["type"] == "object");
  CHECK(nlohmann::json::parse(info->components[0].about)["kind"] == "transformer");
}

TEST_CASE("the libraries and the libc version that a plugin needs are read") {
  const auto info = read_info(bad_plugin("unresolved_library"));
  REQUIRE(info.has_value());
  CHECK(std::find(info->needed.begin(), info->needed.end(), "libweir_gone.so") != info->needed.end());
  const auto libc = read_info(bad_plugin("needs_libc"));
  REQUIRE(libc.has_value());
  CHECK_THAT(libc->glibc, Contains("2."));
}

TEST_CASE("what is not a plugin's file is told for what it is") {
  const Scratch scratch;
  const auto named = [&](const char* name, std::string bytes) { return scratch.file(name, bytes); };
  CHECK_THAT(message_of_file(scratch.folder() / "none.so"), Contains("found No such file or directory"));
  CHECK_THAT(message_of_file(scratch.folder()), Contains("found a folder"));
  CHECK_THAT(message_of_file(named("empty.so", "")), Contains("found an empty file"));
  CHECK_THAT(message_of_file(named("pe.so", "MZ\x90" + std::string(400, 'x'))),
             Contains("found a Windows program (PE)"));
  CHECK_THAT(message_of_file(named("macho.so", "\xCF\xFA\xED\xFE" + std::string(400, 'x'))),
             Contains("found a macOS program (Mach-O)"));
  CHECK_THAT(message_of_file(named("fat.so", "\xCA\xFE\xBA\xBE" + std::string(400, 'x'))),
             Contains("found a macOS program (Mach-O)"));
  CHECK_THAT(message_of_file(named("ar.so", "!<arch>\n" + std::string(400, 'x'))), Contains("found a static library"));
  CHECK_THAT(message_of_file(named("sh.so", "#!/bin/sh\n" + std::string(400, 'x'))), Contains("found a script"));
  CHECK_THAT(message_of_file(named("text.so", std::string(400, 'x'))), Contains("found another file"));
  CHECK(code_of(bad_plugin("not_a_plugin")) == "plugin.no_section");
  const auto fifo = scratch.folder() / "fifo.so";
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  CHECK_THAT(message_of_file(fifo), Contains("found a pipe or device"));
  CHECK(code_of("/dev/null") == "plugin.unreadable");
  const auto info = read_info(scratch.folder());
  CHECK(base::exit_code(info.error()) == 4);
}

TEST_CASE("ELF of another kind is told for what it is") {
  const Scratch scratch;
  const auto patched = [&](auto&& apply) {
    Patched file;
    Elf64_Ehdr header = file.header();
    apply(header);
    file.set(header);
    return message_of_file(scratch.file("x.so", file.bytes));
  };
  CHECK_THAT(patched([](Elf64_Ehdr& h) { h.e_ident[EI_CLASS] = ELFCLASS32; }), Contains("found one of 32 bits"));
  CHECK_THAT(patched([](Elf64_Ehdr& h) { h.e_ident[EI_DATA] = ELFDATA2MSB; }), Contains("found a big-endian one"));
  CHECK_THAT(patched([](Elf64_Ehdr& h) { h.e_type = ET_EXEC; }), Contains("found a program"));
  CHECK_THAT(patched([](Elf64_Ehdr& h) { h.e_type = ET_REL; }), Contains("not linked yet"));
  CHECK_THAT(patched([](Elf64_Ehdr& h) { h.e_type = ET_CORE; }), Contains("type 4"));
}

TEST_CASE("the machine of a foreign file is named") {
  const Scratch scratch;
  Patched file;
  Elf64_Ehdr header = file.header();
  header.e_machine = EM_AARCH64;
  file.set(header);
  const auto info = read_info(scratch.file("x.so", file.bytes));
  REQUIRE(info.has_value());
  CHECK(info->machine == "aarch64");
}

TEST_CASE("a file cut at any length is an error and never a crash") {
  const Scratch scratch;
  const std::string whole = bytes_of(bad_plugin("good"));
  const std::size_t step = whole.size() > 20000 ? 7 : 1;
  for (std::size_t length = 0; length < whole.size(); length += length < 200 ? 1 : step) {
    const auto info = read_info(scratch.file("cut.so", whole.substr(0, length)));
    if (info) FAIL("cut at " << length << " of " << whole.size() << " bytes, it was read");
    REQUIRE((info.error().code == "plugin.not_elf" || info.error().code == "plugin.damaged"));
  }
}

TEST_CASE("section tables that lie are errors") {
  const Scratch scratch;
  const auto header = [&](auto&& apply) {
    Patched file;
    Elf64_Ehdr head = file.header();
    apply(head);
    file.set(head);
    return code_of(scratch.file("x.so", file.bytes));
  };
  CHECK(header([](Elf64_Ehdr& h) { h.e_shoff = UINT64_MAX; }) == "plugin.damaged");
  CHECK(header([](Elf64_Ehdr& h) { h.e_shoff = UINT64_MAX - 63; }) == "plugin.damaged");
  CHECK(header([](Elf64_Ehdr& h) { h.e_shoff = 0; }) == "plugin.no_section");
  CHECK(header([](Elf64_Ehdr& h) { h.e_shentsize = 1; }) == "plugin.damaged");
  CHECK(header([](Elf64_Ehdr& h) { h.e_shnum = 65279; }) == "plugin.damaged");
  CHECK(header([](Elf64_Ehdr& h) { h.e_shnum = 0; }) == "plugin.damaged");
  CHECK(header([](Elf64_Ehdr& h) { h.e_shstrndx = 65000; }) == "plugin.damaged");
  CHECK(header([](Elf64_Ehdr& h) { h.e_shstrndx = SHN_XINDEX; }) == "plugin.no_section");

  const auto section = [&](const char* name, auto&& apply) {
    Patched file;
    file.change(name, apply);
    return code_of(scratch.file("x.so", file.bytes));
  };
  CHECK(section(".weir", [](Elf64_Shdr& s) { s.sh_size = UINT64_MAX; }) == "plugin.bad_info");
  CHECK(section(".weir", [](Elf64_Shdr& s) { s.sh_size = kMaxInfoBytes; }) == "plugin.damaged");
  CHECK(section(".weir", [](Elf64_Shdr& s) { s.sh_offset = UINT64_MAX; }) == "plugin.damaged");
  CHECK(section(".weir", [](Elf64_Shdr& s) { s.sh_offset = 0; }) == "plugin.bad_info");
  CHECK(section(".weir", [](Elf64_Shdr& s) { s.sh_size = 0; }) == "plugin.bad_info");
  CHECK(section(".weir", [](Elf64_Shdr& s) { s.sh_type = SHT_NOBITS; }) == "plugin.damaged");
  CHECK(section(".weir", [](Elf64_Shdr& s) { s.sh_name = UINT32_MAX; }) == "plugin.no_section");
  CHECK(section(".dynamic", [](Elf64_Shdr& s) { s.sh_size = 1U << 30U; }) == "plugin.damaged");
  CHECK(section(".dynamic", [](Elf64_Shdr& s) { s.sh_link = UINT32_MAX; }) == "plugin.damaged");
  CHECK(section(".shstrtab", [](Elf64_Shdr& s) { s.sh_size = UINT64_MAX; }) == "plugin.damaged");
}

TEST_CASE("random damage never crashes the reader") {
  const Scratch scratch;
  const auto seed = std::random_device()();
  CAPTURE(seed);
  std::mt19937 random(seed);
  const std::string whole = bytes_of(bad_plugin("throws"));
  const Patched good;
  for (int i = 0; i < 400; ++i) {
    std::string bytes = i % 2 == 0 ? whole : good.bytes;
    Elf64_Ehdr header;
    std::memcpy(&header, bytes.data(), sizeof header);
    for (int k = 0; k < 8; ++k) {  // half of the damage where it hurts
      const std::size_t from = k % 2 == 0 ? 0 : header.e_shoff, span = k % 2 == 0 ? bytes.size() : bytes.size() - from;
      bytes[from + random() % span] = static_cast<char>(random());
    }
    const auto info = read_info(scratch.file("x.so", bytes));
    if (!info) CHECK(base::exit_code(info.error()) == 4);
  }
}

TEST_CASE("the text of a plugin is checked member by member") {
  const auto wrong = [](std::string_view json) {
    const auto info = parse_info(json, "x.so");
    if (info) return std::string("none");
    CHECK(info.error().code == "plugin.bad_info");
    return info.error().message;
  };
  const std::string rest = R"("version":"1.0.0","abi":"1.0","needs_abi":"1.0","components":{"a":{"kind":"codec"}}})";
  CHECK(wrong(R"({"name":"x",)" + rest) == "none");
  CHECK(wrong("") == "x.so: section .weir: expected JSON, found \"\"");
  CHECK_THAT(wrong("{"), Contains("expected JSON, found \"{\""));
  CHECK_THAT(wrong("[]"), Contains("expected an object, found array"));
  CHECK_THAT(wrong("{\"name\":\"\xFF\"}"), Contains("expected UTF-8, found another byte at 9"));
  CHECK_THAT(wrong("{" + rest), Contains("expected \"name\", found none"));
  CHECK_THAT(wrong(R"({"name":5,)" + rest), Contains("\"name\": expected a text, found 5"));
  CHECK_THAT(wrong(R"({"name":"../x",)" + rest), Contains("\"name\": expected a name of"));
  CHECK_THAT(wrong(R"({"name":"x","version":"new","abi":"1.0","needs_abi":"1.0","components":{"a":{"kind":"codec"}}})"),
             Contains("\"version\": expected a version, found \"new\""));
  CHECK_THAT(wrong(R"({"name":"x","version":"1.0.0","abi":"1","needs_abi":"1.0","components":{"a":{"kind":"codec"}}})"),
             Contains("\"abi\": expected an ABI such as \"1.0\", found \"1\""));
  CHECK_THAT(wrong(R"({"name":"x","version":"1.0.0","abi":"1.0","needs_abi":"1.0","components":{}})"),
             Contains("\"components\": expected"));
  CHECK_THAT(
      wrong(R"({"name":"x","version":"1.0.0","abi":"1.0","needs_abi":"1.0","components":{"A":{"kind":"codec"}}})"),
      Contains("component 'A': expected a name of a-z"));
  CHECK_THAT(wrong(R"({"name":"x","version":"1.0.0","abi":"1.0","needs_abi":"1.0","components":{"a":{}}})"),
             Contains("component 'a': expected \"kind\", found none"));
  CHECK_THAT(wrong(R"({"name":"x","version":"1.0.0","abi":"1.0","needs_abi":"1.0",)"
                   R"("components":{"a":{"kind":"codec","schema":[]}}})"),
             Contains("\"schema\": expected an object, found array"));
  CHECK_THAT(wrong(std::string(100000, '[')), Contains("at most 64 deep"));
  CHECK_THAT(wrong(std::string(100U << 20U, 'x')), Contains("expected at most 4194304 bytes, found 104857600"));
}

TEST_CASE("how what a loader loaded is read back stands in its part") {
  const auto info = parse_info(R"({"name":"x","version":"1.0.0","abi":"1.0","needs_abi":"1.0","components":{)"
                               R"("a":{"kind":"loader","schema":{"properties":{"table":{},"by":{}}},)"
                               R"("readback":{"use":"b","options":{"from":"table"},"key":"by"}},)"
                               R"("b":{"kind":"extractor","schema":{"properties":{"from":{}}}}}})",
                               "x.so");
  REQUIRE(info.has_value());
  CHECK_FALSE(info->components[1].readback.has_value());
  REQUIRE(info->components[0].readback.has_value());
  const Readback& readback = *info->components[0].readback;
  CHECK(readback.use == "b");
  CHECK(readback.key == "by");
  REQUIRE(readback.options.size() == 1);
  CHECK(readback.options[0] == std::pair<std::string, std::string>("from", "table"));
}

TEST_CASE("a component of a later kind is kept apart, not refused") {
  const auto info = parse_info(
      R"({"name":"x","version":"1.0.0","abi":"1.3","needs_abi":"1.0","components":{"a":{"kind":"keeper"}}})", "x.so");
  REQUIRE(info.has_value());
  CHECK(info->components[0].kind == 0);
  CHECK(info->components[0].kind_text == "keeper");
}

}  // namespace
}  // namespace weir::plugins
