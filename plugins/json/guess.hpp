// Which types the values under a key have, from a sample of records. A type is given only if it keeps every value that
// was seen: a number with a fraction becomes a double if that writes the same digits again.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tokens.hpp"

namespace weir::json {

// What was seen under one key, or as the items of a list.
class Guess {
 public:
  enum Kind : unsigned { kNull = 1, kBoolean = 2, kNumber = 4, kText = 8, kObject = 16, kList = 32 };

  void add(Kind kind) { seen_ |= kind; }
  void add_number(const text::NumberText& number, const char* begin, const char* end);
  // What stands in the lists.
  Guess& items();
  // What stands under a key; `expected` is the number of the key that is likely, and becomes that of the one behind.
  Guess& member(std::string_view key, std::size_t& expected);

  // Gives the field: null, bool, a number's type, string, list, struct, or JSON text where no one type keeps the values.
  // `whole`: all values were seen; else what was never seen with a value is JSON text.
  Schema field(std::string_view name, bool whole, int depth = 0) const;
  // Gives the fields of the object, in the order in which their keys were seen first.
  std::vector<std::pair<std::string, Schema>> fields(bool whole, int depth = 0) const;

  // Is told a column that becomes JSON text because no type keeps its values, and what they are.
  using Tell = std::function<void(const std::string& path, const std::string& values)>;
  void tell_mixed(const std::string& path, const Tell& tell) const;

 private:
  const char* number_format() const;
  bool is_struct(int depth) const;

  unsigned seen_ = 0;
  bool fraction_ = false;  // some number is no integer
  bool negative_ = false;  // some integer is
  bool all_int64_ = true, all_uint64_ = true, all_decimal_ = true;
  bool all_double_ = true;  // no number has more digits than a double, or is beyond the largest
  bool nul_ = false;        // some key holds a NUL, which no name can
  std::unique_ptr<Guess> items_;
  std::vector<std::pair<std::string, std::unique_ptr<Guess>>> members_;
  std::unordered_map<std::string_view, std::size_t> numbers_;
};

// True if the nearest double is the integer itself, or as good: no digit of it is lost.
bool is_exact_integer(const text::NumberText& number, double value);

// Reads records into a guess.
class Sampler : public Tokens {
 public:
  using Tokens::Tokens;
  // Looks at the records of a piece that begins where one does. What is not JSON ends the sample (in lines: the record).
  void lines(Guess& rows);
  void spread(Guess& rows);
  void array(Guess& rows);

 private:
  const char* sample(Guess& guess, const char* at, int depth);
  const char* object(Guess& guess, const char* at, int depth);
  const char* list(Guess& guess, const char* at, int depth);

  Buffer key_;
};

}  // namespace weir::json
