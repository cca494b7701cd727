#include "contract_format.hpp"

namespace weir::validate {

ContractEncoder::ContractEncoder(const Context& /*context*/, const ArrowSchema& input, const Outputs& stored,
                                 Output output)
    : output_(output) {
  for (std::int64_t i = 0; i < input.n_children; ++i)
    columns_.push_back(std::make_unique<SeenColumn>(*input.children[i]));
  stored.same(input);
}

void ContractEncoder::encode(Batch& batch, const Next& /*next*/) {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    columns_[i]->add({&batch.column(static_cast<std::int64_t>(i)), batch.outer(), batch.length()});
  }
  rows_ += static_cast<std::uint64_t>(batch.length());
}

void ContractEncoder::end() {
  const std::string text = contract_of(columns_, rows_);
  output_.write(text.data(), text.size());
}

std::int32_t ContractName::sniff(const weir_sniff& object) {
  const std::string_view name = to_view(object.name);
  const bool named = name.ends_with(".contract.yaml") || name.ends_with(".contract.yml");
  return named && object.head.length == 0 ? 100 : 0;
}

}  // namespace weir::validate
