// What the tests share: a folder that goes away, one way to load rows through the ABI, and one to read a
// database back with plain SQL.
#pragma once

#include <sqlite3.h>
#include <weir/testing.hpp>
#include <weir/weir.hpp>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace weir::sqlite {

class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "weir-sqlite-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(path_))
      names.push_back(entry.path().filename().string());
    return names;
  }

 private:
  std::filesystem::path path_;
};

// Runs SQL; gives all rows, cells joined by '|', rows by a space. Each cell as SQLite's quote() gives it if asked.
inline std::string ask(const std::string& path, const std::string& sql) {
  sqlite3* raw = nullptr;
  sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  std::string out;
  const auto keep = [](void* self, int count, char** cells, char**) {
    auto& text = *static_cast<std::string*>(self);
    if (!text.empty()) text += ' ';
    for (int i = 0; i < count; ++i) text += std::string(i == 0 ? "" : "|") + (cells[i] == nullptr ? "NULL" : cells[i]);
    return 0;
  };
  char* problem = nullptr;
  sqlite3_exec(raw, sql.c_str(), keep, &out, &problem);
  if (problem != nullptr) out += std::string("error: ") + problem;
  sqlite3_free(problem);
  sqlite3_close(raw);
  return out;
}

// Another program that has the database open, and holds what `sql` locks until it is released.
class Holder {
 public:
  Holder(const std::string& path, const char* sql) {
    sqlite3_open(path.c_str(), &raw_);
    if (sqlite3_exec(raw_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) throw std::runtime_error(sqlite3_errmsg(raw_));
  }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;
  ~Holder() { release(); }
  void release() {
    sqlite3_close(raw_);
    raw_ = nullptr;
  }

 private:
  sqlite3* raw_ = nullptr;
};

inline const weir_loader& loader() {
  return *static_cast<const weir_loader*>(testing::component_of(weir_plugin_v1(), "sqlite", WEIR_KIND_LOADER)->table);
}

// One writer on its way through its life. Statuses are given, not required.
class Load {
 public:
  explicit Load(testing::Options options) : surroundings(std::move(options)) {}
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;
  ~Load() { close(); }

  weir_status open(const Schema& schema) {
    error = testing::no_error();
    const ArrowSchema* input = &schema.get();
    weir_string stream{};
    testing::Schemas stored;
    return loader().open(surroundings.context(), &input, &stream, 1, stored.sink(), &self_, &error);
  }
  weir_status write(Array rows) {
    error = testing::no_error();
    weir_batch batch = testing::batch_of(std::move(rows));
    const weir_status status = loader().writer->write(self_, 0, &batch, collected.next(), &error);
    if (batch.rows.release != nullptr) batch.rows.release(&batch.rows);
    return status;
  }
  weir_status prepare(std::uint64_t epoch = 1) {
    error = testing::no_error();
    receipt = {};
    receipt.size = sizeof receipt;
    receipt.rows = -1;
    weir_receipt* receipts[] = {&receipt};
    testing::Bytes bytes;
    return loader().writer->prepare(self_, epoch, bytes.sink(), receipts, 1, &error);
  }
  weir_status commit(std::uint64_t epoch = 1) {
    error = testing::no_error();
    return loader().writer->commit(self_, epoch, &error);
  }
  void cancel() { loader().writer->cancel(self_); }
  void close() {
    if (self_ != nullptr) loader().writer->close(self_);
    self_ = nullptr;
  }
  // A whole run of one epoch that must succeed.
  void all(const Schema& schema, Array rows, std::uint64_t epoch = 1) {
    surroundings.epoch = epoch;
    step(open(schema));
    step(write(std::move(rows)));
    step(prepare(epoch));
    step(commit(epoch));
    close();
  }

  testing::Surroundings surroundings;
  testing::Collected collected;
  weir_receipt receipt{};
  weir_error error = testing::no_error();

 private:
  void step(weir_status status) const {
    if (status != WEIR_OK)
      throw std::runtime_error(std::string("expected OK, found ") + std::to_string(status) + ": " + error.message);
  }
  void* self_ = nullptr;
};

// A committer of the same link, opened or not.
class Publish {
 public:
  explicit Publish(Load& load) { status = loader().committer->open(load.surroundings.context(), &self_, &error); }
  Publish(const Publish&) = delete;
  Publish& operator=(const Publish&) = delete;
  ~Publish() {
    if (self_ != nullptr) loader().committer->close(self_);
  }
  std::int64_t last_committed() {
    std::uint64_t epoch = 77;
    status = loader().committer->last_committed(self_, &epoch, &error);
    return status == WEIR_OK ? static_cast<std::int64_t>(epoch) : -status;
  }
  weir_status finish(bool complete = true) {
    return loader().committer->finish(self_, complete ? 1 : 0, nullptr, 0, &error);
  }
  weir_status status = WEIR_OK;
  weir_error error = testing::no_error();

 private:
  void* self_ = nullptr;
};

// Rows (id int64, name utf8) with ids first … first + count - 1 and names "n<id>", or `name` for all.
inline Schema people() {
  std::vector<Schema> fields;
  fields.push_back(Schema::field("l", "id"));
  fields.push_back(Schema::field("u", "name"));
  return Schema::rows(std::move(fields));
}
inline Array some_people(std::int64_t first, std::int64_t count, const std::string& name = {}) {
  NumberBuilder<std::int64_t> ids;
  TextBuilder names;
  for (std::int64_t i = first; i < first + count; ++i) {
    ids.append(i);
    names.append(name.empty() ? "n" + std::to_string(i) : name);
  }
  std::vector<Array> columns;
  columns.push_back(ids.finish());
  columns.push_back(names.finish());
  return rows_of(count, std::move(columns));
}

inline testing::Options into(const Folder& folder, const char* mode = "append") {
  return {{"/database", folder / "out.db"}, {"/table", "people"}, {"/mode", mode}};
}

inline std::string people_in(const Folder& folder) {
  return ask(folder / "out.db", "SELECT count(*), sum(id) FROM people");
}

}  // namespace weir::sqlite
