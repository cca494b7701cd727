// FakePlan: a source, links and a load without plugins behind them, for the tests of Execution. Value n of split s, piece
// p, row r is s * 1'000'000 + p * 1'000 + r, so the order of rows can be told from them.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>

#include "pipeline/fake_parts.hpp"
#include "run/plan.hpp"

namespace weir::run::fake {

namespace fakes = pipeline::fake;
using pipeline::Deliver;
using pipeline::Outlet;
using pipeline::Piece;

// Holds who waits here until it is opened. Threads: [any].
class Gate {
 public:
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    opened_.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    opened_.notify_all();
    opened_.wait(lock, [this] { return open_; });
  }
  // Waits until so many wait, so that a test acts while calls are blocked.
  void await_waiters(int count) {
    std::unique_lock lock(mutex_);
    opened_.wait(lock, [this, count] { return waiting_ >= count; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable opened_;
  bool open_ = false;
  int waiting_ = 0;
};

inline base::Error cancelled() {
  return base::make_error(base::Status::cancelled, base::Fault::plugin, "plugin.cancelled", "was told to stop");
}

struct Shape {
  std::vector<std::int64_t> pieces;  // of each split
  std::int64_t rows = 3;             // of each piece
  bool apart = true;
  std::function<base::Result<void>(std::size_t split, std::int64_t piece)> on_read;  // before a piece is read
  std::function<void(std::size_t split)> on_open;
  std::function<void()> on_cancel;
};

class Reader final : public pipeline::SplitReader {
 public:
  Reader(const Shape& shape, std::size_t split) : shape_(shape), split_(split) {}
  base::Result<Piece> read(Outlet& outlet, const Deliver& deliver) override {
    if (shape_.on_read) WEIR_TRY(shape_.on_read(split_, next_));
    Piece piece;
    piece.got = next_ < shape_.pieces[split_];
    piece.to_parse = piece.got && shape_.apart;
    piece.from = std::make_shared<pipeline::Provenance>(
        pipeline::Provenance{std::to_string(split_), "", static_cast<std::uint64_t>(next_), 0, nullptr});
    if (piece.got && !shape_.apart) WEIR_TRY(parse(piece, outlet, deliver));
    piece.last = ++next_ > shape_.pieces[split_];  // the end is only seen behind the last piece
    return piece;
  }
  base::Result<void> parse(const Piece& piece, Outlet& outlet, const Deliver& deliver) override {
    std::vector<std::int64_t> values;
    for (std::int64_t row = 0; row < shape_.rows; ++row) {
      values.push_back(static_cast<std::int64_t>(split_) * 1'000'000 +
                       static_cast<std::int64_t>(piece.from->base) * 1'000 + row);
    }
    outlet.begin(piece.from, &deliver);
    const weir_next* next = &outlet;
    weir_batch batch{};
    weir_batch_clear(&batch);
    batch.rows = fakes::rows(values).release();
    next->push(next, 0, &batch);
    if (auto failure = outlet.end()) return base::unexpected(std::move(*failure));
    return {};
  }
  bool apart() const override { return shape_.apart; }
  void cancel() override {
    if (shape_.on_cancel) shape_.on_cancel();
  }

 private:
  const Shape& shape_;
  std::size_t split_;
  std::int64_t next_ = 0;
};

class Source final : public pipeline::Source {
 public:
  explicit Source(Shape shape) : shape_(std::move(shape)) {
    schemas_.push_back(fakes::schema());
    for (std::size_t i = 0; i < shape_.pieces.size(); ++i) splits_.push_back({std::to_string(i), -1, -1});
  }
  base::Result<void> plan() override { return {}; }
  base::Result<void> keep_to(const ArrowSchema& /*agreed*/) override { return {}; }
  const std::vector<pipeline::SplitInfo>& splits() const override { return splits_; }
  std::vector<pipeline::InputVersion> inputs() const override { return {}; }
  const std::vector<weir::Schema>& schemas() const override { return schemas_; }
  base::Result<std::unique_ptr<pipeline::SplitReader>> open(std::size_t split) override {
    if (shape_.on_open) shape_.on_open(split);
    return std::unique_ptr<pipeline::SplitReader>(std::make_unique<Reader>(shape_, split));
  }
  const std::string& plugin() const override { return name_; }
  const std::string& component() const override { return name_; }
  const std::string& link() const override { return name_; }
  std::uint64_t piece_bytes() const override { return 100; }
  std::uint64_t bytes_read() const override { return 0; }

 private:
  Shape shape_;
  std::string name_ = "source";
  std::vector<pipeline::SplitInfo> splits_;
  std::vector<weir::Schema> schemas_;
};

// What arrived, and what happens on the way. Read it after execute().
struct Loaded {
  std::vector<std::int64_t> values;
  std::uint64_t rows = 0;
  std::function<base::Result<void>(const pipeline::Batch& batch)> on_write;
  std::function<void()> on_cancel;
};

class Writer final : public pipeline::LoadWriter {
 public:
  explicit Writer(Loaded& loaded, bool numbers) : loaded_(loaded), numbers_(numbers) {}
  base::Result<void> write(std::uint64_t /*input*/, pipeline::Batch batch) override {
    if (loaded_.on_write) WEIR_TRY(loaded_.on_write(batch));
    account_.rows_in += batch.live();
    account_.rows_out += batch.live();
    loaded_.rows += batch.live();
    if (numbers_) {
      for (const auto value : fakes::values(batch)) loaded_.values.push_back(value);
    }
    return {};
  }
  base::Result<pipeline::Prepared> prepare(std::uint64_t /*epoch*/) override { return pipeline::Prepared{{}, {-1}}; }
  base::Result<void> commit(std::uint64_t /*epoch*/) override { return {}; }
  void cancel() override {
    if (loaded_.on_cancel) loaded_.on_cancel();
  }
  const integrity::Account& account(std::uint64_t /*input*/) const override { return account_; }

 private:
  Loaded& loaded_;
  bool numbers_;
  integrity::Account account_;
};

class Load final : public pipeline::Load {
 public:
  Load(Loaded& loaded, bool ordered, bool numbers) : loaded_(loaded), numbers_(numbers) { traits_.ordered = ordered; }
  const weir_traits& traits() const override { return traits_; }
  std::size_t inputs() const override { return 1; }
  const std::string& link(std::uint64_t /*input*/) const override { return name_; }
  const std::string& component() const override { return name_; }
  std::string shown(std::uint64_t /*input*/) const override { return name_; }
  base::Result<std::unique_ptr<pipeline::LoadWriter>> open_writer(std::vector<pipeline::WriterInput> /*inputs*/,
                                                                  const pipeline::RunIdentity& /*run*/) override {
    return std::unique_ptr<pipeline::LoadWriter>(std::make_unique<Writer>(loaded_, numbers_));
  }
  base::Result<std::unique_ptr<pipeline::LoadCommitter>> open_committer(const pipeline::RunIdentity& /*run*/) override {
    return base::unexpected(base::make_error(base::Status::unimplemented, base::Fault::host, "x", "has none"));
  }

 private:
  Loaded& loaded_;
  bool numbers_;
  std::string name_ = "load";
  weir_traits traits_{};
};

}  // namespace weir::run::fake
