// The transformer `tee`: every row to each of several outputs.
#pragma once

#include <cstdint>

#include <weir/weir.hpp>

namespace weir::expr {

class Tee : public Transformer {
 public:
  Tee(const Context& context, const Inputs& inputs, const Outputs& outputs);
  static void traits(const Config& config, weir_traits& traits);
  void process(std::uint64_t input, Batch& batch, const Next& next) override;
  void reads(std::uint64_t input, const Sink& names) const;

 private:
  std::uint64_t outputs_;
};

}  // namespace weir::expr
