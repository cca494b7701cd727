// The plugin mask: a transformer that hides personal data in columns that are named, and where it is found in texts.
#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <weir/cpp/named_column.hpp>
#include <weir/cpp/passing.hpp>
#include <weir/cpp/quoted.hpp>
#include <weir/cpp/value_text.hpp>
#include <weir/weir.hpp>

#include "settings.hpp"
#include "weir_plugin_info.h"

namespace weir::mask {
namespace {

// Calls body(view) with the texts of a column.
template <class Body>
Array with_texts(const ArrowSchema& field, const ArrowArray& column, std::int64_t outer, const Body& body) {
  switch (type_of(field).type) {
    case Type::utf8: return body(TextColumn(column, outer));
    case Type::large_utf8: return body(LargeTextColumn(column, outer));
    default: return body(ViewColumn(column, outer));
  }
}

Array nulls(std::int64_t rows) {
  LargeTextBuilder builder;
  for (std::int64_t row = 0; row < rows; ++row) builder.append_null();
  return builder.finish();
}

}  // namespace

// Threads: one caller at a time.
class Mask : public Transformer {
 public:
  Mask(const Context& context, const Inputs& inputs, const Outputs& outputs)
      : context_(context),
        input_(Schema::copy_of(inputs[0])),
        settings_(settings_of(context.config(), inputs[0])),
        detected_(settings_.detected, context.config().text("/key")) {
    std::vector<Schema> fields;
    for (std::int64_t i = 0; i < input_->n_children; ++i) fields.push_back(Schema::copy_of(*input_->children[i]));
    for (const MaskedColumn& column : settings_.columns) {
      maskers_.push_back(std::make_unique<Masker>(column.method, context.config().text("/key")));
      Schema& field = fields[static_cast<std::size_t>(column.column)];
      field = Schema::field("U", column_name(input_.get(), column.column),
                            (field->flags & ARROW_FLAG_NULLABLE) != 0 || !is_text(field.get()));
    }
    for (const std::int64_t i : settings_.searched) {
      Schema& field = fields[static_cast<std::size_t>(i)];
      field = Schema::field("U", column_name(input_.get(), i), (field->flags & ARROW_FLAG_NULLABLE) != 0);
    }
    outputs.put(Schema::rows(std::move(fields)));
  }

  static void traits(const Config& /*config*/, weir_traits& traits) {
    traits.rows = WEIR_ROWS_ONCE;
    traits.keeps_rows = 1;  // takes no selection: rows that were filtered out are neither masked nor counted
  }

  void process(std::uint64_t /*input*/, Batch& batch, const Next& next) override {
    std::vector<Array> columns(static_cast<std::size_t>(input_->n_children));
    for (std::size_t i = 0; i < maskers_.size(); ++i) {
      const std::int64_t at = settings_.columns[i].column;
      columns[static_cast<std::size_t>(at)] = masked(*input_->children[at], batch, at, i);
    }
    for (const std::int64_t at : settings_.searched) {
      columns[static_cast<std::size_t>(at)] =
          with_texts(*input_->children[at], batch.column(at), batch.outer(),
                     [&](const auto& texts) { return searched(texts, batch.length()); });
    }
    rows_ += batch.length();
    next.push(with_columns(batch.take(), std::move(columns)));
  }

  // What was masked is told as counts alone.
  void flush(std::uint64_t /*input*/, std::int32_t why, const Next& /*next*/) override {
    if (why != WEIR_FLUSH_END || rows_ == 0) return;  // one of several that got none
    context_.log(WEIR_LOG_INFO, "mask.masked",
                 "{\"columns\":" + std::to_string(settings_.columns.size()) + ",\"values\":" + std::to_string(values_) +
                     ",\"email\":" + std::to_string(found_[0]) + ",\"card\":" + std::to_string(found_[1]) +
                     ",\"phone\":" + std::to_string(found_[2]) + "}");
    for (const std::string& name : settings_.unsearched) {
      std::string detail = "{\"column\":";
      append_json_text(detail, name);
      context_.log(WEIR_LOG_WARNING, "mask.not_looked_into", detail + "}");
    }
  }

  void reads(std::uint64_t /*input*/, const Sink& /*names*/) const {}  // a column is masked for those who read it

 private:
  Array masked(const ArrowSchema& field, const Batch& batch, std::int64_t at, std::size_t masker) {
    const std::int64_t rows = batch.length();
    if (!is_text(field)) {
      if (settings_.columns[masker].method.way == Way::redact) return nulls(rows);
      return masked_values(field, batch, at, *maskers_[masker]);
    }
    return with_texts(field, batch.column(at), batch.outer(), [&](const auto& texts) {
      LargeTextBuilder builder;
      for (std::int64_t row = 0; row < rows; ++row) {
        if (texts.valid(row)) {
          append(*maskers_[masker], texts[row], builder);
        } else {
          builder.append_null();
        }
      }
      return builder.finish();
    });
  }

  Array masked_values(const ArrowSchema& field, const Batch& batch, std::int64_t at, Masker& masker) {
    LargeTextBuilder builder;
    std::string value;
    for (std::int64_t row = 0; row < batch.length(); ++row) {
      if (is_null_at(field, batch.column(at), batch.outer(), row)) {
        builder.append_null();
        continue;
      }
      value.clear();
      append_value(value, field, batch.column(at), batch.outer(), row);
      append(masker, value, builder);
    }
    return builder.finish();
  }

  void append(Masker& masker, std::string_view value, LargeTextBuilder& builder) {
    made_.clear();
    masker.append(value, made_);
    builder.append(made_);
    ++values_;
  }

  template <class Texts>
  Array searched(const Texts& texts, std::int64_t rows) {
    LargeTextBuilder builder;
    for (std::int64_t row = 0; row < rows; ++row) {
      if (texts.valid(row)) {
        builder.append(without_personal(texts[row]));
      } else {
        builder.append_null();
      }
    }
    return builder.finish();
  }

  // The text itself, or made_.
  std::string_view without_personal(std::string_view text) {
    Found found;
    std::size_t from = 0;
    made_.clear();
    while (find_personal(text, from, settings_.kinds, found)) {
      made_ += text.substr(from, found.begin - from);
      detected_.append(text.substr(found.begin, found.end - found.begin), made_);
      ++found_[static_cast<std::size_t>(found.kind)];
      from = found.end;
    }
    if (from == 0) return text;
    made_ += text.substr(from);
    return made_;
  }

  Context context_;
  Schema input_;
  Settings settings_;
  std::vector<std::unique_ptr<Masker>> maskers_;  // one for each of settings_.columns
  Masker detected_;
  std::string made_;
  std::int64_t rows_ = 0;
  std::uint64_t values_ = 0;
  std::array<std::uint64_t, 3> found_{};
};

}  // namespace weir::mask

WEIR_PLUGIN(weir::transformer<weir::mask::Mask>("mask"));
