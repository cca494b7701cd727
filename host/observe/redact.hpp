// Redactor: knows the texts of all secrets of a run and takes them out of whatever is about to be shown or stored.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace weir::observe {

// Returns a document whose texts and keys went through `redact`: its numbers and its form stay, so it is JSON still.
nlohmann::ordered_json redacted_texts(nlohmann::ordered_json document,
                                      const std::function<std::string(std::string)>& redact);

// Replaces secrets by `***`. Threads: [any].
class Redactor {
 public:
  // Remembers a secret: its text, its JSON-escaped, URL-encoded and base64 spellings (alone, or inside a longer text that
  // was encoded, as "user:password" is), and, if it has several lines, each of them. Texts shorter than kShortest are not
  // remembered (they would blank out every message), those shorter than kAnywhere only found as whole words.
  void add(std::string_view secret);

  // Returns `text` with every occurrence of every secret replaced; of overlapping ones the longest. A text that ends, or
  // is cut ("…"), within a secret counts if kAnywhere bytes of it stand there.
  std::string redact(std::string text) const;

  // The same for every text of an error, before it is cut or escaped to be shown. A caret stays where it belongs.
  base::Error redact(base::Error error) const;

  // Whether there is anything to redact.
  bool empty() const;

  static constexpr std::size_t kShortest = 4;
  static constexpr std::size_t kAnywhere = 8;

 private:
  std::size_t found_at(std::string_view text, std::size_t at) const;

  mutable std::shared_mutex mutex_;
  std::vector<std::string> needles_;  // longest first; guarded by mutex_
};

}  // namespace weir::observe
