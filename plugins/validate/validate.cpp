// validate: see validate.hpp.
#include "validate.hpp"

#include <set>
#include <utility>

#include <weir/cpp/named_column.hpp>
#include <weir/cpp/passing.hpp>
#include <weir/cpp/quoted.hpp>
#include <weir/cpp/value_text.hpp>

#include "contract_format.hpp"
#include "expect.hpp"
#include "weir_plugin_info.h"

namespace weir::validate {
Validate::Validate(const Context& context, const Inputs& inputs, const Outputs& outputs)
    : context_(context),
      input_(Schema::copy_of(inputs[0])),
      verdict_(inputs[0]),
      rules_(rules_of(context.config(), inputs[0])) {
  if (rules_.converts) {
    outputs.put(Schema::copy_of(rules_.output.get()));
  } else {
    outputs.same(inputs[0]);
  }
}

void Validate::traits(const Config& config, weir_traits& traits) {
  traits.rows = WEIR_ROWS_ONCE;
  traits.keeps_rows = 1;  // of what is pushed without origins
  if (!has_unique(config)) return;
  traits.scope = WEIR_SCOPE_RUN;
  traits.ordered = 1;  // so that the first row in the source's order is the one that stays
}

void Validate::reads(std::uint64_t /*input*/, const Sink& names) const {
  std::set<std::string> read;
  for (const Rule& rule : rules_.rules) read.emplace(column_name(input_.get(), rule.column));
  for (const RowRule& rule : rules_.rows)
    read.insert(rule.condition->columns().begin(), rule.condition->columns().end());
  for (const auto& key : rules_.keys) {
    for (const std::int64_t column : key->columns()) read.emplace(column_name(input_.get(), column));
  }
  for (const std::string& name : read) names.put(name);
}

// Keys are known by their order among the rules.
void Validate::snapshot(const StateSink& changes) {
  for (std::size_t i = 0; i < rules_.keys.size(); ++i) rules_.keys[i]->snapshot(changes, name_of_key(i));
  for (const auto& key : rules_.keys) key->kept();
}

void Validate::restore(const StateItems& items, bool last) {
  for (std::uint64_t i = 0; i < items.size(); ++i) restore_item(items.key(i), items.value(i));
  for (const auto& key : rules_.keys) {
    if (last) key->kept();
  }
}

void Validate::restore_item(std::string_view name, std::string_view value) {
  for (std::size_t i = 0; i < rules_.keys.size(); ++i) {
    if (KeySet::is_item(name, name_of_key(i))) return rules_.keys[i]->restore(value);
  }
  throw foreign_state();
}

std::vector<Array> Validate::check(const Batch& batch) {
  findings_.clear(batch.length());
  std::vector<Array> converted(static_cast<std::size_t>(batch.rows().n_children));
  for (const Rule& rule : rules_.rules) {
    ColumnView column{&batch.column(rule.column), batch.outer(), batch.length()};
    Array made;
    if (rule.conversion != nullptr) {
      made = rule.conversion->run(column, findings_);
      column = {&made.get(), 0, batch.length()};
    }
    for (const auto& check : rule.checks) check->run(column, findings_);
    if (rule.leaves_converted) converted[static_cast<std::size_t>(rule.column)] = std::move(made);
  }
  if (rules_.rows.empty() && rules_.keys.empty()) return converted;
  std::vector<ColumnView> leaving;
  leaving.reserve(converted.size());
  for (std::size_t i = 0; i < converted.size(); ++i) {
    const bool stays = converted[i].empty();
    leaving.push_back({stays ? &batch.column(static_cast<std::int64_t>(i)) : &converted[i].get(),
                       stays ? batch.outer() : 0, batch.length()});
  }
  check_rows(leaving);
  check_keys(leaving);
  return converted;
}

void Validate::check_rows(const std::vector<ColumnView>& columns) {
  if (rules_.rows.empty()) return;
  leaving_.clear();
  for (const ColumnView& column : columns) leaving_.push_back({column.array, column.outer});
  for (const RowRule& rule : rules_.rows) {
    const auto broken = rule.condition->run(leaving_, columns.front().rows);
    for (const std::uint32_t row : *broken.rows) findings_.add(row, rule.broken);
    for (const expr::Reject& failed : *broken.failed) findings_.add(failed.row, rule.failed);
  }
}

void Validate::check_keys(const std::vector<ColumnView>& columns) {
  std::vector<ColumnView> of_key;
  for (const auto& key : rules_.keys) {
    of_key.clear();
    for (const std::int64_t column : key->columns()) of_key.push_back(columns[static_cast<std::size_t>(column)]);
    key->run(of_key, findings_);
  }
}

void Validate::process(std::uint64_t /*input*/, Batch& batch, const Next& next) {
  std::vector<Array> converted = check(batch);
  if (const Finding* first = findings_.fatal(); first != nullptr) {
    tell_rules();
    verdict_.fail(*first, batch.rows());
  }
  if (findings_.empty()) {
    if (!rules_.converts) return next.select_all();
    return pass(batch, std::move(converted), next);
  }
  findings_.sort();
  verdict_.reject(findings_, batch.rows(), next);
  pass(batch, std::move(converted), next);
}

void Validate::pass(Batch& batch, std::vector<Array> converted, const Next& next) {
  if (rules_.converts) {
    return push_without(next, rules_.output.get(), with_columns(batch.take(), std::move(converted)), findings_.bits());
  }
  verdict_.select(findings_, batch.length(), next);
}

void Validate::flush(std::uint64_t /*input*/, std::int32_t why, const Next& /*next*/) {
  if (why != WEIR_FLUSH_END) return;
  verdict_.tell_warned(findings_, context_, "validate.bad_rows");
  tell_rules();
}

void Validate::tell_rules() const {
  std::vector<const Problem*> problems;
  for (const Rule& rule : rules_.rules) {
    if (rule.conversion != nullptr) problems.push_back(&rule.conversion->problem());
    for (const auto& check : rule.checks) check->tell(problems);
  }
  for (const RowRule& rule : rules_.rows) problems.insert(problems.end(), {&rule.broken, &rule.failed});
  for (const auto& key : rules_.keys) problems.push_back(&key->problem());
  verdict_.tell_rules(problems, findings_, context_);
}

}  // namespace weir::validate

WEIR_PLUGIN(weir::transformer<weir::validate::Validate>("validate"),
            weir::transformer<weir::validate::Expect>("expect"),
            weir::format<void, weir::validate::ContractEncoder, weir::validate::ContractName>("contract"));
