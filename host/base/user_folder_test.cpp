#include "base/user_folder.hpp"

#include <cstdlib>
#include <weir_catch.hpp>

namespace weir::base {

TEST_CASE("a user's folder is where the variable says, else below the home, else nowhere") {
  const auto with = [](const char* variable, const char* home) {
    ::setenv("XDG_TEST_HOME", variable, 1);
    ::setenv("HOME", home, 1);
    return user_folder("XDG_TEST_HOME", ".local/test").string();
  };
  CHECK(with("/data", "/there") == "/data/weir");
  CHECK(with("", "/there") == "/there/.local/test/weir");
  CHECK(with("relative", "/there") == "/there/.local/test/weir");
  CHECK(with("", "relative").empty());
  CHECK(with("", "").empty());
}

}  // namespace weir::base
