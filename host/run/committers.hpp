// Committers: the open committers of a plan's loads, which publish what writers prepared, or throw it away.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
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
  // By the link of a load's first input.
  using Published = std::map<std::string, std::vector<std::string>>;
  // Publishes an epoch, and tells what finish() will need. May be repeated as a whole, also by another process.
  base::Result<Published> publish(const recovery::Checkpoint& checkpoint);
  // Ends the run, with what all its epochs published, or gives it up. May be repeated.
  base::Result<void> finish(bool complete, const Published& published);
  // Discards what writers of this run made in the epoch and later, told of in `undone` or not, but for what `kept`, the
  // epoch before, goes on with.
  base::Result<void> abort(std::uint64_t epoch, const recovery::Checkpoint& undone, const recovery::Checkpoint& kept);

 private:
  explicit Committers(const Plan& plan) : plan_(plan) {}
  std::optional<std::size_t> load_of(const std::string& link) const;
  base::Error load_gone(const std::string& link) const;

  const Plan& plan_;
  std::vector<std::unique_ptr<pipeline::LoadCommitter>> committers_;  // one a load
};

}  // namespace weir::run
