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
  // Who is told what is committed, and by which reader; null: nobody is.
  std::function<base::Result<void>(std::size_t split, const std::string& position)> told = {};
};

class Reader final : public pipeline::SplitReader {
 public:
  Reader(const Shape& shape, std::size_t split, std::int64_t begin) : shape_(shape), split_(split), next_(begin) {}
  base::Result<Piece> read(Outlet& outlet, const Deliver& deliver) override {
    if (shape_.on_read) WEIR_TRY(shape_.on_read(split_, next_));
    Piece piece;
    piece.got = next_ < shape_.pieces[split_];
    piece.to_parse = piece.got && shape_.apart;
    piece.from = std::make_shared<pipeline::Provenance>(
        pipeline::Provenance{std::to_string(split_), "", static_cast<std::uint64_t>(next_), 0, nullptr});
    if (piece.got && !shape_.apart) WEIR_TRY(parse(piece, outlet, deliver));
    piece.last = ++next_ > shape_.pieces[split_];  // the end is only seen behind the last piece
    if (!piece.last || shape_.told) piece.position = std::to_string(next_);
    // Some of what was read is of the next piece.
    piece.reached = static_cast<std::uint64_t>(std::min(next_ * 10 + 5, shape_.pieces[split_] * 10));
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
  base::Result<void> acknowledge(std::string_view position) override {
    return shape_.told(split_, std::string(position));
  }
  void cancel() override {
    if (shape_.on_cancel) shape_.on_cancel();
  }

 private:
  const Shape& shape_;
  std::size_t split_;
  std::int64_t next_;
};

class Source final : public pipeline::Source {
 public:
  explicit Source(Shape shape, std::string name = "source", weir::Schema schema = fakes::schema(),
                  std::string version = "v1")
      : shape_(std::move(shape)), name_(std::move(name)), version_(std::move(version)) {
    schemas_.push_back(std::move(schema));
    for (std::size_t i = 0; i < shape_.pieces.size(); ++i) splits_.push_back({std::to_string(i), -1, -1});
  }
  std::function<base::Result<void>()> on_plan, on_keep_to;
  std::vector<std::string> kept_to;  // the columns of what it was told to keep to

  base::Result<void> plan() override { return on_plan ? on_plan() : base::Result<void>(); }
  base::Result<void> keep_to(const ArrowSchema& agreed) override {
    for (std::int64_t i = 0; i < agreed.n_children; ++i) kept_to.emplace_back(agreed.children[i]->name);
    return on_keep_to ? on_keep_to() : base::Result<void>();
  }
  const std::vector<pipeline::SplitInfo>& splits() const override { return splits_; }
  std::vector<pipeline::InputVersion> inputs() const override {
    std::vector<pipeline::InputVersion> inputs;
    for (const auto& split : splits_) inputs.push_back({name_ + "/" + split.name, version_});
    return inputs;
  }
  const std::vector<weir::Schema>& schemas() const override { return schemas_; }
  std::int32_t replays = WEIR_REPLAY_EXACT;
  bool asks_to_be_told = false;
  std::int32_t replay() const override { return replays; }
  bool acknowledges() const override { return asks_to_be_told || shape_.told != nullptr; }
  base::Result<std::unique_ptr<pipeline::SplitReader>> open(std::size_t split, std::string_view position) override {
    if (shape_.on_open) shape_.on_open(split);
    const std::int64_t begin = position.empty() ? 0 : std::stoll(std::string(position));
    return std::unique_ptr<pipeline::SplitReader>(std::make_unique<Reader>(shape_, split, begin));
  }
  const std::string& plugin() const override { return name_; }
  const std::string& component() const override { return name_; }
  const std::string& link() const override { return name_; }
  std::uint64_t piece_bytes() const override { return 100; }
  std::uint64_t bytes_read() const override { return 0; }

 private:
  Shape shape_;
  std::string name_, version_;
  std::vector<pipeline::SplitInfo> splits_;
  std::vector<weir::Schema> schemas_;
};

inline base::Error told_to_fail(const std::string& step, base::Status status = base::Status::data_loss) {
  return base::make_error(status, base::Fault::destination, "x." + step, "told to fail: " + step);
}

// What arrived, and what happens on the way. Read it after execute().
struct Loaded {
  std::vector<std::int64_t> values;
  std::uint64_t rows = 0;
  std::function<base::Result<void>(const pipeline::Batch& batch)> on_write;
  std::function<void()> on_cancel;
  std::vector<std::string> steps;                  // what its writer and committer were asked to do, but for writing
  std::string fails;                               // the step that fails
  base::Status failure = base::Status::data_loss;  // with what
  bool whole = false;                              // can't go on after an epoch
  std::function<void(const std::string& step)> on_step;
  std::uint64_t committed = 0;  // what an atomic one says that it holds

  base::Result<void> step(const std::string& name, const std::string& with = {}) {
    steps.push_back(with.empty() ? name : name + " " + with);
    if (on_step) on_step(steps.back());
    if (name == fails) return base::unexpected(told_to_fail(name, failure));
    return {};
  }
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
  ~Writer() override { loaded_.steps.emplace_back("close"); }
  bool continues() const override { return !loaded_.whole; }
  base::Result<pipeline::Prepared> prepare(std::uint64_t epoch, bool last) override {
    WEIR_TRY(loaded_.step(last ? "prepare" : "prepare " + std::to_string(epoch)));
    const std::string text = "epoch " + std::to_string(epoch);
    const std::uint64_t rows = account_.rows_out - std::exchange(prepared_, account_.rows_out);
    return pipeline::Prepared{{text}, {static_cast<std::int64_t>(rows)}, {text}, last ? "" : "behind " + text};
  }
  base::Result<void> commit(std::uint64_t /*epoch*/) override { return loaded_.step("commit"); }
  void cancel() override {
    if (loaded_.on_cancel) loaded_.on_cancel();
  }
  const integrity::Account& account(std::uint64_t /*input*/) const override { return account_; }

 private:
  Loaded& loaded_;
  bool numbers_;
  integrity::Account account_;
  std::uint64_t prepared_ = 0;  // rows, by the end of the epoch before
};

class Committer final : public pipeline::LoadCommitter {
 public:
  explicit Committer(Loaded& loaded) : loaded_(loaded) {}
  base::Result<std::uint64_t> last_committed() override {
    WEIR_TRY(loaded_.step("ask"));
    return loaded_.committed;
  }
  base::Result<std::vector<std::string>> commit(std::uint64_t epoch, const std::vector<std::string>& items) override {
    WEIR_TRY(loaded_.step("publish", std::to_string(epoch) + joined(items)));
    std::vector<std::string> published;
    for (const auto& item : items) published.push_back("published " + item);
    return published;
  }
  base::Result<void> abort(const pipeline::Undo& undo) override {
    const std::string kept = undo.resume.empty() ? "" : " but " + undo.resume;
    return loaded_.step("abort", std::to_string(undo.epoch) + joined(undo.committables) + kept);
  }
  base::Result<void> finish(bool complete, const std::vector<std::string>& published) override {
    return loaded_.step("finish", (complete ? "whole" : "given up") + joined(published));
  }

 private:
  static std::string joined(const std::vector<std::string>& items) {
    std::string text;
    for (const auto& item : items) text += ", " + item;
    return text;
  }

  Loaded& loaded_;
};

class Load final : public pipeline::Load {
 public:
  Load(Loaded& loaded, bool ordered, bool numbers, std::string name = "load")
      : loaded_(loaded), numbers_(numbers), name_(std::move(name)) {
    traits_.ordered = ordered;
    traits_.commit = WEIR_COMMIT_TWO_PHASE;
  }
  void commit_atomically() { traits_.commit = WEIR_COMMIT_ATOMIC; }
  void commit_in(std::int32_t ways) { traits_.commit = ways; }
  bool follow() override {
    if ((traits_.commit & WEIR_COMMIT_TWO_PHASE) == 0) return false;
    traits_.commit = WEIR_COMMIT_TWO_PHASE;
    return true;
  }
  std::string ends_with_epoch() const override { return ends; }
  std::string ends;  // why
  const weir_traits& traits() const override { return traits_; }
  std::size_t inputs() const override { return 1; }
  const std::string& link(std::uint64_t /*input*/) const override { return name_; }
  const std::string& component() const override { return name_; }
  std::string shown(std::uint64_t /*input*/) const override { return name_; }
  base::Result<std::unique_ptr<pipeline::LoadWriter>> open_writer(std::vector<pipeline::WriterInput> /*inputs*/,
                                                                  const pipeline::RunIdentity& /*run*/,
                                                                  const std::string& resume) override {
    WEIR_TRY(loaded_.step("open", resume));
    return std::unique_ptr<pipeline::LoadWriter>(std::make_unique<Writer>(loaded_, numbers_));
  }
  base::Result<std::unique_ptr<pipeline::LoadCommitter>> open_committer(const pipeline::RunIdentity& run) override {
    WEIR_TRY(loaded_.step("take", run.lane.empty() ? "the run" : run.lane));
    return std::unique_ptr<pipeline::LoadCommitter>(std::make_unique<Committer>(loaded_));
  }

 private:
  Loaded& loaded_;
  bool numbers_;
  std::string name_;
  weir_traits traits_{};
};

}  // namespace weir::run::fake
