// Redaction.
#include "observe/redact.hpp"

#include <weir_catch.hpp>

using weir::observe::Redactor;

TEST_CASE("a secret is replaced wherever and however it is spelled") {
  Redactor redactor;
  CHECK(redactor.empty());
  redactor.add("p\"a ss/ü");
  CHECK_FALSE(redactor.empty());
  CHECK(redactor.redact("x p\"a ss/ü y p\"a ss/ü") == "x *** y ***");
  CHECK(redactor.redact(R"({"k":"p\"a ss/ü"})") == R"({"k":"***"})");
  CHECK(redactor.redact(R"(p\"a ss/\u00fc)") == "***");
  CHECK(redactor.redact("p%22a%20ss%2F%C3%BC") == "***");
  CHECK(redactor.redact("p%22a%20ss%2f%c3%bc") == "***");
  CHECK(redactor.redact("p%22a+ss%2F%C3%BC") == "***");
  CHECK(redactor.redact("p%22a%20ss/%C3%BC") == "***");
  CHECK(redactor.redact(R"(p\\\"a ss/ü)") == "***");
  CHECK(redactor.redact("nothing") == "nothing");
}

TEST_CASE("a secret in base64 is found, alone and inside a longer text") {
  Redactor redactor;
  redactor.add("s3cr3t-Zm9v!?~");
  // printf %s TEXT | base64
  CHECK(redactor.redact("czNjcjN0LVptOXYhP34=") == "***" + std::string("4="));
  CHECK(redactor.redact("Basic dXNlcjpzM2NyM3QtWm05diE/fg==").find("M2NyM3QtWm05diE/") == std::string::npos);
  CHECK(redactor.redact("Basic dXNlcjE6czNjcjN0LVptOXYhP346eA==").find("NjcjN0LVptOXYh") == std::string::npos);
  CHECK(redactor.redact("Basic dXNlcjEyOnMzY3IzdC1abTl2IT9-").find("MzY3IzdC1abTl2IT9-") == std::string::npos);
}

TEST_CASE("of secrets that overlap the longest is taken, and what replaces one is not searched again") {
  Redactor redactor;
  redactor.add("abcdefgh");
  redactor.add("abcdefghijkl");
  redactor.add("***xyz123");
  CHECK(redactor.redact("abcdefghijkl abcdefghij.") == "*** ***ij.");
  CHECK(redactor.redact("abcdefghxyz123") == "***xyz123");
}

TEST_CASE("each line of a secret is one") {
  Redactor redactor;
  redactor.add("first line\r\nsecond line\nab\n");
  CHECK(redactor.redact("> first line <") == "> *** <");
  CHECK(redactor.redact("> second line <") == "> *** <");
  CHECK(redactor.redact("ab") == "ab");
}

TEST_CASE("short secrets are found as whole words only, and the shortest not at all") {
  Redactor redactor;
  for (const char* secret : {"", "csv", "data", "main1"}) redactor.add(secret);
  CHECK(redactor.redact("csv: database, metadata, data_1, däta") == "csv: database, metadata, data_1, däta");
  CHECK(redactor.redact("data: 'data'=data") == "***: '***'=***");
  CHECK(redactor.redact("domain1 main12 main1") == "domain1 main12 ***");
  redactor.add("postgres");
  CHECK(redactor.redact("postgresql") == "***ql");  // from 8 bytes on anywhere
}

TEST_CASE("a text that is cut within a secret does not show its beginning") {
  Redactor redactor;
  redactor.add("correct horse battery");
  for (const char* end : {"", "…", "...", "\xEF\xBF\xBD"}) {
    CAPTURE(end);
    CHECK(redactor.redact("it is correct horse bat" + std::string(end)) == "it is ***" + std::string(end));
  }
  CHECK(redactor.redact("it is correct") == "it is correct");            // 7 bytes tell little
  CHECK(redactor.redact("correct horses eat") == "correct horses eat");  // not a secret's
}

TEST_CASE("an error loses secrets in all of its texts, and its caret stays where it belongs") {
  Redactor redactor;
  redactor.add("hunter2hunter2");
  weir::base::Error error = weir::base::manifest_error("x", "found hunter2hunter2");
  error.hint = "not hunter2hunter2";
  error.place = {"hunter2hunter2.yaml", 3, 31, 3, "url: \"u:hunter2hunter2@h\", x: one"};
  error.also.push_back(error);
  const weir::base::Error shown = redactor.redact(error);
  for (const weir::base::Error* const one : {&shown, &shown.also[0]}) {
    CHECK(one->message == "found ***");
    CHECK(one->hint == "not ***");
    CHECK(one->place.file == "***.yaml");
    CHECK(one->place.source_line == "url: \"u:***@h\", x: one");
    CHECK(one->place.source_line.substr(one->place.column - 1, one->place.length) == "one");
  }
}

TEST_CASE("a document stays JSON whatever the secrets are") {
  Redactor redactor;
  for (const char* secret : {"true", "12345678", "\",\n  \"x\": "}) redactor.add(secret);
  const nlohmann::ordered_json document{{"ok", true}, {"rows", 12345678}, {"text", "it is true"}, {"true", nullptr}};
  const auto shown =
      weir::observe::redacted_texts(document, [&](std::string text) { return redactor.redact(std::move(text)); });
  CHECK(shown.dump() == R"({"ok":true,"rows":12345678,"text":"it is ***","***":null})");
}
