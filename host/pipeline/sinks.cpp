#include "pipeline/sinks.hpp"

#include "arrow/validate.hpp"
#include "plugins/running_call.hpp"

namespace weir::pipeline {
namespace {

template <class Sink, class Raw>
Sink& mine(const Raw* self) {
  return *const_cast<Sink*>(static_cast<const Sink*>(self));
}

weir_status refuse(SchemaSink& sink, const base::Error& error) {
  sink.refused = error.message;
  return WEIR_INVALID_ARGUMENT;
}

weir_status put_schema(const weir_schema_sink* self, weir_string name, ArrowSchema* schema) {
  plugins::RunningCall::handed_over();
  auto& sink = mine<SchemaSink>(self);
  weir::Schema taken(schema);
  if (auto good = arrow::check_rows_schema(taken.get()); !good) return refuse(sink, good.error());
  sink.schemas.push_back(std::move(taken));
  sink.names.push_back(copy_of(name));
  return WEIR_OK;
}

weir_status same_schema(const weir_schema_sink* self, weir_string name, const ArrowSchema* schema) {
  plugins::RunningCall::handed_over();
  auto& sink = mine<SchemaSink>(self);
  if (auto good = arrow::check_rows_schema(*schema); !good) return refuse(sink, good.error());
  sink.schemas.push_back(weir::Schema::copy_of(*schema));
  sink.names.push_back(copy_of(name));
  return WEIR_OK;
}

weir_status put_bytes(const weir_sink* self, weir_bytes bytes) {
  plugins::RunningCall::handed_over();
  mine<ByteSink>(self).items.push_back(copy_of(bytes));
  return WEIR_OK;
}

weir_status add_split(const weir_plan* self, const weir_split* split) {
  plugins::RunningCall::handed_over();
  auto& sink = mine<PlanSink>(self);
  PlannedSplit planned{copy_of(split->id), copy_of(split->token), copy_of(split->place),
                       split->rows,        split->bytes,          split->unbounded != 0};
  if (!sink.ids.insert(planned.id).second) return WEIR_OK;
  sink.splits.push_back(std::move(planned));
  return WEIR_OK;
}

weir_status remove_split(const weir_plan* self, weir_string id) {
  auto& sink = mine<PlanSink>(self);
  const std::string gone = copy_of(id);
  if (sink.ids.erase(gone) > 0) std::erase_if(sink.splits, [&](const PlannedSplit& split) { return split.id == gone; });
  return WEIR_OK;
}

weir_status plan_state(const weir_plan* self, weir_bytes state) {
  mine<PlanSink>(self).state_text = copy_of(state);
  return WEIR_OK;
}

weir_status put_object(const weir_object_sink* self, const weir_object* object) {
  plugins::RunningCall::handed_over();
  mine<ObjectSink>(self).objects.push_back(
      {copy_of(object->name), copy_of(object->checksum), copy_of(object->version), object->bytes, object->modified_ns});
  return WEIR_OK;
}

}  // namespace

SchemaSink::SchemaSink() : weir_schema_sink{sizeof(weir_schema_sink), put_schema, same_schema} {}
ByteSink::ByteSink() : weir_sink{sizeof(weir_sink), put_bytes} {}
PlanSink::PlanSink() : weir_plan{sizeof(weir_plan), add_split, remove_split, plan_state} {}
ObjectSink::ObjectSink() : weir_object_sink{sizeof(weir_object_sink), put_object} {}

std::vector<weir_bytes> lend(const std::vector<std::string>& items) {
  std::vector<weir_bytes> lent;
  lent.reserve(items.size());
  for (const auto& item : items) lent.push_back({reinterpret_cast<const std::uint8_t*>(item.data()), item.size()});
  return lent;
}

}  // namespace weir::pipeline
