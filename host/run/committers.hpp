// Committers: the open committers of a plan's loads, which publish what writers prepared, or throw it away.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "recovery/checkpoint.hpp"
#include "run/plan.hpp"

namespace weir::run {

// Threads: one caller at a time.
class Committers {
 public:
  // Opens them with the plan's identity: from here on a lower fence is shut out. `plan` is lent.
  static base::Result<std::unique_ptr<Committers>> open(const Plan& plan);

  // The last epoch that an atomic destination holds; none: there is no such destination.
  base::Result<std::optional<std::uint64_t>> last_committed();
  // Publishes the epoch, and finishes the run. May be repeated as a whole, also by another process.
  base::Result<void> publish(const recovery::Checkpoint& checkpoint);
  // Discards what writers of this run made in the epoch and later, told of or not.
  base::Result<void> abort(std::uint64_t epoch, const recovery::Checkpoint& checkpoint);

 private:
  explicit Committers(const Plan& plan) : plan_(plan) {}
  std::optional<std::size_t> load_of(const std::string& link) const;
  base::Error load_gone(const std::string& link) const;
  base::Result<void> finish(const std::vector<std::vector<std::string>>& published);

  const Plan& plan_;
  std::vector<std::unique_ptr<pipeline::LoadCommitter>> committers_;  // one a load
};

}  // namespace weir::run
