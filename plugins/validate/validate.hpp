// The transformer `validate`: checks every row against rules, and passes on those that keep them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <weir/weir.hpp>

#include "findings.hpp"
#include "rules.hpp"
#include "verdict.hpp"

namespace weir::validate {

class Validate : public Transformer {
 public:
  Validate(const Context& context, const Inputs& inputs, const Outputs& outputs);
  static void traits(const Config& config, weir_traits& traits);
  void process(std::uint64_t input, Batch& batch, const Next& next) override;
  void flush(std::uint64_t input, std::int32_t why, const Next& next) override;
  // Keys alone are remembered: what is counted for the log begins anew.
  static bool remembers(const Config& config) { return has_unique(config); }
  void snapshot(const StateSink& changes);
  void restore(const StateItems& items, bool last);
  // All that rules are about.
  void reads(std::uint64_t input, const Sink& names) const;

 private:
  void restore_item(std::string_view name, std::string_view value);
  // What came of every rule, for whoever reads of the run.
  void tell_rules() const;
  // Runs every rule; gives the converted columns, empty where a column stays.
  std::vector<Array> check(const Batch& batch);
  void pass(Batch& batch, std::vector<Array> converted, const Next& next);
  void check_rows(const std::vector<ColumnView>& columns);
  void check_keys(const std::vector<ColumnView>& columns);

  Context context_;
  Schema input_;
  Verdict verdict_;
  Rules rules_;
  Findings findings_;
  std::vector<expr::ColumnData> leaving_;  // the columns as they leave, for rules of rows
};

}  // namespace weir::validate
