// Redactor: knows the texts of all secrets of a run and takes them out of whatever is about to be shown or stored.
#pragma once

#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

namespace weir::observe {

// Replaces secrets by `***`. Threads: [any].
class Redactor {
 public:
  // Remembers a secret: its text, its JSON-escaped and URL-encoded spellings, and, if it has several lines, each of
  // them. Texts shorter than kShortest are not remembered (they would blank out every message), the empty one neither.
  void add(std::string_view secret);

  // Returns `text` with every occurrence of every secret replaced; of overlapping ones the longest.
  std::string redact(std::string text) const;

  // Whether there is anything to redact.
  bool empty() const;

  static constexpr std::size_t kShortest = 3;

 private:
  mutable std::shared_mutex mutex_;
  std::vector<std::string> needles_;  // longest first; guarded by mutex_
};

}  // namespace weir::observe
