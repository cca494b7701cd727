#include "runs.hpp"

#include <algorithm>
#include <cstring>

namespace weir::sort {
namespace {

constexpr std::size_t kMostOnDisk = 128;         // runs; then they are made one
constexpr std::size_t kReadAhead = 128U << 10U;  // bytes of a run on disk
constexpr std::size_t kWriteBehind = 1U << 20U;
constexpr std::size_t kHead = 2 * sizeof(std::uint64_t);
constexpr std::uint64_t kLookEvery = 4096;  // records, whether it is told to stop

// One run, record by record. In memory all of it lies ready; of one on disk, a part.
class Cursor {
 public:
  explicit Cursor(const Buffer& run) : data_(reinterpret_cast<const char*>(run.data())), have_(run.size()), left_(0) {}
  Cursor(const TemporaryFile& file, std::uint64_t begin, std::uint64_t end)
      : file_(&file), offset_(begin), left_(end - begin) {}

  // Goes to the next record; false: there is none.
  bool next() {
    at_ += record_;
    record_ = 0;
    if (!need(kHead)) return false;
    std::uint64_t sizes[2];
    std::memcpy(sizes, data_ + at_, sizeof sizes);
    record_ = kHead + sizes[0] + sizes[1];
    need(record_);
    key_size_ = sizes[0];
    lead_ = lead_of(key());
    return true;
  }
  std::string_view key() const { return {data_ + at_ + kHead, key_size_}; }
  std::string_view row() const { return {data_ + at_ + kHead + key_size_, record_ - kHead - key_size_}; }
  bool is_before(const Cursor& other) const {
    if (lead_ != other.lead_) return lead_ < other.lead_;
    return key() < other.key();
  }
  bool is_behind(const Cursor& other) const { return other.is_before(*this); }

 private:
  // Sees to it that so many bytes lie ready from at_ on; false: the run has ended.
  bool need(std::uint64_t count) {
    if (have_ - at_ >= count) return true;
    if (left_ == 0) return false;
    buffer_.erase(0, at_);
    at_ = 0;
    const std::size_t kept = buffer_.size();
    const auto more =
        static_cast<std::size_t>(std::min<std::uint64_t>(left_, std::max<std::uint64_t>(count - kept, kReadAhead)));
    buffer_.resize(kept + more);
    const std::size_t got = file_->read(offset_, buffer_.data() + kept, more);
    if (got < more)
      throw Failure(WEIR_DATA_LOSS, WEIR_FAULT_DESTINATION,
                    "expected what was written to a temporary file in '" + file_->folder() + "', found less")
          .hint("something cut it: look at the disk, and run again");
    offset_ += more;
    left_ -= more;
    data_ = buffer_.data();
    have_ = buffer_.size();
    return have_ >= count;
  }

  const char* data_ = nullptr;
  std::uint64_t have_ = 0, at_ = 0, record_ = 0, key_size_ = 0;
  Lead lead_ = 0;
  const TemporaryFile* file_ = nullptr;
  std::uint64_t offset_ = 0, left_ = 0;  // in the file: where what is not read yet begins, and how long it is
  std::string buffer_;
};

}  // namespace

void Runs::add(Buffer run) {
  if (run.size() == 0) return;
  bytes_ += run.capacity();
  memory_.push_back(std::move(run));
  if (bytes_ > most_bytes_) spill();
}

template <class From>
Runs::Stretch Runs::write_run(TemporaryFile& to, const From& from) const {
  Stretch made{to.size(), 0};
  Buffer waiting(kWriteBehind);
  const auto write = [&] {
    to.append(reinterpret_cast<const char*>(waiting.data()), waiting.size());
    waiting.resize(0);
  };
  from([&](const Record& record) {
    append_record(waiting, record.key, record.row);
    if (waiting.size() >= kWriteBehind) write();
  });
  write();
  made.end = to.size();
  return made;
}

void Runs::spill() {
  if (file_ == nullptr) file_ = std::make_unique<TemporaryFile>();
  disk_.push_back(write_run(*file_, [this](const auto& take) { merge_all({}, memory_, take); }));
  memory_.clear();
  bytes_ = 0;
  if (disk_.size() >= kMostOnDisk) merge_disk();
}

void Runs::merge_disk() {
  auto next = std::make_unique<TemporaryFile>();
  const Stretch made = write_run(*next, [this](const auto& take) { merge_all(disk_, {}, take); });
  disk_ = {made};
  file_ = std::move(next);
}

void Runs::take(const std::function<void(const Buffer& run)>& take) {
  if (disk_.empty()) {
    for (const Buffer& run : std::exchange(memory_, {})) take(run);
    bytes_ = 0;
    return;
  }
  Buffer run;
  merge([&](const Record& record) {
    append_record(run, record.key, record.row);
    if (run.size() < kWriteBehind) return;
    take(run);
    run.resize(0);
  });
  take(run);
}

void Runs::merge(const std::function<void(const Record&)>& take) {
  merge_all(disk_, memory_, take);
  memory_.clear();
  disk_.clear();
  file_.reset();
  bytes_ = 0;
}

// A heap of the runs, the one with the least record on top.
void Runs::merge_all(const std::vector<Stretch>& disk, const std::vector<Buffer>& memory,
                     const std::function<void(const Record&)>& take) const {
  std::vector<Cursor> cursors;
  cursors.reserve(disk.size() + memory.size());
  for (const Stretch& stretch : disk) cursors.emplace_back(*file_, stretch.begin, stretch.end);
  for (const Buffer& run : memory) cursors.emplace_back(run);
  std::vector<std::size_t> heap;
  for (std::size_t i = 0; i < cursors.size(); ++i) {
    if (cursors[i].next()) heap.push_back(i);
  }
  const auto comes_later = [&cursors](std::size_t a, std::size_t b) {
    if (cursors[a].is_behind(cursors[b])) return true;
    return !cursors[a].is_before(cursors[b]) && a > b;
  };
  std::make_heap(heap.begin(), heap.end(), comes_later);
  const auto sink_top = [&] {
    std::size_t at = 0;
    for (std::size_t child = 1; child < heap.size(); child = 2 * at + 1) {
      if (child + 1 < heap.size() && comes_later(heap[child], heap[child + 1])) ++child;
      if (!comes_later(heap[at], heap[child])) break;
      std::swap(heap[at], heap[child]);
      at = child;
    }
  };
  for (std::uint64_t taken = 0; !heap.empty(); ++taken) {
    if (taken % kLookEvery == 0 && cancelled_) throw Stop{WEIR_CANCELLED};
    Cursor& least = cursors[heap.front()];
    take({least.key(), least.row()});
    if (!least.next()) {
      heap.front() = heap.back();
      heap.pop_back();
    }
    sink_top();
  }
}

}  // namespace weir::sort
