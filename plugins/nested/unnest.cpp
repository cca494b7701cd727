#include "unnest.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include <weir/cpp/named_column.hpp>
#include <weir/cpp/nested.hpp>
#include <weir/cpp/passing.hpp>

namespace weir::nested {
namespace {

constexpr std::size_t kMostRows = std::size_t{16} << 10U;  // pushed at a time
constexpr std::uint64_t kParents = 0;

std::int64_t list_column(const Config& config, const ArrowSchema& input) {
  const std::string_view name = config.text("/column");
  const std::int64_t column = named_column(input, name, "/column");
  const ArrowSchema& field = *input.children[column];
  const Type type = type_of(field).type;
  const bool lists = type == Type::list || type == Type::large_list || type == Type::fixed_list || type == Type::map;
  if (field.dictionary == nullptr && lists) return column;
  const bool text = metadata_value(field, kExtensionKey) == "arrow.json";
  throw Failure(
      WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
      "expected a column of lists, found '" + std::string(name) + "' of " + (text ? "JSON text" : type_name(field)))
      .option("/column")
      .hint(text ? "no one type keeps its values: see what they are by weir run --log level=info"
                 : "a column of structs is taken apart by flatten");
}

Failure twice(const std::string& name, std::string option) {
  return Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
                 "expected columns of different names, found '" + name + "' twice")
      .hint(option == "/index" ? "give it another name: index: item_number" : "give the item another name: as: item")
      .option(std::move(option));
}

}  // namespace

Unnest::Unnest(const Context& context, const Inputs& inputs, const Outputs& outputs)
    : input_(Schema::copy_of(inputs[0])),
      list_(list_column(context.config(), input_.get())),
      type_(type_of(*input_->children[list_])),
      item_(context.config().has("/as") ? context.config().text("/as") : context.config().text("/column")),
      index_(context.config().text("/index")),
      keep_empty_(context.config().boolean("/keep_empty")),
      apart_(context.config().has("/to")) {
  const Config config = context.config();
  if (apart_) {
    choose_keys(config, input_.get());
  } else {
    choose_columns(config, input_.get());
  }
  check_names(config);
  if (apart_) {
    const std::string_view parents = config.text("/to/parents"), children = config.text("/to/children");
    if (parents == children) {
      throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
                    "expected two outputs, found '" + std::string(children) + "' for both")
          .option("/to/children");
    }
    outputs.put(parents_schema(), parents);
    outputs.put(children_schema(), children);
  } else {
    outputs.put(children_schema());
  }
}

void Unnest::choose_columns(const Config& config, const ArrowSchema& input) {
  if (config.has("/key")) {
    throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
                  "expected key: only beside to:, found it where all columns are repeated")
        .option("/key")
        .hint("send parents and items to two branches: to: { parents: orders, children: lines }");
  }
  for (std::int64_t i = 0; i < input.n_children; ++i) columns_.push_back(i == list_ ? kItem : i);
  if (!index_.empty()) columns_.push_back(kIndex);
}

void Unnest::choose_keys(const Config& config, const ArrowSchema& input) {
  if (keep_empty_) {
    throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
                  "expected keep_empty: only without to:, found it where parents have an output of their own")
        .option("/keep_empty");
  }
  for (std::uint64_t i = 0; i < config.count("/key"); ++i) {
    const std::string option = "/key/" + std::to_string(i);
    const std::int64_t column = named_column(input, config.text(option), option);
    if (column == list_) {
      throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
                    "expected columns that identify the parent, found the list itself")
          .option(option);
    }
    columns_.push_back(column);
  }
  if (columns_.empty()) {
    throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
                  "expected key: beside to:, for items to know their parent, found none")
        .option("/to")
        .hint("name the columns that identify a parent: key: [id]");
  }
  if (!index_.empty()) columns_.push_back(kIndex);
  columns_.push_back(kItem);
}

void Unnest::check_names(const Config& config) const {
  std::vector<std::string_view> names;
  for (const std::int64_t column : columns_) {
    const std::string_view name = column == kItem    ? item_
                                  : column == kIndex ? index_
                                                     : column_name(input_.get(), column);
    if (std::find(names.begin(), names.end(), name) != names.end())
      throw twice(std::string(name), name == index_ ? "/index" : config.has("/as") ? "/as" : "/column");
    names.push_back(name);
  }
}

Schema Unnest::children_schema() const {
  std::vector<Schema> fields;
  for (const std::int64_t column : columns_) {
    if (column == kIndex) {
      fields.push_back(Schema::field("l", index_, keep_empty_));
    } else if (column == kItem) {
      ArrowSchema item = *input_->children[list_]->children[0];  // lent, to be copied
      item.name = item_.c_str();
      if (keep_empty_) item.flags |= ARROW_FLAG_NULLABLE;
      fields.push_back(Schema::copy_of(item));
    } else {
      fields.push_back(Schema::copy_of(*input_->children[column]));
    }
  }
  return Schema::rows(std::move(fields));
}

Schema Unnest::parents_schema() const {
  std::vector<Schema> fields;
  for (std::int64_t i = 0; i < input_->n_children; ++i) {
    if (i != list_) fields.push_back(Schema::copy_of(*input_->children[i]));
  }
  return Schema::rows(std::move(fields));
}

void Unnest::traits(const Config& /*config*/, weir_traits& traits) { traits.rows = WEIR_ROWS_MULTIPLY; }

void Unnest::process(std::uint64_t /*input*/, Batch& batch, const Next& next) {
  const auto rows = std::make_shared<Array>(batch.take());
  if (apart_) push_parents(rows, next);
  add_items(rows, next);
}

void Unnest::push_parents(const std::shared_ptr<Array>& rows, const Next& next) const {
  std::vector<Array> columns;
  for (std::int64_t i = 0; i < input_->n_children; ++i) {
    if (i != list_) columns.push_back(shared_column(rows, i));
  }
  next.push(rows_of(rows->get().length, std::move(columns)), kParents,
            detail::origins_of(detail::range(0, rows->get().length)));
}

Items Unnest::items_of(const ArrowArray& list, std::int64_t outer, std::int64_t row) const {
  if (!Validity(list, outer).valid(row)) return {};
  if (type_.type == Type::fixed_list) return FixedListColumn(list, type_.width, outer)[row];
  if (type_.type == Type::large_list) return LargeListColumn(list, outer)[row];
  return ListColumn(list, outer)[row];
}

void Unnest::add_items(const std::shared_ptr<Array>& rows, const Next& next) {
  const ArrowArray& list = *rows->get().children[list_];
  std::uint64_t empty = 0;
  for (std::int64_t row = 0; row < rows->get().length; ++row) {
    const Items items = items_of(list, rows->get().offset, row);
    for (std::int64_t item = items.begin; item < items.end; ++item) {
      parents_.push_back(row);
      items_.push_back(item);
      indices_.push_back(item - items.begin);
      if (parents_.size() == kMostRows) push_children(rows, next);
    }
    if (items.count() > 0) continue;
    if (keep_empty_) {
      parents_.push_back(row);
      items_.push_back(kMissing);
      indices_.push_back(kMissing);
      if (parents_.size() == kMostRows) push_children(rows, next);
    } else if (!apart_) {
      ++empty;
    }
  }
  if (!parents_.empty()) push_children(rows, next);
  if (empty > 0) next.drop(empty, "empty list");
}

void Unnest::push_children(const std::shared_ptr<Array>& rows, const Next& next) {
  const ArrowArray& list = *rows->get().children[list_];
  std::vector<Array> columns;
  for (const std::int64_t column : columns_) {
    if (column == kIndex) {
      NumberBuilder<std::int64_t> numbers;
      for (const std::int64_t index : indices_) index == kMissing ? numbers.append_null() : numbers.append(index);
      columns.push_back(numbers.finish());
    } else if (column == kItem) {
      ArrowSchema item = *input_->children[list_]->children[0];  // lent
      if (keep_empty_) item.flags |= ARROW_FLAG_NULLABLE;
      columns.push_back(gathered({item, *list.children[0], 0, rows}, items_));
    } else {
      columns.push_back(
          gathered({*input_->children[column], *rows->get().children[column], rows->get().offset, rows}, parents_));
    }
  }
  std::vector<std::uint32_t> origins(parents_.begin(), parents_.end());
  const auto count = static_cast<std::int64_t>(parents_.size());
  next.push(rows_of(count, std::move(columns)), apart_ ? 1 : 0, detail::origins_of(origins));
  parents_.clear();
  items_.clear();
  indices_.clear();
}

void Unnest::reads(std::uint64_t /*input*/, const Sink& names) const { names.put(column_name(input_.get(), list_)); }

void Unnest::lineage(std::uint64_t output, std::string_view column, std::uint64_t /*input*/, const Sink& names) const {
  const bool children = !apart_ || output == 1;
  if (children && (column == item_ || column == index_)) return names.put(column_name(input_.get(), list_));
  if (column_index(input_.get(), column) >= 0) names.put(column);
}

}  // namespace weir::nested
