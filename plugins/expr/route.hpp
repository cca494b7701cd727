// The transformer `route`: sends each row to one of several outputs, by the first condition that is true for it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <weir/weir.hpp>

#include "evaluate.hpp"

namespace weir::expr {

class Route : public Transformer {
 public:
  Route(const Context& context, const Inputs& inputs, const Outputs& outputs);
  static void traits(const Config& config, weir_traits& traits);
  void process(std::uint64_t input, Batch& batch, const Next& next) override;
  void reads(std::uint64_t input, const Sink& names) const;

 private:
  // Rows of the batch for one output; `end` is behind the last.
  struct Rows {
    std::vector<std::uint32_t> numbers;
    std::uint32_t* end = nullptr;
    std::uint64_t count() const { return static_cast<std::uint64_t>(end - numbers.data()); }
  };

  // Sends the live rows of the chunk to where they belong.
  void sort_chunk(Bits live);
  void send(const Next& next, std::uint64_t live) const;

  Frame frame_;  // before the conditions, which may hold memory of it
  std::vector<OperationPointer> conditions_;
  std::vector<std::string> read_;  // columns
  std::vector<Rows> rows_;         // one for each output: the conditions', then that of `else`
  bool has_else_;
  std::vector<Reject> rejects_;
};

}  // namespace weir::expr
