// Paths into structs and lists.
#include "nested.hpp"

#include "column.hpp"

namespace weir::expr {
namespace {

const ArrowArray& child_of(const ArrowArray& array, std::int64_t i) { return *array.children[i]; }

// Takes the rows off that are null in the place's array.
void keep_valid(Place& place, int count) {
  const ArrowArray& array = *place.array;
  if (array.n_buffers == 0) {
    place.valid = no_bits();
    return;
  }
  if (array.null_count == 0 || array.buffers[0] == nullptr) return;
  const auto* bits = static_cast<const std::uint8_t*>(array.buffers[0]);
  if (!place.scattered) {
    place.valid = place.valid & read_bits(bits, array.offset + place.first, count);
    return;
  }
  const Validity validity(array);
  Bits kept = no_bits();
  for_each(place.valid, [&](int row) {
    if (validity.valid(place.at(row))) set(kept, row);
  });
  place.valid = kept;
}

// Moves on to a member of the structs that the place is in. Its rows count from the structs' own offset.
void enter_member(std::int64_t member, int count, Place& place) {
  const std::int64_t offset = place.array->offset;
  place.array = &child_of(*place.array, member);
  if (!place.scattered) {
    place.first += offset;
    return;
  }
  auto* indices = place.indices.make<std::int64_t>();
  for (int row = 0; row < count; ++row) indices[row] += offset;
}

void enter_item(Frame& frame, const NestedStep& step, Place& place) {
  Vector number(frame.scratch);
  step.item->run(frame, place.valid, number);
  const Bits wanted = number.valid_of(place.valid);
  Vector made(frame.scratch);
  auto* indices = made.make<std::int64_t>();
  std::memset(indices, 0, sizeof(std::int64_t) * static_cast<std::size_t>(frame.count));
  Bits found = no_bits();
  for_each(wanted, [&](int row) {
    const Items items = items_of(*place.array, step, place.at(row));
    const std::int64_t asked = number.values<std::int64_t>()[row];
    if (asked == 0 || asked > items.count() || asked < -items.count()) return;
    indices[row] = asked > 0 ? items.begin + asked - 1 : items.end + asked;
    set(found, row);
  });
  place.array = &child_of(*place.array, 0);
  place.valid = found;
  place.scattered = true;
  std::memcpy(place.indices.make<std::int64_t>(), indices,
              sizeof(std::int64_t) * static_cast<std::size_t>(frame.count));
}

}  // namespace

bool is_list(const ArrowSchema& field) {
  const Type type = type_of(field).type;
  return field.dictionary == nullptr && (type == Type::list || type == Type::large_list || type == Type::fixed_list);
}

NestedStep step_into(const ArrowSchema& field) {
  const TypeInfo info = type_of(field);
  return {.list = info.type, .width = info.width};
}

Items items_of(const ArrowArray& lists, const NestedStep& list, std::int64_t row) {
  if (list.list == Type::list) return ListColumn(lists)[row];
  if (list.list == Type::large_list) return LargeListColumn(lists)[row];
  return FixedListColumn(lists, list.width)[row];
}

Nested::Nested(const ArrowSchema& field, std::int64_t column, std::vector<NestedStep> steps)
    : Operation(field.dictionary == nullptr ? value_type_of(field) : ValueType{.kind = Kind::other}),
      field_(Schema::copy_of(field)),
      source_(column),
      steps_(std::move(steps)) {}

void Nested::locate(Frame& frame, const Bits& live, Place& place) const {
  const ColumnData& data = frame.columns[static_cast<std::size_t>(source_)];
  place.array = data.array;
  place.first = data.outer + frame.begin;
  place.valid = live;
  keep_valid(place, frame.count);
  for (const NestedStep& step : steps_) {
    if (step.member >= 0) {
      enter_member(step.member, frame.count, place);
    } else {
      enter_item(frame, step, place);
    }
    keep_valid(place, frame.count);
  }
}

void Nested::run(Frame& frame, const Bits& live, Vector& out) const {
  Place place(frame.scratch);
  locate(frame, live, place);
  out.set_valid(place.valid);
  out.truth = no_bits();
  if (!any(place.valid)) {
    std::memset(out.make<Int128>(), 0, sizeof(Block));
    return;
  }
  // Rows that are not there are read too, as numbers: they are sent to one that is.
  Vector safe(frame.scratch);
  auto* indices = safe.make<std::int64_t>();
  std::int64_t any_row = 0;
  for_each(place.valid, [&](int row) { any_row = place.at(row); });
  for (int row = 0; row < frame.count; ++row) indices[row] = any_row;
  for_each(place.valid, [&](int row) { indices[row] = place.at(row); });
  load_at(field(), *place.array, indices, place.valid, frame.count, out);
  if (type().kind == Kind::boolean) out.truth = out.truth & place.valid;
}

}  // namespace weir::expr
