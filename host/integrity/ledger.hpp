// Ledger: where every row went. The host counts around the plugins; a run whose ledger does not balance has failed.
//
// Invariants:
//   1 of a link that says each row leaves once: in = out + dropped + rejected, batch by batch (the pipeline checks it)
//   2 of the run: extracted + expanded = loaded + dropped + rejected + merged
//   3 a destination that tells how many rows it accepted tells what was sent less what it refused
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

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
  std::uint64_t rows_out = 0;  // a reader's: extracted, its rejects not counted; a loader's: loaded
  std::uint64_t bytes = 0;     // read from, or written to, the world
  Reasons dropped;
  Reasons rejected;

  void merge(const Account& other);
};

enum class Role { extract, transform, load };

struct Line {
  std::string link;
  std::string component;
  Role role = Role::transform;
  bool once = true;  // each row in leaves once; else rows may multiply or merge
  Account account;
};

// The whole run, a line a link in the order of the chain.
struct Ledger {
  std::vector<Line> lines;
  std::int64_t confirmed_rows = -1;  // what the destination says it has; -1: it does not say

  std::uint64_t extracted() const;
  std::uint64_t loaded() const;
  std::uint64_t dropped() const;
  std::uint64_t rejected() const;
  // Rows that links made, or made one of several: of those that may.
  std::uint64_t expanded() const;
  std::uint64_t merged() const;

  // OK if it balances; else an Error (fault integrity) that names the link where rows went missing.
  base::Result<void> balance() const;
};

}  // namespace weir::integrity
