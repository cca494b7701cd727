#include "pipeline/links/column_map.hpp"

#include <weir/ext/reads.h>

#include <algorithm>
#include <cstring>

#include "arrow/gather.hpp"
#include "arrow/schema.hpp"
#include "arrow/validate.hpp"
#include "pipeline/sinks.hpp"

namespace weir::pipeline {
namespace {

// Collects conditions. Lent for one call.
class ConditionSink : public weir_condition_sink {
 public:
  ConditionSink() : weir_condition_sink{sizeof(weir_condition_sink), put} {}
  std::vector<Condition> conditions;
  std::string refused;  // what was wrong with one; empty: nothing

 private:
  static weir_status put(const weir_condition_sink* self, std::uint64_t input, weir_string column, std::int32_t is,
                         ArrowSchema* schema, ArrowArray* constant) {
    auto& sink = *const_cast<ConditionSink*>(static_cast<const ConditionSink*>(self));
    Condition told{std::string(column.data, column.length), is, {}, {}};
    if (schema != nullptr) told.type = weir::Schema(schema);
    if (constant != nullptr) told.constant = weir::Array(constant);
    sink.refused = sink.wrong(input, told);
    if (!sink.refused.empty()) return WEIR_INVALID_ARGUMENT;
    if (!told.type.empty()) keep(told);
    sink.conditions.push_back(std::move(told));
    return WEIR_OK;
  }

  // Copies: whoever keeps the condition may outlive the plugin.
  static void keep(Condition& told) {
    if (auto copied = arrow::copy(told.constant.get(), told.type.get(), 0, 1)) told.constant = std::move(*copied);
    told.type = weir::Schema::copy_of(told.type.get());
  }

  static std::string wrong(std::uint64_t input, const Condition& told) {
    if (input != 0) return "expected a condition of input 0, found one of input " + std::to_string(input);
    if (told.is == WEIR_IS_NOT_NULL && told.type.empty()) return {};
    if (told.type.empty() || told.constant.empty()) return "expected a constant, found none";
    if (auto known = arrow::check_schema(told.type.get()); !known) return known.error().message;
    auto shape = arrow::check_shape(told.constant.get(), told.type.get());
    if (!shape) return shape.error().message;
    if (told.constant->length == 1) return {};
    return "expected a constant of 1 row, found " + std::to_string(told.constant->length);
  }
};

// One question after the other, until one fails.
class Asking {
 public:
  Asking(const Component& component, const weir_reads& table, void* self, const ArrowSchema& input,
         const std::vector<weir::Schema>& outputs)
      : component_(component), table_(table), self_(self), input_(input), outputs_(outputs) {}

  base::Result<ColumnMap> ask() {
    ColumnMap map;
    map.told = true;
    ByteSink read;
    WEIR_TRY(component_.call("columns", [&](weir_error* error) {
      read.items.clear();
      return table_.columns(self_, 0, &read, error);
    }));
    map.reads.resize(static_cast<std::size_t>(input_.n_children));
    WEIR_TRY_ASSIGN(const auto numbers, numbers_of("columns", read.items));
    for (const std::size_t number : numbers) map.reads[number] = true;
    for (std::uint64_t output = 0; output < outputs_.size(); ++output) {
      WEIR_TRY_ASSIGN(auto told, ask_output(output, map.reads));
      map.outputs.push_back(std::move(told));
    }
    WEIR_TRY_ASSIGN(map.conditions, ask_conditions());
    return map;
  }

 private:
  base::Result<ColumnMap::Output> ask_output(std::uint64_t output, const Columns& reads) const {
    const ArrowSchema& schema = outputs_[output].get();
    ColumnMap::Output told;
    for (std::int64_t column = 0; column < schema.n_children; ++column) {
      const ArrowSchema& field = *schema.children[column];
      const std::int64_t same = weir::column_index(input_, field.name);
      std::vector<std::size_t> from;
      if (WEIR_CAN(&table_, lineage)) {
        WEIR_TRY_ASSIGN(from, ask_lineage(output, field.name));
      } else if (same >= 0) {
        from.push_back(static_cast<std::size_t>(same));
      }
      const bool passed = same >= 0 && from == std::vector{static_cast<std::size_t>(same)} &&
                          arrow::equal(*input_.children[same], field, arrow::FieldMetadata::compared);
      told.made.push_back(!passed);
      // One that tells lineage, and reads the column, may have made it anew.
      told.perhaps.push_back(passed && WEIR_CAN(&table_, lineage) && reads[static_cast<std::size_t>(same)]);
      told.from.push_back(std::move(from));
    }
    return told;
  }

  base::Result<std::vector<std::size_t>> ask_lineage(std::uint64_t output, const char* column) const {
    ByteSink names;
    WEIR_TRY(component_.call("lineage", [&](weir_error* error) {
      names.items.clear();
      return table_.lineage(self_, output, {column, std::strlen(column)}, 0, &names, error);
    }));
    return numbers_of("lineage", names.items);
  }

  base::Result<std::vector<Condition>> ask_conditions() const {
    if (!WEIR_CAN(&table_, conditions)) return std::vector<Condition>{};
    ConditionSink sink;
    const auto called = component_.call("conditions", [&](weir_error* error) {
      sink.conditions.clear();
      return table_.conditions(self_, &sink, error);
    });
    if (!sink.refused.empty()) return misbehaved("conditions", sink.refused);
    if (!called) return base::unexpected(called.error());
    std::vector<std::string> columns;
    for (const auto& condition : sink.conditions) columns.push_back(condition.column);
    WEIR_TRY(numbers_of("conditions", columns));
    return std::move(sink.conditions);
  }

  base::Result<std::vector<std::size_t>> numbers_of(const char* function, const std::vector<std::string>& names) const {
    std::vector<std::size_t> numbers;
    for (const auto& name : names) {
      const std::int64_t found = weir::column_index(input_, name);
      if (found < 0) return misbehaved(function, "expected a column of the input, found '" + name + "'");
      const auto number = static_cast<std::size_t>(found);
      if (std::find(numbers.begin(), numbers.end(), number) == numbers.end()) numbers.push_back(number);
    }
    return numbers;
  }

  base::Unexpected misbehaved(const char* function, const std::string& what) const {
    return base::unexpected(
        plugins::misbehaviour({component_.plugin, component_.link, function}, "plugin.misbehaviour", what));
  }

  const Component& component_;
  const weir_reads& table_;
  void* self_;
  const ArrowSchema& input_;
  const std::vector<weir::Schema>& outputs_;
};

}  // namespace

base::Result<ColumnMap> ask_columns(const Component& component, void* self, const ArrowSchema& input,
                                    const std::vector<weir::Schema>& outputs) {
  const auto* const table = static_cast<const weir_reads*>(component.extension(WEIR_READS));
  if (table == nullptr || !WEIR_CAN(table, columns)) return ColumnMap{};
  return Asking(component, *table, self, input, outputs).ask();
}

}  // namespace weir::pipeline
