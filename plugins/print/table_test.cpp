// Tables, and text as a terminal shows it.
#include "table.hpp"

#include <weir_catch.hpp>

#include "display.hpp"

namespace {

using namespace weir;
using namespace weir::print;

Schema schema() {
  std::vector<Schema> fields;
  fields.push_back(Schema::field("l", "id"));
  fields.push_back(Schema::field("u", "name"));
  fields.push_back(Schema::field("d:8,2", "price"));
  return Schema::rows(std::move(fields));
}

struct Row {
  std::int64_t id;
  const char* name;  // null: none
  std::int64_t cents;
};

Array rows(const std::vector<Row>& values) {
  NumberBuilder<std::int64_t> id;
  TextBuilder name;
  NumberBuilder<Int128> price;
  for (const Row& row : values) {
    id.append(row.id);
    if (row.name == nullptr) {
      name.append_null();
    } else {
      name.append(row.name);
    }
    price.append(row.cents);
  }
  std::vector<Array> columns;
  columns.push_back(id.finish());
  columns.push_back(name.finish());
  columns.push_back(price.finish());
  return rows_of(static_cast<std::int64_t>(values.size()), std::move(columns));
}

void add(Table& table, Array rows, const std::vector<std::uint32_t>* live = nullptr) {
  weir_batch batch{};
  weir_batch_clear(&batch);
  batch.rows = rows.get();
  if (live != nullptr) {
    batch.selected = live->data();
    batch.selected_count = live->size();
  }
  table.add(batch);
}

std::string table_of(const std::vector<Row>& values, std::uint64_t most_rows = 20, TableStyle style = {}) {
  const Schema input = schema();
  Table table(input.get(), most_rows, style);
  add(table, rows(values));
  return table.finish();
}

}  // namespace

TEST_CASE("a table has names, types and a rule, numbers on the right, texts on the left without blanks behind") {
  CHECK(table_of({{1, "pen", 250}, {1000, "notebook", -5}}) ==
        "   id  name             price\n"
        "int64  string    decimal(8,2)\n"
        "─────  ────────  ────────────\n"
        "    1  pen               2.50\n"
        " 1000  notebook         -0.05\n");
}

TEST_CASE("a null is not the text null") {
  const std::string shown = table_of({{1, nullptr, 0}, {2, "null", 0}, {3, "", 0}});
  CHECK(shown.find("    1  ∅               0.00\n") != std::string::npos);
  CHECK(shown.find("    2  null            0.00\n") != std::string::npos);
  CHECK(shown.find("    3                  0.00\n") != std::string::npos);
}

TEST_CASE("a table keeps the rows it may, of all batches, and says how many more came") {
  const Schema input = schema();
  Table table(input.get(), 3, {});
  for (std::int64_t i = 0; i < 4; ++i) add(table, rows({{2 * i, "a", 0}, {2 * i + 1, "b", 0}}));
  const std::string shown = table.finish();
  CHECK(shown.find("    2  a") != std::string::npos);
  CHECK(shown.find("    3  b") == std::string::npos);
  CHECK(shown.ends_with("… 5 more rows\n"));
  add(table, rows({{1, "a", 0}, {2, "b", 0}, {3, "c", 0}, {4, "d", 0}}));
  CHECK(table.finish().ends_with("… 1 more row\n"));
}

TEST_CASE("a table of no rows shows its columns, and says so") {
  const std::string shown = table_of({});
  CHECK(shown.starts_with("   id  name"));
  CHECK(shown.ends_with("no rows\n"));
}

TEST_CASE("a table sees rows that are a slice") {
  const Schema input = schema();
  Table table(input.get(), 20, {});
  Array all = rows({{1, "a", 0}, {2, "b", 0}, {3, nullptr, 0}});
  all.address()->offset = 1;
  all.address()->length = 2;
  add(table, std::move(all));
  const std::string shown = table.finish();
  CHECK(shown.find("    1  a") == std::string::npos);
  CHECK(shown.find("    2  b") != std::string::npos);
  CHECK(shown.find("    3  ∅") != std::string::npos);
}

TEST_CASE("a table shows and counts live rows only") {
  const Schema input = schema();
  Table table(input.get(), 2, {});
  const std::vector<std::uint32_t> live{0, 2, 3};
  add(table, rows({{1, "a", 0}, {2, "b", 0}, {3, "c", 0}, {4, "d", 0}}), &live);
  const std::string shown = table.finish();
  CHECK(shown.find("    2  b") == std::string::npos);
  CHECK(shown.find("    3  c") != std::string::npos);
  CHECK(shown.ends_with("… 1 more row\n"));
}

TEST_CASE("a value that is too wide is cut, and columns align by places, not bytes") {
  CHECK(table_of({{1, "日本語のとても長い名前", 1}, {2, "Zoë", 2}}, 20, {.column_width = 12}) ==
        "   id  name                price\n"
        "int64  string       decimal(8,2)\n"
        "─────  ───────────  ────────────\n"
        "    1  日本語のと…          0.01\n"
        "    2  Zoë                  0.02\n");
}

TEST_CASE("on a terminal columns that don't fit are named below") {
  const std::string shown = table_of({{1, "pen", 250}}, 20, {.terminal_width = 20});
  CHECK(shown ==
        "   id  name\n"
        "int64  string\n"
        "─────  ──────\n"
        "    1  pen\n"
        "… 1 more column: pr…\n");
}

TEST_CASE("with colours the text is the same") {
  std::string coloured = table_of({{1, nullptr, 250}}, 0, {.colours = true});
  CHECK(coloured.find("\x1b[1mid\x1b[0m") != std::string::npos);
  for (std::size_t at = 0; (at = coloured.find('\x1b')) != std::string::npos;)
    coloured.erase(at, coloured.find('m', at) - at + 1);
  CHECK(coloured == table_of({{1, nullptr, 250}}, 0));
}

TEST_CASE("nothing in a value steers the terminal, and a value stays on its line") {
  CHECK(harmless("a\nb\tc") == "a␊b␉c");
  CHECK(harmless("\x1b[31mred\x7f") == "␛[31mred␡");
  CHECK(harmless("\xC2\x9B"
                 "31m") == "�31m");
  CHECK(harmless("\u202Eevil") == "�evil");
  CHECK(harmless("\xFF\xC3") == "��");
  CHECK(harmless("\xED\xA0\x80") == "���");
  CHECK(harmless("größer 日本") == "größer 日本");
}

TEST_CASE("widths are places of a terminal") {
  CHECK(width_of("abc") == 3);
  CHECK(width_of("Zoë") == 3);
  CHECK(width_of("Zoe\u0308") == 3);
  CHECK(width_of("日本") == 4);
  CHECK(width_of("한글") == 4);
  CHECK(width_of("👍") == 2);
  CHECK(width_of("∅…─") == 3);
}

TEST_CASE("a text is cut at a whole character, and never is wider than it may be") {
  CHECK(cut_to("abcd", 4) == "abcd");
  CHECK(cut_to("abcde", 4) == "abc…");
  CHECK(cut_to("日本語", 4) == "日…");
  CHECK(cut_to("日本語", 5) == "日本…");
  CHECK(cut_to("abc", 1) == "…");
  CHECK(cut_to("", 1).empty());
}
