// Addresses: which are taken, and how they are shown.
#include <weir_catch.hpp>

#include "packages/address.hpp"

namespace weir::packages {
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
