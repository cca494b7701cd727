// RejectWriter: writes rejected rows, with their reasons, to the manifest's reject sink.
#pragma once

#include <memory>
#include <vector>

#include "pipeline/load.hpp"

namespace weir::run {

// Threads: one caller at a time.
class RejectWriter {
 public:
  static base::Result<std::unique_ptr<RejectWriter>> open(pipeline::Load& load, const pipeline::RunIdentity& run);

  base::Result<void> add(pipeline::Reject reject);
  base::Result<pipeline::Prepared> prepare(std::uint64_t epoch);
  base::Result<void> commit(std::uint64_t epoch) { return writer_->commit(epoch); }
  void cancel() { writer_->cancel(); }

 private:
  RejectWriter() = default;
  base::Result<void> flush();

  static constexpr std::size_t kBatchRows = 4096;
  std::vector<pipeline::Reject> waiting_;
  std::unique_ptr<pipeline::LoadWriter> writer_;
};

}  // namespace weir::run
