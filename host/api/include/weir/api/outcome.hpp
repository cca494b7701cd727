// Outcome: what was asked for, or why not. Nothing of this interface throws but what the standard library does when memory
// ends.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace weir::api {

// One thing that is wrong. A value.
struct Problem {
  std::string code;                    // stable, as `weir explain` takes it: "manifest.unknown_key"
  std::string message;                 // what was expected, what was found
  std::string hint;                    // the cure; empty: none known
  std::string link;                    // in whose work; empty: none
  std::string file;                    // manifest, data, or the name of the builder; empty: it has no place
  std::uint64_t line = 0, column = 0;  // from 1; 0: unknown
  int exit_code = 1;                   // what the program ends with for it
};

// A T, or everything that is wrong, at least one Problem. A value.
template <class T>
class [[nodiscard]] Outcome {
 public:
  Outcome(T value) : state_(std::in_place_index<0>, std::move(value)) {}                           // NOLINT: implicit
  Outcome(std::vector<Problem> problems) : state_(std::in_place_index<1>, std::move(problems)) {}  // NOLINT: implicit

  explicit operator bool() const { return state_.index() == 0; }
  // Preconditions: it holds a T.
  T& operator*() { return *std::get_if<0>(&state_); }
  const T& operator*() const { return *std::get_if<0>(&state_); }
  T* operator->() { return std::get_if<0>(&state_); }
  const T* operator->() const { return std::get_if<0>(&state_); }
  // Precondition: it holds none.
  const std::vector<Problem>& problems() const { return *std::get_if<1>(&state_); }

 private:
  std::variant<T, std::vector<Problem>> state_;
};

// All of them as the program prints them, a line each and its hint.
std::string describe(const std::vector<Problem>& problems);

}  // namespace weir::api
