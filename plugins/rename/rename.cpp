// The plugin rename: a transformer that gives columns the names that a rule makes.
#include <algorithm>
#include <string>
#include <vector>

#include <weir/cpp/named_column.hpp>
#include <weir/cpp/passing.hpp>
#include <weir/weir.hpp>

#include "rule.hpp"
#include "weir_plugin_info.h"

namespace weir::rename {
namespace {

std::string quoted(std::string_view name) { return "'" + std::string(name) + "'"; }

Failure wrong(std::string message, std::string option) {
  return Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST, std::move(message)).option(std::move(option));
}

// Which columns the rule is for.
std::vector<bool> chosen(const Config& config, const ArrowSchema& input) {
  const auto count = static_cast<std::size_t>(input.n_children);
  if (!config.has("/columns")) return std::vector<bool>(count, true);
  std::vector<bool> is_chosen(count, false);
  for (std::uint64_t i = 0; i < config.count("/columns"); ++i) {
    const std::string option = "/columns/" + std::to_string(i);
    is_chosen[static_cast<std::size_t>(named_column(input, config.text(option), option))] = true;
  }
  return is_chosen;
}

std::vector<std::string> new_names(const Config& config, const ArrowSchema& input) {
  const Rule rule(config);
  const std::vector<bool> is_chosen = chosen(config, input);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < is_chosen.size(); ++i) {
    const std::string_view old = column_name(input, static_cast<std::int64_t>(i));
    names.push_back(is_chosen[i] ? rule(old) : std::string(old));
    if (names[i].empty()) {
      throw wrong("expected something to be left of the name of column " + std::to_string(i + 1) +
                      ", found nothing of " + quoted(old),
                  rule.style() == "snake_case" ? "/style" : "/strip_prefix")
          .hint("give it a name of its own before, with rename: of select");
    }
    const auto same = std::find(names.begin(), names.end() - 1, names[i]) - names.begin();
    if (static_cast<std::size_t>(same) < i) {
      throw wrong("expected names that differ, found " + quoted(names[i]) + " for columns " +
                      quoted(column_name(input, same)) + " and " + quoted(old),
                  config.has("/columns") ? "/columns" : "")
          .hint("give one of them a name of its own before, with rename: of select");
    }
  }
  return names;
}

}  // namespace

// Threads: one caller at a time.
class Rename : public Transformer {
 public:
  Rename(const Context& context, const Inputs& inputs, const Outputs& outputs)
      : input_(Schema::copy_of(inputs[0])), names_(new_names(context.config(), inputs[0])) {
    std::vector<Schema> fields;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      ArrowSchema field = *input_->children[i];
      field.name = names_[i].c_str();
      fields.push_back(Schema::copy_of(field));
    }
    outputs.put(Schema::rows(std::move(fields)));
  }

  static void traits(const Config& /*config*/, weir_traits& traits) {
    traits.rows = WEIR_ROWS_ONCE;
    traits.keeps_rows = 1;
    traits.takes_selection = 1;
  }

  void process(std::uint64_t /*input*/, Batch& batch, const Next& next) override {
    next.push(with_columns(batch.take(), std::vector<Array>(names_.size())));  // all moved
  }

  void reads(std::uint64_t /*input*/, const Sink& /*names*/) const {}  // values are not looked at

  void lineage(std::uint64_t /*output*/, std::string_view column, std::uint64_t /*input*/, const Sink& names) const {
    const auto found = std::find(names_.begin(), names_.end(), column);
    if (found != names_.end()) names.put(column_name(input_.get(), found - names_.begin()));
  }

 private:
  Schema input_;
  std::vector<std::string> names_;
};

}  // namespace weir::rename

WEIR_PLUGIN(weir::transformer<weir::rename::Rename>("rename"));
