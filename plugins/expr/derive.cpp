// derive: see derive.hpp.
#include "derive.hpp"

#include <algorithm>
#include <memory>
#include "column.hpp"

#include <weir/cpp/passing.hpp>

#include "mistake.hpp"
#include "naive_zone.hpp"
#include "reading.hpp"
#include "result_column.hpp"

namespace weir::expr {
Derive::Derive(const Context& context, const Inputs& inputs, const Outputs& outputs)
    : input_(Schema::copy_of(inputs[0])), inputs_(inputs[0].n_children) {
  const ArrowSchema& input = inputs[0];
  std::vector<Schema> fields;
  for (std::int64_t i = 0; i < inputs_; ++i) fields.push_back(Schema::copy_of(*input.children[i]));
  Scope scope = Scope::of(input);
  const Config config = context.config();
  scope.naive_zone = naive_zone(config);
  const std::uint64_t count = config.count("/columns");
  std::vector<Schema> made;  // the scope points into it: it must not grow beyond its room
  made.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    add(config, i, scope, made);
    const auto place = static_cast<std::size_t>(items_.back().place);
    if (place == fields.size()) fields.emplace_back();
    fields[place] = Schema::copy_of(made.back().get());
  }
  output_ = Schema::rows(std::move(fields));
  outputs.put(Schema::copy_of(output_.get()));
}

void Derive::add(const Config& config, std::uint64_t index, Scope& scope, std::vector<Schema>& known) {
  const std::string name(config.key("/columns", index));
  const std::string pointer = pointer_to("/columns", name);
  Item item{};
  try {
    item.operation = compile(config.text(pointer), scope);
  } catch (const Mistake& mistake) {
    throw failure_of(mistake, pointer);
  }
  item.sources = sources_of(config.text(pointer), scope);
  item.copied = item.operation->column() < inputs_ ? item.operation->column() : -1;
  const auto source = std::find_if(scope.entries.begin(), scope.entries.end(),
                                   [&](const auto& entry) { return entry.column == item.copied; });
  known.push_back(item.computes() ? result_field(item.operation->type(), name) : renamed(*source->field, name));
  // What stands behind sees the new column; in the frame it comes after all that is there.
  Scope::Entry entry{name, &known.back().get(), inputs_ + static_cast<std::int64_t>(items_.size())};
  auto place =
      std::find_if(scope.entries.begin(), scope.entries.end(), [&](const auto& other) { return other.name == name; });
  item.place = place - scope.entries.begin();
  if (place == scope.entries.end()) {
    scope.entries.push_back(std::move(entry));
  } else {
    *place = std::move(entry);
  }
  items_.push_back(std::move(item));
}

std::vector<std::int64_t> Derive::sources_of(std::string_view expression, const Scope& scope) const {
  std::vector<std::int64_t> sources;
  for (const std::string& name : named_columns(expression)) {
    const std::int64_t column = scope.find(name)->column;
    const std::vector<std::int64_t> itself{column};
    for (const std::int64_t source :
         column < inputs_ ? itself : items_[static_cast<std::size_t>(column - inputs_)].sources) {
      if (std::find(sources.begin(), sources.end(), source) == sources.end()) sources.push_back(source);
    }
  }
  return sources;
}

void Derive::reads(std::uint64_t /*input*/, const Sink& names) const {
  std::vector<bool> read(static_cast<std::size_t>(inputs_));
  for (const Item& item : items_) {
    if (!item.computes()) continue;
    for (const std::int64_t source : item.sources) read[static_cast<std::size_t>(source)] = true;
  }
  for (std::int64_t i = 0; i < inputs_; ++i) {
    if (read[static_cast<std::size_t>(i)]) names.put(input_->children[i]->name);
  }
}

void Derive::lineage(std::uint64_t /*output*/, std::string_view column, std::uint64_t /*input*/,
                     const Sink& names) const {
  const std::int64_t place = column_index(output_.get(), column);
  // Of two items with one name the last made the column.
  const auto item = std::find_if(items_.rbegin(), items_.rend(), [&](const Item& one) { return one.place == place; });
  if (item == items_.rend()) return names.put(column);
  for (const std::int64_t source : item->sources) names.put(input_->children[source]->name);
}

void Derive::traits(const Config& /*config*/, weir_traits& traits) {
  traits.rows = WEIR_ROWS_ONCE;
  traits.keeps_rows = 1;  // of what is pushed without origins
  traits.takes_selection = 1;
}

void Derive::process(std::uint64_t /*input*/, Batch& batch, const Next& next) {
  columns_.begin(*batch.raw());
  std::vector<Array> made;  // the frame points into it: it must not grow beyond its room
  made.reserve(items_.size());
  for (const Item& item : items_) {
    made.push_back(item.computes() ? columns_.compute(*item.operation) : Array());
    columns_.add(item.computes() ? ColumnData{&made.back().get(), 0} : ColumnData(columns_.column(item.copied)));
  }
  push_without(next, output_.get(), together(batch, std::move(made)), columns_.left_out());
  tell(next, columns_.rejects());
}

Array Derive::together(Batch& batch, std::vector<Array> made) const {
  std::vector<Array> columns(static_cast<std::size_t>(output_->n_children));
  const std::int64_t length = batch.length();
  Array rows = batch.take();
  if (std::all_of(items_.begin(), items_.end(), [](const Item& item) { return item.computes(); })) {
    for (std::size_t i = 0; i < items_.size(); ++i)
      columns[static_cast<std::size_t>(items_[i].place)] = std::move(made[i]);
    return with_columns(std::move(rows), std::move(columns));
  }
  // A column that is copied is one more owner of the batch.
  const auto shared = std::make_shared<Array>(std::move(rows));
  for (std::size_t i = 0; i < items_.size(); ++i) {
    columns[static_cast<std::size_t>(items_[i].place)] =
        items_[i].computes() ? std::move(made[i]) : shared_column(shared, items_[i].copied);
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].empty()) columns[i] = shared_column(shared, static_cast<std::int64_t>(i));
  }
  return rows_of(length, std::move(columns));
}

}  // namespace weir::expr
