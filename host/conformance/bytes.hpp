// Bytes to read from and to write to, in memory: what a format is given.
#pragma once

#include <string>

#include "conformance/session.hpp"

namespace weir::conformance {

// An input over bytes that outlive it, in pieces of at most so many. Its callbacks can be refused, as all.
class MemoryInput {
 public:
  MemoryInput(Session& session, std::string_view bytes, std::size_t piece);
  const weir_input* get() const { return &table_; }

 private:
  struct Table : weir_input {
    MemoryInput* self;
  };
  static weir_status read(const weir_input* raw, std::int64_t deadline, std::uint8_t* buffer, std::uint64_t capacity,
                          std::uint64_t* got, std::int32_t* outcome, weir_error* error);
  static weir_status read_at(const weir_input* raw, std::uint64_t offset, std::uint8_t* buffer, std::uint64_t capacity,
                             std::uint64_t* got, weir_error* error);

  Session& session_;
  std::string_view bytes_;
  std::size_t piece_, at_ = 0;
  Table table_{};
};

// An output that keeps what is written.
class MemoryOutput {
 public:
  explicit MemoryOutput(Session& session);
  const weir_output* get() const { return &table_; }
  const std::string& bytes() const { return bytes_; }

 private:
  struct Table : weir_output {
    MemoryOutput* self;
  };
  static weir_status write(const weir_output* raw, weir_bytes bytes, weir_error* error);

  Session& session_;
  std::string bytes_;
  Table table_{};
};

}  // namespace weir::conformance
