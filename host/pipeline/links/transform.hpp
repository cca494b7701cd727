// TransformLink: one instance of a transformer, wired into a chain.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "pipeline/component.hpp"
#include "pipeline/links/column_map.hpp"
#include "pipeline/links/link_partial.hpp"
#include "pipeline/links/link_state.hpp"
#include "pipeline/outlet.hpp"
#include "pipeline/sinks.hpp"

namespace weir::pipeline {

// An input of a transformer beside its first: rows that are all there before any of the first come.
struct SideSchema {
  std::string name;                   // what the manifest calls it
  const ArrowSchema* rows = nullptr;  // lent to create()
};

struct TransformOptions {
  bool validate_full = false;
  std::uint64_t instance = 0;
  Columns read = {};     // of the input, by this link or behind it; empty: all
  bool partial = false;  // one of those that are merged into the one behind the gather
  std::vector<SideSchema> sides = {};
};

// Threads: one caller at a time, but cancel().
class TransformLink {
 public:
  // Makes an instance for rows of `input`; it tells the schemas of its outputs. `sequence` numbers the batches of all
  // instances of the link in its lane, and is lent.
  static base::Result<std::unique_ptr<TransformLink>> create(std::shared_ptr<const Component> component,
                                                             const RunIdentity& run, const ArrowSchema& input,
                                                             std::atomic<std::uint64_t>* sequence,
                                                             TakeReject take_reject, TransformOptions options = {});
  ~TransformLink();
  TransformLink(const TransformLink&) = delete;
  TransformLink& operator=(const TransformLink&) = delete;

  const ArrowSchema& input() const { return input_.get(); }
  const std::vector<weir::Schema>& outputs() const { return outputs_; }
  // Of each output, as the manifest's branches are named; one that is alone may have none.
  const std::vector<std::string>& output_names() const { return names_; }
  bool once() const { return traits_.rows == WEIR_ROWS_ONCE; }
  // What the instance tells of its columns.
  base::Result<ColumnMap> columns() const { return ask_columns(*component_, self_, input_.get(), outputs_); }
  const integrity::Account& account() const { return account_; }
  // What was counted since the last call.
  integrity::Account take_account() { return std::exchange(account_, {}); }
  const Component& component() const { return *component_; }

  // Passes one batch through; what leaves goes to `deliver`, in order, before this returns.
  base::Result<void> process(Batch batch, const Deliver& deliver);
  // Before the first process(): takes rows of a side input (1 is sides[0]), and hears that there are no more. Nothing may leave.
  base::Result<void> feed(std::uint64_t input, const Batch& batch);
  base::Result<void> end_input(std::uint64_t input);
  // What is held back goes to `deliver`; `why`: WEIR_FLUSH_...
  base::Result<void> flush(std::int32_t why, const Deliver& deliver);
  // Whether it remembers from one epoch to the next: then snapshot() after each flush at a barrier, and restore() right
  // after create() where a checkpoint is gone on from. As the functions of link_state.hpp.
  bool has_state() const { return state_of(*component_) != nullptr; }
  base::Result<std::vector<StateChange>> snapshot() { return take_snapshot(*component_, self_); }
  base::Result<void> restore(std::span<const StateItem> items, bool last) {
    return restore_state(*component_, self_, items, last);
  }
  // Whether it is one of those that a chain has of a link behind the gather: it pushes nothing, and is not flushed; what it
  // holds is taken, and merged into the one. As the functions of link_partial.hpp.
  bool is_partial() const { return partial_; }
  base::Result<std::vector<std::string>> take() { return take_partial(*component_, self_); }
  base::Result<void> merge(const std::vector<std::string>& items) { return merge_partial(*component_, self_, items); }
  // Makes a running call return soon; final. [any]
  void cancel();

 private:
  TransformLink(std::shared_ptr<const Component> component, const RunIdentity& run, const ArrowSchema& input,
                std::uint64_t instance);
  base::Result<void> call_create(SchemaSink& outputs, const std::vector<SideSchema>& sides);
  base::Result<void> settle(SchemaSink& outputs);
  base::Result<void> end_side_call(const char* function, const base::Result<void>& called);
  base::Result<void> check_barrier() const;
  base::Result<void> finish_call(const base::Result<void>& called, const Batch* in_hand, std::uint64_t rows_in);

  std::shared_ptr<const Component> component_;
  plugins::ContextOwner context_;
  weir::Schema input_;
  std::vector<weir::Schema> sides_;
  Columns read_;  // empty: all
  std::vector<weir::Schema> outputs_;
  std::vector<std::string> names_;
  weir_traits traits_{};
  bool partial_ = false;
  integrity::Account account_;
  std::unique_ptr<Outlet> outlet_;
  std::atomic<std::uint64_t>* sequence_ = nullptr;
  void* self_ = nullptr;
  std::int64_t held_ = 0;  // rows that came in and did not leave; of a link that passes each once
};

// What a transformer, so configured, needs and promises.
base::Result<weir_traits> transformer_traits(const Component& component);

// Makes the rows of a batch plain: without a selection. `schema` is theirs; columns that are not in `read` may be left empty,
// and cost nothing; none there: all are read.
base::Result<void> materialize(Batch& batch, const ArrowSchema& schema, const Columns& read = {});

}  // namespace weir::pipeline
