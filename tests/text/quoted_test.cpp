// Texts in quotes, as messages and JSON have them.
#include <weir_catch.hpp>

#include <weir/cpp/quoted.hpp>

namespace weir {

TEST_CASE("a message shows a text on one line, and of a long one whole characters up to 40 bytes") {
  CHECK(quoted_for_message("") == "\"\"");
  CHECK(quoted_for_message("a\r\n\tb\x01\x7F") == R"("a\r\n\tb??")");
  CHECK(quoted_for_message(std::string(40, 'x')) == "\"" + std::string(40, 'x') + "\"");
  CHECK(quoted_for_message(std::string(41, 'x')) == "\"" + std::string(40, 'x') + "…\"");
  CHECK(quoted_for_message(std::string(39, 'x') + "éy") == "\"" + std::string(39, 'x') + "…\"");
}

TEST_CASE("a JSON string escapes what JSON can't hold, and nothing else") {
  std::string json = "[";
  append_json_text(json, "a\"b\\c/\n\t\x1F\x7Fé");
  CHECK(json == "[\"a\\\"b\\\\c/\\n\\u0009\\u001f\x7Fé\"");
}

}  // namespace weir
