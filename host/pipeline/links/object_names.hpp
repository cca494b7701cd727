// Which object a row of a composed load goes to: its name has the values of columns in it (by: [country], path:
// out/{country}/part-{n}.csv), spelled so that no value leaves its folder and no two share a name.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <weir/arrow.hpp>

#include "base/result.hpp"
#include "pipeline/load.hpp"

namespace weir::pipeline {

// A value as a part of a name. What can't or should not stand there becomes %XX: slashes, backslashes, control characters, '%',
// '~', '{', a dot or blank at its front, a blank at its end. Null is %null, an empty text %empty. Of a spelling beyond 128 bytes the
// first stand, then '~' and 16 digits of the value's hash.
std::string name_part(std::string_view value);
inline constexpr std::string_view kNullPart = "%null";

// Threads: one caller at a time.
class ObjectNames {
 public:
  // Checks that `input` has the columns, of types that have a text, and that the path names each. Errors are the manifest's, at
  // writing.by_place.
  static base::Result<ObjectNames> of(const FileWriting& writing, const ArrowSchema& input);

  // What tells the object of a row from others; valid until the next call.
  std::string_view key(const ArrowArray& rows, std::int64_t row);
  // The name of the object that the row of the last key() goes to, {n} left in.
  std::string name() const;

 private:
  struct Column {
    std::int64_t number;  // in the input
    const ArrowSchema* field;
    std::string placeholder;  // "{country}"
  };
  std::string path_;
  std::vector<Column> columns_;
  std::string key_;
  std::vector<std::size_t> ends_;  // in key_, of the value of each column; its last byte says whether it is null
};

}  // namespace weir::pipeline
