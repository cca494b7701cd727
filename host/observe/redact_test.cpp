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

TEST_CASE("of secrets that overlap the longest is taken, and what replaces one is not searched again") {
  Redactor redactor;
  redactor.add("abc");
  redactor.add("abcdef");
  redactor.add("***x");
  CHECK(redactor.redact("abcdef abcde") == "*** ***de");
  CHECK(redactor.redact("abcx") == "***x");
}

TEST_CASE("each line of a secret is one, and short texts are none") {
  Redactor redactor;
  redactor.add("first line\r\nsecond line\nab\n");
  CHECK(redactor.redact("> first line <") == "> *** <");
  CHECK(redactor.redact("> second line <") == "> *** <");
  CHECK(redactor.redact("ab") == "ab");
  redactor.add("");
  redactor.add("xy");
  CHECK(redactor.redact("xyz") == "xyz");
}
