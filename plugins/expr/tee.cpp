// tee: see tee.hpp. The outputs share what the host has in hand: nothing is copied.
#include "tee.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace weir::expr {

Tee::Tee(const Context& context, const Inputs& inputs, const Outputs& outputs)
    : outputs_(context.config().count("/to")) {
  const Config config = context.config();
  std::vector<std::string_view> names;
  for (std::uint64_t i = 0; i < outputs_; ++i) {
    const std::string option = "/to/" + std::to_string(i);
    const std::string_view name = config.text(option);
    if (std::find(names.begin(), names.end(), name) != names.end()) {
      throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
                    "expected each output once, found '" + std::string(name) + "' again")
          .option(option);
    }
    names.push_back(name);
    outputs.same(inputs[0], name);
  }
}

void Tee::traits(const Config& /*config*/, weir_traits& traits) {
  traits.rows = WEIR_ROWS_MULTIPLY;
  traits.takes_selection = 1;
}

void Tee::process(std::uint64_t /*input*/, Batch& /*batch*/, const Next& next) {
  for (std::uint64_t output = 0; output < outputs_; ++output) next.select_all(output);
}

void Tee::reads(std::uint64_t /*input*/, const Sink& /*names*/) const {}

}  // namespace weir::expr
