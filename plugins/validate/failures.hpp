// Failures: what is wrong with several options, told at once.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <weir/cpp/failure.hpp>

namespace weir::validate {

class Failures {
 public:
  // Keeps the Failure that `read` throws.
  template <class Read>
  void attempt(const Read& read) {
    try {
      read();
    } catch (Failure& failure) {
      all_.push_back(std::move(failure));
    }
  }

  // Throws the first, which has a place; the others stand in its hint. Nothing if there are none.
  void throw_them() {
    if (all_.empty()) return;
    weir_error error{};
    weir_error_clear(&error);
    all_.front().fill(&error);
    std::string hint = error.hint;
    for (std::size_t i = 1; i < all_.size(); ++i) {
      weir_error_clear(&error);
      all_[i].fill(&error);
      hint += (hint.empty() ? "" : "; ") + std::string("also wrong: ") + error.option + ": " + all_[i].message();
    }
    throw std::move(all_.front()).hint(std::move(hint));
  }

 private:
  std::vector<Failure> all_;
};

}  // namespace weir::validate
