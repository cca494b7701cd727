// TimeFormat: how times are spelt, in the letters of strftime: '%d.%m.%Y %H:%M'. Names are English.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::expr {

// What a clock shows, and how far it is from UTC.
struct TimeFields {
  std::int64_t seconds = 0;  // since 1970 on that clock
  std::int64_t micros = 0;   // of the second
  std::int64_t offset = 0;   // seconds east of UTC
};

class TimeFormat {
 public:
  struct Mistake {
    std::string_view found;  // the letters that mean nothing, in `text`
  };
  // Compiles `text`; tells the letters that are none.
  static std::optional<TimeFormat> of(std::string_view text, Mistake& mistake);
  // The letters that there are, for hints.
  static constexpr std::string_view kLetters =
      "%Y %y %m %d %H %I %M %S %f %g %p %a %A %b %B %j %z %u %w %V %G %F %T %%; %-d writes no leading zero";

  // Whether it has an offset, %z.
  bool has_offset() const { return has_offset_; }
  // Bytes that write() needs at most.
  std::size_t most() const { return most_; }
  char* write(const TimeFields& time, char* to) const;
  // Reads all of `text`; false if it is not spelt so, or is no time. What is not spelt counts as in 1900-01-01 00:00:00.
  bool read(std::string_view text, TimeFields& time) const;

 private:
  // A letter, or 0 and the text that stands between.
  struct Piece {
    char letter = 0;
    bool bare = false;  // without leading zeros
    std::string text = {};
  };
  void add(char letter, bool bare);
  void add_text(std::string_view text);

  std::vector<Piece> pieces_;
  bool has_offset_ = false;
  std::size_t most_ = 0;
};

}  // namespace weir::expr
