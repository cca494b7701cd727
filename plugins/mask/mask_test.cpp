// mask, through the ABI.
#include <weir/ext/reads.h>

#include <set>

#include <weir/testing_transformer.hpp>
#include <weir/weir.hpp>
#include <weir_catch.hpp>
#include <weir_golden.hpp>

#include "masker.hpp"

namespace weir {
namespace {

using Texts = std::vector<std::string>;
using testing::Options;

constexpr const char* kKey = "correct horse battery staple";

class Instance : public testing::TransformerInstance {
 public:
  Instance(Schema field, Options options)
      : TransformerInstance("mask", rows_with(std::move(field)), std::move(options)) {}
  static Schema rows_with(Schema field) {
    std::vector<Schema> fields;
    fields.push_back(std::move(field));
    return Schema::rows(std::move(fields));
  }
  // What comes of rows [first, …) of a column; "∅": null.
  Texts process(Array column, std::int64_t first = 0) {
    const Array rows = TransformerInstance::process(std::move(column), first);
    INFO(error.message);
    REQUIRE(status == WEIR_OK);
    REQUIRE(collected.pushed.size() == 1);
    const LargeTextColumn texts(*rows->children[0], rows->offset);
    Texts made;
    for (std::int64_t row = 0; row < rows->length; ++row)
      made.emplace_back(texts.valid(row) ? std::string(texts[row]) : "∅");
    return made;
  }
};

Texts masked(Options options, const std::vector<const char*>& values) {
  Instance made(Schema::field("u", "c"), std::move(options.with({"/key", kKey})));
  INFO(made.error.message);
  REQUIRE(made.status == WEIR_OK);
  return made.process(testing::text_column(values));
}

std::string once(mask::Method method, std::string_view value, std::string_view key = kKey) {
  std::string out;
  mask::Masker(std::move(method), key).append(value, out);
  return out;
}

std::string shape(std::string text) {
  for (char& byte : text) {
    if (byte >= '0' && byte <= '9') byte = '9';
    if (byte >= 'a' && byte <= 'z') byte = 'a';
    if (byte >= 'A' && byte <= 'Z') byte = 'A';
  }
  return text;
}

}  // namespace

TEST_CASE("redact leaves nothing, or stars and as much as half of what was there") {
  CHECK(masked({{"/columns/c", "redact"}}, {"ann", nullptr, ""}) == Texts{"***", "∅", "***"});
  CHECK(masked({{"/columns/c/method", "redact"}, {"/columns/c/with", "[x]"}}, {"ann"}) == Texts{"[x]"});
  const Options last{{"/columns/c/method", "redact"}, {"/columns/c/keep_last", 4}};
  CHECK(masked(last, {"4111 1111 1111 1234", "12345", "müller"}) == Texts{"**** **** **** 1234", "***45", "***ler"});
  CHECK(masked({{"/columns/c/method", "redact"}, {"/columns/c/keep_first", 1}, {"/columns/c/keep_last", 1}},
               {"äbcö", "ab"}) == Texts{"ä**ö", "*b"});
}

TEST_CASE("truncate keeps whole characters") {
  const Options options{{"/columns/c/method", "truncate"}, {"/columns/c/keep_first", 2}};
  CHECK(masked(options, {"äöü", "a", ""}) == Texts{"äö", "a", ""});
}

TEST_CASE("hash is the HMAC-SHA256 of the value under a key that is derived for it") {
  // By Python: hmac(hmac(key, "weir mask: hash"), "ann@example.com"), both of SHA-256.
  const Texts made = masked({{"/columns/c", "hash"}}, {"ann@example.com", "ann@example.com", "Ann@example.com"});
  CHECK(made[0] == "e955ddf97a908343febcd71a0a269e7d67525677089810e7abe50cb6aabe2728");
  CHECK(made[0] == made[1]);
  CHECK(made[0] != made[2]);
  const std::string part = once({.way = mask::Way::hash, .digits = 16}, "ann@example.com");
  CHECK(part == made[0].substr(0, 16));
  CHECK(once({.way = mask::Way::hash}, "ann@example.com", "another key, as long") != made[0]);
}

TEST_CASE("tokens are the same for the same value, and for no other") {
  std::set<std::string> tokens;
  for (int i = 0; i < 1000; ++i) tokens.insert(once({.way = mask::Way::tokenise}, std::to_string(i)));
  CHECK(tokens.size() == 1000);
  CHECK(tokens.begin()->size() == 30);
  CHECK(once({.way = mask::Way::tokenise, .prefix = "p-"}, "7").substr(2) ==
        once({.way = mask::Way::tokenise}, "7").substr(4));
}

TEST_CASE("preserve keeps the shape, and different values different") {
  for (const char* value :
       {"4111 1111 1111 1111", "Ann.Baker@example.com", "+49 (30) 901820", "AB12", "", "---", "ä1"}) {
    const std::string made = once({.way = mask::Way::preserve}, value);
    INFO(value << " " << made);
    CHECK(shape(made) == shape(value));
    CHECK(made == once({.way = mask::Way::preserve}, value));
  }
  std::set<std::string> seen;
  for (int i = 0; i < 2000; ++i) seen.insert(once({.way = mask::Way::preserve}, std::to_string(1'000'000 + i)));
  CHECK(seen.size() == 2000);
  CHECK(seen.count("1000000") == 0);
}

TEST_CASE("preserve masks texts of any length whole") {
  const std::string value(500, 'a'), digits(131, '7');
  CHECK(once({.way = mask::Way::preserve}, value) != value);
  const std::string made = once({.way = mask::Way::preserve}, digits);
  CHECK(shape(made) == std::string(131, '9'));
  CHECK(made.find("77777") == std::string::npos);
}

TEST_CASE("what is detected is masked where it stands, in columns that are not named, in a slice too") {
  Instance made(Schema::field("U", "note"), {{"/detect/0", "email"}, {"/detect/1", "card"}, {"/detected", "redact"}});
  REQUIRE(made.status == WEIR_OK);
  LargeTextBuilder builder;
  builder.append("first");
  builder.append("ask ann@example.com, card 4111111111111111.");
  builder.append_null();
  builder.append("call +49 30 901820");
  CHECK(made.process(builder.finish(), 1) == Texts{"ask ***, card ***.", "∅", "call +49 30 901820"});
}

TEST_CASE("a column that is no text is hashed by its text, and redacted to null") {
  NumberBuilder<std::int64_t> numbers;
  numbers.append(42);
  numbers.append_null();
  Instance hashed(Schema::field("l", "c"), {{"/columns/c", "hash"}, {"/key", kKey}});
  REQUIRE(hashed.status == WEIR_OK);
  CHECK(std::string(hashed.output().children[0]->format) == "U");
  CHECK(hashed.process(numbers.finish()) == Texts{once({.way = mask::Way::hash}, "42"), "∅"});
  numbers.append(42);
  Instance redacted(Schema::field("l", "c", false), {{"/columns/c", "redact"}});
  REQUIRE(redacted.status == WEIR_OK);
  CHECK((redacted.output().children[0]->flags & ARROW_FLAG_NULLABLE) != 0);
  CHECK(redacted.process(numbers.finish()) == Texts{"∅"});
}

TEST_CASE("every message of mask is what its golden file says, and holds no key") {
  test::Golden golden(WEIR_GOLDEN "/messages.txt");
  const auto tell = [&golden](const std::string& title, Schema field, Options options) {
    const Instance made(std::move(field), std::move(options));
    CHECK(made.status == WEIR_INVALID_ARGUMENT);
    CHECK(made.error.fault == WEIR_FAULT_MANIFEST);
    const std::string told = std::string(made.error.option) + ": " + made.error.message + "\nhint: " + made.error.hint;
    CHECK(told.find("horse") == std::string::npos);
    golden.tell(title, told);
  };
  const auto text = [] { return Schema::field("u", "email"); };
  tell("nothing to mask", text(), {{"/key", kKey}});
  tell("a column that is not there", text(), {{"/columns/emial", "redact"}, {"/key", kKey}});
  tell("no key", text(), {{"/columns/email", "hash"}});
  tell("no key for what is detected", text(), {{"/detect/0", "email"}, {"/detected", "tokenise"}});
  tell("truncate to nothing", text(), {{"/columns/email", "truncate"}});
  tell("a number to preserve", Schema::field("l", "id"), {{"/columns/id", "preserve"}, {"/key", kKey}});
  tell("a list to hash", Schema::nested("+l", "tags", Schema::field("u", "item")),
       {{"/columns/tags", "hash"}, {"/key", kKey}});
  golden.end();
}

}  // namespace weir
