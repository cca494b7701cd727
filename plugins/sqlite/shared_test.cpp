// Several loads of one database: one writer, one transaction, one token.
#include <deque>
#include <filesystem>

#include "loader_fixture.hpp"
#include "weir_catch.hpp"

namespace weir::sqlite {
namespace {

const weir_shared& shared() {
  const auto* component = testing::component_of(weir_plugin_v1(), "sqlite");
  return *static_cast<const weir_shared*>(component->extension(to_weir(WEIR_SHARED)));
}

testing::Options into_table(const Folder& folder, const std::string& table, const char* mode = "append",
                            const std::string& key = {}) {
  testing::Options options{{"/database", folder / "out.db"}, {"/table", table}, {"/mode", mode}};
  if (!key.empty()) options.with({"/key/0", key});
  return options;
}

// A writer of several inputs, all of people.
class Together {
 public:
  explicit Together(const std::vector<testing::Options>& loads) {
    for (const auto& options : loads)
      surroundings_.emplace_back(options).link = "load-" + std::to_string(surroundings_.size() + 1);
  }
  Together(const Together&) = delete;
  Together& operator=(const Together&) = delete;
  ~Together() { close(); }

  weir_status open() {
    error = testing::no_error();
    const Schema schema = people();
    std::vector<const weir_context*> contexts;
    for (auto& one : surroundings_) contexts.push_back(one.context());
    const std::vector<const ArrowSchema*> schemas(contexts.size(), &schema.get());
    testing::Schemas stored;
    return shared().open(contexts.data(), schemas.data(), contexts.size(), stored.sink(), &self_, &error);
  }
  weir_status write(std::uint64_t input, Array rows) {
    error = testing::no_error();
    weir_batch batch = testing::batch_of(std::move(rows));
    const weir_status status = loader().writer->write(self_, input, &batch, collected.next(), &error);
    if (batch.rows.release != nullptr) batch.rows.release(&batch.rows);
    return status;
  }
  weir_status prepare() {
    receipts.assign(surroundings_.size(), {});
    std::vector<weir_receipt*> lent;
    for (auto& receipt : receipts) {
      receipt.size = sizeof receipt;
      lent.push_back(&receipt);
    }
    testing::Bytes bytes;
    return loader().writer->prepare(self_, 1, bytes.sink(), lent.data(), lent.size(), &error);
  }
  weir_status commit() { return loader().writer->commit(self_, 1, &error); }
  // By a committer of the first one, as the host has it.
  weir_status finish() {
    void* committer = nullptr;
    weir_status status = loader().committer->open(surroundings_.front().context(), &committer, &error);
    if (status == WEIR_OK) status = loader().committer->finish(committer, 1, nullptr, 0, &error);
    if (committer != nullptr) loader().committer->close(committer);
    return status;
  }
  void close() {
    if (self_ != nullptr) loader().writer->close(self_);
    self_ = nullptr;
  }

  testing::Collected collected;
  std::vector<weir_receipt> receipts;
  weir_error error = testing::no_error();

 private:
  std::deque<testing::Surroundings> surroundings_;
  void* self_ = nullptr;
};

std::string destination_of(testing::Options options) {
  testing::Surroundings surroundings(std::move(options));
  testing::Bytes bytes;
  weir_error error = testing::no_error();
  REQUIRE(shared().destination(surroundings.context()->config, bytes.sink(), &error) == WEIR_OK);
  REQUIRE(bytes.kept.size() == 1);
  return bytes.kept.front();
}

}  // namespace

TEST_CASE("inputs of one writer are there together, with one token, each with a receipt of its own") {
  const Folder folder;
  Together load({into_table(folder, "a"), into_table(folder, "b")});
  REQUIRE(load.open() == WEIR_OK);
  REQUIRE(load.write(1, some_people(1, 3)) == WEIR_OK);
  REQUIRE(load.write(0, some_people(10, 5)) == WEIR_OK);
  REQUIRE(load.write(1, some_people(4, 1)) == WEIR_OK);
  CHECK(ask(folder / "out.db", "SELECT count(*) FROM sqlite_master") == "0");
  REQUIRE(load.prepare() == WEIR_OK);
  CHECK(load.receipts[0].rows == 5);
  CHECK(load.receipts[1].rows == 4);
  REQUIRE(load.commit() == WEIR_OK);
  load.close();
  CHECK(ask(folder / "out.db", "SELECT (SELECT count(*) FROM a), (SELECT count(*) FROM b)") == "5|4");
  CHECK(ask(folder / "out.db", "SELECT link, epoch FROM _weir_tokens") == "load-1|1");
}

TEST_CASE("an input that got no rows has its table too") {
  const Folder folder;
  Together load({into_table(folder, "a"), into_table(folder, "b")});
  REQUIRE(load.open() == WEIR_OK);
  REQUIRE(load.write(0, some_people(1, 1)) == WEIR_OK);
  REQUIRE(load.prepare() == WEIR_OK);
  REQUIRE(load.commit() == WEIR_OK);
  CHECK(ask(folder / "out.db", "SELECT (SELECT count(*) FROM a), (SELECT count(*) FROM b)") == "1|0");
}

TEST_CASE("a writer that is closed before it committed leaves none of its tables") {
  const Folder folder;
  Together load({into_table(folder, "a"), into_table(folder, "b")});
  REQUIRE(load.open() == WEIR_OK);
  REQUIRE(load.write(0, some_people(1, 1)) == WEIR_OK);
  REQUIRE(load.prepare() == WEIR_OK);
  load.close();
  CHECK(folder.files().empty());
}

TEST_CASE("two inputs of one table that is replaced put their rows into one new table") {
  const Folder folder;
  ask(folder / "out.db", "CREATE TABLE a(old)");
  Together load({into_table(folder, "a", "replace"), into_table(folder, "A", "replace")});
  REQUIRE(load.open() == WEIR_OK);
  REQUIRE(load.write(0, some_people(1, 2)) == WEIR_OK);
  REQUIRE(load.write(1, some_people(3, 2)) == WEIR_OK);
  REQUIRE(load.prepare() == WEIR_OK);
  REQUIRE(load.commit() == WEIR_OK);
  CHECK(ask(folder / "out.db", "SELECT count(*) FROM a") == "0");
  REQUIRE(load.finish() == WEIR_OK);
  CHECK(ask(folder / "out.db", "SELECT count(*), sum(id) FROM a") == "4|10");
}

TEST_CASE("one input of a table adds rows while another deletes some, in one transaction") {
  const Folder folder;
  ask(folder / "out.db",
      "CREATE TABLE a(id INTEGER PRIMARY KEY, name TEXT); INSERT INTO a VALUES (1, 'old'), (2, 'old')");
  Together load({into_table(folder, "a", "upsert", "id"), into_table(folder, "a", "delete", "id")});
  REQUIRE(load.open() == WEIR_OK);
  REQUIRE(load.write(0, some_people(2, 2)) == WEIR_OK);
  REQUIRE(load.write(1, some_people(1, 1)) == WEIR_OK);
  REQUIRE(load.prepare() == WEIR_OK);
  CHECK(load.receipts[1].deleted == 1);
  REQUIRE(load.commit() == WEIR_OK);
  CHECK(ask(folder / "out.db", "SELECT * FROM a ORDER BY id") == "2|n2 3|n3");
}

TEST_CASE("an input that deletes rows may come before the one that makes its table") {
  const Folder folder;
  Together load({into_table(folder, "a", "delete", "id"), into_table(folder, "A", "upsert", "id")});
  REQUIRE(load.open() == WEIR_OK);
  REQUIRE(load.write(1, some_people(1, 3)) == WEIR_OK);
  REQUIRE(load.write(0, some_people(2, 1)) == WEIR_OK);
  REQUIRE(load.prepare() == WEIR_OK);
  REQUIRE(load.commit() == WEIR_OK);
  CHECK(ask(folder / "out.db", "SELECT * FROM a ORDER BY id") == "1|n1 3|n3");
  Together other({into_table(folder, "b", "delete", "id"), into_table(folder, "a", "upsert", "id")});
  CHECK(other.open() == WEIR_FAILED_PRECONDITION);
  CHECK(std::string(other.error.option) == "/0/table");
}

TEST_CASE("an error names the input whose option is at fault") {
  const Folder folder;
  SECTION("two modes of one table") {
    Together load({into_table(folder, "b"), into_table(folder, "a"), into_table(folder, "a", "replace")});
    CHECK(load.open() == WEIR_INVALID_ARGUMENT);
    CHECK(std::string(load.error.option) == "/2/table");
    CHECK(
        std::string(load.error.message) ==
        "expected one key in all loads of table 'a', and mode replace, mode history and deletes: soft in all or none, "
        "found another here");
  }
  SECTION("a key that is not there") {
    Together load({into_table(folder, "a"), into_table(folder, "b", "upsert", "nothing")});
    CHECK(load.open() == WEIR_INVALID_ARGUMENT);
    CHECK(std::string(load.error.option) == "/1/key/0");
  }
  SECTION("a table that does not take the rows") {
    ask(folder / "out.db", "CREATE TABLE b(id)");
    Together load({into_table(folder, "a"), into_table(folder, "b")});
    CHECK(load.open() == WEIR_FAILED_PRECONDITION);
    CHECK(std::string(load.error.option) == "/1/table");
  }
}

TEST_CASE("two names of one database are one destination") {
  const Folder folder;
  std::filesystem::create_symlink("out.db", folder / "link.db");
  const auto named = [&](const std::string& name) {
    return testing::Options{{"/database", folder / name}, {"/table", "t"}};
  };
  for (const bool exists : {false, true}) {
    if (exists) ask(folder / "out.db", "CREATE TABLE a(b)");
    CHECK(destination_of(named("out.db")) == destination_of(named("link.db")));
    CHECK(destination_of(named("out.db")) == destination_of(named("./out.db")));
    CHECK(destination_of(named("out.db")) != destination_of(named("other.db")));
  }
}

}  // namespace weir::sqlite
