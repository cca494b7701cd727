// Functions over structs and lists.
#include <algorithm>

#include <weir/cpp/suggest.hpp>

#include "call.hpp"
#include "cast.hpp"
#include "column.hpp"
#include "compare.hpp"
#include "function.hpp"
#include "nested.hpp"
#include "texts.hpp"

namespace weir::expr {
namespace {

std::unique_ptr<const Nested> nested_at(const Call& call, std::size_t i, bool list) {
  auto nested = call.nested(i);
  const bool fine =
      nested != nullptr && (list ? is_list(nested->field()) : type_of(nested->field()).type == Type::structure);
  if (!fine) {
    call.unexpected(i, list ? "a list" : "a struct",
                    call.kind(i) == Kind::text
                        ? "what is inside a text of JSON is reached with ->: " +
                              call.compiler().source_of(call.syntax(i)).substr(0, 60) + " ->> 'name'"
                        : std::string());
  }
  return nested;
}

OperationPointer make_struct_extract(Call& call) {
  const auto within = nested_at(call, 0, false);
  const ArrowSchema& field = within->field();
  const std::string& name = call.constant_text(1, "a member's name in quotes");
  std::vector<std::string_view> names;
  for (std::int64_t i = 0; i < field.n_children; ++i) names.emplace_back(field.children[i]->name);
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) {
    Compiler::mistake(call.syntax(1), "no member '" + name.substr(0, 60) + "' in " + call.described(0),
                      name_hint(name, names, "members"));
  }
  std::vector<NestedStep> steps = within->steps();
  const auto member = static_cast<std::int64_t>(found - names.begin());
  steps.push_back({.member = member});
  return std::make_unique<Nested>(*field.children[member], within->source(), std::move(steps));
}

OperationPointer make_list_extract(Call& call) {
  const auto within = nested_at(call, 0, true);
  std::vector<NestedStep> steps = within->steps();
  steps.push_back(step_into(within->field()));
  steps.back().item = call.integer(1);
  return std::make_unique<Nested>(*within->field().children[0], within->source(), std::move(steps));
}

class Count final : public Operation {
 public:
  explicit Count(std::unique_ptr<const Nested> lists)
      : Operation(kInteger), lists_(std::move(lists)), list_(step_into(lists_->field())) {}
  void run(Frame& frame, const Bits& live, Vector& out) const override {
    Place place(frame.scratch);
    lists_->locate(frame, live, place);
    Word* to = out.make<Word>();
    std::memset(to, 0, sizeof(Word) * static_cast<std::size_t>(frame.count));
    out.set_valid(place.valid);
    for_each(place.valid, [&](int row) { to[row] = items_of(*place.array, list_, place.at(row)).count(); });
  }

 private:
  std::unique_ptr<const Nested> lists_;
  NestedStep list_;
};

OperationPointer make_list_length(Call& call) { return std::make_unique<Count>(nested_at(call, 0, true)); }

// Calls body(row, value) for every item that is not null, in order. T: how a vector holds the items.
template <class T, class Body>
void for_items(Frame& frame, const Nested& lists, const Place& place, Body body) {
  const NestedStep list = step_into(lists.field());
  const ArrowArray& items = *place.array->children[0];
  const ArrowSchema& field = *lists.field().children[0];
  const Validity validity(items);
  Vector numbers(frame.scratch);
  auto* indices = numbers.make<std::int64_t>();
  std::array<int, kChunkRows> rows;
  int count = 0;
  const auto flush = [&] {
    if (count == 0) return;
    Vector values(frame.scratch);
    load_at(field, items, indices, first_bits(count), count, values);
    for (int i = 0; i < count; ++i) {
      if constexpr (std::is_same_v<T, bool>) {
        body(rows[static_cast<std::size_t>(i)], test(values.truth, i));
      } else {
        body(rows[static_cast<std::size_t>(i)], values.template values<T>()[i]);
      }
    }
    count = 0;
  };
  for_each(place.valid, [&](int row) {
    const Items of_row = items_of(*place.array, list, place.at(row));
    for (std::int64_t item = of_row.begin; item < of_row.end; ++item) {
      if (!validity.valid(item)) continue;
      indices[count] = item;
      rows[static_cast<std::size_t>(count)] = row;
      if (++count == kChunkRows) flush();
    }
  });
  flush();
}

template <class T>
class Contains final : public Operation {
 public:
  Contains(std::unique_ptr<const Nested> lists, OperationPointer wanted)
      : Operation(kBoolean), lists_(std::move(lists)), wanted_(std::move(wanted)) {}
  void run(Frame& frame, const Bits& live, Vector& out) const override {
    Vector wanted(frame.scratch);
    wanted_->run(frame, live, wanted);
    Place place(frame.scratch);
    lists_->locate(frame, wanted.valid_of(live), place);
    out.set_valid(place.valid);
    out.truth = no_bits();
    for_items<T>(frame, *lists_, place, [&](int row, const T& value) {
      if constexpr (std::is_same_v<T, bool>) {
        if (test(wanted.truth, row) == value) set(out.truth, row);
      } else {
        if (wanted.template values<T>()[row] == value) set(out.truth, row);
      }
    });
  }

 private:
  std::unique_ptr<const Nested> lists_;
  OperationPointer wanted_;
};

OperationPointer make_list_contains(Call& call) {
  auto lists = nested_at(call, 0, true);
  const ArrowSchema& field = *lists->field().children[0];
  const ValueType type = value_type_of(field);
  if (type.kind == Kind::other || field.dictionary != nullptr)
    call.unexpected(0, "a list of values that expressions know");
  OperationPointer wanted = call.as(1, type);
  switch (type.kind) {
    case Kind::null: return constant_operation(kBoolean, {.null = true});
    case Kind::boolean: return std::make_unique<Contains<bool>>(std::move(lists), std::move(wanted));
    case Kind::real: return std::make_unique<Contains<double>>(std::move(lists), std::move(wanted));
    case Kind::decimal: return std::make_unique<Contains<Int128>>(std::move(lists), std::move(wanted));
    case Kind::text: return std::make_unique<Contains<View>>(std::move(lists), std::move(wanted));
    default: return std::make_unique<Contains<Word>>(std::move(lists), std::move(wanted));
  }
}

class Join final : public Operation {
 public:
  Join(std::unique_ptr<const Nested> lists, OperationPointer separator, Fault fault)
      : Operation(kText), lists_(std::move(lists)), separator_(std::move(separator)), fault_(std::move(fault)) {}
  void run(Frame& frame, const Bits& live, Vector& out) const override {
    Vector separator(frame.scratch);
    separator_->run(frame, live, separator);
    Place place(frame.scratch);
    lists_->locate(frame, separator.valid_of(live), place);
    View* to = out.make<View>();
    for_each(place.valid, [&](int row) { to[row] = {}; });
    Bits begun = no_bits(), refused = no_bits();
    for_items<View>(frame, *lists_, place, [&](int row, View value) {
      const View between = test(begun, row) ? separator.values<View>()[row] : View();
      const std::size_t size = to[row].size() + between.size() + value.size();
      if (size > kLongestText) return set(refused, row);
      Pen pen(frame, size);
      pen.put(to[row]);
      pen.put(between);
      pen.put(value);
      to[row] = pen.done();
      set(begun, row);
    });
    out.set_valid(place.valid - refused);
    if (any(refused)) frame.fail(refused, fault_);
  }

 private:
  std::unique_ptr<const Nested> lists_;
  OperationPointer separator_;
  Fault fault_;
};

OperationPointer make_join(Call& call) {
  auto lists = nested_at(call, 0, true);
  const ArrowSchema& field = *lists->field().children[0];
  if (value_type_of(field).kind != Kind::text || field.dictionary != nullptr) call.unexpected(0, "a list of texts");
  OperationPointer separator = call.text(1);
  return std::make_unique<Join>(std::move(lists), std::move(separator), call.fault(kTooLong));
}

}  // namespace

std::span<const Function> nested_functions() {
  static const std::vector<Function> kFunctions = {
      {"array_to_string, list_to_string",
       "list, separator",
       "The texts of the list with the separator between them; nulls don't count.",
       {{"array_to_string(tags, ', ')", "'new, sale'"}},
       make_join},
      {"list_contains, array_contains, list_has",
       "list, value",
       "Whether the value stands in the list.",
       {{"list_contains(tags, 'sale')", "true"}, {"list_contains(item.sizes, 39)", "false"}},
       make_list_contains},
      {"list_extract, list_element, array_extract",
       "list, number",
       "An item of the list, counted from 1 or, below zero, from the end; also written list[1]. Null if there is none.",
       {{"tags[1]", "'new'"}, {"item.sizes[-1]", "40"}, {"tags[9]", "null"}},
       make_list_extract},
      {"list_length, array_length",
       "list",
       "How many items the list has.",
       {{"list_length(tags)", "3"}},
       make_list_length},
      {"struct_extract",
       "struct, name",
       "A member of the struct; also written struct.name. A column whose own name holds a dot stands in double quotes.",
       {{"item.sku", "'A-1'"}, {"struct_extract(item, 'sku')", "'A-1'"}},
       make_struct_extract}};
  return kFunctions;
}

}  // namespace weir::expr
