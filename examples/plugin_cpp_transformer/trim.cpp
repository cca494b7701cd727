// trim: a transformer in C++. It takes white space off the ends of texts.
#include <weir/weir.hpp>

#include "weir_plugin_info.h"

class Trim : public weir::Transformer {
 public:
  static void traits(const weir::Config&, weir_traits& traits) { traits.keeps_rows = 1; }

  Trim(const weir::Context& context, const weir::Inputs& inputs, const weir::Outputs& outputs) {
    const weir::Config config = context.config();
    for (std::int64_t i = 0; i < inputs[0].n_children && !config.has("/columns"); ++i) {
      if (is_text(*inputs[0].children[i])) columns_.push_back(i);
    }
    for (std::uint64_t i = 0; i < config.count("/columns"); ++i) {
      const std::string place = "/columns/" + std::to_string(i);
      columns_.push_back(weir::column_index(inputs[0], config.text(place)));
      if (columns_.back() >= 0 && is_text(*inputs[0].children[columns_.back()])) continue;
      throw weir::Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST, "no such column of type string").option(place);
    }
    outputs.same(inputs[0]);
  }

  void process(std::uint64_t, weir::Batch& batch, const weir::Next& next) override {
    weir::Array rows = batch.take();
    for (const auto column : columns_) {
      const weir::TextColumn texts(*rows->children[column], rows->offset);
      weir::TextBuilder trimmed;
      for (std::int64_t row = 0; row < rows->length; ++row) {
        texts.valid(row) ? trimmed.append(trim(texts[row])) : trimmed.append_null();
      }
      weir::replace_column(rows, column, trimmed.finish());
    }
    next.push(std::move(rows));
  }

 private:
  static bool is_text(const ArrowSchema& field) { return weir::type_of(field).type == weir::Type::utf8; }
  static std::string_view trim(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    return first == text.npos ? std::string_view() : text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
  }

  std::vector<std::int64_t> columns_;
};

WEIR_PLUGIN(weir::transformer<Trim>("trim"));
