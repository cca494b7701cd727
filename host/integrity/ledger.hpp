// Ledger: where every row went. The host counts around the plugins; a run whose ledger does not balance has failed.
//
// Invariants:
//   1 of a link that says each row leaves once: in = out + dropped + rejected, batch by batch (the pipeline checks it)
//   2 what left by an output came in at each link or load behind it
//   3 of the run: extracted + expanded = loaded + dropped + rejected + merged
//   4 a destination that tells how many rows it accepted tells what was sent less what it refused
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "integrity/digest.hpp"

namespace weir::integrity {

// A reason and how many rows had it. Few reasons, so a list is enough. Reasons past the bound count under "other".
class Reasons {
 public:
  void add(std::string_view reason, std::uint64_t count);
  void merge(const Reasons& other);
  std::uint64_t total() const { return total_; }
  struct Item {
    std::string reason;
    std::uint64_t count = 0;
  };
  const std::vector<Item>& items() const { return items_; }

 private:
  static constexpr std::size_t kMaxReasons = 64;
  std::vector<Item> items_;
  std::uint64_t total_ = 0;
};

// The rows of one link. One a link and chain while it runs, merged at its end. Threads: one caller at a time.
struct Account {
  std::uint64_t rows_in = 0;
  std::uint64_t rows_out = 0;            // a reader's: extracted, its rejects not counted; a loader's: loaded
  std::uint64_t bytes = 0;               // read from, or written to, the world
  std::vector<std::uint64_t> by_output;  // of rows_out; kept where there are several outputs to leave by
  std::optional<Digest> digest;          // a loader's: of the rows that it loaded; none: they can't be read back
  Reasons dropped;
  Reasons rejected;

  void merge(const Account& other);
  // Counts rows that leave by an output.
  void leave(std::uint64_t output, std::uint64_t rows);
  // The rows that left by it.
  std::uint64_t left_by(std::uint64_t output) const;
};

enum class Role { extract, transform, load };

struct Line {
  std::string link;
  std::string component;
  Role role = Role::transform;
  bool once = true;  // each row in leaves once; else rows may multiply or merge
  Account account;
  std::vector<std::size_t> from;     // numbers of the lines that it gets its rows from, which stand before it
  std::uint64_t output = 0;          // of theirs
  std::int64_t confirmed_rows = -1;  // a load's: what the destination says it has; -1: it does not say
};

// The whole run, a line a link; each behind those that it gets its rows from, loads in the manifest's order.
struct Ledger {
  std::vector<Line> lines;

  std::uint64_t extracted() const;
  std::uint64_t loaded() const;
  std::uint64_t dropped() const;
  std::uint64_t rejected() const;
  // Rows that links made, or made one of several: of those that may. Expanded are also rows that went to several loads.
  std::uint64_t expanded() const;
  std::uint64_t merged() const;
  // What all destinations together say they have; -1: one of them does not say.
  std::int64_t confirmed() const;

  // OK if it balances; else an Error (fault integrity) that names the link where rows went missing.
  base::Result<void> balance() const;

 private:
  base::Result<void> balance_line(const Line& line) const;
  // Rows that came in at several lines, but once.
  std::uint64_t copied() const;
};

}  // namespace weir::integrity
