// Result<T>: a value or an Error. Names follow std::expected, so that it can become it when the compiler has it.
#pragma once

#include <cassert>
#include <optional>
#include <utility>
#include <variant>

#include "base/error.hpp"

namespace weir::base {

// Marks an Error on its way into a Result: return unexpected(error).
struct Unexpected {
  Error error;
};

inline Unexpected unexpected(Error error) { return Unexpected{std::move(error)}; }

// Holds a T or the Error that kept it from being made. Threads: as a value.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}                   // NOLINT: implicit on purpose
  Result(Unexpected failed) : state_(std::in_place_index<1>, std::move(failed.error)) {}  // NOLINT: implicit on purpose

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  // Preconditions of the accessors: has_value() (value, *, ->), or not (error).
  T& value() & { return *std::get_if<0>(&state_); }
  const T& value() const& { return *std::get_if<0>(&state_); }
  T&& value() && { return std::move(*std::get_if<0>(&state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return std::get_if<0>(&state_); }
  const T* operator->() const { return std::get_if<0>(&state_); }
  Error& error() & { return *std::get_if<1>(&state_); }
  const Error& error() const& { return *std::get_if<1>(&state_); }
  Error&& error() && { return std::move(*std::get_if<1>(&state_)); }

 private:
  std::variant<T, Error> state_;
};

// The same for what gives nothing but success.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Unexpected failed) : error_(std::move(failed.error)) {}  // NOLINT: implicit on purpose

  bool has_value() const { return !error_; }
  explicit operator bool() const { return has_value(); }
  Error& error() & { return *error_; }
  const Error& error() const& { return *error_; }
  Error&& error() && { return std::move(*error_); }

 private:
  std::optional<Error> error_;
};

}  // namespace weir::base

// Returns from the function with the Error of `expression`, a Result, if it holds one.
#define WEIR_TRY(expression)                                          \
  do {                                                                \
    if (auto weir_tried = (expression); !weir_tried) {                \
      return ::weir::base::unexpected(std::move(weir_tried).error()); \
    }                                                                 \
  } while (false)

#define WEIR_JOIN_TEXT(a, b) a##b
#define WEIR_JOIN(a, b) WEIR_JOIN_TEXT(a, b)

// Declares `name` and moves the value of `expression`, a Result, into it; or returns its Error.
#define WEIR_TRY_ASSIGN(name, expression)                                                  \
  auto WEIR_JOIN(weir_result_, __LINE__) = (expression);                                   \
  if (!WEIR_JOIN(weir_result_, __LINE__)) {                                                \
    return ::weir::base::unexpected(std::move(WEIR_JOIN(weir_result_, __LINE__)).error()); \
  }                                                                                        \
  name = std::move(WEIR_JOIN(weir_result_, __LINE__)).value()
