// What differs from one system to another, of all that weir.hpp uses: nothing else of it asks which system it is built for.
#pragma once

#include <cstddef>
#include <cstdlib>

namespace weir::detail {

// Gives `bytes` bytes, aligned to `alignment`; null: there are none. `bytes` is a multiple of `alignment`, which is a power of two.
// Freed by free_aligned() alone: Windows' free() can't. Threads: [any].
inline void* allocate_aligned(std::size_t alignment, std::size_t bytes) noexcept {
#ifdef _WIN32
  return _aligned_malloc(bytes, alignment);
#else
  return std::aligned_alloc(alignment, bytes);
#endif
}

// Frees what allocate_aligned() gave; null: nothing. Threads: [any].
inline void free_aligned(void* memory) noexcept {
#ifdef _WIN32
  _aligned_free(memory);
#else
  std::free(memory);
#endif
}

}  // namespace weir::detail
