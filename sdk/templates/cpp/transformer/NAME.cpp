// {{name}}: a transformer. It takes white space off the ends of the texts of a column.
#include <weir/weir.hpp>

#include "weir_plugin_info.h"

class Trim : public weir::Transformer {
 public:
  // Output row i is always input row i.
  static void traits(const weir::Config&, weir_traits& traits) { traits.keeps_rows = 1; }

  Trim(const weir::Context& context, const weir::Inputs& inputs, const weir::Outputs& outputs) {
    column_ = weir::column_index(inputs[0], context.config().text("/column"));
    if (column_ < 0 || weir::type_of(*inputs[0].children[column_]).type != weir::Type::utf8) {
      throw weir::Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
                          "expected a column of type string, found none of that name")
          .option("/column");
    }
    outputs.same(inputs[0]);
  }

  void process(std::uint64_t, weir::Batch& batch, const weir::Next& next) override {
    weir::Array rows = batch.take();
    const weir::TextColumn texts(*rows->children[column_], rows->offset);
    weir::TextBuilder trimmed;
    for (std::int64_t row = 0; row < rows->length; ++row) {
      if (texts.valid(row)) {
        trimmed.append(trim(texts[row]));
      } else {
        trimmed.append_null();
      }
    }
    weir::replace_column(rows, column_, trimmed.finish());
    next.push(std::move(rows));
  }

 private:
  static std::string_view trim(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    return first == text.npos ? std::string_view() : text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
  }

  std::int64_t column_ = -1;
};

WEIR_PLUGIN(weir::transformer<Trim>("{{name}}"));
