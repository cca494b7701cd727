// geoip: a transformer in C++. It looks addresses up in a table of networks, and adds what the table knows of each.
#include <memory>
#include <weir/cpp/named_column.hpp>
#include <weir/cpp/passing.hpp>
#include <weir/weir.hpp>

#include "ranges.hpp"
#include "weir_plugin_info.h"

namespace geoip {

// Threads: one caller at a time.
class Lookup : public weir::Transformer {
 public:
  static void traits(const weir::Config& config, weir_traits& traits) {
    traits.keeps_rows = config.text("/invalid") == "null" ? 1 : 0;
  }

  Lookup(const weir::Context& context, const weir::Inputs& inputs, const weir::Outputs& outputs)
      : input_(weir::Schema::copy_of(inputs[0])),
        rejects_(context.config().text("/invalid") == "reject"),
        ranges_(std::string(context.config().text("/table"))) {
    const weir::Config config = context.config();
    name_ = config.text("/column");
    column_ = weir::named_column(inputs[0], name_, "/column");
    const weir::Type type = weir::type_of(*inputs[0].children[column_]).type;
    is_large_ = type == weir::Type::large_utf8;
    if (!is_large_ && type != weir::Type::utf8) {
      throw weir::Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST, "expected a column of texts, found another type")
          .option("/column");
    }
    choose_facts(config);
    std::vector<weir::Schema> fields;
    for (std::int64_t i = 0; i < input_->n_children; ++i) fields.push_back(weir::Schema::copy_of(*input_->children[i]));
    const std::string prefix(config.text("/prefix"));
    for (const std::size_t fact : chosen_) {
      const std::string name = prefix + ranges_.facts()[fact];
      if (weir::column_index(inputs[0], name) >= 0) {
        throw weir::Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
                            "expected new columns, found that the rows have '" + name + "' already")
            .option("/prefix");
      }
      fields.push_back(weir::Schema::field("u", name));
    }
    output_ = weir::Schema::rows(std::move(fields));
    outputs.put(weir::Schema::copy_of(output_.get()));
  }

  void process(std::uint64_t /*input*/, weir::Batch& batch, const weir::Next& next) override {
    const ArrowArray& column = batch.column(column_);
    is_large_ ? look_up(weir::LargeTextColumn(column, batch.outer()), batch, next)
              : look_up(weir::TextColumn(column, batch.outer()), batch, next);
  }

 private:
  void choose_facts(const weir::Config& config) {
    const auto& facts = ranges_.facts();
    for (std::size_t i = 0; i < facts.size() && !config.has("/add"); ++i) chosen_.push_back(i);
    const std::vector<std::string_view> names(facts.begin(), facts.end());
    for (std::uint64_t i = 0; i < config.count("/add"); ++i) {
      const std::string place = "/add/" + std::to_string(i);
      const std::string_view wanted = config.text(place);
      const auto found = std::find(facts.begin(), facts.end(), wanted);
      if (found == facts.end()) {
        throw weir::Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
                            "no column '" + std::string(wanted) + "' in the table")
            .option(place)
            .hint(weir::name_hint(wanted, names, "columns"));
      }
      chosen_.push_back(static_cast<std::size_t>(found - facts.begin()));
    }
  }

  template <class Texts>
  void look_up(const Texts& texts, weir::Batch& batch, const weir::Next& next) {
    std::vector<weir::TextBuilder> added(chosen_.size());
    std::vector<std::uint64_t> invalid;
    for (std::int64_t row = 0; row < batch.length(); ++row) {
      const auto address = texts.valid(row) ? address_of(texts[row]) : std::nullopt;
      if (!address && texts.valid(row) && rejects_) {
        next.reject(weir::rejected_row(row, name_, "not an address", texts[row]));
        invalid.resize(static_cast<std::size_t>(batch.length() + 63) / 64);
        invalid[static_cast<std::size_t>(row) / 64] |= std::uint64_t{1} << (row % 64);
      }
      const auto* known = address ? ranges_.find(*address) : nullptr;
      for (std::size_t i = 0; i < added.size(); ++i)
        known == nullptr || (*known)[chosen_[i]].empty() ? added[i].append_null()
                                                         : added[i].append((*known)[chosen_[i]]);
    }
    std::vector<weir::Array> columns(static_cast<std::size_t>(input_->n_children));
    for (auto& one : added) columns.push_back(one.finish());
    weir::push_without(next, output_.get(), weir::with_columns(batch.take(), std::move(columns)), invalid);
  }

  weir::Schema input_, output_;
  bool rejects_ = false, is_large_ = false;
  Ranges ranges_;
  std::string name_;
  std::int64_t column_ = -1;
  std::vector<std::size_t> chosen_;  // which facts become columns
};

}  // namespace geoip

WEIR_PLUGIN(weir::transformer<geoip::Lookup>("geoip"));
