// RejectWriter: writes rejected rows, with their reasons, to the manifest's reject sink.
#pragma once

#include <memory>
#include <vector>

#include "observe/redact.hpp"
#include "pipeline/load.hpp"
#include "run/reject_origins.hpp"

namespace weir::run {

// Threads: one caller at a time.
class RejectWriter {
 public:
  // `writer`, which is lent, takes the rejects as its `input`: others may write to it too. `redactor` takes secrets out of
  // reasons and details, which plugins word; lent for its life; null: nobody does. `origins`, lent too, tells where rows that
  // are replayed came from; null: none are.
  RejectWriter(pipeline::LoadWriter& writer, std::uint64_t input, const observe::Redactor* redactor = nullptr,
               const RejectOrigins* origins = nullptr)
      : redactor_(redactor), origins_(origins), writer_(writer), input_(input) {}

  // What the writer's input is opened with: a reject that can't be written must not vanish, it ends the run.
  static pipeline::TakeReject refuse();

  // Keeps a reject. It may be told during a call of the very writer, so it is written later.
  void add(pipeline::Reject reject);
  // Writes those kept, if they are enough for a batch; `all`: however few.
  base::Result<void> write(bool all = false);

 private:
  base::Result<void> write_batch(std::size_t from, std::size_t to);

  static constexpr std::size_t kBatchRows = 4096;
  const observe::Redactor* redactor_;
  const RejectOrigins* origins_;
  std::vector<pipeline::Reject> waiting_;
  pipeline::LoadWriter& writer_;
  std::uint64_t input_;
};

}  // namespace weir::run
