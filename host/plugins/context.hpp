// ContextOwner: who an instance is, as a plugin sees it (struct weir_context).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <weir/weir.h>
#include <weir/arrow.hpp>

namespace weir::plugins {

// The text, lent.
inline weir_string string_of(const std::string& text) { return {text.data(), text.size()}; }

// What a context says; weir.h has the meaning. Texts are copied, pointers are lent and outlive the ContextOwner.
struct ContextParts {
  const weir_host* host = nullptr;
  const weir_config* config = nullptr;
  std::string run;
  std::string link;
  std::string lane;
  std::vector<std::string> streams{std::string()};  // at least one; an empty name: the only one
  std::vector<const ArrowSchema*> expected;  // a reader's: one a stream, each a schema (copied) or null; else empty
  std::uint64_t instance = 0;
  std::uint64_t fence = 1;
  std::uint64_t epoch = 1;
  std::int32_t commit = WEIR_COMMIT_NONE;
};

// Owns a weir_context and all its texts and schemas. It must outlive the instance it is given to. Not copied or moved.
// Threads: [any], it is constant.
class ContextOwner {
 public:
  explicit ContextOwner(ContextParts parts);
  ContextOwner(const ContextOwner&) = delete;
  ContextOwner& operator=(const ContextOwner&) = delete;

  const weir_context* get() const { return &context_; }

 private:
  ContextParts parts_;
  std::vector<weir_string> streams_;
  std::vector<weir::Schema> schemas_;
  std::vector<const ArrowSchema*> expected_;
  weir_context context_{};
};

}  // namespace weir::plugins
