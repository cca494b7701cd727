// Recipe: how the values of one column are made. Every value is a function of the seed, the column and the row's number.
#pragma once

#include <weir/weir.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace weir::generate {

// One column. Threads: as a value; make() is const.
class Recipe {
 public:
  enum class Kind : std::int32_t { sequence, integer, number, letters, words, choice, timestamp, boolean };

  // Reads /columns/NAME of the options, `path` being its JSON pointer. Throws for bounds that are the wrong way round.
  static Recipe read(const Config& config, std::string_view name, const std::string& path, std::uint64_t seed);
  // The columns used where the options name none.
  static std::vector<Recipe> usual(std::uint64_t seed);

  Schema field() const;
  // Makes the values of `count` rows from row number `first` on.
  Array make(std::uint64_t first, std::int64_t count) const;

 private:
  Recipe(std::string_view name, Kind kind, std::uint64_t seed);
  void read_bounds(const Config& config, const std::string& path);
  void read_values(const Config& config, const std::string& path, const std::vector<std::string>& places);
  void read_start(const Config& config, const std::string& path);
  std::uint64_t random(std::uint64_t row) const;
  Buffer make_validity(std::uint64_t first, std::int64_t count, std::int64_t& nulls) const;
  Buffer make_numbers(std::uint64_t first, std::int64_t count) const;
  Buffer make_bits(std::uint64_t first, std::int64_t count) const;
  std::vector<Buffer> make_texts(std::uint64_t first, std::int64_t count) const;
  bool is_text() const;

  std::string name_;
  Kind kind_;
  std::string format_ = "l";
  std::uint64_t key_;             // of the column: the seed and the name together
  std::uint64_t null_below_ = 0;  // a row whose 53 random bits are below is null
  std::int64_t first_ = 0, step_ = 1;
  std::uint64_t span_ = 0;                // count of integers to choose from; 0: all 2^64
  double low_ = 0, high_ = 1, unit_ = 0;  // unit: 10^decimals, 0: no rounding
  std::int64_t length_ = 8;               // letters, or words
  std::vector<std::string> texts_;
  std::vector<std::int64_t> integers_;
  std::vector<double> numbers_;
};

}  // namespace weir::generate
