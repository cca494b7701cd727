// What the transformers of expr tell of themselves: weir.reads/1.
#include "reading.hpp"

#include <weir_catch.hpp>
#include <weir_fake_host.hpp>

#include <weir/cpp/value_text.hpp>

#include "derive.hpp"
#include "filter.hpp"
#include "route.hpp"
#include "select.hpp"

namespace {

using namespace weir;
using test::FakeHost;
using Names = std::vector<std::string>;

Schema reading_schema() {
  std::vector<Schema> fields;
  fields.push_back(Schema::field("l", "a"));
  fields.push_back(Schema::field("g", "b"));
  fields.push_back(Schema::field("u", "c"));
  fields.push_back(Schema::field("tdD", "d"));
  return Schema::rows(std::move(fields));
}

// Keeps names.
struct Told {
  weir_sink sink{sizeof(weir_sink), put};
  Names names;
  static weir_status put(const weir_sink* self, weir_bytes bytes) {
    const_cast<Told*>(reinterpret_cast<const Told*>(self))->names.emplace_back(to_view(bytes));
    return WEIR_OK;
  }
};

// Keeps conditions as text: "a > 2 int64".
struct ToldConditions {
  weir_condition_sink sink{sizeof(weir_condition_sink), put};
  Names texts;
  static weir_status put(const weir_condition_sink* self, std::uint64_t, weir_string column, std::int32_t is,
                         ArrowSchema* schema, ArrowArray* constant) {
    static constexpr const char* kWords[] = {"=", "<", "<=", ">", ">=", "is not null"};
    std::string text = std::string(to_view(column)) + " " + kWords[is];
    if (schema != nullptr) {
      const Schema type(schema);
      const Array value(constant);
      REQUIRE(value->length == 1);
      text += " ";
      append_value(text, type.get(), value.get(), 0, 0);
      text += " " + type_name(type.get());
    }
    const_cast<ToldConditions*>(reinterpret_cast<const ToldConditions*>(self))->texts.push_back(text);
    return WEIR_OK;
  }
};

Names conditions_of(const char* where) {
  const Schema schema = reading_schema();
  ToldConditions told;
  expr::compile_condition(where, expr::Scope::of(schema.get()));
  expr::tell_conditions(where, expr::Scope::of(schema.get()), ConditionSink(&told.sink));
  return told.texts;
}

template <class T>
class MadeReading {
 public:
  explicit MadeReading(test::Options options) : host_(std::move(options)) {
    const Schema schema = reading_schema();
    REQUIRE(host_.create<T>(schema.get()) == WEIR_OK);
  }
  Names reads() {
    Told told;
    REQUIRE(detail::kReads<T>.columns(host_.self(), 0, &told.sink, &host_.error) == WEIR_OK);
    return told.names;
  }
  Names lineage(const char* column) {
    Told told;
    REQUIRE(detail::kReads<T>.lineage(host_.self(), 0, weir_text(column), 0, &told.sink, &host_.error) == WEIR_OK);
    return told.names;
  }

 private:
  FakeHost host_;
};

}  // namespace

TEST_CASE("a filter reads the columns of its condition") {
  MadeReading<expr::Filter> filter({.texts = {{"/where", "a > 1 and (c like 'x%' or a = 3)"}}});
  CHECK(filter.reads() == Names{"a", "c"});
  CHECK(detail::kReads<expr::Filter>.conditions != nullptr);
  CHECK(detail::kReads<expr::Filter>.lineage == nullptr);
}

TEST_CASE("a filter tells the comparisons that all its rows meet") {
  CHECK(conditions_of("a > 2 and c = 'DE'") == Names{"a > 2 int64", "c = DE string"});
  CHECK(conditions_of("2 < a and 1 + 1 >= a") == Names{"a > 2 int64", "a <= 2 int64"});
  CHECK(conditions_of("a between 1 and 3 and c is not null") == Names{"a >= 1 int64", "a <= 3 int64", "c is not null"});
  CHECK(conditions_of("d < date '2024-01-31'") == Names{"d < 2024-01-31 date"});
  CHECK(conditions_of("b >= 0.1") == Names{"b >= 0.1 double"});
  CHECK(conditions_of("a <= 2.5") == Names{"a <= 2.5 decimal(2,1)"});
}

TEST_CASE("a filter tells nothing of what may be false for a row that passes") {
  CHECK(conditions_of("a > 2 or c = 'DE'").empty());
  CHECK(conditions_of("not (a > 2)").empty());
  CHECK(conditions_of("a <> 2").empty());
  CHECK(conditions_of("a not between 1 and 2").empty());
  CHECK(conditions_of("a is null").empty());
  CHECK(conditions_of("a > b").empty());
  CHECK(conditions_of("c in ('DE', 'FR')").empty());
}

TEST_CASE("behind a part that may reject rows a filter tells nothing more: they must get that far") {
  CHECK(conditions_of("a > 2 and 10 / a > 1 and c = 'DE'") == Names{"a > 2 int64"});
  CHECK(conditions_of("a between 1 and 10 / a and c = 'DE'").empty());
}

TEST_CASE("derive reads what it computes with, and tells where each column comes from, through the columns before it") {
  test::Options options;
  options.objects["/columns"] = {"total", "copy", "more"};
  options.texts = {{"/columns/total", "a * b"}, {"/columns/copy", "c"}, {"/columns/more", "total + a"}};
  MadeReading<expr::Derive> derive(std::move(options));
  CHECK(derive.reads() == Names{"a", "b"});
  CHECK(derive.lineage("total") == Names{"a", "b"});
  CHECK(derive.lineage("more") == Names{"a", "b"});
  CHECK(derive.lineage("copy") == Names{"c"});
  CHECK(derive.lineage("d") == Names{"d"});
}

TEST_CASE("a column that derive replaced comes from what replaced it") {
  test::Options options;
  options.objects["/columns"] = {"copy", "a"};
  options.texts = {{"/columns/copy", "c"}, {"/columns/a", "copy"}};
  MadeReading<expr::Derive> derive(std::move(options));
  CHECK(derive.lineage("a") == Names{"c"});
  CHECK(derive.reads() == Names{"c"});
}

TEST_CASE("select reads what it casts only, and tells which column has which new name") {
  test::Options options;
  options.arrays["/keep"] = 2;
  options.texts = {{"/keep/0", "b"}, {"/keep/1", "a"}, {"/rename/a", "b2"}, {"/cast/b", "int64"}};
  options.objects = {{"/rename", {"a"}}, {"/cast", {"b"}}};
  MadeReading<expr::Select> select(std::move(options));
  CHECK(select.reads() == Names{"b"});
  CHECK(select.lineage("b2") == Names{"a"});
  CHECK(select.lineage("b") == Names{"b"});
  CHECK(select.lineage("c").empty());
}
