// flatten and unnest, through the ABI: what they give of columns of every kind, and what they refuse.
#include <weir/ext/reads.h>

#include <functional>

#include <weir/cpp/nested_builder.hpp>
#include <weir/cpp/value_text.hpp>
#include <weir/cpp/view_builder.hpp>
#include <weir/testing_transformer.hpp>
#include <weir/weir.hpp>
#include <weir_catch.hpp>
#include <weir_golden.hpp>

namespace weir {
namespace {

using Texts = std::vector<std::string>;

// The value of a row as text; null: "null".
std::string text_of(const ArrowSchema& field, const ArrowArray& column, std::int64_t outer, std::int64_t row) {
  if (type_of(field).type == Type::null || !Validity(column, outer).valid(row)) return "null";
  std::string text;
  append_value(text, field, column, outer, row);
  return text;
}

Texts texts_of(const ArrowSchema& rows, const Array& batch) {
  Texts lines;
  for (std::int64_t row = 0; row < batch->length; ++row) {
    std::string line;
    for (std::int64_t i = 0; i < rows.n_children; ++i)
      line += (i == 0 ? "" : " ") + text_of(*rows.children[i], *batch->children[i], batch->offset, row);
    lines.push_back(line);
  }
  return lines;
}

Texts names_of(const ArrowSchema& rows) {
  Texts names;
  for (std::int64_t i = 0; i < rows.n_children; ++i)
    names.push_back(std::string(rows.children[i]->name) +
                    ((rows.children[i]->flags & ARROW_FLAG_NULLABLE) != 0 ? "?" : ""));
  return names;
}

class Instance : public testing::TransformerInstance {
 public:
  Instance(std::string_view name, std::vector<Schema> fields, testing::Options options)
      : TransformerInstance(name, Schema::rows(std::move(fields)), std::move(options)) {}

  // Hands over rows [first, first + length) of the columns.
  testing::Collected& process(std::vector<Array> columns, std::int64_t first, std::int64_t length) {
    TransformerInstance::process(std::move(columns), first, length);
    REQUIRE(status == WEIR_OK);
    return collected;
  }
  // What came out of an output of that schema.
  Texts rows(const ArrowSchema& schema, std::uint64_t output = 0) const {
    Texts all;
    for (const auto& pushed : collected.pushed) {
      if (pushed.output != output) continue;
      for (auto& line : texts_of(schema, pushed.rows)) all.push_back(line);
    }
    return all;
  }
};

std::vector<Array> arrays(Array one, Array two) {
  std::vector<Array> columns;
  columns.push_back(std::move(one));
  columns.push_back(std::move(two));
  return columns;
}

Array numbers(const std::vector<std::int64_t>& values) {
  NumberBuilder<std::int64_t> builder;
  for (const std::int64_t value : values) value == 0 ? builder.append_null() : builder.append(value);
  return builder.finish();
}

// Lists of so many items each, counted on; -1: null.
Array lists_of(const std::vector<int>& counts) {
  NumberBuilder<std::int64_t> items;
  ListBuilder lists;
  std::int64_t next = 10;
  for (const int count : counts) {
    for (int i = 0; i < count; ++i) items.append(next++);
    count < 0 ? lists.append_null() : lists.append(items.length());
  }
  return lists.finish(items.finish());
}

Schema list_field(std::string_view name) { return Schema::nested("+l", name, Schema::field("l", "item")); }

struct Kind {
  std::string name;
  std::function<Schema()> field;
  std::function<Array()> rows;  // six of them
};

template <class Builder, class Value>
Array six(std::initializer_list<Value> values) {
  Builder builder;
  for (const Value& value : values) builder.append(value);
  builder.append_null();
  return builder.finish();
}

Array six_structs() {
  TextBuilder words;
  NumberBuilder<std::int64_t> counts;
  StructBuilder rows;
  for (int i = 0; i < 6; ++i) {
    i % 2 == 0 ? words.append_null() : words.append("word " + std::to_string(i));
    counts.append(i);
    i == 4 ? rows.append_null() : rows.append();
  }
  std::vector<Array> fields = arrays(words.finish(), counts.finish());
  return rows.finish(std::move(fields));
}

template <class Lists>
Array six_lists() {
  TextBuilder words;
  Lists lists;
  for (int i = 0; i < 6; ++i) {
    for (int k = 0; k < i % 4; ++k)
      k == 1 ? words.append_null() : words.append(std::string(static_cast<std::size_t>(i), 'x'));
    i == 4 ? lists.append_null() : lists.append(words.length());
  }
  return lists.finish(words.finish());
}

Array six_pairs() {
  NumberBuilder<std::int64_t> items;
  FixedListBuilder lists;
  for (int i = 0; i < 6; ++i) {
    items.append(i);
    items.append(-i);
    i == 4 ? lists.append_null() : lists.append();
  }
  return lists.finish(items.finish());
}

Array six_maps() {
  TextBuilder keys;
  NumberBuilder<std::int64_t> values;
  MapBuilder maps;
  for (int i = 0; i < 6; ++i) {
    for (int k = 0; k < i; ++k) {
      keys.append("k" + std::to_string(k));
      values.append(i * k);
    }
    i == 4 ? maps.append_null() : maps.append(keys.length());
  }
  return maps.finish(keys.finish(), values.finish());
}

Array six_words() {
  DictionaryBuilder words;
  for (const char* const word : {"a", "b", "a", "c", "b"}) words.append(word);
  words.append_null();
  return words.finish();
}

std::vector<Kind> kinds() {
  const auto plain = [](const char* format) { return [=] { return Schema::field(format, "c"); }; };
  using Text = std::string_view;
  return {
      {"null", plain("n"), [] { return make_array(6, 6, {}); }},
      {"bool", plain("b"), [] { return six<BooleanBuilder, bool>({true, false, true, true, false}); }},
      {"int8", plain("c"), [] { return six<NumberBuilder<std::int8_t>, std::int8_t>({1, -2, 3, 4, 5}); }},
      {"int16", plain("s"), [] { return six<NumberBuilder<std::int16_t>, std::int16_t>({1, -2, 3, 4, 5}); }},
      {"int32", plain("i"), [] { return six<NumberBuilder<std::int32_t>, std::int32_t>({1, -2, 3, 4, 5}); }},
      {"double", plain("g"), [] { return six<NumberBuilder<double>, double>({1, -2, 3, 4, 5}); }},
      {"decimal", plain("d:20,2"), [] { return six<NumberBuilder<Int128>, Int128>({1, -2, 3, 4, 5}); }},
      {"string", plain("u"), [] { return six<TextBuilder, Text>({"a", "", "a longer text than twelve", "d", "e"}); }},
      {"large string", plain("U"), [] { return six<LargeTextBuilder, Text>({"a", "", "ccc", "d", "e"}); }},
      {"view", plain("vu"), [] { return six<ViewBuilder, Text>({"a", "", "a longer text than twelve", "d", "e"}); }},
      {"list", [] { return Schema::nested("+l", "c", Schema::field("u", "item")); }, six_lists<ListBuilder>},
      {"large list", [] { return Schema::nested("+L", "c", Schema::field("u", "item")); }, six_lists<LargeListBuilder>},
      {"fixed list", [] { return Schema::nested("+w:2", "c", Schema::field("l", "item")); }, six_pairs},
      {"map", [] { return Schema::map("c", Schema::field("u", "key", false), Schema::field("l", "value")); }, six_maps},
      {"dictionary", [] { return Schema::dictionary(Schema::field("i", "c"), Schema::field("u", "")); }, six_words},
      {"struct", [] { return Schema::nested("+s", "c", Schema::field("u", "w"), Schema::field("l", "n")); },
       six_structs},
  };
}

}  // namespace

TEST_CASE("unnest gives a row an item, and repeats columns of every type as they are") {
  for (const Kind& kind : kinds()) {
    INFO(kind.name);
    Instance made("unnest", fields_of(kind.field(), list_field("l")), {{"/column", "l"}, {"/index", "n"}});
    REQUIRE(made.status == WEIR_OK);
    const Array source = kind.rows();
    const Schema field = kind.field();
    const std::vector<int> counts = {1, 2, 0, 3, 1, -1};
    Texts expected;
    for (std::int64_t row = 1; row < 6; ++row) {
      for (int i = 0; i < counts[static_cast<std::size_t>(row)]; ++i)
        expected.push_back(text_of(field.get(), source.get(), 0, row) + " " +
                           std::to_string(10 + static_cast<int>(expected.size()) + 1) + " " + std::to_string(i));
    }
    const auto& collected = made.process(arrays(kind.rows(), lists_of(counts)), 1, 5);  // a slice
    CHECK(made.rows(made.output()) == expected);
    CHECK(collected.dropped == 2);
  }
}

TEST_CASE("unnest gives items of every type, and null for no item where the row is kept") {
  for (const Kind& kind : kinds()) {
    INFO(kind.name);
    Schema items = kind.field();
    const Schema item = kind.field();
    Instance made("unnest", fields_of(Schema::nested("+l", "l", std::move(items)), Schema::field("l", "id")),
                  {{"/column", "l"}, {"/keep_empty", true}, {"/as", "it"}});
    REQUIRE(made.status == WEIR_OK);
    CHECK(names_of(made.output()) == Texts{"it?", "id?"});
    ListBuilder lists;
    for (const std::int64_t end : {2, 2, 5}) lists.append(end);
    lists.append_null();
    lists.append(6);
    const Array source = kind.rows();
    const auto of = [&](std::int64_t row) { return text_of(item.get(), source.get(), 0, row); };
    made.process(arrays(lists.finish(kind.rows()), numbers({1, 2, 3, 4, 5})), 1, 4);
    CHECK(made.rows(made.output()) ==
          Texts{"null 2", of(2) + " 3", of(3) + " 3", of(4) + " 3", "null 4", of(5) + " 5"});
    CHECK(made.collected.dropped == 0);
  }
}

TEST_CASE("unnest with to: rows without their list, and items with the key of their row") {
  Instance made("unnest", fields_of(Schema::field("l", "id"), list_field("lines")),
                {{"/column", "lines"},
                 {"/as", "line"},
                 {"/index", "number"},
                 {"/key/0", "id"},
                 {"/to/parents", "orders"},
                 {"/to/children", "lines"}});
  REQUIRE(made.status == WEIR_OK);
  made.process(arrays(numbers({1, 2, 3}), lists_of({2, 0, 1})), 0, 3);
  CHECK(names_of(made.output()) == Texts{"id?"});
  CHECK(made.rows(made.output()) == Texts{"1", "2", "3"});
  const Schema children =
      Schema::rows(fields_of(Schema::field("l", "id"), Schema::field("l", "number"), Schema::field("l", "line")));
  CHECK(made.rows(children.get(), 1) == Texts{"1 0 10", "1 1 11", "3 0 12"});
  CHECK(made.collected.dropped == 0);
}

TEST_CASE("unnest pushes no more than 16384 rows at a time") {
  Instance made("unnest", fields_of(Schema::field("l", "id"), list_field("l")), {{"/column", "l"}});
  made.process(arrays(numbers({7, 8}), lists_of({40000, 1})), 0, 2);
  REQUIRE(made.collected.pushed.size() == 3);
  CHECK(made.collected.pushed[0].rows->length == 16384);
  const Texts rows = made.rows(made.output());
  REQUIRE(rows.size() == 40001);
  CHECK(rows[39999] == "7 40009");
  CHECK(rows[40000] == "8 40010");
}

TEST_CASE("flatten puts fields of every type in the place of their struct, null where it is") {
  for (const Kind& kind : kinds()) {
    INFO(kind.name);
    Instance made("flatten",
                  fields_of(Schema::nested("+s", "s", kind.field(), Schema::nested("+s", "t", kind.field())),
                            Schema::field("l", "id")),
                  {{"/separator", "."}});
    REQUIRE(made.status == WEIR_OK);
    const bool structs = kind.name == "struct";
    CHECK(names_of(made.output()) ==
          (structs ? Texts{"s.c.w?", "s.c.n?", "s.t.c.w?", "s.t.c.n?", "id?"} : Texts{"s.c?", "s.t.c?", "id?"}));
    StructBuilder inner, outer;
    for (int i = 0; i < 6; ++i) {
      i == 2 ? inner.append_null() : inner.append();
      i == 3 ? outer.append_null() : outer.append();
    }
    std::vector<Array> within;
    within.push_back(kind.rows());
    std::vector<Array> fields = arrays(kind.rows(), inner.finish(std::move(within)));
    made.process(arrays(outer.finish(std::move(fields)), numbers({1, 2, 3, 4, 5, 6})), 1, 5);
    if (structs) {
      CHECK(made.rows(made.output()) == Texts{"word 1 1 word 1 1 2", "null 2 null null 3", "null null null null 4",
                                              "null null null null 5", "word 5 5 word 5 5 6"});
      continue;
    }
    const Array source = kind.rows();
    const Schema field = kind.field();
    Texts expected;
    for (std::int64_t row = 1; row < 6; ++row) {
      const std::string text = text_of(field.get(), source.get(), 0, row);
      expected.push_back((row == 3 ? "null" : text) + " " + (row == 2 || row == 3 ? "null" : text) + " " +
                         std::to_string(row + 1));
    }
    CHECK(made.rows(made.output()) == expected);
  }
}

TEST_CASE("flatten takes only what it is asked to, as deep as it is asked to") {
  const auto fields = [] {
    return fields_of(
        Schema::nested("+s", "a", Schema::field("l", "x", false), Schema::nested("+s", "b", Schema::field("l", "y"))),
        Schema::field("+s", "c", false, {}, fields_of(Schema::field("l", "z", false))), Schema::nested("+s", "none"));
  };
  CHECK(names_of(Instance("flatten", fields(), {{"/separator", "_"}}).output()) ==
        Texts{"a_x?", "a_b_y?", "c_z", "none?"});
  CHECK(names_of(Instance("flatten", fields(), {{"/separator", "."}, {"/depth", 1}}).output()) ==
        Texts{"a.x?", "a.b?", "c.z", "none?"});
  CHECK(names_of(Instance("flatten", fields(), {{"/separator", "."}, {"/columns/0", "c"}}).output()) ==
        Texts{"a?", "c.z", "none?"});
}

TEST_CASE("flatten and unnest tell which columns theirs come from") {
  const auto reads = [](std::string_view name) {
    return static_cast<const weir_reads*>(
        testing::component_of(weir_plugin_v1(), name)->extension(to_weir(WEIR_READS)));
  };
  const auto lineage = [&](Instance& made, std::string_view name, std::uint64_t output, std::string_view column) {
    testing::Bytes names;
    CHECK(reads(name)->lineage(made.self, output, to_weir(column), 0, names.sink(), &made.error) == WEIR_OK);
    return names.kept;
  };
  Instance flat("flatten", fields_of(Schema::nested("+s", "a", Schema::field("l", "x")), Schema::field("l", "id")),
                {{"/separator", "."}});
  CHECK(lineage(flat, "flatten", 0, "a.x") == Texts{"a"});
  CHECK(lineage(flat, "flatten", 0, "id") == Texts{"id"});
  Instance rows("unnest", fields_of(Schema::field("l", "id"), list_field("l")),
                {{"/column", "l"}, {"/as", "item"}, {"/index", "n"}});
  testing::Bytes read;
  CHECK(reads("unnest")->columns(rows.self, 0, read.sink(), &rows.error) == WEIR_OK);
  CHECK(read.kept == Texts{"l"});
  CHECK(lineage(rows, "unnest", 0, "item") == Texts{"l"});
  CHECK(lineage(rows, "unnest", 0, "n") == Texts{"l"});
  CHECK(lineage(rows, "unnest", 0, "id") == Texts{"id"});
}

TEST_CASE("every message of flatten and unnest is what the golden file says") {
  test::Golden golden(WEIR_GOLDEN "/messages.txt");
  const auto tell = [&golden](const std::string& title, std::string_view name, testing::Options options) {
    Metadata json = {{std::string(kExtensionKey), "arrow.json"}};
    const Instance made(name,
                        fields_of(Schema::field("l", "id"), list_field("lines"), Schema::field("u", "text", true, json),
                                  Schema::nested("+s", "a", Schema::field("l", "b"), Schema::field("l", "b.c")),
                                  Schema::field("l", "a.b"), Schema::nested("+s", "o", Schema::field("l", "b"))),
                        std::move(options));
    CHECK(made.status == WEIR_INVALID_ARGUMENT);
    CHECK(made.error.fault == WEIR_FAULT_MANIFEST);
    golden.tell(title, std::string(made.error.option) + ": " + made.error.message + "\nhint: " + made.error.hint);
  };
  tell("flatten: a column that is not there", "flatten", {{"/separator", "_"}, {"/columns/0", "line"}});
  tell("flatten: a column that is no struct", "flatten", {{"/separator", "_"}, {"/columns/0", "lines"}});
  tell("flatten: two columns of one name", "flatten", {{"/separator", "."}});
  tell("unnest: a column that is not there", "unnest", {{"/column", "line"}});
  tell("unnest: a column of structs", "unnest", {{"/column", "o"}});
  tell("unnest: a column of JSON text", "unnest", {{"/column", "text"}});
  tell("unnest: an item named as another column", "unnest", {{"/column", "lines"}, {"/as", "id"}});
  tell("unnest: an index named as another column", "unnest", {{"/column", "lines"}, {"/index", "id"}});
  tell("unnest: a key without to", "unnest", {{"/column", "lines"}, {"/key/0", "id"}});
  tell("unnest: to without a key", "unnest", {{"/column", "lines"}, {"/to/parents", "p"}, {"/to/children", "c"}});
  tell("unnest: to with keep_empty", "unnest",
       {{"/column", "lines"}, {"/to/parents", "p"}, {"/to/children", "c"}, {"/key/0", "id"}, {"/keep_empty", true}});
  tell("unnest: the list as its key", "unnest",
       {{"/column", "lines"}, {"/to/parents", "p"}, {"/to/children", "c"}, {"/key/0", "lines"}});
  tell("unnest: one output for both", "unnest",
       {{"/column", "lines"}, {"/to/parents", "p"}, {"/to/children", "p"}, {"/key/0", "id"}});
  golden.end();
}

}  // namespace weir
