#include "run/committers.hpp"

namespace weir::run {

base::Result<std::unique_ptr<Committers>> Committers::open(const Plan& plan) {
  std::unique_ptr<Committers> made(new Committers(plan));
  for (const auto& load : plan.loads) {
    WEIR_TRY_ASSIGN(auto committer, load->open_committer(plan.identity));
    made->committers_.push_back(std::move(committer));
  }
  return made;
}

base::Result<std::optional<std::uint64_t>> Committers::last_committed() {
  std::optional<std::uint64_t> committed;
  for (std::size_t i = 0; i < committers_.size(); ++i) {
    if (!plan_.loads[i]->atomic()) continue;
    WEIR_TRY_ASSIGN(committed, committers_[i]->last_committed());
  }
  return committed;
}

std::optional<std::size_t> Committers::load_of(const std::string& link) const {
  for (std::size_t i = 0; i < plan_.loads.size(); ++i) {
    if (plan_.loads[i]->link(0) == link) return i;
  }
  return std::nullopt;
}

// What the run before prepared for it can't be published any more, nor thrown away: it was decided.
base::Error Committers::load_gone(const std::string& link) const {
  return base::manifest_error("recovery.load_gone", "expected the load '" + link + "', whose rows of run " +
                                                        plan_.identity.run +
                                                        " are yet to be published, found none of that name")
      .with_hint("run once with the manifest as it was; then change it");
}

base::Result<Committers::Published> Committers::publish(const recovery::Checkpoint& checkpoint) {
  Published published;
  for (const auto& [link, left] : checkpoint.loads) {
    const auto load = load_of(link);
    if (!load) {
      if (!left.committables.empty()) return base::unexpected(load_gone(link));
      continue;
    }
    WEIR_TRY_ASSIGN(published[link], committers_[*load]->commit(checkpoint.epoch, left.committables));
  }
  return published;
}

// As the ABI has it: on committers of no lane.
base::Result<void> Committers::finish(bool complete, const Published& published) {
  pipeline::RunIdentity whole = plan_.identity;
  whole.lane.clear();
  for (const auto& load : plan_.loads) {
    const auto told = published.find(load->link(0));
    WEIR_TRY_ASSIGN(const auto finisher, load->open_committer(whole));
    WEIR_TRY(finisher->finish(complete, told == published.end() ? std::vector<std::string>() : told->second));
  }
  return {};
}

base::Result<void> Committers::abort(std::uint64_t epoch, const recovery::Checkpoint& undone,
                                     const recovery::Checkpoint& kept) {
  base::Result<void> all;  // one that fails must not keep the others from it
  for (std::size_t i = 0; i < committers_.size(); ++i) {
    const std::string& link = plan_.loads[i]->link(0);
    const auto told = undone.loads.find(link), stays = kept.loads.find(link);
    auto aborted =
        committers_[i]->abort({epoch, told == undone.loads.end() ? std::vector<std::string>() : told->second.undo,
                               stays == kept.loads.end() ? std::string() : stays->second.resume});
    if (!aborted && all) all = std::move(aborted);
  }
  return all;
}

}  // namespace weir::run
