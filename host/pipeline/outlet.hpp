// Outlet: where rows leave a plugin. The host's side of struct weir_next, and of the call guard: what a plugin hands over is
// checked, counted and passed on. One class for readers, transformers and writers, which differ in what is in hand.
//
// Invariants:
//   1 every row that leaves is counted here, by the host, in the link's account
//   2 after the first failure nothing more gets through: the plugin is told CANCELLED, the failure keeps its author
//   3 outside of a call nothing gets through
//   4 the batch in hand stays whole until the call has returned, whatever the plugin does with what it was lent
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <weir/weir.h>
#include <weir/arrow.hpp>

#include "integrity/ledger.hpp"
#include "pipeline/batch.hpp"
#include "pipeline/lent_batch.hpp"
#include "pipeline/narrowing.hpp"

namespace weir::pipeline {

// What stays the same for an instance's life. Everything is lent and outlives the Outlet.
struct OutletSetup {
  std::string plugin;
  std::string link;
  const std::vector<weir::Schema>* outputs = nullptr;  // what may be pushed to each
  const ArrowSchema* input = nullptr;                  // of the batch in hand; null: a reader's
  bool validate_full = false;
  bool keeps_rows = false;               // output row i is input row i
  const Narrowing* narrowing = nullptr;  // a reader's: how what it pushes gets its other columns back; null: it has all
};

class Outlet : public weir_next {
 public:
  Outlet(OutletSetup setup, integrity::Account* account, TakeReject take_reject);
  Outlet(const Outlet&) = delete;
  Outlet& operator=(const Outlet&) = delete;

  // Begins a call with a batch in hand (a transformer's, a writer's); `deliver` is lent until end().
  void begin(const Batch* in_hand, const Deliver* deliver);
  // Begins a reader's call: offsets and origins count from `from`.
  void begin(std::shared_ptr<const Provenance> from, const Deliver* deliver);
  // Ends the call: passes on what is pending. Gives the failure that arose here or behind; none: all went through.
  std::optional<base::Error> end();

  // The schema of the batch in hand. Not of a reader's.
  const ArrowSchema& input() const { return *setup_.input; }

  // What left during the call, so far: to hold a link to its word that each row leaves once.
  std::uint64_t left() const { return left_; }
  // Which rows of the batch in hand were rejected during the call.
  const std::vector<std::uint32_t>& rejected_rows() const { return rejected_rows_; }
  // Whether anything left or failed during the call, so that it can't be repeated.
  bool used() const { return left_ != 0 || failure_.has_value(); }
  // Whether the plugin was told to stop.
  bool failed() const { return failure_.has_value(); }
  // What has left so far, all calls together.
  const integrity::Account& account() const { return *account_; }
  // What is wrong with a plugin that used this outside of a call, since that was asked last; none: it did not.
  std::optional<base::Error> used_late();

 private:
  static weir_status push(const weir_next* self, std::uint64_t output, weir_batch* batch);
  static weir_status select(const weir_next* self, std::uint64_t output, const std::uint32_t* rows,
                            std::uint64_t count);
  static weir_status reject(const weir_next* self, const weir_reject* reject);
  static weir_status drop(const weir_next* self, std::uint64_t count, weir_string reason);

  // Runs what a plugin called; nothing that is thrown behind gets back through the plugin's frames.
  template <class Body>
  weir_status enter(Body&& body);
  weir_status take(std::uint64_t output, weir::Array rows, weir::Array origins, std::int64_t base);
  weir_status pass_selected(std::uint64_t output, const std::uint32_t* rows, std::uint64_t count);
  weir_status take_selection(std::uint64_t output, const std::uint32_t* rows, std::uint64_t count);
  weir_status take_reject(const weir_reject& reject);
  base::Result<void> trace(const ArrowArray& origins, std::int64_t base, Batch& out) const;
  weir_status pass(Batch batch);
  weir_status fail(base::Error error);
  base::Error misbehaviour(const char* function, std::string_view what) const;

  OutletSetup setup_;
  integrity::Account* account_;
  TakeReject take_reject_;
  const Batch* in_hand_ = nullptr;
  std::shared_ptr<const Provenance> from_;
  const Deliver* deliver_ = nullptr;
  std::vector<Batch> pending_;  // pushed, not yet passed on
  std::uint64_t left_ = 0;
  std::vector<std::uint32_t> rejected_rows_;
  bool open_ = false;  // a call is in progress
  bool late_ = false;  // used outside of one
  std::optional<base::Error> failure_;
};

}  // namespace weir::pipeline
