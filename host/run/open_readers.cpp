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
  if (begun != positions_.end() && acknowledges(split)) WEIR_TRY(opened->acknowledge(begun->second));
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
    if (!acknowledges(split)) readers_[split].reset();
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
  for (std::size_t split = 0; split < readers_.size(); ++split) {
    if (!acknowledges(split)) readers_[split].reset();
  }
}

base::Result<void> OpenReaders::acknowledge(const Standing& committed) {
  for (const auto& [split, position] : committed.open) {
    std::shared_ptr<pipeline::SplitReader> reader;
    {
      const std::lock_guard lock(mutex_);
      reader = readers_[split];
    }
    if (reader != nullptr && acknowledges(split)) WEIR_TRY(reader->acknowledge(position));
  }
  const std::lock_guard lock(mutex_);
  for (const std::size_t split : committed.finished) readers_[split].reset();
  return {};
}

base::Result<void> acknowledge(const Plan& plan, const Standing& committed) {
  const auto splits = splits_of(plan);
  for (const std::size_t split : committed.finished) {
    const auto end = committed.open.find(split);
    auto& source = *plan.sources[splits[split].source];
    if (end == committed.open.end() || !source.acknowledges()) continue;
    WEIR_TRY_ASSIGN(const auto reader, source.open(splits[split].split, end->second));
    WEIR_TRY(reader->acknowledge(end->second));
  }
  return {};
}

}  // namespace weir::run
