#include "run/open_readers.hpp"

#include "run/interrupt.hpp"

namespace weir::run {

OpenReaders::OpenReaders(const Plan& plan, const std::vector<SplitOf>& splits,
                         std::map<std::size_t, std::string> positions)
    : plan_(plan), splits_(splits), positions_(std::move(positions)), readers_(splits.size()) {}

const std::string& OpenReaders::name_of(std::size_t split) const {
  const SplitOf of = splits_[split];
  return plan_.sources[of.source]->splits()[of.split].name;
}

base::Result<std::shared_ptr<pipeline::SplitReader>> OpenReaders::get(std::size_t split) {
  {
    const std::lock_guard lock(mutex_);
    if (readers_[split] != nullptr) return readers_[split];
  }
  const auto begun = positions_.find(split);
  const SplitOf of = splits_[split];
  WEIR_TRY_ASSIGN(std::shared_ptr<pipeline::SplitReader> opened,
                  plan_.sources[of.source]->open(
                      of.split, begun == positions_.end() ? std::string_view() : std::string_view(begun->second)));
  {
    const std::lock_guard lock(mutex_);
    if (cancelled_) return base::unexpected(interrupted());  // whoever stopped the run could not cancel this one
    readers_[split] = opened;
  }
  tell(events::SplitStarted{name_of(split)});
  return opened;
}

void OpenReaders::close(std::size_t split) {
  {
    const std::lock_guard lock(mutex_);
    readers_[split].reset();
  }
  tell(events::SplitRead{name_of(split)});
}

void OpenReaders::cancel() {
  std::vector<std::shared_ptr<pipeline::SplitReader>> readers;
  {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
    readers = readers_;
  }
  for (const auto& reader : readers) {
    if (reader != nullptr) reader->cancel();
  }
}

void OpenReaders::clear() {
  const std::lock_guard lock(mutex_);
  readers_.clear();
}

}  // namespace weir::run
