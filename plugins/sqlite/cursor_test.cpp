// The extractor with a cursor: each row is read once, though rows come late, with values that were there, or while others are read.
#include <weir_catch.hpp>

#include "cursor_state.hpp"
#include "extract_fixture.hpp"

namespace weir::sqlite {
namespace {

// Runs one after another, each with what the plan before it left.
class Runs {
 public:
  explicit Runs(testing::Options options) : options_(std::move(options)) {}

  // The rows that a run reads, or its error.
  std::string next() {
    Extract reader(options_);
    Planning planning{{sizeof(weir_plan), add, remove, keep}, &reader.splits, {}};
    std::int32_t more = 0;
    reader.error = testing::no_error();
    const weir_status planned =
        extractor().plan(reader.surroundings.context(), to_bytes(left), &planning.raw, &more, &reader.error);
    if (planned != WEIR_OK) return "plan: " + reader.problem();
    split = reader.splits.kept.at(0).id;
    if (meanwhile) meanwhile();
    for (std::size_t i = 0; i < reader.splits.kept.size(); ++i) {
      if (reader.open(i) != WEIR_OK) return "open: " + reader.problem();
      reader.outcome = WEIR_READ_MORE;
      while (reader.outcome == WEIR_READ_MORE) {
        if (reader.read() != WEIR_OK) return "read: " + reader.problem();
      }
      reader.close();
    }
    left_before = std::exchange(left, planning.left);
    return reader.rows();
  }

  std::string left, left_before, split;
  std::function<void()> meanwhile;

 private:
  struct Planning {
    weir_plan raw;
    testing::Splits* splits;
    std::string left;
  };
  static Planning& of(const weir_plan* raw) { return *const_cast<Planning*>(reinterpret_cast<const Planning*>(raw)); }
  static weir_status add(const weir_plan* raw, const weir_split* split) {
    const weir_plan* const kept = of(raw).splits->plan();
    return kept->add(kept, split);
  }
  static weir_status remove(const weir_plan*, weir_string) { return WEIR_OK; }
  static weir_status keep(const weir_plan* raw, weir_bytes state) {
    of(raw).left = to_view(state);
    return WEIR_OK;
  }

  testing::Options options_;
};

testing::Options with_cursor(const Folder& folder, testing::Options options, const std::string& what = "t") {
  return options.with({"/database", folder / "in.db"}).with({what.size() > 2 ? "/query" : "/table", what});
}

void add(const Folder& folder, const std::string& rows) { ask(folder / "in.db", "INSERT INTO t VALUES " + rows); }

TEST_CASE("a run reads the rows that came since the last, each once, though several have one value") {
  const Folder folder;
  const std::string table = GENERATE("t(id INTEGER PRIMARY KEY, n)", "t(id, n)", "t(id PRIMARY KEY, n) WITHOUT ROWID");
  const std::string what = GENERATE("t", "v", "SELECT id, n FROM t -- all;");
  INFO(what << " of " << table);
  ask(folder / "in.db", "CREATE TABLE " + table + "; CREATE VIEW v AS SELECT * FROM t");
  Runs runs(with_cursor(folder, {{"/cursor/column", "n"}}, what));
  CHECK(runs.next() == "");
  add(folder, "(1, 10), (2, 20), (3, 20)");
  CHECK(runs.next() == "1|10 2|20 3|20");
  CHECK(runs.next() == "");
  CHECK(runs.left == runs.left_before);  // by which the host sees that there is nothing to do
  add(folder, "(4, 20), (5, 19), (6, 21)");
  CHECK(runs.next() == "4|20 6|21");  // 19 came late
  CHECK(runs.next() == "");
}

TEST_CASE("rows that are alike in all columns are counted") {
  const Folder folder;
  ask(folder / "in.db", "CREATE TABLE t(x, n)");
  Runs runs(with_cursor(folder, {{"/cursor/column", "N"}}));
  add(folder, "('a', 1), ('a', 1), ('b', 1)");
  CHECK(runs.next() == "\"a\"|1 \"a\"|1 \"b\"|1");
  add(folder, "('b', 1), ('a', 1), ('c', 1)");
  CHECK(runs.next() == "\"b\"|1 \"a\"|1 \"c\"|1");
  CHECK(runs.next() == "");
}

TEST_CASE("late rows of the window are read, and those that were read are not") {
  const Folder folder;
  ask(folder / "in.db", "CREATE TABLE t(id INTEGER PRIMARY KEY, at TEXT)");
  Runs runs(with_cursor(folder, {{"/cursor/column", "at"}, {"/cursor/window", std::int64_t{86'400'000'000'000}}}));
  add(folder, "(1, '2024-02-28 12:00:00'), (2, '2024-02-29 11:00:00.5'), (3, '2024-03-01 12:00:00.25')");
  runs.next();
  add(folder, "(4, '2024-02-29 12:00:00.25'), (5, '2024-02-29 12:00:00.24'), (6, '2024-03-01 12:00:00.25')");
  CHECK(runs.next() == "4|\"2024-02-29 12:00:00.25\" 6|\"2024-03-01 12:00:00.25\"");
  CHECK(runs.split == "in.db table t at from 2024-02-29 12:00:00.25");
  ask(folder / "in.db", "UPDATE t SET at = '2024-03-02 00:00:00' WHERE id = 1");
  CHECK(runs.next() == "1|\"2024-03-02 00:00:00\"");
  add(folder, "(7, '2024-03-01 00:00:00'), (8, '2024-02-29 23:59:59')");
  CHECK(runs.next() == "7|\"2024-03-01 00:00:00\"");
}

TEST_CASE("a window that has grown reaches no further back than what is known of") {
  const Folder folder;
  ask(folder / "in.db", "CREATE TABLE t(id INTEGER PRIMARY KEY, n INT)");
  add(folder, "(1, 1), (2, 50), (3, 100)");
  Runs narrow(with_cursor(folder, {{"/cursor/column", "n"}, {"/cursor/overlap", std::int64_t{10}}}));
  CHECK(narrow.next() == "1|1 2|50 3|100");
  Runs wide(with_cursor(folder, {{"/cursor/column", "n"}, {"/cursor/overlap", std::int64_t{1000}}}));
  wide.left = narrow.left;
  add(folder, "(4, 60), (5, 95)");
  CHECK(wide.next() == "5|95");
  CHECK(wide.next() == "");
}

TEST_CASE("what is written behind the plan is read by the next run") {
  const Folder folder;
  ask(folder / "in.db", "PRAGMA journal_mode=WAL; CREATE TABLE t(id INTEGER PRIMARY KEY, n INT)");
  add(folder, "(1, 1), (2, 2)");
  Runs runs(with_cursor(folder, {{"/cursor/column", "n"}}));
  bool once = true;
  runs.meanwhile = [&] {
    if (std::exchange(once, false)) add(folder, "(3, 2), (4, 3)");
  };
  CHECK(runs.next() == "1|1 2|2");
  CHECK(runs.next() == "3|2 4|3");
}

TEST_CASE("the first run reads from start on, and columns that nobody wants change nothing") {
  const Folder folder;
  ask(folder / "in.db", "CREATE TABLE t(id INTEGER PRIMARY KEY, day DATE)");
  add(folder, "(1, '2023-12-31'), (2, '2024-01-01'), (3, '2024-01-02')");
  Runs runs(with_cursor(folder, {{"/cursor/column", "day"}, {"/cursor/start", "2024-01-01"}}));
  CHECK(runs.next() == "2|\"2024-01-01\" 3|\"2024-01-02\"");
}

TEST_CASE("before the start nothing is read, whenever it comes") {
  const Folder folder;
  ask(folder / "in.db", "CREATE TABLE t(id INTEGER PRIMARY KEY, n INT)");
  Runs runs(with_cursor(folder, {{"/cursor/column", "n"}, {"/cursor/start", std::int64_t{100}}}));
  add(folder, "(1, 10)");
  CHECK(runs.next() == "");
  add(folder, "(2, 20), (3, 100)");
  CHECK(runs.next() == "3|100");
}

TEST_CASE("rows without a value are an error, or left out") {
  const Folder folder;
  ask(folder / "in.db", "CREATE TABLE t(id INTEGER PRIMARY KEY, n INT)");
  add(folder, "(1, 1), (2, NULL)");
  CHECK(Runs(with_cursor(folder, {{"/cursor/column", "n"}})).next() ==
        "plan: /cursor/column expected a value of the cursor \"n\" in each row, found null\n"
        "hint: nobody can say whether such a row is new: fill it in, take another column, or leave those rows out: "
        "nulls: skip");
  CHECK(Runs(with_cursor(folder, {{"/cursor/column", "n"}, {"/cursor/nulls", "skip"}})).next() == "1|1");
}

TEST_CASE("what can't be a cursor is told") {
  const Folder folder;
  const auto first = [&](const std::string& value, testing::Options more = {{"/cursor/column", "n"}}) {
    ask(folder / "in.db", "DROP TABLE IF EXISTS t; CREATE TABLE t(id INTEGER PRIMARY KEY, n)");
    add(folder, "(1, 1), (2, " + value + ")");
    return Runs(with_cursor(folder, std::move(more))).next();
  };
  CHECK(
      first("2", {{"/cursor/column", "m"}}).starts_with("plan: /cursor/column no column 'm' in what is read\nhint: "));
  CHECK(first("2", {{"/cursor/column", "n"}, {"/cursor/key/0", "i"}})
            .starts_with("plan: /cursor/key/0 no column 'i' in what is read"));
  CHECK(first("'x'") ==
        "plan: /cursor/column expected values of one kind in the cursor 'n', found numbers and text\n"
        "hint: a value of the other kind is less, or greater, than all of the one: make them alike, or take another "
        "column");
  CHECK(first("x'00'").starts_with("plan: /cursor/column expected numbers or text in the cursor 'n', found bytes"));
  CHECK(first("2", {{"/cursor/column", "n"}, {"/cursor/window", std::int64_t{1}}})
            .starts_with("plan: /cursor/window expected overlap, for the cursor 'n' has numbers, found window"));
  CHECK(first("2", {{"/cursor/column", "n"}, {"/cursor/start", "a"}}) ==
        "plan: /cursor/start expected a start of the cursor's kind, which is numbers, found text\n"
        "hint: write it as the column has it: 2");
}

TEST_CASE("what another plan has left is refused") {
  const Folder folder;
  ask(folder / "in.db", "CREATE TABLE t(id INTEGER PRIMARY KEY, n INT); CREATE TABLE u AS SELECT * FROM t");
  add(folder, "(1, 1)");
  Runs runs(with_cursor(folder, {{"/cursor/column", "n"}}));
  runs.next();
  Runs other(with_cursor(folder, {{"/cursor/column", "id"}}));
  other.left = runs.left;
  CHECK(other.next() ==
        "plan: /cursor expected the table or query, the cursor and the key of the last run, found another\n"
        "hint: what that one has read says nothing of these rows: read all of them with --fresh, or give the pipeline "
        "another name");
  for (std::size_t cut = 1; cut < runs.left.size(); ++cut) {
    Runs broken(with_cursor(folder, {{"/cursor/column", "n"}}));
    broken.left = runs.left.substr(0, cut);
    CHECK(broken.next().starts_with("plan: /cursor expected what an earlier run"));
  }
}

TEST_CASE("a time is told earlier in its own spelling") {
  CHECK(earlier_text("2024-03-01", 1) == "2024-02-29");
  CHECK(earlier_text("2024-03-01", 2 * 86400) == "2024-02-28");
  CHECK(earlier_text("2024-03-01T00:00:00Z", 1) == "2024-02-29T23:59:59Z");
  CHECK(earlier_text("2024-03-01 00:30:00.125+02:00", 3600) == "2024-02-29 23:30:00.125+02:00");
  CHECK(earlier_text("0001-01-01", 1) == "");
  CHECK(earlier_text("yesterday", 1) == "");
}

}  // namespace
}  // namespace weir::sqlite
