// The plugin fill: a transformer that puts defaults in the place of nulls.
#include <string>
#include <utility>
#include <vector>

#include <weir/cpp/named_column.hpp>
#include <weir/cpp/passing.hpp>
#include <weir/weir.hpp>

#include "default_value.hpp"
#include "filled.hpp"
#include "weir_plugin_info.h"

namespace weir::fill {
namespace {

struct Target {
  std::size_t column = 0;
  TypeInfo type;
  std::string name, value;
};

std::vector<Target> targets_of(const Config& config, const ArrowSchema& input) {
  std::vector<Target> targets;
  for (std::uint64_t i = 0; i < config.count("/columns"); ++i) {
    const std::string name(config.key("/columns", i));
    const std::string option = pointer_to("/columns", name);
    const auto column = static_cast<std::size_t>(named_column(input, name, option));
    const ArrowSchema& field = *input.children[column];
    TypeInfo type = type_of(field);
    type.zone = {};  // points into the schema, which is lent
    targets.push_back({column, type, name, default_value(config, option, field)});
  }
  return targets;
}

}  // namespace

// Threads: one caller at a time.
class Fill : public Transformer {
 public:
  Fill(const Context& context, const Inputs& inputs, const Outputs& outputs)
      : targets_(targets_of(context.config(), inputs[0])),
        columns_(static_cast<std::size_t>(inputs[0].n_children)),
        empties_(context.config().boolean("/empty")) {
    Schema output = Schema::copy_of(inputs[0]);
    for (const Target& target : targets_) output.address()->children[target.column]->flags &= ~ARROW_FLAG_NULLABLE;
    outputs.put(std::move(output));
  }

  static void traits(const Config& /*config*/, weir_traits& traits) {
    traits.rows = WEIR_ROWS_ONCE;
    traits.keeps_rows = 1;
    traits.takes_selection = 1;
  }

  void process(std::uint64_t /*input*/, Batch& batch, const Next& next) override {
    Array rows = batch.take();
    std::vector<Array> columns(columns_);
    for (const Target& target : targets_) {
      const ArrowArray& column = *rows->children[target.column];
      Array made = filled({target.type, target.value, empties_}, column, rows->offset, rows->length);
      if (made.empty()) {
        made = take_column(rows, static_cast<std::int64_t>(target.column));
        made.address()->null_count = 0;
      }
      columns[target.column] = std::move(made);
    }
    next.push(with_columns(std::move(rows), std::move(columns)));
  }

  void reads(std::uint64_t /*input*/, const Sink& names) const {
    for (const Target& target : targets_) names.put(target.name);
  }

 private:
  std::vector<Target> targets_;
  std::size_t columns_;
  bool empties_;
};

}  // namespace weir::fill

WEIR_PLUGIN(weir::transformer<weir::fill::Fill>("fill"));
