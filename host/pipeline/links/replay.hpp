// Replay: how a reader that can't be opened at a position goes on there all the same: what was read before is read again,
// and thrown away.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "pipeline/outlet.hpp"

namespace weir::pipeline {

// The error of a split, called `shown`, in which what was read before stands no longer: DATA_LOSS.
base::Error changed_since(const std::string& shown, const std::string& expected, const std::string& found);

// Counts what a reader gives; its position is that count. Threads: one caller at a time.
class Replay {
 public:
  // One call of the reader's read(); true: nothing comes after it.
  using Read = std::function<base::Result<bool>(Outlet& outlet, const Deliver& deliver)>;

  // Reads again, through an outlet of its own, up to a position(). `shown` names the split in errors. A source that now
  // gives other rows there has changed: DATA_LOSS.
  base::Result<void> go_to(std::string_view position, OutletSetup setup, const std::string& shown, const Read& read);
  // Counts what one call gave.
  void passed(std::uint64_t rows, std::uint64_t rejects) {
    rows_ += rows;
    rejects_ += rejects;
  }
  std::string position() const;

 private:
  std::uint64_t rows_ = 0, rejects_ = 0;
};

}  // namespace weir::pipeline
