#include "cli/programs.hpp"

namespace weir::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPackagesProgram = "weir-packages";

fs::path this_program() { return fs::read_symlink("/proc/self/exe"); }

// The folder that bin/ and libexec/ are in.
fs::path prefix() { return this_program().parent_path().parent_path(); }

}  // namespace

fs::path weir_program() {
  fs::path here = this_program();
  return here.filename() == kPackagesProgram ? prefix() / "bin" / "weir" : here;
}

fs::path packages_program() { return prefix() / "libexec" / kPackagesProgram; }

std::vector<std::string> try_case_command() {
  // Without caches of threads the heap tells exactly what is in use: so a leak of a few bytes is seen.
  return {"env", "GLIBC_TUNABLES=glibc.malloc.tcache_count=0", weir_program().string(), "plugin", kTryCase};
}

}  // namespace weir::cli
