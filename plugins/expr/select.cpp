// select: see select.hpp.
#include "select.hpp"

#include <weir/cpp/passing.hpp>
#include <weir/cpp/type_names.hpp>
#include <weir/cpp/value_text.hpp>

#include "cast.hpp"
#include "column.hpp"
#include "moment.hpp"
#include "naive_zone.hpp"
#include "narrow.hpp"
#include "selection.hpp"

namespace weir::expr {
namespace {

// The type that the column gets: the one that is named, in the unit that the column has if none is said.
std::string format_wanted(const NamedType& named, const ArrowSchema& field) {
  const TypeInfo has = type_of(field);
  const bool moment = has.type == Type::timestamp || has.type == Type::time32 || has.type == Type::time64;
  if (!named.any_unit || !moment || field.dictionary != nullptr) return named.format;
  const bool to_timestamp = named.format.starts_with("ts");
  if (to_timestamp != (has.type == Type::timestamp)) return named.format;
  std::string format = named.format;
  format[2] = field.format[2];
  return format;
}

bool is_as_wanted(const ArrowSchema& field, std::string_view format) {
  if (field.dictionary != nullptr) return false;
  const Type has = type_of(field).type;
  return field.format == format || (format == "u" && (has == Type::large_utf8 || has == Type::utf8_view));
}

// The reason as the user's type has it: uint64 is computed as a decimal.
std::string_view reason_of(const Fault& fault, std::string_view narrow) {
  if (narrow.empty()) return fault.reason;
  if (fault.reason.ends_with("overflow")) return "out of range";
  return narrow == "L" && fault.reason == "not a number" ? "not an integer" : fault.reason;
}

}  // namespace

Select::Select(const Context& context, const Inputs& inputs, const Outputs& outputs)
    : input_(Schema::copy_of(inputs[0])), naive_zone_(naive_zone(context.config())) {
  std::vector<Schema> fields;
  for (const PickedColumn& picked : picked_columns(context.config(), input_.get())) {
    Column& column = columns_.emplace_back();
    column.from = picked.from;
    const ArrowSchema& field = *input_->children[picked.from];
    const Schema typed =
        picked.type.empty() ? Schema::copy_of(field) : cast(column, picked.type, pointer_to("/cast", field.name));
    fields.push_back(renamed(typed.get(), picked.name));
  }
  output_ = Schema::rows(std::move(fields));
  outputs.put(Schema::copy_of(output_.get()));
}

Schema Select::cast(Column& column, std::string_view type, const std::string& option) const {
  const ArrowSchema& field = *input_->children[column.from];
  const auto wrong = [&](std::string message) {
    return Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST, std::move(message)).option(option);
  };
  const auto named = type_named(type);
  if (!named) throw wrong("expected the name of a type, found '" + std::string(type) + "'").hint(type_hint(type));
  const std::string format = format_wanted(*named, field);
  if (is_as_wanted(field, format)) return Schema::copy_of(field);
  Schema made = Schema::field(format, field.name);
  const ValueType wanted = value_type_of(made.get());
  const bool all_null = value_type_of(field).kind == Kind::null;
  OperationPointer values = all_null ? constant_operation({}, {.null = true}) : column_operation(field, column.from);
  const bool plain = is_day_like(values->type().kind) && !values->type().zoned;
  if (plain && wanted.zoned && !naive_zone_.empty())
    values = instant_operation(std::move(values), *Zone::named(naive_zone_), naive_zone_, {});
  if (const auto refusal = refused_cast(values->type(), wanted)) {
    throw wrong("can't cast " + type_name(field) + " '" + field.name + "' to " + type_name(made.get()) + refusal->why)
        .hint(refusal->hint);
  }
  column.operation = cast_operation(std::move(values), wanted, {});
  if (is_narrow_format(format)) column.narrow = format;
  column.out_of_range = {"out of range", {}};
  return made;
}

void Select::traits(const Config& /*config*/, weir_traits& traits) {
  traits.rows = WEIR_ROWS_ONCE;
  traits.keeps_rows = 1;  // of what is pushed without origins
  traits.takes_selection = 1;
}

void Select::reads(std::uint64_t /*input*/, const Sink& names) const {
  for (const Column& column : columns_) {
    if (column.operation != nullptr) names.put(input_->children[column.from]->name);
  }
}

void Select::lineage(std::uint64_t /*output*/, std::string_view column, std::uint64_t /*input*/,
                     const Sink& names) const {
  const std::int64_t place = column_index(output_.get(), column);
  if (place >= 0) names.put(input_->children[columns_[static_cast<std::size_t>(place)].from]->name);
}

Array Select::computed(const Column& column) {
  Array made = computed_.compute(*column.operation);
  if (column.narrow.empty()) return made;
  lost_.clear();
  Array narrow = narrowed(made, column.narrow, lost_);
  for (const std::int64_t row : lost_) computed_.reject(row, column.out_of_range);
  return narrow;
}

void Select::process(std::uint64_t /*input*/, Batch& batch, const Next& next) {
  computed_.begin(*batch.raw());
  told_.clear();
  std::vector<Array> out(columns_.size());
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].operation == nullptr) continue;
    const std::size_t first = computed_.rejects().size();
    out[i] = computed(columns_[i]);
    describe(i, first, batch.rows());
  }
  Array rows = batch.take();
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (out[i].empty()) out[i] = take_column(rows, columns_[i].from);
  }
  push_without(next, output_.get(), rows_of(rows->length, std::move(out)), computed_.left_out());
  tell(next);
}

void Select::describe(std::size_t place, std::size_t first, const ArrowArray& rows) {
  const Column& column = columns_[place];
  const ArrowSchema& field = *input_->children[column.from];
  const std::vector<Reject>& rejects = computed_.rejects();
  for (std::size_t i = first; i < rejects.size(); ++i) {
    const std::int64_t row = rejects[i].row;
    std::string detail = "expected " + type_name(*output_->children[place]) + ", found " +
                         shown_value(field, *rows.children[column.from], rows.offset, row);
    told_.push_back({row, field.name, reason_of(*rejects[i].fault, column.narrow), std::move(detail)});
  }
}

void Select::tell(const Next& next) const {
  for (const Told& told : told_) next.reject(rejected_row(told.row, told.column, told.reason, told.detail));
}

}  // namespace weir::expr
