// The plugin normalise: a transformer that makes texts that mean the same the same.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <weir/cpp/named_column.hpp>
#include <weir/cpp/passing.hpp>
#include <weir/cpp/quoted.hpp>
#include <weir/cpp/type_names.hpp>
#include <weir/cpp/view_builder.hpp>
#include <weir/weir.hpp>

#include "normal_text.hpp"
#include "weir_plugin_info.h"

namespace weir::normalise {
namespace {

bool is_text(const ArrowSchema& field) {
  if (field.dictionary != nullptr) return false;
  const Type type = type_of(field).type;
  return type == Type::utf8 || type == Type::large_utf8 || type == Type::utf8_view;
}

std::vector<std::int64_t> columns_of(const Config& config, const ArrowSchema& input) {
  std::vector<std::int64_t> columns;
  for (std::uint64_t i = 0; i < config.count("/columns"); ++i) {
    const std::string option = "/columns/" + std::to_string(i);
    const std::int64_t column = named_column(input, config.text(option), option);
    const ArrowSchema& field = *input.children[column];
    if (!is_text(field)) {
      throw Failure(
          WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
          "column " + quoted_for_message(config.text(option)) + ": expected a text, found " + type_name(field))
          .option(option)
          .hint("cast it to string before, with select, if that is meant");
    }
    if (std::find(columns.begin(), columns.end(), column) == columns.end()) columns.push_back(column);
  }
  for (std::int64_t i = 0; !config.has("/columns") && i < input.n_children; ++i) {
    if (is_text(*input.children[i])) columns.push_back(i);
  }
  return columns;
}

Rules rules_of(const Config& config) {
  const std::string_view letters = config.text("/case"), form = config.text("/form");
  return {config.boolean("/trim"), config.text("/spaces") == "collapse",
          letters == "lower"   ? Case::lower
          : letters == "upper" ? Case::upper
                               : Case::keep,
          form == "nfc"    ? Form::nfc
          : form == "nfkc" ? Form::nfkc
                           : Form::keep};
}

}  // namespace

// Threads: one caller at a time.
class Normalise : public Transformer {
 public:
  Normalise(const Context& context, const Inputs& inputs, const Outputs& outputs)
      : columns_(columns_of(context.config(), inputs[0])),
        normal_(rules_of(context.config())),
        nulls_(context.config().text("/empty") == "null"),
        count_(static_cast<std::size_t>(inputs[0].n_children)) {
    Schema output = Schema::copy_of(inputs[0]);
    for (const std::int64_t i : columns_) {
      ArrowSchema& field = *output.address()->children[i];
      types_.push_back(type_of(field).type);
      if (nulls_) field.flags |= ARROW_FLAG_NULLABLE;
    }
    outputs.put(std::move(output));
  }

  static void traits(const Config& /*config*/, weir_traits& traits) {
    traits.rows = WEIR_ROWS_ONCE;
    traits.keeps_rows = 1;
    traits.takes_selection = 1;
  }

  void process(std::uint64_t /*input*/, Batch& batch, const Next& next) override {
    std::vector<Array> columns(count_);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const ArrowArray& column = batch.column(columns_[i]);
      Array& made = columns[static_cast<std::size_t>(columns_[i])];
      switch (types_[i]) {
        case Type::utf8: made = normal<TextBuilder>(TextColumn(column, batch.outer()), batch.length()); break;
        case Type::large_utf8:
          made = normal<LargeTextBuilder>(LargeTextColumn(column, batch.outer()), batch.length());
          break;
        default: made = normal<ViewBuilder>(ViewColumn(column, batch.outer()), batch.length());
      }
    }
    next.push(with_columns(batch.take(), std::move(columns)));
  }

  void reads(std::uint64_t /*input*/, const Sink& /*names*/) const {}  // a text is normalised for those who read it

 private:
  // Empty: the column is so already, and stays.
  template <class Builder, class Texts>
  Array normal(const Texts& texts, std::int64_t rows) {
    const auto stays = [&](std::int64_t row) {
      if (!texts.valid(row)) return true;
      const std::string_view made = normal_.of(texts[row]);
      return made == texts[row] && !(nulls_ && made.empty());
    };
    std::int64_t first = 0;
    while (first < rows && stays(first)) ++first;
    if (first == rows) return {};
    Builder builder;
    for (std::int64_t row = 0; row < rows; ++row) {
      const bool null = !texts.valid(row);
      const std::string_view made = null ? std::string_view() : row < first ? texts[row] : normal_.of(texts[row]);
      if (null || (nulls_ && made.empty())) {
        builder.append_null();
      } else {
        builder.append(made);
      }
    }
    return builder.finish();
  }

  std::vector<std::int64_t> columns_;
  std::vector<Type> types_;
  NormalText normal_;
  bool nulls_;
  std::size_t count_;
};

}  // namespace weir::normalise

WEIR_PLUGIN(weir::transformer<weir::normalise::Normalise>("normalise"));
