#include "plugins/library.hpp"

#include <dlfcn.h>
#include <elf.h>

#include <cstring>
#include <thread>

#include <weir_catch.hpp>

#include "plugins/bad_plugins.hpp"

namespace weir::plugins {
namespace {

using test::Contains;

base::Error refused_library(const std::filesystem::path& path) {
  auto library = load(path);
  if (library) FAIL(path << ": expected it to be refused, it was loaded");
  CHECK(base::exit_code(library.error()) == 4);
  CHECK_FALSE(library.error().hint.empty());
  return library.error();
}

TEST_CASE("a plugin is loaded, opened, and tells its components") {
  auto library = load(bad_plugin("good"));
  if (!library) FAIL(library.error().message);
  const Library& good = **library;
  CHECK(good.info().name == "good");
  CHECK(good.transformer("good") != nullptr);
  CHECK(good.component("good", WEIR_KIND_TRANSFORMER) != nullptr);
  CHECK(good.component("good", WEIR_KIND_FORMAT) == nullptr);
  CHECK(good.format("good") == nullptr);
  CHECK(good.component("other") == nullptr);
  CHECK(Library::extension(*good.component("good"), "weir.state/1") == nullptr);
}

TEST_CASE("libraries are loaded once, and again when nobody holds them any more") {
  Libraries libraries{HostServices{}};
  const auto path = bad_plugin("good");
  const auto info = read_info(path);
  REQUIRE(info.has_value());
  auto first = libraries.get(path, *info);
  REQUIRE(first.has_value());
  CHECK(libraries.get(path, *info)->get() == first->get());
  first->reset();
  CHECK(libraries.get(path, *info).has_value());
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 50; ++k) {
        if (!libraries.get(path, *info).has_value()) std::abort();
      }
    });
  }
  for (auto& thread : threads) thread.join();
}

TEST_CASE("each way in which loading fails has its own error") {
  CHECK(refused_library(bad_plugin("none")).code == "plugin.unreadable");
  CHECK(refused_library(bad_plugin("not_a_plugin")).code == "plugin.no_section");
  const base::Error symbol = refused_library(bad_plugin("missing_symbol"));
  CHECK(symbol.code == "plugin.missing_symbol");
  CHECK_THAT(symbol.message, Contains("expected the function weir_plugin_v1(), found none"));
  const base::Error foreign = refused_library(bad_plugin("foreign_major"));
  CHECK(foreign.code == "plugin.foreign_abi");
  CHECK_THAT(foreign.message, Contains("found weir_plugin_v2()"));
  for (const char* sin : {"needs_higher_abi", "hides_needs_abi"}) {
    const base::Error higher = refused_library(bad_plugin(sin));
    CHECK(higher.code == "plugin.needs_newer_abi");
    CHECK_THAT(higher.message, Contains("runs with ABI 1.0, found one that needs at least 1.999"));
  }
  const base::Error unresolved = refused_library(bad_plugin("unresolved_symbol"));
  CHECK(unresolved.code == "plugin.unresolved_symbol");
  CHECK_THAT(unresolved.message, Contains("'weir_nowhere_to_be_found'"));
}

TEST_CASE("a library that the loader can't find is named, with a cure") {
  const base::Error error = refused_library(bad_plugin("unresolved_library"));
  CHECK(error.code == "plugin.unresolved_library");
  CHECK_THAT(error.message, Contains("needs the library 'libweir_gone.so', which is not installed"));
  CHECK_THAT(error.hint, Contains("apt-file search libweir_gone.so"));
}

TEST_CASE("descriptions that don't hold are refused before anything of them is used") {
  const auto told = [](const char* sin) {
    const base::Error error = refused_library(bad_plugin(sin));
    CHECK(error.code == "plugin.bad_description");
    return error.message;
  };
  CHECK_THAT(told("null_table"), Contains("component 'null_table': expected transformer.size, found none"));
  CHECK_THAT(told("null_function"), Contains("component 'null_function': expected transformer.process, found none"));
  CHECK_THAT(told("short_description"), Contains("found 8"));
  CHECK_THAT(told("other_name"), Contains("expected the name that section .weir says, found 'somebody_else'"));
  CHECK_THAT(told("same_name_twice"), Contains("expected each component once, found 'same_name_twice' twice"));
}

TEST_CASE("a plugin whose open fails tells its own error") {
  const base::Error error = refused_library(bad_plugin("open_fails"));
  CHECK(error.code == "plugin.open");
  CHECK(error.message == "plugin 'open_fails' can't be used: expected a licence, found none");
  CHECK(error.hint == "buy");
}

TEST_CASE("a plugin for another machine is refused before it is loaded") {
  const Scratch scratch;
  std::string bytes = bytes_of(bad_plugin("good"));
  const std::uint16_t other = host_machine() == "aarch64" ? EM_X86_64 : EM_AARCH64;
  std::memcpy(bytes.data() + offsetof(Elf64_Ehdr, e_machine), &other, sizeof other);
  const base::Error error = refused_library(scratch.file("x.so", bytes));
  CHECK(error.code == "plugin.wrong_machine");
  CHECK_THAT(error.message, Contains("this host is " + std::string(host_machine())));
}

TEST_CASE("a plugin that needs a newer libc is refused, both versions named") {
  const Scratch scratch;
  std::string bytes = bytes_of(bad_plugin("needs_libc"));
  // Every version of libc in the file, but for names in longer words.
  std::size_t patched = 0;
  for (std::size_t at = bytes.find("GLIBC_2."); at != std::string::npos; at = bytes.find("GLIBC_2.", at + 1)) {
    bytes[at + 6] = '9';
    ++patched;
  }
  REQUIRE(patched > 0);
  const base::Error error = refused_library(scratch.file("x.so", bytes));
  CHECK(error.code == "plugin.libc_too_old");
  CHECK_THAT(error.message, Contains("needs GLIBC_9.") && Contains("this machine has 2."));
}

TEST_CASE("a plugin with Go's runtime is never unloaded, and the only one of its process") {
  const auto file = bad_plugin("inspected/go_one");
  const auto loaded = [&] {
    void* const handle = ::dlopen(file.c_str(), RTLD_NOW | RTLD_NOLOAD);
    if (handle != nullptr) ::dlclose(handle);
    return handle != nullptr;
  };
  REQUIRE_FALSE(loaded());
  REQUIRE(load(file).has_value());
  CHECK(loaded());
  CHECK(load(file).has_value());
  const base::Error error = refused_library(bad_plugin("inspected/go_two"));
  CHECK(error.code == "plugin.second_go");
  CHECK_THAT(error.message, Contains("go_one.so") && Contains("go_two.so"));
  const Scratch scratch;
  CHECK(refused_library(scratch.file("copy.so", bytes_of(file))).code == "plugin.second_go");
}

std::uint64_t told_by(const Library& library, std::string_view name) {
  weir_traits traits{};
  traits.size = sizeof traits;
  REQUIRE(library.transformer(name)->traits(nullptr, &traits, nullptr) == WEIR_OK);
  return traits.preferred_rows;
}

TEST_CASE("plugins run side by side, each with a build of its own of one library, whoever shows its names") {
  const auto first = load(bad_plugin("side_by_side/build_1")), second = load(bad_plugin("side_by_side/build_2"));
  REQUIRE(first.has_value());
  REQUIRE(second.has_value());
  CHECK(told_by(**first, "build_1") == 101);
  CHECK(told_by(**second, "build_2") == 201);
  CHECK(told_by(**first, "build_1") == 102);
  CHECK(told_by(**second, "build_2") == 202);
}

TEST_CASE("whatever else the loader refuses is told in its own words") {
  const Scratch scratch;
  std::string bytes = bytes_of(bad_plugin("good"));
  Elf64_Ehdr header;
  std::memcpy(&header, bytes.data(), sizeof header);
  header.e_phnum = 0;
  header.e_phoff = 0;
  std::memcpy(bytes.data(), &header, sizeof header);
  CHECK(refused_library(scratch.file("x.so", bytes)).code == "plugin.load");
}

}  // namespace
}  // namespace weir::plugins
