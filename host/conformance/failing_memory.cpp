// A plugin finds malloc() by a slot in its file that the loader has filled in: the slot is given another function.
#include "conformance/failing_memory.hpp"

#include <dlfcn.h>
#include <link.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <new>
#include <string_view>

namespace weir::conformance {
namespace {

std::atomic<std::int64_t> count = 0;
std::atomic<std::int64_t> fails = -1;

// Whether this call is the one.
bool is_refused() {
  if (count++ != fails.load()) return false;
  errno = ENOMEM;
  return true;
}

void* failing_malloc(std::size_t size) { return is_refused() ? nullptr : std::malloc(size); }
void* failing_calloc(std::size_t number, std::size_t size) {
  return is_refused() ? nullptr : std::calloc(number, size);
}
void* failing_realloc(void* old, std::size_t size) { return is_refused() ? nullptr : std::realloc(old, size); }
void* failing_reallocarray(void* old, std::size_t number, std::size_t size) {
  return is_refused() ? nullptr : ::reallocarray(old, number, size);
}
void* failing_aligned_alloc(std::size_t alignment, std::size_t size) {
  return is_refused() ? nullptr : std::aligned_alloc(alignment, size);
}
int failing_posix_memalign(void** memory, std::size_t alignment, std::size_t size) {
  return is_refused() ? ENOMEM : ::posix_memalign(memory, alignment, size);
}
char* failing_strdup(const char* text) { return is_refused() ? nullptr : ::strdup(text); }
char* failing_strndup(const char* text, std::size_t size) { return is_refused() ? nullptr : ::strndup(text, size); }

void* failing_new(std::size_t size) { return is_refused() ? throw std::bad_alloc() : ::operator new(size); }
void* failing_new_array(std::size_t size) { return is_refused() ? throw std::bad_alloc() : ::operator new[](size); }
void* failing_new_aligned(std::size_t size, std::align_val_t alignment) {
  return is_refused() ? throw std::bad_alloc() : ::operator new(size, alignment);
}
void* failing_new_array_aligned(std::size_t size, std::align_val_t alignment) {
  return is_refused() ? throw std::bad_alloc() : ::operator new[](size, alignment);
}
void* failing_new_quiet(std::size_t size, const std::nothrow_t& quiet) noexcept {
  return is_refused() ? nullptr : ::operator new(size, quiet);
}

template <class Function>
ElfW(Addr) address(Function* function) {
  return reinterpret_cast<ElfW(Addr)>(function);
}

struct Replacement {
  std::string_view symbol;
  ElfW(Addr) function;
};

const Replacement* replacement_of(std::string_view symbol) {
  static const Replacement all[] = {
      {"malloc", address(failing_malloc)},
      {"calloc", address(failing_calloc)},
      {"realloc", address(failing_realloc)},
      {"reallocarray", address(failing_reallocarray)},
      {"aligned_alloc", address(failing_aligned_alloc)},
      {"posix_memalign", address(failing_posix_memalign)},
      {"strdup", address(failing_strdup)},
      {"strndup", address(failing_strndup)},
      {"_Znwm", address(failing_new)},
      {"_Znam", address(failing_new_array)},
      {"_ZnwmSt11align_val_t", address(failing_new_aligned)},
      {"_ZnamSt11align_val_t", address(failing_new_array_aligned)},
      {"_ZnwmRKSt9nothrow_t", address(failing_new_quiet)},
  };
  for (const Replacement& one : all) {
    if (one.symbol == symbol) return &one;
  }
  return nullptr;
}

// Whether a relocation puts a function's address, and nothing else, into a slot.
bool fills_slot(const ElfW(Rela) & relocation) {
  const auto type = ELF64_R_TYPE(relocation.r_info);
#if defined(__x86_64__)
  return type == R_X86_64_JUMP_SLOT || type == R_X86_64_GLOB_DAT || (type == R_X86_64_64 && relocation.r_addend == 0);
#elif defined(__aarch64__)
  return type == R_AARCH64_JUMP_SLOT || type == R_AARCH64_GLOB_DAT ||
         (type == R_AARCH64_ABS64 && relocation.r_addend == 0);
#else
  static_cast<void>(type);
  return false;
#endif
}

// The tables of a file in memory.
struct Tables {
  ElfW(Addr) base = 0;
  const ElfW(Sym) * symbols = nullptr;
  const char* names = nullptr;
  struct Relocations {
    const ElfW(Rela) * first = nullptr;
    std::size_t bytes = 0;
  } data, calls;
};

Tables tables_of(const link_map& file) {
  Tables tables;
  tables.base = file.l_addr;
  for (const ElfW(Dyn)* entry = file.l_ld; entry->d_tag != DT_NULL; ++entry) {
    const auto at = entry->d_un.d_ptr;  // glibc has added the base
    switch (entry->d_tag) {
      case DT_SYMTAB: tables.symbols = reinterpret_cast<const ElfW(Sym)*>(at); break;
      case DT_STRTAB: tables.names = reinterpret_cast<const char*>(at); break;
      case DT_RELA: tables.data.first = reinterpret_cast<const ElfW(Rela)*>(at); break;
      case DT_RELASZ: tables.data.bytes = entry->d_un.d_val; break;
      case DT_JMPREL: tables.calls.first = reinterpret_cast<const ElfW(Rela)*>(at); break;
      case DT_PLTRELSZ: tables.calls.bytes = entry->d_un.d_val; break;
      default: break;
    }
  }
  return tables;
}

// Writes into a slot, which the loader may have made read-only.
bool fill(ElfW(Addr) slot, ElfW(Addr) function) {
  const auto page = static_cast<ElfW(Addr)>(::sysconf(_SC_PAGESIZE));
  if (::mprotect(reinterpret_cast<void*>(slot / page * page), page, PROT_READ | PROT_WRITE) != 0) return false;
  *reinterpret_cast<ElfW(Addr)*>(slot) = function;
  return true;
}

int replace_in(const Tables& tables, const Tables::Relocations& relocations) {
  int replaced = 0;
  for (std::size_t i = 0; i < relocations.bytes / sizeof(ElfW(Rela)); ++i) {
    const ElfW(Rela)& one = relocations.first[i];
    if (!fills_slot(one)) continue;
    const ElfW(Sym)& symbol = tables.symbols[ELF64_R_SYM(one.r_info)];
    if (symbol.st_shndx != SHN_UNDEF) continue;  // a function of its own
    const Replacement* replacement = replacement_of(tables.names + symbol.st_name);
    if (replacement != nullptr && fill(tables.base + one.r_offset, replacement->function)) ++replaced;
  }
  return replaced;
}

}  // namespace

base::Result<FailingMemory> FailingMemory::of(const void* inside) {
  Dl_info place{};
  link_map* file = nullptr;
  fails = -1;
  int replaced = 0;
  if (::dladdr1(inside, &place, reinterpret_cast<void**>(&file), RTLD_DL_LINKMAP) != 0 && file != nullptr) {
    const Tables tables = tables_of(*file);
    replaced = replace_in(tables, tables.data) + replace_in(tables, tables.calls);
  }
  if (replaced == 0) return skip("it asks nobody for memory");
  return FailingMemory();
}

void FailingMemory::fail_at(std::int64_t number) {
  count = 0;
  fails = number;
}

std::int64_t FailingMemory::calls() const { return count; }

}  // namespace weir::conformance
