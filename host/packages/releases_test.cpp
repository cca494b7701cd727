// Releases: what holds past an index's day, and how addresses are shown.
#include <weir_catch.hpp>

#include "packages/address.hpp"
#include "packages/index_reading.hpp"

namespace weir::packages {
namespace {

Release release_with(const std::string& package, const std::string& binary) {
  Release release;
  release.info.name = "limit";
  release.sha256 = package;
  const Platform host = host_platform();
  release.info.files.push_back({host.folder() + "/limit.so", 1, binary, host});
  Platform other = host;
  other.machine = "another";
  release.info.files.push_back({other.folder() + "/limit.so", 1, "other", other});
  return release;
}

}  // namespace

TEST_CASE("past its day an index is good for what is known, with a warning, and for nothing new") {
  OpenedIndex opened;
  const Release release = release_with("package", "binary");
  const auto judged = [&](const std::set<std::string>& known) {
    const auto result = judge_expiry(opened, "team", release, known);
    return !result ? "refused: " + result.error().code : result->empty() ? "right" : "warned";
  };
  CHECK(judged({}) == "right");
  CHECK(judged({"package"}) == "right");
  opened.expired = "2026-11-27";
  CHECK(judged({}) == "refused: index.expired");
  CHECK(judged({"package"}) == "warned");
  CHECK(judged({"binary"}) == "warned");
  CHECK(judged({"other"}) == "refused: index.expired");  // that of another machine
  CHECK(judge_expiry(opened, "team", release, {"binary"}).value().find("2026-11-27") != std::string::npos);
}

TEST_CASE("an address is shown without what only its server should know") {
  CHECK(shown_address("https://plugins.example/a.weirpkg") == "https://plugins.example/a.weirpkg");
  CHECK(shown_address("https://plugins.example") == "https://plugins.example");
  CHECK(shown_address("https://reader:se%40same@plugins.example:8443/a") == "https://plugins.example:8443/a");
  CHECK(shown_address("https://plugins.example/a?signature=x#part") == "https://plugins.example/a?…");
  CHECK(shown_address("https://reader:se/same@plugins.example/a") == "https://…");
  CHECK(shown_address("https://plugins.example/@scope/a") == "https://plugins.example/@scope/a");
  CHECK(password_of("https://reader:se%40same@plugins.example") == "se@same");
  CHECK(password_of("reader:sesame@proxy.example:3128") == "sesame");
  CHECK(password_of("https://plugins.example").empty());
}

TEST_CASE("an address is http or https, however it is spelled") {
  for (const char* const text : {"http://a", "https://a", "HTTPS://a"}) CHECK(is_address(text));
  for (const char* const text : {"", "https://", "ftp://a", "file:///a", "/a/https://b", "a", "httpsa://b"})
    CHECK_FALSE(is_address(text));
  CHECK(is_secure("HttpS://a"));
  CHECK_FALSE(is_secure("http://a"));
  for (const char* const text : {"http://a:x/", "http://a b/", "http://:80/"}) CHECK_FALSE(check_address(text));
}

}  // namespace weir::packages
