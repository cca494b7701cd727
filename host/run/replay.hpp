// Replay: makes a plan read the rejects of an earlier run in the place of what its manifest reads.
#pragma once

#include <filesystem>

#include "recovery/run_history.hpp"
#include "run/plan.hpp"
#include "run/reject_sorter.hpp"

namespace weir::run {

// Threads: [main].
class Replay {
 public:
  // `parts` and `plan`, which is settled, are lent. Files are made in `folder`, which is there; the plan reads them.
  Replay(const Assembly& parts, Plan& plan, std::filesystem::path folder)
      : parts_(parts), plan_(plan), folder_(std::move(folder)) {}

  // Errors: replay.rejects_gone, replay.rejects_changed, replay.link_gone, and what reading comes to.
  base::Result<void> enter_again(const recovery::RejectsFile& rejects);

 private:
  using Entries = std::vector<RejectEntry>;
  Entries entries() const;
  RejectEntry entry_of(const manifest::Use& use, const pipeline::Source& source) const;
  base::Result<std::unique_ptr<pipeline::Source>> rejects_source(const std::filesystem::path& file) const;
  base::Result<std::unique_ptr<pipeline::Source>> source_of(const RejectEntry& entry, const ArrowSchema& schema) const;
  std::optional<pipeline::Target> target_of(const std::string& link) const;
  const manifest::Use* extract(const std::string& link) const;

  const Assembly& parts_;
  Plan& plan_;
  std::filesystem::path folder_;
};

}  // namespace weir::run
