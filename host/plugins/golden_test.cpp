// Every message about plugins, in golden/: what is no plugin, what a plugin says of itself, how loading fails, which
// plugin is meant, and what a call that breaks the contract is told to be.
#include <sys/stat.h>

#include <array>
#include <clocale>
#include <functional>
#include <stdexcept>

#include <gnu/libc-version.h>

#include <weir_catch.hpp>
#include <weir_golden.hpp>

#include "plugins/bad_plugins.hpp"
#include "plugins/compatibility.hpp"
#include "plugins/description.hpp"
#include "plugins/guard.hpp"
#include "plugins/library.hpp"
#include "plugins/registry.hpp"

namespace weir::plugins {
namespace {

using test::Golden;

// A golden file in which folders of this machine, and what it is, are not to be seen.
Golden golden(const char* name, const Scratch& scratch) {
  Golden made(std::filesystem::path(WEIR_GOLDEN) / name);
  made.hide(scratch.folder().string(), "FOLDER");
  made.hide(bad_plugin("x").parent_path().string(), "FOLDER");
  made.hide("this machine has " + std::string(gnu_get_libc_version()), "this machine has VERSION");
  made.hide(std::string(host_machine()), "MACHINE");
  return made;
}

template <class Change>
std::string with_header(Change&& change) {
  Patched file;
  Elf64_Ehdr header = file.header();
  change(header);
  file.set(header);
  return file.bytes;
}

template <class Change>
std::string with_section(std::string_view name, Change&& change) {
  Patched file;
  file.change(name, change);
  return file.bytes;
}

// A plugin's description in memory, right until it is changed.
struct Described {
  Described() {
    info = *parse_info(
        R"({"name":"p","version":"1.0.0","abi":"1.0","needs_abi":"1.0","components":{"c":{"kind":"codec"}}})", "p.so");
    codec.size = sizeof codec;
    codec.create = [](const weir_context*, std::int32_t, void**, weir_error*) -> weir_status { return WEIR_OK; };
    codec.destroy = [](void*) {};
    codec.step = [](void*, weir_bytes, std::int32_t, std::uint8_t*, std::uint64_t, std::uint64_t*, std::uint64_t*,
                    std::int32_t*, weir_error*) -> weir_status { return WEIR_OK; };
    component = {sizeof component, {"c", 1}, {"{}", 2}, WEIR_KIND_CODEC, 0, &codec, nullptr};
    plugin = {sizeof plugin,
              WEIR_ABI,
              WEIR_VERSION(1, 0),
              {"p", 1},
              {"1.0.0", 5},
              [](const weir_host*, weir_error*) -> weir_status { return WEIR_OK; },
              [] {},
              1,
              components.data()};
  }
  Described(const Described&) = delete;
  Described& operator=(const Described&) = delete;

  PluginInfo info;
  weir_codec codec{};
  weir_component component{};
  std::array<const weir_component*, 2> components{&component, &component};
  weir_plugin plugin{};
};

}  // namespace

TEST_CASE("what is not a plugin's file is told as the golden file says") {
  const Scratch scratch;
  Golden told = golden("files.txt", scratch);
  const auto file = [&](const char* title, const std::string& bytes) {
    told.tell_failure(title, read_info(scratch.file("x.so", bytes)));
  };
  told.hide("65000 of " + std::to_string(Patched().header().e_shnum), "65000 of N");
  told.tell_failure("none", read_info(scratch.folder() / "none.so"));
  told.tell_failure("a folder", read_info(scratch.folder()));
  REQUIRE(::mkfifo((scratch.folder() / "pipe.so").c_str(), 0600) == 0);
  told.tell_failure("a pipe", read_info(scratch.folder() / "pipe.so"));
  scratch.file("three", "no folder");
  const SearchPath three[] = {{scratch.folder() / "three", "environment"}};
  told.tell_error("a search path that is no folder", *discover(three).at(0).error);
  file("empty", "");
  file("a text", std::string(400, 'x'));
  file("a program of Windows", "MZ\x90" + std::string(400, 'x'));
  file("a program of macOS", "\xCF\xFA\xED\xFE" + std::string(400, 'x'));
  file("a static library", "!<arch>\n" + std::string(400, 'x'));
  file("a script", "#!/bin/sh\n" + std::string(400, 'x'));
  file("the beginning of one", bytes_of(bad_plugin("good")).substr(0, 30));
  std::string dll = "MZ" + std::string(58, '\0') + "\x40" + std::string(3, '\0') + "PE" + std::string(24, '\0');
  dll[64 + 20] = 2;  // bytes of the optional head
  dll[64 + 24] = 0x0b;
  dll[64 + 25] = 0x01;
  file("a DLL of 32 bits", dll);
  file("half of one", bytes_of(bad_plugin("good")).substr(0, 4000));
  file("32 bits", with_header([](Elf64_Ehdr& h) { h.e_ident[EI_CLASS] = ELFCLASS32; }));
  file("big-endian", with_header([](Elf64_Ehdr& h) { h.e_ident[EI_DATA] = ELFDATA2MSB; }));
  file("a program", with_header([](Elf64_Ehdr& h) { h.e_type = ET_EXEC; }));
  file("not linked", with_header([](Elf64_Ehdr& h) { h.e_type = ET_REL; }));
  file("a core", with_header([](Elf64_Ehdr& h) { h.e_type = ET_CORE; }));
  file("sections of another size", with_header([](Elf64_Ehdr& h) { h.e_shentsize = 1; }));
  file("no sections", with_header([](Elf64_Ehdr& h) { h.e_shnum = 0; }));
  file("names beyond the sections", with_header([](Elf64_Ehdr& h) { h.e_shstrndx = 65000; }));
  file("a section beyond the end", with_section(".weir", [](Elf64_Shdr& s) { s.sh_offset = UINT64_MAX; }));
  file("a section without bytes", with_section(".weir", [](Elf64_Shdr& s) { s.sh_type = SHT_NOBITS; }));
  file("names too long", with_section(".shstrtab", [](Elf64_Shdr& s) { s.sh_size = UINT64_MAX; }));
  file("a dynamic section too long", with_section(".dynamic", [](Elf64_Shdr& s) { s.sh_size = 1U << 30U; }));
  file("a link to nowhere", with_section(".dynamic", [](Elf64_Shdr& s) { s.sh_link = UINT32_MAX; }));
  file("a section .weir too long", with_section(".weir", [](Elf64_Shdr& s) { s.sh_size = UINT64_MAX; }));
  told.tell_failure("no section .weir", read_info(bad_plugin("not_a_plugin")));
  told.end();
}

TEST_CASE("what is wrong with a plugin's text is told as the golden file says") {
  const Scratch scratch;
  Golden told = golden("texts.txt", scratch);
  const auto text = [&](const char* title, const std::string& json) {
    told.tell_failure(title, parse_info(json, "x.so"));
  };
  const auto with = [&](const char* title, const std::string& members) {
    text(title, "{" + members + R"("version":"1.0.0","abi":"1.0","needs_abi":"1.0"})");
  };
  text("too long", std::string(kMaxInfoBytes + 1, ' '));
  text("too deep", std::string(100, '['));
  text("not UTF-8", "{\"name\":\"\xFF\"}");
  text("not JSON", "name: x");
  text("no object", "[]");
  with("no name", R"("components":{"a":{"kind":"codec"}},)");
  with("a name that is no text", R"("name":5,)");
  with("a bad name", R"("name":"../x",)");
  text("a bad version", R"({"name":"x","version":"new"})");
  text("a bad ABI", R"({"name":"x","version":"1.0.0","abi":"1"})");
  with("a preview that is no number", R"("name":"x","preview":"1",)");
  with("no components", R"("name":"x",)");
  with("components that are none", R"("name":"x","components":{},)");
  with("a component of a bad name", R"("name":"x","components":{"A":{"kind":"codec"}},)");
  with("a component that is no object", R"("name":"x","components":{"a":3},)");
  with("a component of no kind", R"("name":"x","components":{"a":{}},)");
  with("a component of a kind twice",
       R"("name":"x","components":{"a":{"kind":"codec"},"b":{"kind":"codec","name":"a"}},)");
  with("a schema that is no object", R"("name":"x","components":{"a":{"kind":"codec","schema":[]}},)");
  const auto readback = [&](const char* title, const std::string& how) {
    with(title, R"("name":"x","components":{"a":{"kind":"loader","schema":{"properties":{"table":{}}},"readback":)" +
                    how + R"(},"b":{"kind":"extractor","schema":{"properties":{"file":{}}}}},)");
  };
  readback("a readback that is no object", R"("b")");
  readback("a readback through nothing", R"({"options":{}})");
  readback("a readback without options", R"({"use":"b"})");
  readback("a readback of an option that the loader has not", R"({"use":"b","options":{"file":"path"}})");
  readback("a readback into an option that the extractor has not", R"({"use":"b","options":{"path":"table"}})");
  readback("a readback through an extractor that is not there", R"({"use":"c","options":{}})");
  readback("a readback by a key that is no option", R"({"use":"b","options":{},"key":"id"})");
  told.end();
}

TEST_CASE("whatever keeps a plugin from being loaded is told as the golden file says") {
  const Scratch scratch;
  Golden told = golden("loading.txt", scratch);
  for (const char* sin : {"missing_symbol", "foreign_major", "needs_higher_abi", "hides_needs_abi", "other_preview",
                          "unresolved_symbol", "unresolved_library", "null_table", "null_function", "short_description",
                          "other_name", "same_name_twice", "open_fails"}) {
    told.tell_failure(sin, load(bad_plugin(sin)));
  }
  const std::uint16_t other = host_machine() == "aarch64" ? EM_X86_64 : EM_AARCH64;
  const Patched good;
  told.hide(other == EM_X86_64 ? "x86-64" : "aarch64", "OTHER");
  told.tell_failure("another machine",
                    load(scratch.file("x.so", with_header([&](Elf64_Ehdr& h) { h.e_machine = other; }))));
  std::string newer = bytes_of(bad_plugin("needs_libc"));
  for (std::size_t at = newer.find("GLIBC_2."); at != std::string::npos; at = newer.find("GLIBC_2.", at + 1)) {
    const std::size_t end = newer.find('\0', at);
    newer.replace(at, end - at, ("GLIBC_9.9" + std::string(end - at, '\0')).substr(0, end - at));
  }
  told.tell_failure("a newer libc", load(scratch.file("x.so", newer)));
  auto refused = load(scratch.file("x.so", with_header([](Elf64_Ehdr& h) { h.e_phnum = 0; })));
  REQUIRE_FALSE(refused.has_value());
  told.hide(refused.error().message.substr(refused.error().message.find("refuses: ") + 9), "WHAT THE LOADER SAYS");
  told.tell_failure("whatever else", refused);
  PluginInfo foreign = *read_info(bad_plugin("good"));
  foreign.abi = WEIR_VERSION(2, 0);
  told.tell_failure("another ABI", check_compatible(foreign, "x.so"));
  foreign.abi = WEIR_ABI;
  foreign.preview = 0;
  told.tell_failure("an ABI that is no preview any more", check_compatible(foreign, "x.so"));
  foreign.machine = "x86-64 (Windows)";
  told.tell_failure("another system", check_compatible(foreign, "x.dll"));
  told.end();
}

TEST_CASE("descriptions that break the contract are told as the golden file says") {
  const Scratch scratch;
  Golden told = golden("descriptions.txt", scratch);
  const auto description = [&](const char* title, const std::function<void(Described&)>& change) {
    Described made;
    REQUIRE(check_description(&made.plugin, made.info).has_value());
    change(made);
    told.tell_failure(title, check_description(&made.plugin, made.info));
  };
  told.tell_failure("none", check_description(nullptr, Described().info));
  description("too short", [](Described& d) { d.plugin.size = 8; });
  description("no name", [](Described& d) { d.plugin.name = {nullptr, 3}; });
  description("another name", [](Described& d) { d.plugin.name = {"q", 1}; });
  description("another version", [](Described& d) { d.plugin.version = {"1.0.1", 5}; });
  description("no open", [](Described& d) { d.plugin.open = nullptr; });
  description("too many components", [](Described& d) { d.plugin.count = 5000; });
  description("components nowhere", [](Described& d) { d.plugin.components = nullptr; });
  description("another count", [](Described& d) { d.plugin.count = 0; });
  description("a component twice", [](Described& d) {
    d.plugin.count = 2;
    d.info.components.push_back(d.info.components.front());
  });
  description("a component nowhere", [](Described& d) { d.components[0] = nullptr; });
  description("a component too short", [](Described& d) { d.component.size = 8; });
  description("a component without a name", [](Described& d) { d.component.name = {nullptr, 1}; });
  description("a component of another name", [](Described& d) { d.component.name = {"d", 1}; });
  description("a component of another kind", [](Described& d) { d.component.kind = WEIR_KIND_FORMAT; });
  description("a function that its kind needs", [](Described& d) { d.codec.step = nullptr; });
  description("either of two functions", [](Described& d) {
    static const weir_format nothing = [] {
      weir_format table{};
      table.size = sizeof table;
      return table;
    }();
    d.component.kind = d.info.components.front().kind = WEIR_KIND_FORMAT;
    d.component.table = &nothing;
  });
  told.end();
}

TEST_CASE("which plugin is not there, or not clear, is told as the golden file says") {
  const Scratch scratch;
  Golden told = golden("registry.txt", scratch);
  const auto plugin = [](const std::string& name, const std::string& component, const std::string& kind) {
    FoundPlugin found;
    found.path = "/plugins/" + name + ".so";
    found.info =
        *parse_info(R"({"name":")" + name + R"(","version":"1.2.0","abi":"1.0","needs_abi":"1.0","components":{")" +
                        component + R"(":{"kind":")" + kind + "\"}}}",
                    found.path);
    found.info->machine = host_machine();
    return found;
  };
  const Registry registry({plugin("csv", "csv", "format"), plugin("acme/csv", "csv", "format"),
                           plugin("file", "file", "storage"), plugin("gzip", "gzip", "codec")},
                          {{"csv", "^3"}, {"gzip", "newest"}, {"jsn", "*"}});
  for (const auto& problem : registry.problems()) told.tell_error("plugins: " + problem.plugin, problem.error);
  const Registry all(
      {plugin("csv", "csv", "format"), plugin("acme/csv", "csv", "format"), plugin("gzip", "gzip", "codec")}, {});
  told.tell_failure("two have it", all.find("csv"));
  told.tell_failure("another kind", all.find("gzip", WEIR_KIND_FORMAT));
  told.tell_failure("another kind, of which there is none", all.find("gzip", WEIR_KIND_LOADER));
  told.tell_failure("none of that name", all.find("kafka"));
  told.tell_failure("nearly its name", all.find("gzp", WEIR_KIND_CODEC));
  told.tell_failure("none of that plugin", all.find("cvs:csv"));
  told.end();
}

TEST_CASE("calls that break the contract are told as the golden file says") {
  const Scratch scratch;
  Golden told = golden("calls.txt", scratch);
  const auto call = [&](const char* title, const std::function<weir_status(weir_error*)>& body) {
    const Culprit culprit{"csv", "orders", "process"};
    const CallOutcome outcome = guarded_call(culprit, GuardDepth::full, body);
    told.tell_error(title, outcome.failed.error);
  };
  call("a status that is none", [](weir_error*) { return 4711; });
  call("a fault that is none", [](weir_error* error) { return weir_fail(error, WEIR_INTERNAL, 99, "x"); });
  call("no message", [](weir_error*) { return WEIR_DATA_LOSS; });
  call("a message", [](weir_error* error) {
    std::strcpy(error->column, "price");
    std::strcpy(error->hint, "mend it");
    return weir_fail(error, WEIR_INVALID_ARGUMENT, WEIR_FAULT_DATA, "expected a number, found \"x\"");
  });
  call("a message without a fault",
       [](weir_error* error) { return weir_fail(error, WEIR_UNAVAILABLE, WEIR_FAULT_UNKNOWN, "no answer"); });
  call("an exception", [](weir_error*) -> weir_status { throw std::runtime_error("oops"); });
  call("an exception of another kind", [](weir_error*) -> weir_status { throw 5; });
  call("the floating-point mode", [](weir_error*) {
    std::fesetround(FE_UPWARD);
    return WEIR_OK;
  });
  const locale_t another = newlocale(LC_ALL_MASK, "C", nullptr);
  call("the thread's locale", [another](weir_error*) {
    uselocale(another);
    return WEIR_OK;
  });
  freelocale(another);
  call("the program's locale", [](weir_error*) {
    std::setlocale(LC_ALL, "C.UTF-8");
    return WEIR_OK;
  });
  call("the signal mask", [](weir_error*) {
    sigset_t some;
    sigemptyset(&some);
    sigaddset(&some, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &some, nullptr);
    return WEIR_OK;
  });
  told.end();
}

}  // namespace weir::plugins
