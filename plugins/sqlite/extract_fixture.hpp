// What the extractor's tests share: one way to read a whole result through the ABI, and to show its rows.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "column.hpp"
#include "json.hpp"
#include "loader_fixture.hpp"

namespace weir::sqlite {

inline const weir_extractor& extractor() {
  return *static_cast<const weir_extractor*>(
      testing::component_of(weir_plugin_v1(), "sqlite", WEIR_KIND_EXTRACTOR)->table);
}

// One reader on its way through its life. Statuses are given, not required.
class Extract {
 public:
  explicit Extract(testing::Options options) : surroundings(std::move(options)) {}
  Extract(const Extract&) = delete;
  Extract& operator=(const Extract&) = delete;
  ~Extract() { close(); }

  weir_status plan() {
    error = testing::no_error();
    std::int32_t more = 7;
    const weir_status status = extractor().plan(surroundings.context(), {nullptr, 0}, splits.plan(), &more, &error);
    if (status == WEIR_OK && more != 0) throw std::runtime_error("expected no more splits");
    return status;
  }
  // Opens a split of the plan, or, without a plan, one that says nothing; of the wanted columns, at `from`.
  weir_status open(std::size_t number = 0, const weir_wanted* wanted = nullptr) {
    error = testing::no_error();
    const testing::Splits::Split planned =
        number < splits.kept.size() ? splits.kept[number] : testing::Splits::Split{"split", "", -1};
    weir_split split{};
    split.size = sizeof split;
    split.id = to_weir(planned.id);
    split.token = to_bytes(planned.token);
    if (wanted == nullptr)
      return extractor().open(surroundings.context(), &split, to_bytes(from), schemas.sink(), &self_, &error);
    const auto* component = testing::component_of(weir_plugin_v1(), "sqlite", WEIR_KIND_EXTRACTOR);
    const auto* narrow = static_cast<const weir_pushdown*>(component->extension(to_weir(WEIR_PUSHDOWN)));
    return narrow->open(surroundings.context(), &split, to_bytes(from), &wanted, 1, schemas.sink(), &self_, &error);
  }
  weir_status read() {
    error = testing::no_error();
    return extractor().reader->read(self_, INT64_MAX, collected.next(), &outcome, &error);
  }
  // What the reader tells of where it stands.
  std::string position() {
    testing::Bytes bytes;
    const weir_status status = extractor().reader->position(self_, bytes.sink(), &error);
    return status == WEIR_OK && bytes.kept.size() == 1 ? bytes.kept[0] : "status " + std::to_string(status);
  }
  void cancel() { extractor().reader->cancel(self_); }
  void close() {
    if (self_ != nullptr) extractor().reader->close(self_);
    self_ = nullptr;
  }
  // A whole run: the last status.
  weir_status all() {
    weir_status status = plan();
    for (std::size_t split = 0; status == WEIR_OK && split < std::max<std::size_t>(splits.kept.size(), 1); ++split) {
      status = open(split);
      outcome = WEIR_READ_MORE;
      while (status == WEIR_OK && outcome == WEIR_READ_MORE) status = read();
      close();
    }
    return status;
  }
  // "id int64, name string".
  std::string types() const {
    std::string text;
    const ArrowSchema& rows = schemas.kept.at(0).get();
    for (std::int64_t i = 0; i < rows.n_children; ++i)
      text += (i == 0 ? "" : ", ") + std::string(rows.children[i]->name) + " " + type_name(*rows.children[i]);
    return text;
  }
  // All rows, cells joined by '|', rows by a space.
  std::string rows() const {
    std::string text;
    for (const auto& pushed : collected.pushed) {
      std::vector<Column> columns;
      const ArrowSchema& schema = schemas.kept.at(0).get();
      for (std::int64_t i = 0; i < schema.n_children; ++i) {
        columns.emplace_back(*schema.children[i]);
        columns.back().attach(*pushed.rows->children[i], pushed.rows->offset);
      }
      for (std::int64_t row = 0; row < pushed.rows->length; ++row) {
        for (std::size_t i = 0; i < columns.size(); ++i) {
          if (i > 0 || !text.empty()) text += i > 0 ? '|' : ' ';
          append_json_value(text, columns[i].at(row));
        }
      }
    }
    return text;
  }
  std::string problem() const {
    return std::string(error.option) + (error.offset < 0 ? "" : "+" + std::to_string(error.offset)) + " " +
           error.message + (error.hint[0] == 0 ? "" : "\nhint: " + std::string(error.hint));
  }

  testing::Surroundings surroundings;
  testing::Splits splits;
  testing::Schemas schemas;
  testing::Collected collected;
  std::string from;
  std::int32_t outcome = WEIR_READ_MORE;
  weir_error error = testing::no_error();

 private:
  void* self_ = nullptr;
};

inline testing::Options table_of(const Folder& folder, const char* table = "t") {
  return {{"/database", folder / "in.db"}, {"/table", table}};
}
inline testing::Options query_of(const Folder& folder, const std::string& query) {
  return {{"/database", folder / "in.db"}, {"/query", query}};
}

}  // namespace weir::sqlite
