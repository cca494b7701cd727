// The transformer `filter`: passes the rows for which a condition is true.
#pragma once

#include <string>
#include <vector>

#include <weir/weir.hpp>

#include "evaluate.hpp"

namespace weir::expr {

class Filter : public Transformer {
 public:
  Filter(const Context& context, const Inputs& inputs, const Outputs& outputs);
  static void traits(const Config& config, weir_traits& traits);
  void process(std::uint64_t input, Batch& batch, const Next& next) override;
  void reads(std::uint64_t input, const Sink& names) const;
  void conditions(const ConditionSink& conditions) const;

 private:
  Schema input_;
  std::string where_;
  std::string naive_zone_;
  Frame frame_;  // before the condition, which may hold memory of it
  OperationPointer condition_;
  std::vector<std::uint32_t> passed_;
  std::vector<Reject> rejects_;
};

}  // namespace weir::expr
