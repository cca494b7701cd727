// The list is of Debian 12. What is not on it, the machine's own package database may know.
#include "plugins/debian_packages.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

#include "base/utf8.hpp"
#include "security/program.hpp"

namespace weir::plugins {
namespace {

struct Known {
  std::string_view library, package;
};

constexpr std::array<Known, 64> kKnown = {{{"libabsl_base.so.20220623", "libabsl20220623"},
                                           {"libarchive.so.13", "libarchive13"},
                                           {"libarrow.so.1100", "libarrow1100"},
                                           {"libaws-cpp-sdk-core.so", "libaws-cpp-sdk-core-dev"},
                                           {"libboost_filesystem.so.1.74.0", "libboost-filesystem1.74.0"},
                                           {"libboost_filesystem.so.1.81.0", "libboost-filesystem1.81.0"},
                                           {"libboost_iostreams.so.1.74.0", "libboost-iostreams1.74.0"},
                                           {"libboost_thread.so.1.74.0", "libboost-thread1.74.0"},
                                           {"libbrotlidec.so.1", "libbrotli1"},
                                           {"libbrotlienc.so.1", "libbrotli1"},
                                           {"libbz2.so.1.0", "libbz2-1.0"},
                                           {"libcares.so.2", "libc-ares2"},
                                           {"libcctz.so.2", "libcctz2"},
                                           {"libcrypto.so.1.1", "libssl1.1"},
                                           {"libcrypto.so.3", "libssl3"},
                                           {"libcurl.so.4", "libcurl4"},
                                           {"libcurl-gnutls.so.4", "libcurl3-gnutls"},
                                           {"libdb-5.3.so", "libdb5.3"},
                                           {"libexpat.so.1", "libexpat1"},
                                           {"libfmt.so.9", "libfmt9"},
                                           {"libgcc_s.so.1", "libgcc-s1"},
                                           {"libgeos_c.so.1", "libgeos-c1v5"},
                                           {"libglib-2.0.so.0", "libglib2.0-0"},
                                           {"libgnutls.so.30", "libgnutls30"},
                                           {"libgomp.so.1", "libgomp1"},
                                           {"libgrpc++.so.1.51", "libgrpc++1.51"},
                                           {"libgrpc.so.29", "libgrpc29"},
                                           {"libgssapi_krb5.so.2", "libgssapi-krb5-2"},
                                           {"libhdf5_serial.so.103", "libhdf5-103-1"},
                                           {"libicuuc.so.72", "libicu72"},
                                           {"libjemalloc.so.2", "libjemalloc2"},
                                           {"liblz4.so.1", "liblz4-1"},
                                           {"liblzma.so.5", "liblzma5"},
                                           {"libmariadb.so.3", "libmariadb3"},
                                           {"libmaxminddb.so.0", "libmaxminddb0"},
                                           {"libnetcdf.so.19", "libnetcdf19"},
                                           {"libnghttp2.so.14", "libnghttp2-14"},
                                           {"libodbc.so.2", "libodbc2"},
                                           {"libpcre2-8.so.0", "libpcre2-8-0"},
                                           {"libpq.so.5", "libpq5"},
                                           {"libproj.so.25", "libproj25"},
                                           {"libprotobuf.so.32", "libprotobuf32"},
                                           {"libprotobuf-lite.so.32", "libprotobuf-lite32"},
                                           {"libpython3.11.so.1.0", "libpython3.11"},
                                           {"librabbitmq.so.4", "librabbitmq4"},
                                           {"librdkafka.so.1", "librdkafka1"},
                                           {"librdkafka++.so.1", "librdkafka++1"},
                                           {"libre2.so.9", "libre2-9"},
                                           {"libsasl2.so.2", "libsasl2-2"},
                                           {"libsnappy.so.1", "libsnappy1v5"},
                                           {"libsodium.so.23", "libsodium23"},
                                           {"libsqlite3.so.0", "libsqlite3-0"},
                                           {"libssh2.so.1", "libssh2-1"},
                                           {"libssh.so.4", "libssh-4"},
                                           {"libssl.so.1.1", "libssl1.1"},
                                           {"libssl.so.3", "libssl3"},
                                           {"libstdc++.so.6", "libstdc++6"},
                                           {"libsybdb.so.5", "libsybdb5"},
                                           {"libthrift-0.17.0.so", "libthrift-0.17.0"},
                                           {"libuv.so.1", "libuv1"},
                                           {"libxml2.so.2", "libxml2"},
                                           {"libxxhash.so.0", "libxxhash0"},
                                           {"libyaml-cpp.so.0.7", "libyaml-cpp0.7"},
                                           {"libz.so.1", "zlib1g"}}};

constexpr std::int64_t kPatienceNs = 5'000'000'000;
constexpr std::size_t kMaxDpkgOutput = 64U << 10U;

// The first line "PACKAGE: FILE" that a program prints about a file of this name; nothing: it knows none, or is not there.
std::pair<std::string, std::string> owner(std::vector<std::string> command, const std::string& name) {
  security::ProgramCall call;
  call.command = std::move(command);
  call.timeout_ns = kPatienceNs;
  call.max_output = kMaxDpkgOutput;
  const auto end = security::run_program(call);
  if (!end || end->ending != security::Ending::exited || end->code != 0) return {};
  for (std::string_view rest = end->output; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    const std::size_t colon = line.find(": /");
    if (colon == std::string_view::npos || !line.ends_with("/" + name)) continue;
    const std::string_view package = line.substr(0, line.find_first_of(":,"));
    return {base::printable(package), base::printable(line.substr(colon + 2))};
  }
  return {};
}

bool is_package_name(const std::string& name) {
  return !name.empty() && name.front() != '-' &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-") ==
             std::string::npos;
}

}  // namespace

std::string known_package(const std::string& name) {
  const auto found =
      std::find_if(kKnown.begin(), kKnown.end(), [&](const Known& known) { return known.library == name; });
  return found == kKnown.end() ? std::string() : std::string(found->package);
}

std::string cure_for_library(const std::string& name) {
  const std::string otherwise = ", or put its folder into LD_LIBRARY_PATH";
  if (!is_package_name(name)) return "install the library" + otherwise;
  if (const auto [package, file] = owner({"dpkg", "-S", "*/" + name}, name); !package.empty()) {
    return "it is " + file + " of the package " + package +
           ", where the loader does not look: put its folder into LD_LIBRARY_PATH";
  }
  if (const std::string package = known_package(name); !package.empty())
    return "install the Debian package " + package + otherwise;
  if (const auto [package, file] = owner({"apt-file", "search", "--fixed-string", "/" + name}, name); !package.empty())
    return "install the Debian package " + package + otherwise;
  return "install the package that has it (`apt-file search " + name + "` names it)" + otherwise;
}

}  // namespace weir::plugins
