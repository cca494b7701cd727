#include "plugins/needs.hpp"

#include <algorithm>
#include <random>

#include <weir_catch.hpp>

#include "plugins/bad_plugins.hpp"
#include "plugins/debian_packages.hpp"

namespace weir::plugins {
namespace {

std::vector<std::string> names_of(const std::vector<MissingPart>& parts) {
  std::vector<std::string> names;
  for (const MissingPart& part : parts) names.push_back(part.name);
  return names;
}

// A list of libraries as ldconfig writes it.
std::string cache_of(const std::vector<std::pair<std::string, std::string>>& libraries) {
  const auto number = [](std::uint64_t value, std::size_t bytes) {
    return std::string(reinterpret_cast<const char*>(&value), bytes);
  };
  const std::size_t head = 48 + 24 * libraries.size();
  std::string entries, texts;
  for (const auto& [name, file] : libraries) {
    const std::size_t first = head + texts.size();
    texts += name + '\0' + file + '\0';
    entries += number(0x303, 4) + number(first, 4) + number(first + name.size() + 1, 4) + std::string(12, '\0');
  }
  return "glibc-ld.so.cache1.1" + number(libraries.size(), 4) + number(texts.size(), 4) + std::string(20, '\0') +
         entries + texts;
}

const NeededLibrary* library_of(const Needs& needs, std::string_view name) {
  const auto found = std::find_if(needs.libraries.begin(), needs.libraries.end(),
                                  [&](const NeededLibrary& library) { return library.name == name; });
  return found == needs.libraries.end() ? nullptr : &*found;
}

TEST_CASE("what a plugin needs is found where the loader finds it, and what that needs") {
  const Needs needs = find_needs(bad_plugin("throws"), system_rules());
  CHECK(needs.met());
  const NeededLibrary* const direct = library_of(needs, "libstdc++.so.6");
  REQUIRE(direct != nullptr);
  CHECK(direct->needed_by == bad_plugin("throws").string());
  CHECK(std::filesystem::exists(direct->file));
  const NeededLibrary* const further = library_of(needs, "libm.so.6");
  REQUIRE(further != nullptr);
  CHECK(std::filesystem::exists(further->file));
}

TEST_CASE("a library that is not there is named, and found once its folder is given") {
  const auto plugin = bad_plugin("unresolved_library");
  LoaderRules rules = system_rules();
  const Needs needs = find_needs(plugin, rules);
  REQUIRE(needs.missing().size() == 1);
  CHECK(needs.missing().front()->name == "libweir_gone.so");
  rules.library_path = {plugin.parent_path() / "gone"};
  CHECK(find_needs(plugin, rules).met());
}

TEST_CASE("folders that a file names are those beside it, whether it is DT_RUNPATH or DT_RPATH") {
  for (const char* const name : {"runpath", "rpath"}) {
    CAPTURE(name);
    const Scratch scratch;
    const std::string plugin = bytes_of(bad_plugin("inspected/" + std::string(name)));
    const auto file = scratch.file("x.so", plugin);
    CHECK(find_needs(file, system_rules()).missing().size() == 1);
    scratch.file("beside/libweir_gone.so", bytes_of(bad_plugin("x").parent_path() / "gone/libweir_gone.so"));
    CHECK(find_needs(file, system_rules()).met());
    scratch.file("beside/libweir_gone.so", "no library");
    CHECK(find_needs(file, system_rules()).missing().size() == 1);
  }
}

TEST_CASE("a symbol that no library has is named, with who needs it") {
  const Needs needs = find_needs(bad_plugin("unresolved_symbol"), system_rules());
  CHECK(needs.missing().empty());
  CHECK(names_of(needs.symbols) == std::vector<std::string>{"weir_nowhere_to_be_found"});
  CHECK(needs.symbols.front().needed_by == bad_plugin("unresolved_symbol").string());
}

TEST_CASE("a version that a library does not have is named") {
  const Scratch scratch;
  std::string bytes = bytes_of(bad_plugin("needs_libc"));
  for (std::size_t at = bytes.find("GLIBC_2."); at != std::string::npos; at = bytes.find("GLIBC_2.", at + 1))
    bytes[at + 6] = '9';
  const Needs needs = find_needs(scratch.file("x.so", bytes), system_rules());
  REQUIRE_FALSE(needs.versions.empty());
  CHECK(needs.versions.front().name.starts_with("GLIBC_9."));
  CHECK(needs.versions.front().library.ends_with("libc.so.6"));
}

TEST_CASE("the system's list of libraries is read, and nothing of one that is damaged is believed") {
  const std::string bytes = cache_of({{"liba.so.1", "/lib/liba.so.1"}, {"libb.so.2", "/opt/libb.so.2"}});
  const LdCache cache = LdCache::parse(bytes);
  CHECK(cache.files_of("libb.so.2") == std::vector<std::filesystem::path>{"/opt/libb.so.2"});
  CHECK(cache.files_of("libc.so.6").empty());
  // In front of it an older list of one library.
  const std::string old = std::string("ld.so-1.7.0\0", 12) + std::string("\x01\0\0\0", 4) + std::string(16, 'x');
  CHECK(LdCache::parse(old + bytes).files_of("liba.so.1").size() == 1);
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    const std::string cut = bytes.substr(0, length);
    CHECK(LdCache::parse(cut).files_of("libb.so.2").empty());
  }
  std::mt19937 random(7);
  for (int i = 0; i < 2000; ++i) {
    std::string damaged = old + bytes;
    for (int k = 0; k < 4; ++k) damaged[random() % damaged.size()] = static_cast<char>(random());
    CHECK(LdCache::parse(damaged).files_of("liba.so.1").size() <= 2);
  }
}

TEST_CASE("the package of a well-known library is known, and a name that is none is not asked about") {
  CHECK(known_package("libpq.so.5") == "libpq5");
  CHECK(known_package("libweir_gone.so").empty());
  CHECK(cure_for_library("x; rm -rf /") == "install the library, or put its folder into LD_LIBRARY_PATH");
}

}  // namespace
}  // namespace weir::plugins
