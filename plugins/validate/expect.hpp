// The transformer `expect`: asks of all rows together, or of each, what a manifest says of them, and tells what it found.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <weir/weir.hpp>

#include "expectation.hpp"
#include "findings.hpp"
#include "verdict.hpp"

namespace weir::validate {

class Expect : public Transformer {
 public:
  Expect(const Context& context, const Inputs& inputs, const Outputs& outputs);
  static void traits(const Config& config, weir_traits& traits);
  void process(std::uint64_t input, Batch& batch, const Next& next) override;
  // At the end, judges the run.
  void flush(std::uint64_t input, std::int32_t why, const Next& next) override;
  // What was counted, and keys.
  static bool remembers(const Config& config) { return expects_of_run(config); }
  void snapshot(const StateSink& changes);
  void restore(const StateItems& items, bool last);
  // All that the checks are about.
  void reads(std::uint64_t input, const Sink& names) const;

 private:
  void run_values(Expectation& expectation, const std::vector<ColumnView>& columns, Findings& findings);
  // What of the batch breaks a rule of which a share is asked.
  Totals count_broken(Expectation& expectation, const Batch& batch);
  // Of a check of the batch: false, its rows are rejected.
  bool judge_batch(const Expectation& expectation, const Totals& totals, const Batch& batch, const Next& next);
  // Of so many earlier runs, the newest first: how many rows came.
  std::vector<std::uint64_t> earlier(std::uint64_t runs) const;
  [[noreturn]] void fail(const Expectation& expectation, const std::string& found) const;
  void tell(const Expectation& expectation, const Judgement& judgement) const;
  // What came of the checks of single rows.
  void tell_rules() const;
  void tell_judged(const Expectation& expectation, bool kept, const std::string& found) const;
  void restore_item(std::string_view name, std::string_view value);

  Context context_;
  Schema input_;
  Verdict verdict_;
  std::vector<Expectation> expectations_;
  std::vector<Totals> totals_;               // of the run, by expectation
  std::vector<std::uint64_t> bad_batches_;   // that broke it, by expectation
  Findings findings_, tally_;                // of each row; of a rule of which a share is asked
  std::vector<ColumnView> columns_;          // of the batch in hand
  std::vector<expr::ColumnData> condition_;  // the same, for conditions
};

}  // namespace weir::validate
