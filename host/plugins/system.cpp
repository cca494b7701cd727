// Loading by Boost.DLL, and what the loader's refusals mean.
#include "plugins/system.hpp"

#include <dlfcn.h>
#include <gnu/libc-version.h>

#include <boost/dll/shared_library.hpp>
#include <mutex>
#include <vector>

#include "base/counted.hpp"
#include "base/utf8.hpp"
#include "plugins/compatibility.hpp"
#include "plugins/debian_packages.hpp"
#include "plugins/info.hpp"
#include "plugins/needs.hpp"

namespace weir::plugins {
namespace {

namespace fs = std::filesystem;

// Finds the text between two marks; empty: not there.
std::string between(std::string_view text, std::string_view begin, std::string_view end) {
  const std::size_t from = text.find(begin);
  if (from == std::string_view::npos) return {};
  const std::size_t start = from + begin.size(), stop = text.find(end, start);
  return std::string(text.substr(start, stop == std::string_view::npos ? stop : stop - start));
}

// Who needs it, where that is not the plugin itself.
std::string needed_by(const std::string& name, const std::string& path) {
  return name == path ? std::string() : " (it is '" + name + "' that needs it)";
}

base::Error missing_library(const std::string& path, const std::vector<const NeededLibrary*>& missing) {
  const NeededLibrary& first = *missing.front();
  std::string others;
  for (std::size_t i = 1; i < missing.size(); ++i) others += (i == 1 ? "; nor is '" : ", '") + missing[i]->name + "'";
  return plugin_refused("plugin.unresolved_library",
                        path + ": needs the library '" + first.name + "', which is not installed" +
                            needed_by(first.needed_by, path) + others,
                        cure_for_library(first.name));
}

// The loader tells what is wrong in a sentence only: "libx.so.1: cannot open shared object file: ...".
base::Error refusal(const std::string& path, const std::string& said) {
  const std::string library = said.substr(0, said.find(':'));
  if (const std::string symbol = between(said, "undefined symbol: ", " ("); !symbol.empty()) {
    return plugin_refused(
        "plugin.unresolved_symbol", path + ": needs the symbol '" + symbol + "', which no library it links has",
        "link the plugin with --no-undefined (weir_add_plugin() does), or update the libraries it needs");
  }
  if (const std::string version = between(said, "version `", "' not found"); !version.empty()) {
    return plugin_refused("plugin.libc_too_old",
                          path + ": needs " + version + ", " + library + " of this machine is older",
                          "take a file of the plugin that was built on an older system, or run weir on a newer one");
  }
  if (said.find("cannot open shared object file") != std::string::npos && library != path) {
    const Needs needs = find_needs(path, system_rules());
    const NeededLibrary alone{library, {}, path};
    const auto missing = needs.missing();
    return missing_library(path, missing.empty() ? std::vector{&alone} : missing);
  }
  return plugin_refused("plugin.load",
                        path + ": expected a library that the system loads, found one that it refuses: " + said,
                        "`ldd` on the file shows what it needs");
}

}  // namespace

struct Module::Handle {
  boost::dll::shared_library library;
};

Module::Module() : handle_(std::make_unique<Handle>()) {}
Module::Module(Module&& other) noexcept = default;
Module& Module::operator=(Module&& other) noexcept = default;
Module::~Module() = default;

base::Result<void> Module::load(const fs::path& file) {
  using boost::dll::load_mode::rtld_local;
  using boost::dll::load_mode::rtld_now;
  ::dlerror();
  boost::dll::fs::error_code problem;
  handle_->library.load(file.string(), problem, rtld_now | rtld_local);
  if (!problem) return {};
  const char* said = ::dlerror();
  return base::unexpected(refusal(file.string(), said == nullptr ? problem.message() : base::printable(said)));
}

void* Module::find(const std::string& name) const { return ::dlsym(handle_->library.native(), name.c_str()); }

void Module::stay() {
  // Reachable to the end, and never destroyed.
  static std::mutex mutex;
  static auto& staying = *new std::vector<std::unique_ptr<Handle>>;
  const std::scoped_lock lock(mutex);
  staying.push_back(std::move(handle_));
}

bool is_plugin_file(const fs::path& path) {
  return (path.extension() == ".so" || path.extension() == ".dll") && path.filename().native()[0] != '.';
}

std::string libc_version() { return gnu_get_libc_version(); }

fs::path file_of_this_code() {
  std::error_code problem;
  Dl_info place{};
  const auto here = reinterpret_cast<const void*>(&file_of_this_code);
  if (::dladdr(here, &place) != 0 && place.dli_fname != nullptr) {
    fs::path file = fs::canonical(place.dli_fname, problem);
    if (!problem && file.filename().string().starts_with("libweir.so")) return file;
  }
  fs::path program = fs::read_symlink("/proc/self/exe", problem);
  return problem ? fs::path() : program;
}

std::string_view host_machine() {
#if defined(__x86_64__)
  return "x86-64";
#elif defined(__aarch64__)
  return "aarch64";
#elif defined(__riscv)
  return "riscv64";
#elif defined(__powerpc64__)
  return "ppc64le";
#else
  return "unknown";
#endif
}

}  // namespace weir::plugins
