// Cases of the file as a whole: what stands in it, what it exports, how it is loaded.
#include <dlfcn.h>
#include <link.h>

#include <cstring>

#include "conformance/case.hpp"
#include "conformance/own_time.hpp"
#include "conformance/subject.hpp"
#include "plugins/error.hpp"
#include "plugins/inspection.hpp"

namespace weir::conformance {
namespace {

constexpr std::int64_t kScanNs = 100'000'000;

using Entry = const weir_plugin*();

// The file in memory, not opened; unloaded with it.
class Loaded {
 public:
  explicit Loaded(const std::filesystem::path& file) : handle_(::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL)) {}
  Loaded(const Loaded&) = delete;
  Loaded& operator=(const Loaded&) = delete;
  ~Loaded() {
    if (handle_ != nullptr) ::dlclose(handle_);
  }
  Entry* entry() const {
    return handle_ == nullptr ? nullptr : reinterpret_cast<Entry*>(::dlsym(handle_, "weir_plugin_v1"));
  }

 private:
  void* handle_;
};

Step loads(Subject& subject) {
  const auto loaded = plugins::Library::load(subject.file(), subject.info(), {});
  return loaded ? Step() : fail(loaded.error().message);
}

Step scans_fast(Subject& subject) {
  const OwnTime time;
  const auto info = plugins::read_info(subject.file());
  const Loaded loaded(subject.file());
  if (!info || loaded.entry() == nullptr) return skip("it does not load");
  static_cast<void>(loaded.entry()());
  const std::int64_t took = time.ns();
  if (took < kScanNs) return {};
  return fail("reading, loading and describing it took " + std::to_string(took / 1'000'000) + " ms");
}

Step entry_is_constant(Subject& subject) {
  const Loaded loaded(subject.file());
  if (loaded.entry() == nullptr) return skip("it does not load");
  return loaded.entry()() == loaded.entry()() ? Step()
                                              : fail("weir_plugin_v1() returned another pointer the second time");
}

// All that the descriptor leads to, as bytes.
std::string bytes_of_descriptor(const weir_plugin& plugin) {
  std::string bytes(reinterpret_cast<const char*>(&plugin), sizeof plugin);
  const auto add = [&bytes](const void* from, std::size_t count) {
    bytes.append(static_cast<const char*>(from), count);
  };
  for (std::uint64_t i = 0; i < plugin.count; ++i) {
    const weir_component& component = *plugin.components[i];
    add(&component, sizeof component);
    add(component.about.data, component.about.length);
    std::size_t size = 0;
    std::memcpy(&size, component.table, sizeof size);  // every table begins with it
    add(component.table, size);
  }
  return bytes;
}

Step descriptor_is_constant(Subject& subject) {
  WEIR_TRY_ASSIGN(const plugins::Library* library, subject.library());
  const Loaded again(subject.file());
  const weir_plugin& plugin = library->description();
  const std::string before = bytes_of_descriptor(plugin);
  plugins::HostTable host({}, "", "");
  weir_error error = plugins::empty_error();
  subject.announce("open");
  if (plugin.open(host.get(), &error) == WEIR_OK) plugin.close();
  subject.close();
  return bytes_of_descriptor(*again.entry()()) == before ? Step()
                                                         : fail("the descriptor was another after open() and close()");
}

Step exports_entry_only(Subject& subject) {
  const auto inspected = plugins::inspect(subject.file());
  if (!inspected) return skip("its symbols can't be read: " + inspected.error().message);
  std::string more;
  int count = 0;
  for (const std::string& name : inspected->object.exported) {
    if (name == "weir_plugin_v1") continue;
    if (++count <= 3) more += (more.empty() ? "" : ", ") + name;
  }
  if (count == 0) return {};
  return fail("it exports " + more + (count > 3 ? " and " + std::to_string(count - 3) + " more" : ""));
}

Step abi_in_order(Subject& subject) {
  const plugins::PluginInfo& info = subject.info();
  if (info.needs_abi <= info.abi) return {};
  return fail("it was built with " + plugins::abi_text(info.abi) + " and needs " + plugins::abi_text(info.needs_abi));
}

bool is_loaded(const std::filesystem::path& file) {
  void* handle = ::dlopen(file.c_str(), RTLD_NOW | RTLD_NOLOAD);
  if (handle != nullptr) ::dlclose(handle);
  return handle != nullptr;
}

Step unloads(Subject& subject) {
  if (subject.info().go) return skip("Go's runtime is never unloaded");
  WEIR_TRY(subject.library());
  subject.close();
  return is_loaded(subject.file()) ? warn("it was still in memory after it was unloaded") : Step();
}

Step opens_twice(Subject& subject) {
  WEIR_TRY_ASSIGN(const plugins::Library* library, subject.library());
  plugins::HostTable host({}, "", "");
  weir_error error = plugins::empty_error();
  subject.announce("open");
  if (library->description().open(host.get(), &error) != WEIR_OK)
    return fail("its second open() said: " + std::string(error.message));
  subject.announce("close");
  library->description().close();
  subject.close();
  return {};
}

Step opens_again(Subject& subject) {
  for (int time = 0; time < 3; ++time) {
    const auto loaded = plugins::Library::load(subject.file(), subject.info(), {});
    if (!loaded)
      return time == 0 ? Step(skip("it does not load")) : fail("loaded once more it said: " + loaded.error().message);
  }
  return {};
}

Step foreign_extension(Subject& subject) {
  WEIR_TRY_ASSIGN(const plugins::Library* library, subject.library());
  const weir_plugin& plugin = library->description();
  for (std::uint64_t i = 0; i < plugin.count; ++i) {
    const weir_component& component = *plugin.components[i];
    for (const std::string_view id : {"weir.nobody-has-this/1", "", "weir.state/4711"}) {
      subject.announce("extension");
      if (plugins::Library::extension(component, id) != nullptr)
        return fail("component " + std::string(component.name.data, component.name.length) + " has a table for '" +
                    std::string(id) + "'");
    }
  }
  return {};
}

Step licence_said(Subject& subject) { return subject.info().license.empty() ? fail("it says no licence") : Step(); }

constexpr Case kDescriptorCases[] = {
    {"descriptor", "loads", "It is loaded, and what its tables say is what stands in its file.", kFile, loads,
     "let the build describe it (weir_add_plugin(), or WeirPluginInfo.cmake), and link it with --no-undefined",
     "The same facts as a JSON text in the file, readable without running anything."},
    {"descriptor", "scan-time", "It is read, loaded and described in less than 100 ms.", kFile, scans_fast,
     "take the work out of static constructors and of weir_plugin_v1(): open() is the place for it",
     "Returns a constant, does nothing else."},
    {"descriptor", "entry-constant", "Its entry gives the same descriptor each time.", kFile, entry_is_constant,
     "make the descriptor a constant, and return its address", "Returns a constant, does nothing else."},
    {"descriptor", "descriptor-constant", "Its descriptor stays as it is through open() and close().", kFile,
     descriptor_is_constant, "make the descriptor, its components and their tables const",
     "Constant, as everything it points to."},
    {"descriptor", "exports-entry-only", "It exports weir_plugin_v1 and no other symbol.", kFile, exports_entry_only,
     "compile with -fvisibility=hidden, and link with --exclude-libs,ALL and a version script such as "
     "sdk/cmake/plugin.map",
     "Nothing else is exported."},
    {"descriptor", "abi-in-order", "It needs no newer ABI than it was built with.", kFile, abi_in_order,
     "set needs_abi to the oldest version that has all you call",
     "the lowest that it runs with; a host below refuses it before open()"},
    {"descriptor", "unloads", "It is out of memory once it was closed and unloaded.", kFile, unloads,
     "compile with -fno-gnu-unique, link without -z nodelete, keep no thread_local object with a destructor, and don't "
     "load yourself",
     "No thread, file or memory is left after close()."},
    {"descriptor", "opens-twice", "It may be opened a second time while it is open.", kFile, opens_twice,
     "count open() and close()", "A host in a host may open twice: count."},
    {"descriptor", "opens-again", "It is loaded, opened, closed and unloaded three times in turn.", kFile, opens_again,
     "set back in close() what open() has set", "A host in a host may open twice: count."},
    {"descriptor", "extension-unknown", "It has no table for an extension that it does not know.", kFile,
     foreign_extension, "compare the whole id, and return null for any other",
     "The component's table for extension `id`, constant, or null."},
    {"descriptor", "licence-said", "It says under which licence it may be used.", kFile, licence_said,
     "fill in \"license\" in schema.json, with an SPDX identifier",
     "The same facts as a JSON text in the file, readable without running anything."},
};

}  // namespace

std::span<const Case> descriptor_cases() { return kDescriptorCases; }

}  // namespace weir::conformance
