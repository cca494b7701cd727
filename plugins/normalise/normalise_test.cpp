// normalise, through the ABI.
#include <weir/testing_transformer.hpp>
#include <weir/weir.hpp>
#include <weir_catch.hpp>
#include <weir_golden.hpp>

#include "normal_text.hpp"

namespace weir {
namespace {

using normalise::Case;
using normalise::Form;
using normalise::NormalText;
using testing::Options;
using Texts = std::vector<std::string>;

std::string once(const normalise::Rules& rules, std::string_view text) {
  return std::string(NormalText(rules).of(text));
}

Schema field_of(std::string_view format) {
  std::vector<Schema> fields;
  fields.push_back(Schema::field(std::string(format), "c", false));
  return Schema::rows(std::move(fields));
}

Options options(std::initializer_list<Options::Option> more = {}) {
  Options made{{"/trim", true}, {"/spaces", "keep"}, {"/case", "keep"}, {"/form", "nfc"}, {"/empty", "keep"}};
  for (const auto& one : more) made.with(one);
  return made;
}

class Instance : public testing::TransformerInstance {
 public:
  Instance(std::string_view format, Options given)
      : TransformerInstance("normalise", field_of(format), std::move(given)) {
    INFO(error.message);
    REQUIRE(status == WEIR_OK);
  }
  // Rows [first, …) of a column.
  Array process(Array column, std::int64_t first) {
    Array rows = TransformerInstance::process(std::move(column), first);
    REQUIRE(status == WEIR_OK);
    REQUIRE(collected.pushed.size() == 1);
    return rows;
  }
};

template <class Column>
Texts texts_of(const Array& rows) {
  const Column column(*rows->children[0], rows->offset);
  Texts made;
  for (std::int64_t row = 0; row < rows->length; ++row)
    made.emplace_back(column.valid(row) ? std::string(column[row]) : "∅");
  return made;
}

template <class Builder, class Column>
Texts normal(std::string_view format, Options given) {
  Builder builder;
  builder.append("left out");
  builder.append("as it is");
  builder.append("  Ann \t Lee\n");
  builder.append_null();
  builder.append(" ");
  return texts_of<Column>(Instance(format, std::move(given)).process(builder.finish(), 1));
}

}  // namespace

TEST_CASE("white space goes from both ends, the kinds that Unicode has too") {
  CHECK(once({}, "  a b \r\n") == "a b");
  CHECK(once({}, "\xC2\xA0 ä\xE2\x80\xAF\xE3\x80\x80") == "ä");
  CHECK(once({}, "\t\v\f ") == "");
  CHECK(once({}, "\xC2\xA0") == "");
  CHECK(once({.trim = false}, " a ") == " a ");
  CHECK(once({.trim = false}, " ä ") == " ä ");
}

TEST_CASE("white space within a text collapses to one blank") {
  CHECK(once({.collapse = true}, " a \t b  c ") == "a b c");
  CHECK(once({.collapse = true},
             "ä\xC2\xA0\xC2\xA0"
             "b\nc") == "ä b c");
  CHECK(once({.trim = false, .collapse = true}, "  a  ") == " a ");
  CHECK(once({}, "a  b") == "a  b");
}

TEST_CASE("letters of any script change their case") {
  CHECK(once({.letters = Case::lower}, "AbC 1-Z") == "abc 1-z");
  CHECK(once({.letters = Case::upper}, "abc {z}") == "ABC {Z}");
  CHECK(once({.letters = Case::lower}, "ÄÖ ΑΒΓ ЖШ") == "äö αβγ жш");
  CHECK(once({.letters = Case::upper}, "äö αβγ жш") == "ÄÖ ΑΒΓ ЖШ");
}

TEST_CASE("letters and their accents become one, by the form that is asked for") {
  CHECK(once({}, "Zoe\xCC\x88") == "Zo\xC3\xAB");
  CHECK(once({.form = Form::keep}, "Zoe\xCC\x88") == "Zoe\xCC\x88");
  CHECK(once({}, "\xEF\xBC\xA1") == "\xEF\xBC\xA1");
  CHECK(once({.form = Form::nfkc}, "\xEF\xBC\xA1 \xEF\xAC\x81") == "A fi");
  CHECK(once({.form = Form::nfkc}, "\xEF\xB7\xBA").size() > 3);  // one character becomes eighteen
}

TEST_CASE("a text that is no UTF-8 stays as it is") { CHECK(once({.letters = Case::upper}, " a\xFF ") == " a\xFF "); }

TEST_CASE("texts of every layout are made normal, in a slice too") {
  const Texts expected{"as it is", "Ann Lee", "∅", ""};
  const auto given = [] { return options({{"/spaces", "collapse"}}); };
  CHECK(normal<TextBuilder, TextColumn>("u", given()) == expected);
  CHECK(normal<LargeTextBuilder, LargeTextColumn>("U", given()) == expected);
  CHECK(normal<ViewBuilder, ViewColumn>("vu", given()) == expected);
}

TEST_CASE("empty texts become null where that is asked for, and the column may then hold nulls") {
  CHECK(normal<TextBuilder, TextColumn>("u", options({{"/empty", "null"}})) ==
        Texts{"as it is", "Ann \t Lee", "∅", "∅"});
  CHECK((Instance("u", options({{"/empty", "null"}})).output().children[0]->flags & ARROW_FLAG_NULLABLE) != 0);
  CHECK((Instance("u", options()).output().children[0]->flags & ARROW_FLAG_NULLABLE) == 0);
}

TEST_CASE("a column that is normal already is handed on, not copied") {
  TextBuilder builder;
  builder.append("a");
  builder.append("ä");
  Array column = builder.finish();
  const void* texts = column->buffers[2];
  const Array rows = Instance("u", options()).process(std::move(column), 0);
  CHECK(rows->children[0]->buffers[2] == texts);
}

TEST_CASE("columns of other types are left alone, unless they are named") {
  NumberBuilder<std::int64_t> builder;
  builder.append(7);
  const Array rows = Instance("l", options()).process(builder.finish(), 0);
  CHECK(NumberColumn<std::int64_t>(*rows->children[0])[0] == 7);
}

TEST_CASE("every message of normalise is what its golden file says") {
  test::Golden golden(WEIR_GOLDEN "/messages.txt");
  for (const char* name : {"c", "d"}) {
    const testing::TransformerInstance made("normalise", field_of("l"), options({{"/columns/0", name}}));
    CHECK(made.status == WEIR_INVALID_ARGUMENT);
    CHECK(made.error.fault == WEIR_FAULT_MANIFEST);
    golden.tell(name, std::string(made.error.option) + ": " + made.error.message + "\nhint: " + made.error.hint);
  }
  golden.end();
}

}  // namespace weir
