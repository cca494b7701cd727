// The reader over inputs larger than what it looks at first: samples, batches, positions of errors, threads; and the
// plugin's table as a host finds it.
#include <weir_catch.hpp>

#include <thread>

#include "fake_host.hpp"
#include "reader.hpp"
#include "reference.hpp"

using namespace weir;
using namespace weir::csv;
using namespace weir::csv::test;
using weir::test::error_of;

extern "C" const weir_plugin* weir_plugin_v1(void);

namespace {

constexpr int kRows = 600000;  // 9 MB: more than the head that is looked at

// kRows rows of id and value; row `odd` has the value `text`.
std::string large(int odd, const std::string& text) {
  std::string made = "id,value,none\n";
  for (int i = 0; i < kRows; ++i) made += std::to_string(i) + "," + (i == odd ? text : std::to_string(i % 100)) + ",\n";
  return made;
}

std::string named_types(const ArrowSchema& rows) {
  std::string text;
  for (std::int64_t i = 0; i < rows.n_children; ++i)
    text += (i > 0 ? ", " : "") + std::string(rows.children[i]->name) + " " + type_name(*rows.children[i]);
  return text;
}

std::string types_of(const std::string& bytes, bool seeks) {
  const FakeHost host;
  const FakeConfig config("{}");
  FakeContext context(host, config);
  const FakeSchemas schemas;
  const InputBytes input(bytes, SIZE_MAX, seeks);
  const CsvReader reader(Context(&context), Input(&input), "", Outputs(&schemas));
  std::string types;
  for (std::int64_t i = 0; i < schemas.schema->n_children; ++i) types += type_name(*schemas.schema->children[i]) + " ";
  return types;
}

}  // namespace

TEST_CASE("types come from the middle and the end of the input too, where it can seek") {
  CHECK(types_of(large(kRows - 10, "x"), true) == "int64 string string ");
  CHECK(types_of(large(kRows - 10, "1.5"), true) == "int64 double string ");
  CHECK(types_of(large(kRows - 10, "\"two\nlines, and more\""), true) == "int64 string string ");
  CHECK(types_of(large(kRows - 10, "x"), false) == "int64 int64 string ");
  CHECK(types_of(large(1000, "x"), false) == "int64 string string ");
}

TEST_CASE("samples that begin inside quotes don't mislead") {
  std::string made = "id,note\n";
  while (made.size() < (std::size_t{8} << 20U))
    made += "1,\"some long text\nof lines, \"\"and\"\" commas\nand more\"\n";
  CHECK(types_of(made, true) == "int64 string ");
}

TEST_CASE("a value that no sample showed rejects its row, with its place in the input") {
  const std::string bytes = large(kRows - 10, "x");
  const Result result = read_all(bytes, "{}", 0);
  CHECK_FALSE(result.failure);
  CHECK(result.rejects.size() == 1);
  std::int64_t rows = 0;
  for (const auto& batch : result.batches) {
    CHECK(batch->length <= 65536);
    rows += batch->length;
  }
  CHECK(rows == kRows - 1);
}

TEST_CASE("an error far into the input tells its offset in it") {
  const std::string bytes = large(kRows - 10, "1,2");
  const FakeHost host;
  const FakeConfig config("{}");
  FakeContext context(host, config);
  const FakeSchemas schemas;
  const FakeNext next;
  const InputBytes input(bytes);
  CsvReader reader(Context(&context), Input(&input), "", Outputs(&schemas));
  try {
    while (reader.read(0, Next(&next)) != WEIR_READ_END) {
    }
    FAIL("expected a failure, found none");
  } catch (const Failure& failure) {
    CHECK(error_of(failure).offset ==
          static_cast<std::int64_t>(bytes.find("\n" + std::to_string(kRows - 10) + ",")) + 1);
  }
}

TEST_CASE("chunks are parsed on several threads at a time") {
  const std::string bytes = large(-1, "");
  const FakeHost host;
  const FakeConfig config("{}");
  FakeContext context(host, config);
  const FakeSchemas schemas;
  const InputBytes input(bytes, SIZE_MAX, true);
  CsvReader reader(Context(&context), Input(&input), "", Outputs(&schemas));
  const auto start = static_cast<std::size_t>(reader.start());
  const std::string_view records = std::string_view(bytes).substr(start);
  std::vector<std::thread> threads;
  std::vector<std::int64_t> rows(4);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    threads.emplace_back([&, i] {
      for (int round = 0; round < 3; ++round) {
        const FakeNext next;
        reader.parse(records.substr(0, records.find('\n', (i + 1) * 500000) + 1), Next(&next));
        rows[i] = next.rows();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(rows[0] > 30000);
  CHECK(rows[0] < rows[1]);
  CHECK(rows[2] < rows[3]);
}

TEST_CASE("columns that nobody reads are neither told nor converted") {
  const FakeHost host;
  const FakeConfig config(R"({"types": {"price": "double", "left": "int64"}})");
  FakeContext context(host, config);
  const FakeSchemas schemas;
  const FakeNext next;
  const InputBytes input("left,id,price,note\nx,1,2.5,\"a,\"\"b\"\"\"\ny,2,none,c\n");
  const Wanted wanted({"price", "id", "unknown"});
  CsvReader reader(Context(&context), Input(&input), "", Outputs(&schemas), wanted.get());
  CHECK(reader.read(0, Next(&next)) == WEIR_READ_END);
  CHECK(named_types(schemas.schema.get()) == "id int64, price double");
  REQUIRE(next.batches.size() == 1);
  CHECK(next.batches[0]->n_children == 2);
  CHECK(NumberColumn<std::int64_t>(*next.batches[0]->children[0])[0] == 1);
  CHECK(NumberColumn<double>(*next.batches[0]->children[1])[0] == 2.5);
  // The value of `left` fits its type nowhere, and rejects nothing; that of `price` does, and the whole record is told.
  REQUIRE(next.rejects.size() == 1);
  CHECK(next.rejects[0].column == "price");
  CHECK(next.rejects[0].fields == R"({"left":"y","id":"2","price":"none","note":"c"})");
}

TEST_CASE("what is no CSV is refused in columns that nobody reads too") {
  const std::string padding(70, 'x');
  for (const std::string& bad :
       {std::string("\"a\"b,2\n"), std::string("\"a\" ,2\n"), std::string("\"a,2\n"), std::string("1,2,3\n"),
        std::string("1\n"), std::string("\xFF,2\n"), "\"" + padding + "\"\"\"y,2\n"}) {
    for (std::size_t shift = 0; shift < 64; ++shift) {
      const std::string bytes = "left,id\n" + std::string(shift, 'x') + ",1\n" + bad + "\"fine\"\"\",3\r\n";
      CAPTURE(bad, shift);
      const Result narrow = read_all(bytes, "{}", 0, {"id"});
      CHECK(narrow.failure.value_or("none") == read_all(bytes, "{}", 0).failure.value_or("nothing"));
    }
  }
}

TEST_CASE("a file keeps to the columns agreed, be they all or those that somebody reads") {
  const auto fields = [](const std::vector<const char*>& names) {
    std::vector<Schema> made;
    for (const char* name : names) made.push_back(Schema::field("l", name));
    return Schema::rows(std::move(made));
  };
  const auto read = [](const Schema& agreed, const std::string& bytes) -> std::string {
    const FakeHost host;
    const FakeConfig config("{}");
    FakeContext context(host, config, &agreed.get());
    const FakeSchemas schemas;
    const InputBytes input(bytes);
    const Wanted wanted({"a"});
    try {
      const CsvReader reader(Context(&context), Input(&input), "", Outputs(&schemas), wanted.get());
    } catch (const Failure& failure) {
      return failure.message();
    }
    return named_types(schemas.schema.get());
  };
  CHECK(read(fields({"a", "b"}), "b,a\n1,2\n") == "a int64");
  CHECK(read(fields({"a"}), "b,a\n1,2\n") == "a int64");
  CHECK(read(fields({"a", "b"}), "b,a,c\n1,2,3\n") ==
        "expected the columns of the files before (a, b), found a column more, \"c\" (the file has b, a, c)");
  CHECK(read(fields({"a", "b"}), "a\n1\n") ==
        "expected the columns of the files before (a, b), found no \"b\" (the file has a)");
  CHECK(read(fields({"a"}), "b\n1\n") ==
        "expected the columns of the files before (a), found no \"a\" (the file has b)");
}

TEST_CASE("a host finds that columns can be left out") {
  const weir_component& component = *weir_plugin_v1()->components[0];
  const auto* pushdown = static_cast<const weir_pushdown*>(component.extension(to_weir(WEIR_PUSHDOWN)));
  REQUIRE(pushdown != nullptr);
  CHECK(pushdown->open == nullptr);
  const FakeHost host;
  const FakeConfig config("{}");
  const FakeContext context(host, config);
  const FakeSchemas schemas;
  const InputBytes input("a,b\n1,x\n");
  const Wanted wanted({"b"});
  weir_error error{};
  weir_error_clear(&error);
  void* reader = nullptr;
  REQUIRE(pushdown->open_reader(&context, &input, {}, wanted.get(), &schemas, &reader, &error) == WEIR_OK);
  static_cast<const weir_format*>(component.table)->reader->close(reader);
  CHECK(named_types(schemas.schema.get()) == "b string");
}

TEST_CASE("a host finds the format, its options, and that its records can be parsed apart") {
  const weir_plugin* plugin = weir_plugin_v1();
  REQUIRE(plugin->count == 1);
  const weir_component* component = plugin->components[0];
  CHECK(to_view(component->name) == "csv");
  CHECK(component->kind == WEIR_KIND_FORMAT);
  REQUIRE(component->extension != nullptr);
  const auto* chunked = static_cast<const weir_chunked*>(component->extension(to_weir(WEIR_CHUNKED)));
  REQUIRE(chunked != nullptr);
  CHECK(component->extension(to_weir("weir.unknown/1")) == nullptr);

  const auto* format = static_cast<const weir_format*>(component->table);
  const FakeHost host;
  const FakeConfig config("{}");
  const FakeContext context(host, config);
  const FakeSchemas schemas;
  const InputBytes input("id\n1\n");
  weir_error error{};
  weir_error_clear(&error);
  void* reader = nullptr;
  REQUIRE(format->open_reader(&context, &input, {}, &schemas, &reader, &error) == WEIR_OK);
  std::uint64_t offset = 0;
  CHECK(chunked->start(reader, &offset, &error) == WEIR_OK);
  CHECK(offset == 3);
  format->reader->close(reader);

  const InputBytes empty("");
  CHECK(format->open_reader(&context, &empty, {}, &schemas, &reader, &error) == WEIR_INVALID_ARGUMENT);
  CHECK(std::string(error.message) == "expected a header line, found an empty file");
}
