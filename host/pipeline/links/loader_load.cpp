#include "pipeline/load.hpp"
#include "pipeline/links/transform.hpp"

namespace weir::pipeline {
namespace {

class LoaderWriter final : public LoadWriter {
 public:
  LoaderWriter(std::shared_ptr<const Component> loader, const RunIdentity& run, std::uint64_t instance,
               const ArrowSchema& input, const weir_traits& traits)
      : loader_(std::move(loader)), input_(weir::Schema::copy_of(input)), traits_(traits) {
    auto parts = loader_->context_parts(run, instance);
    parts.commit = (traits.commit & WEIR_COMMIT_ATOMIC) != 0      ? WEIR_COMMIT_ATOMIC
                   : (traits.commit & WEIR_COMMIT_TWO_PHASE) != 0 ? WEIR_COMMIT_TWO_PHASE
                                                                  : WEIR_COMMIT_NONE;
    context_ = std::make_unique<plugins::ContextOwner>(std::move(parts));
  }
  ~LoaderWriter() override {
    if (opened_) writer().close(self_);
  }

  base::Result<void> open(TakeReject take_reject) {
    SchemaSink stored;
    const ArrowSchema* inputs[] = {&input_.get()};
    const weir_string streams[] = {{nullptr, 0}};
    WEIR_TRY(loader_->call("open", [&](weir_error* error) {
      stored.clear();
      return loader_->table<weir_loader>().open(context_->get(), inputs, streams, 1, &stored, &self_, error);
    }));
    opened_ = true;
    OutletSetup setup{loader_->plugin, loader_->link, &no_outputs_, &input_.get(), false, false};
    outlet_ = std::make_unique<Outlet>(std::move(setup), &account_, std::move(take_reject));
    return {};
  }

  base::Result<void> write(Batch batch) override {
    if (traits_.takes_selection == 0) WEIR_TRY(materialize(batch, input_.get()));
    const std::uint64_t rows_in = batch.live();
    const std::uint64_t rejected_before = account_.rejected.total();
    account_.rows_in += rows_in;
    LentBatch lent(batch, sequence_++);
    const Deliver nowhere;
    outlet_->begin(&batch, &nowhere);
    auto called = loader_->call(
        "write", [&](weir_error* error) { return writer().write(self_, 0, lent.lend(), outlet_.get(), error); },
        [this] { return !outlet_->used(); });
    if (auto failure = outlet_->end()) return base::unexpected(std::move(*failure));
    if (!called) return called;
    account_.rows_out += rows_in - (account_.rejected.total() - rejected_before);
    return {};
  }

  base::Result<Prepared> prepare(std::uint64_t epoch) override {
    weir_receipt receipt{};
    receipt.size = sizeof receipt;
    receipt.rows = receipt.inserted = receipt.updated = receipt.deleted = receipt.bytes = -1;
    weir_receipt* receipts[] = {&receipt};
    ByteSink committables;
    WEIR_TRY(loader_->call("prepare", [&](weir_error* error) {
      committables.items.clear();
      return writer().prepare(self_, epoch, &committables, receipts, 1, error);
    }));
    Prepared prepared{std::move(committables.items), receipt.rows, 0};
    if (receipt.bytes > 0) prepared.bytes = static_cast<std::uint64_t>(receipt.bytes);
    account_.bytes += prepared.bytes;
    return prepared;
  }

  base::Result<void> commit(std::uint64_t epoch) override {
    if (!WEIR_CAN(&writer(), commit)) return {};
    return loader_->call("commit", [&](weir_error* error) { return writer().commit(self_, epoch, error); });
  }

  void cancel() override {
    if (WEIR_CAN(&writer(), cancel)) writer().cancel(self_);
  }

 private:
  const weir_writer& writer() const { return *loader_->table<weir_loader>().writer; }

  std::shared_ptr<const Component> loader_;
  std::unique_ptr<plugins::ContextOwner> context_;
  weir::Schema input_;
  weir_traits traits_;
  std::vector<weir::Schema> no_outputs_;
  std::unique_ptr<Outlet> outlet_;
  std::uint64_t sequence_ = 0;
  void* self_ = nullptr;
  bool opened_ = false;
};

class LoaderCommitter final : public LoadCommitter {
 public:
  LoaderCommitter(std::shared_ptr<const Component> loader, const RunIdentity& run)
      : loader_(std::move(loader)), context_(loader_->context_parts(run)) {}
  ~LoaderCommitter() override {
    if (opened_) table().close(self_);
  }

  base::Result<void> open() {
    if (loader_->table<weir_loader>().committer == nullptr) return {};
    WEIR_TRY(loader_->call("open", [&](weir_error* error) { return table().open(context_.get(), &self_, error); }));
    opened_ = true;
    return {};
  }
  base::Result<std::uint64_t> last_committed() override {
    std::uint64_t epoch = 0;
    if (!opened_ || !WEIR_CAN(&table(), last_committed)) return epoch;
    WEIR_TRY(loader_->call("last_committed",
                           [&](weir_error* error) { return table().last_committed(self_, &epoch, error); }));
    return epoch;
  }
  base::Result<void> commit(std::uint64_t epoch, const std::vector<std::string>& committables) override {
    if (!opened_ || !WEIR_CAN(&table(), commit)) return {};
    ByteSink published;
    const auto lent = lend(committables);
    WEIR_TRY(loader_->call("commit", [&](weir_error* error) {
      published.items.clear();
      return table().commit(self_, epoch, lent.data(), lent.size(), &published, error);
    }));
    published_ = std::move(published.items);
    return {};
  }
  base::Result<void> abort(std::uint64_t epoch, const std::vector<std::string>& committables) override {
    if (!opened_ || !WEIR_CAN(&table(), abort)) return {};
    const auto lent = lend(committables);
    return loader_->call(
        "abort", [&](weir_error* error) { return table().abort(self_, epoch, lent.data(), lent.size(), error); });
  }
  base::Result<void> finish(bool complete) override {
    if (!opened_ || !WEIR_CAN(&table(), finish)) return {};
    const auto lent = lend(published_);
    return loader_->call("finish", [&](weir_error* error) {
      return table().finish(self_, complete ? 1 : 0, lent.data(), lent.size(), error);
    });
  }

 private:
  const weir_committer& table() const { return *loader_->table<weir_loader>().committer; }

  std::shared_ptr<const Component> loader_;
  plugins::ContextOwner context_;
  std::vector<std::string> published_;
  void* self_ = nullptr;
  bool opened_ = false;
};

class LoaderLoad final : public Load {
 public:
  explicit LoaderLoad(std::shared_ptr<const Component> loader) : loader_(std::move(loader)) {}

  base::Result<void> begin() {
    const auto& table = loader_->table<weir_loader>();
    traits_.size = sizeof traits_;
    if (WEIR_CAN(table.writer, commit))
      traits_.commit |= WEIR_COMMIT_ATOMIC;
    else if (table.committer != nullptr && WEIR_CAN(table.committer, commit))
      traits_.commit |= WEIR_COMMIT_TWO_PHASE;
    if (!WEIR_CAN(&table, traits)) return {};
    return loader_->call("traits",
                         [&](weir_error* error) { return table.traits(loader_->config->get(), &traits_, error); });
  }
  const weir_traits& traits() const override { return traits_; }
  const std::string& link() const override { return loader_->link; }
  const std::string& component() const override { return loader_->name; }
  std::string shown() const override {
    const auto* table = loader_->config->at("/table");
    return table != nullptr && table->is_string() ? table->get<std::string>() : std::string();
  }
  base::Result<std::unique_ptr<LoadWriter>> open_writer(const ArrowSchema& input, const RunIdentity& run,
                                                        std::uint64_t instance, TakeReject take_reject) override {
    auto writer = std::make_unique<LoaderWriter>(loader_, run, instance, input, traits_);
    WEIR_TRY(writer->open(std::move(take_reject)));
    return std::unique_ptr<LoadWriter>(std::move(writer));
  }
  base::Result<std::unique_ptr<LoadCommitter>> open_committer(const RunIdentity& run) override {
    auto committer = std::make_unique<LoaderCommitter>(loader_, run);
    WEIR_TRY(committer->open());
    return std::unique_ptr<LoadCommitter>(std::move(committer));
  }

 private:
  std::shared_ptr<const Component> loader_;
  weir_traits traits_{};
};

}  // namespace

base::Result<std::unique_ptr<Load>> make_loader_load(std::shared_ptr<const Component> loader) {
  auto load = std::make_unique<LoaderLoad>(std::move(loader));
  WEIR_TRY(load->begin());
  return std::unique_ptr<Load>(std::move(load));
}

}  // namespace weir::pipeline
