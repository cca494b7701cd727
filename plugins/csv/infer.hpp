// Which type a column has, from samples of its values. A type is given only if it keeps every value that was seen.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <weir/cpp/timestamp_guess.hpp>
#include <weir/weir.hpp>

#include "options.hpp"
#include "scanned.hpp"

namespace weir::csv {

// What one column's values so far can be.
class Guess {
 public:
  // `zoned`: what timestamps without a zone mean is known, so that they are moments however they are spelled.
  explicit Guess(bool zoned = false) : fits_(zoned ? kAll | kMoment : kAll) {}
  // Takes note of a value that is not null; `number`: the same as a number would be written.
  void add(std::string_view text, std::string_view number);
  // Takes note of a value that was in quotes and empty: only a string is that.
  void add_empty() { seen_ = true, fits_ = 0; }
  bool seen() const { return seen_; }
  // Gives the field's type: int64, double, bool, date, timestamp or string; without a value, null if the `whole` input
  // was seen, else string.
  Schema field(std::string_view name, bool whole) const;
  // How the timestamps were written, as metadata; empty if they were not all written alike.
  Metadata spelling() const;

 private:
  enum : unsigned { kInteger = 1, kDouble = 2, kBoolean = 4, kDate = 8, kTimestamp = 16, kAll = 31, kMoment = 32 };

  unsigned add_number(std::string_view text) const;
  bool add_moment(std::string_view text);

  bool seen_ = false;
  unsigned fits_;
  bool naive_ = false;                                 // some timestamp has no zone
  bool nanoseconds_ = false, nanoseconds_fit_ = true;  // some has more than six digits; all are in their range
  TimestampGuess timestamps_;
};

// The guesses for the columns of one file.
class Inference {
 public:
  // `columns`: those to guess, ascending; the guess for another one stays that it has no value.
  Inference(const Options& options, std::vector<std::size_t> columns, std::size_t width)
      : options_(options),
        lexer_(options.dialect),
        columns_(std::move(columns)),
        guesses_(width, Guess(options.zone != nullptr)) {}
  // Looks at whole records. Records of another width are passed over.
  void add(std::string_view records);
  // Looks at bytes from within the file, where no one knows whether they begin inside quotes. `at_end`: they reach the
  // end of the input.
  void add_sample(std::string_view bytes, bool at_end);
  const Guess& operator[](std::size_t column) const { return guesses_[column]; }

 private:
  bool is_regular(std::string_view records);
  std::string_view usual(std::string_view text);
  void add_record(const Chunk& chunk, std::size_t first);

  Chunk scanned(std::string_view records) { return scan_records(lexer_, records, options_.nulls, 0, workspace_); }

  const Options& options_;
  Lexer lexer_;
  Workspace workspace_;
  std::vector<std::size_t> columns_;
  std::vector<Guess> guesses_;
  std::string scratch_;
  char number_[kMaxNumber];
};

}  // namespace weir::csv
