#include "pipeline/links/transform.hpp"

#include <set>

#include "arrow/gather.hpp"

namespace weir::pipeline {

base::Result<weir_traits> transformer_traits(const Component& component) {
  weir_traits traits{};
  traits.size = sizeof traits;
  const auto& table = component.table<weir_transformer>();
  if (WEIR_CAN(&table, traits)) {
    WEIR_TRY(component.call("traits",
                            [&](weir_error* error) { return table.traits(component.config->get(), &traits, error); }));
  }
  return traits;
}

base::Result<void> materialize(Batch& batch, const ArrowSchema& schema, const Columns& read) {
  if (!batch.selection) return {};
  const auto selection = std::exchange(batch.selection, std::nullopt);
  if (selection->size() == static_cast<std::size_t>(batch.rows.length())) return {};
  if (!selection->empty() && arrow::contiguous(*selection)) {
    const std::int64_t from = selection->front();
    const auto count = static_cast<std::int64_t>(selection->size());
    batch.rows = arrow::SharedArray(batch.rows.slice(from, count));
    if (!batch.origins.empty()) {
      batch.origins = std::vector<std::uint32_t>(batch.origins.begin() + from, batch.origins.begin() + from + count);
    }
    return {};
  }
  WEIR_TRY_ASSIGN(weir::Array gathered, arrow::gather(batch.rows, schema, *selection, read));
  batch.rows = arrow::SharedArray(std::move(gathered));
  if (!batch.origins.empty()) {
    std::vector<std::uint32_t> origins(selection->size());
    for (std::size_t i = 0; i < origins.size(); ++i) origins[i] = batch.origins[(*selection)[i]];
    batch.origins = std::move(origins);
  }
  return {};
}

TransformLink::TransformLink(std::shared_ptr<const Component> component, const RunIdentity& run,
                             const ArrowSchema& input, std::uint64_t instance)
    : component_(std::move(component)),
      context_(component_->context_parts(run, instance)),
      input_(weir::Schema::copy_of(input)) {}

TransformLink::~TransformLink() {
  if (outputs_.empty()) return;  // create() did not succeed: there is no instance
  component_->tell("destroy", [this] { component_->table<weir_transformer>().destroy(self_); });
  if (outlet_ == nullptr) return;
  if (const auto late = outlet_->used_late()) component_->complain(*late);
}

base::Result<std::unique_ptr<TransformLink>> TransformLink::create(std::shared_ptr<const Component> component,
                                                                   const RunIdentity& run, const ArrowSchema& input,
                                                                   std::atomic<std::uint64_t>* sequence,
                                                                   TakeReject take_reject, TransformOptions options) {
  std::unique_ptr<TransformLink> link(new TransformLink(std::move(component), run, input, options.instance));
  WEIR_TRY_ASSIGN(link->traits_, transformer_traits(*link->component_));
  SchemaSink outputs;
  const auto called = link->call_create(outputs, options.sides);
  if (!called && !outputs.refused.empty()) {
    return base::unexpected(plugins::misbehaviour({link->component_->plugin, link->component_->link, "create"},
                                                  "plugin.bad_schema", outputs.refused));
  }
  if (!called) return base::unexpected(called.error());
  WEIR_TRY(link->settle(outputs));
  link->sequence_ = sequence;
  link->read_ = std::move(options.read);
  link->partial_ = options.partial;
  OutletSetup setup{link->component_->plugin, link->component_->link, &link->outputs_,
                    &link->input_.get(),      options.validate_full,  link->traits_.keeps_rows != 0};
  link->outlet_ = std::make_unique<Outlet>(std::move(setup), &link->account_, std::move(take_reject));
  return link;
}

base::Result<void> TransformLink::call_create(SchemaSink& outputs, const std::vector<SideSchema>& sides) {
  std::vector<const ArrowSchema*> inputs{&input_.get()};
  std::vector<weir_string> names{{nullptr, 0}};
  for (const auto& side : sides) {
    sides_.push_back(weir::Schema::copy_of(*side.rows));
    names.push_back({side.name.data(), side.name.size()});
  }
  for (const auto& side : sides_) inputs.push_back(&side.get());
  return component_->call("create", [&](weir_error* error) {
    outputs.clear();
    return component_->table<weir_transformer>().create(context_.get(), inputs.data(), names.data(), inputs.size(),
                                                        &outputs, &self_, error);
  });
}

base::Result<void> TransformLink::settle(SchemaSink& outputs) {
  outputs_ = std::move(outputs.schemas);
  names_ = std::move(outputs.names);
  const auto misbehaved = [this](const std::string& what) {
    return base::unexpected(
        plugins::misbehaviour({component_->plugin, component_->link, "create"}, "plugin.bad_schema", what));
  };
  if (outputs_.empty()) {
    component_->tell("destroy", [this] { component_->table<weir_transformer>().destroy(self_); });
    return misbehaved("expected the schema of an output, found none");
  }
  std::set<std::string_view> known;
  for (const auto& name : names_) {
    if (outputs_.size() > 1 && (name.empty() || !known.insert(name).second)) {
      return misbehaved("expected a name of its own for each of " + std::to_string(outputs_.size()) +
                        " outputs, found '" + name + "'");
    }
  }
  return {};
}

base::Result<void> TransformLink::process(Batch batch, const Deliver& deliver) {
  if (traits_.takes_selection == 0) WEIR_TRY(materialize(batch, input_.get(), read_));
  const std::uint64_t rows_in = batch.live();
  account_.rows_in += rows_in;
  LentBatch lent(batch, sequence_->fetch_add(1, std::memory_order_relaxed), component_->borrower(input_.get()));
  outlet_->begin(&batch, &deliver);
  std::int64_t row = 0;  // of the batch, that a failure is about
  auto called = component_->call(
      {"process", cancel_of(component_->table<weir_transformer>(), self_)},
      [&](weir_error* error) {
        const weir_status status =
            component_->table<weir_transformer>().process(self_, 0, lent.lend(), outlet_.get(), error);
        row = error->row > 0 && error->row < batch.rows.length() ? error->row : 0;
        return status;
      },
      [this] { return !outlet_->used(); });
  if (!called && !called.error().place.known() && called.error().fault == base::Fault::data) {
    base::Error error = called.error();
    error.place = batch.place(row);
    called = base::unexpected(std::move(error));
  }
  WEIR_TRY(finish_call(called, &batch, rows_in));
  return component_->check("process", lent);
}

base::Result<void> TransformLink::feed(std::uint64_t input, const Batch& batch) {
  LentBatch lent(batch, sequence_->fetch_add(1, std::memory_order_relaxed),
                 component_->borrower(sides_[input - 1].get()));
  const Deliver nowhere = [](const Batch&) -> base::Result<void> { return {}; };
  outlet_->begin(&batch, &nowhere);
  const auto called =
      component_->call({"process", cancel_of(component_->table<weir_transformer>(), self_)}, [&](weir_error* error) {
        return component_->table<weir_transformer>().process(self_, input, lent.lend(), outlet_.get(), error);
      });
  WEIR_TRY(end_side_call("process", called));
  return component_->check("process", lent);
}

base::Result<void> TransformLink::end_input(std::uint64_t input) {
  const auto& table = component_->table<weir_transformer>();
  if (!WEIR_CAN(&table, flush)) return {};
  const Deliver nowhere = [](const Batch&) -> base::Result<void> { return {}; };
  outlet_->begin(static_cast<const Batch*>(nullptr), &nowhere);
  const auto called = component_->call({"flush", cancel_of(table, self_)}, [&](weir_error* error) {
    return table.flush(self_, input, WEIR_FLUSH_INPUT, outlet_.get(), error);
  });
  return end_side_call("flush", called);
}

base::Result<void> TransformLink::end_side_call(const char* function, const base::Result<void>& called) {
  const std::uint64_t left = outlet_->left();
  const auto failure = outlet_->end();
  if (left > 0 || failure) {
    return base::unexpected(plugins::misbehaviour({component_->plugin, component_->link, function}, "plugin.unbalanced",
                                                  "expected no row to leave before all rows of its other inputs were "
                                                  "there, found some"));
  }
  return called;
}

// A failure behind this link was told to the plugin as CANCELLED: the one behind is the true one. Invariant 1 of the ledger
// is checked here.
base::Result<void> TransformLink::finish_call(const base::Result<void>& called, const Batch* in_hand,
                                              std::uint64_t rows_in) {
  const std::uint64_t left = outlet_->left();
  if (auto failure = outlet_->end()) return base::unexpected(std::move(*failure));
  if (!called) return base::unexpected(called.error());
  held_ += static_cast<std::int64_t>(rows_in) - static_cast<std::int64_t>(left);
  if (in_hand != nullptr && once() && !partial_ && left != rows_in &&
      !WEIR_CAN(&component_->table<weir_transformer>(), flush)) {
    return base::unexpected(plugins::misbehaviour(
        {component_->plugin, component_->link, "process"}, "plugin.unbalanced",
        "expected " + std::to_string(rows_in) + " rows to leave, pushed, selected, rejected or dropped, found " +
            std::to_string(left)));
  }
  return {};
}

base::Result<void> TransformLink::flush(std::int32_t why, const Deliver& deliver) {
  const auto& table = component_->table<weir_transformer>();
  if (partial_ || !WEIR_CAN(&table, flush)) return {};
  outlet_->begin(static_cast<const Batch*>(nullptr), &deliver);
  const auto called = component_->call(
      {"flush", cancel_of(table, self_)},
      [&](weir_error* error) { return table.flush(self_, 0, why, outlet_.get(), error); },
      [this] { return !outlet_->used(); });
  WEIR_TRY(finish_call(called, nullptr, 0));
  return why == WEIR_FLUSH_BARRIER ? check_barrier() : base::Result<void>();
}

// What is held back over a barrier without weir.state/1 would be lost by a restart.
base::Result<void> TransformLink::check_barrier() const {
  if (!once() || held_ == 0 || has_state()) return {};
  return base::unexpected(plugins::misbehaviour(
      {component_->plugin, component_->link, "flush"}, "plugin.unbalanced",
      "expected every row to have left at a barrier, found " + std::to_string(held_) + " held back"));
}

void TransformLink::cancel() {
  const auto& table = component_->table<weir_transformer>();
  if (WEIR_CAN(&table, cancel)) component_->tell("cancel", [&] { table.cancel(self_); });
}

}  // namespace weir::pipeline
