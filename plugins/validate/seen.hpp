// Seen: what the values of one column were, as far as a contract can say it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <weir/arrow.hpp>

#include "column_type.hpp"
#include "unique.hpp"

namespace weir::validate {

// Threads: one at a time.
class SeenColumn {
 public:
  static constexpr std::size_t kFew = 20;                   // values that are kept to be listed
  static constexpr std::uint64_t kKeyBytes = 64ULL << 20U;  // for the question whether they are unique
  explicit SeenColumn(const ArrowSchema& field);

  void add(const ColumnView& column);

  const std::string& name() const { return name_; }
  const ColumnType& type() const { return type_; }
  std::uint64_t rows() const { return rows_; }
  std::uint64_t nulls() const { return nulls_; }
  std::uint64_t values() const { return rows_ - nulls_; }
  // The least and greatest, as texts; empty: there is no order, or a value that is no number.
  const std::string& least() const { return least_.text; }
  const std::string& greatest() const { return greatest_.text; }
  // Characters of texts.
  std::int64_t shortest() const { return shortest_; }
  std::int64_t longest() const { return longest_; }
  // Of texts all that there are, in the order in which they came; empty: more than kFew.
  const std::vector<std::string>& few() const { return few_; }
  // No value came twice. unsure(): there were more than memory had room for.
  bool unique() const { return keys_ != nullptr && values() > 1 && !unsure_; }
  bool unsure() const { return unsure_; }

 private:
  struct Extreme {
    Int128 wide = 0;
    double real = 0;
    std::string text;
  };
  template <class Texts>
  void add_texts(const Texts& texts, std::int64_t rows);
  template <class Numbers>
  void add_numbers(const Numbers& numbers, const ColumnView& column);
  void add_keys(const ColumnView& column);
  void note_text(std::string_view text);
  std::string text_at(const ColumnView& column, std::int64_t row) const;

  std::string name_;
  Schema field_;
  ColumnType type_;
  std::uint64_t rows_ = 0, nulls_ = 0;
  Extreme least_, greatest_;
  bool any_ = false;
  bool unordered_ = false;  // a NaN was seen
  std::int64_t shortest_ = 0, longest_ = 0;
  std::vector<std::string> few_;
  bool many_ = false;
  std::unique_ptr<UniqueKey> keys_;  // null: a value came twice, or has no key
  bool unsure_ = false;
};

// A draft of a contract for the rows that were seen, as YAML.
std::string contract_of(const std::vector<std::unique_ptr<SeenColumn>>& columns, std::uint64_t rows);

}  // namespace weir::validate
