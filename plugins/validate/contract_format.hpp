// The format `contract`, which only writes: a draft of a contract for the rows that it gets.
#pragma once

#include <memory>
#include <vector>

#include <weir/weir.hpp>

#include "seen.hpp"

namespace weir::validate {

class ContractEncoder : public Encoder {
 public:
  ContractEncoder(const Context& context, const ArrowSchema& input, const Outputs& stored, Output output);
  void encode(Batch& batch, const Next& next) override;
  // The draft comes at the end: before, a value may still come.
  void end() override;

 private:
  Output output_;
  std::vector<std::unique_ptr<SeenColumn>> columns_;
  std::uint64_t rows_ = 0;
};

struct ContractName {
  // By the name alone, of what is to be written: nobody reads rows from a contract.
  static std::int32_t sniff(const weir_sniff& object);
};

}  // namespace weir::validate
