#include <weir/ext/pushdown.h>

#include <mutex>

#include "arrow/schema.hpp"
#include "pipeline/links/one_item.hpp"
#include "pipeline/links/replay.hpp"
#include "pipeline/links/sources.hpp"
#include "pipeline/remembering.hpp"

namespace weir::pipeline {
namespace {

constexpr std::int64_t kReadsBeforeToldNs = 500'000'000;
constexpr std::uint64_t kBatchBytes = 4U << 20U;  // a batch, as a rule

// What is committed is told by position.
bool wants_acknowledgement(const Component& extractor) {
  const auto* const reader = extractor.table<weir_extractor>().reader;
  return WEIR_CAN(reader, acknowledge) && WEIR_CAN(reader, position);
}

class ExtractorReader final : public SplitReader {
 public:
  // `expected`: the schema to keep to; null: it tells its own.
  ExtractorReader(std::shared_ptr<const Component> extractor, const RunIdentity& run, std::string name,
                  const ArrowSchema* expected)
      : extractor_(std::move(extractor)), context_(parts_of(*extractor_, run, expected)), name_(std::move(name)) {}
  // Before open(): asks for less; lent for its life.
  void narrow(const Narrowing* narrowing) { narrowing_ = narrowing; }
  ~ExtractorReader() override {
    if (opened_) extractor_->tell("close", [this] { table().reader->close(self_); });
  }

  // `position`: what a piece of it told; empty: its start. After a count of rows go_to() must follow.
  base::Result<weir::Schema> open(const PlannedSplit& planned, std::string_view position) {
    if (!tells_position()) position = {};
    const weir_bytes at = lend(position);
    weir_split split{};
    split.size = sizeof split;
    split.id = {planned.id.data(), planned.id.size()};
    split.token = {reinterpret_cast<const std::uint8_t*>(planned.token.data()), planned.token.size()};
    split.place = {planned.place.data(), planned.place.size()};
    split.rows = planned.rows;
    split.bytes = planned.bytes;
    split.unbounded = planned.unbounded ? 1 : 0;
    SchemaSink sink;
    WEIR_TRY(extractor_->call("open", [&](weir_error* error) {
      sink.clear();
      if (narrowing_ == nullptr) return table().open(context_.get(), &split, at, &sink, &self_, error);
      const weir_wanted* const wanted = &narrowing_->wanted();
      return pushdown_of(*extractor_)->open(context_.get(), &split, at, &wanted, 1, &sink, &self_, error);
    }));
    opened_ = true;
    unbounded_ = planned.unbounded;
    if (sink.schemas.size() == 1) return std::move(sink.schemas.front());
    return base::unexpected(
        plugins::misbehaviour({extractor_->plugin, extractor_->link, "open"}, "plugin.bad_schema",
                              "expected one schema of rows, found " + std::to_string(sink.schemas.size())));
  }

  // Whether the extractor itself can open a split in its middle.
  bool tells_position() const { return WEIR_CAN(table().reader, position); }

  // Of an extractor that does not: reads again what was read before.
  base::Result<void> go_to(std::string_view position, OutletSetup setup) {
    if (tells_position() || position.empty()) return {};
    return replay_.go_to(position, std::move(setup), name_,
                         [this](Outlet& outlet, const Deliver& deliver) { return read_once(outlet, deliver); });
  }

  base::Result<Piece> read(Outlet& outlet, const Deliver& deliver) override {
    const std::uint64_t rows = outlet.account().rows_out, rejects = outlet.account().rejected.total();
    const std::lock_guard lock(calling_);
    Piece piece;
    WEIR_TRY_ASSIGN(piece.last, read_once(outlet, deliver));
    piece.from = from_;
    piece.got = true;
    if (piece.last && !wants_acknowledgement(*extractor_)) return piece;
    replay_.passed(outlet.account().rows_out - rows, outlet.account().rejected.total() - rejects);
    WEIR_TRY_ASSIGN(piece.position, position());
    return piece;
  }
  base::Result<void> parse(const Piece& /*piece*/, Outlet& /*outlet*/, const Deliver& /*deliver*/) override {
    return {};
  }
  bool apart() const override { return false; }
  base::Result<void> acknowledge(std::string_view position) override {
    const std::lock_guard lock(calling_);
    return extractor_->call({"acknowledge", cancel_of(*table().reader, self_)}, [&](weir_error* error) {
      return table().reader->acknowledge(self_, lend(position), error);
    });
  }
  void cancel() override {
    if (WEIR_CAN(table().reader, cancel)) extractor_->tell("cancel", [this] { table().reader->cancel(self_); });
  }

 private:
  static plugins::ContextParts parts_of(const Component& extractor, const RunIdentity& run,
                                        const ArrowSchema* expected) {
    auto parts = extractor.context_parts(run);
    parts.expected = {expected};
    return parts;
  }
  const weir_extractor& table() const { return extractor_->table<weir_extractor>(); }

  // One that is to be told what is committed can't be told while it waits for rows.
  std::int64_t deadline() const {
    return wants_acknowledgement(*extractor_) ? plugins::monotonic_ns() + kReadsBeforeToldNs : INT64_MAX;
  }

  base::Result<bool> read_once(Outlet& outlet, const Deliver& deliver) {
    std::int32_t outcome = WEIR_READ_MORE;
    outlet.begin(from_, &deliver);
    const auto called = extractor_->call(
        {"read", cancel_of(*table().reader, self_), unbounded_},
        [&](weir_error* error) { return table().reader->read(self_, deadline(), &outlet, &outcome, error); },
        [&outlet] { return !outlet.used(); });
    if (auto failure = outlet.end()) return base::unexpected(std::move(*failure));
    if (!called) return base::unexpected(base::Error(called.error()));
    return extractor_->ended(outcome);
  }

  base::Result<std::string> position() {
    if (!tells_position()) return replay_.position();
    ByteSink sink;
    WEIR_TRY(extractor_->call("position", [&](weir_error* error) {
      sink.items.clear();
      return table().reader->position(self_, &sink, error);
    }));
    return one_item(*extractor_, "position", std::move(sink.items));
  }

  std::shared_ptr<const Component> extractor_;
  plugins::ContextOwner context_;
  std::string name_;
  std::shared_ptr<const Provenance> from_ =
      std::make_shared<Provenance>(Provenance{name_, extractor_->stream, 0, 0, nullptr});
  Replay replay_;
  const Narrowing* narrowing_ = nullptr;
  void* self_ = nullptr;
  bool opened_ = false;
  bool unbounded_ = false;
  std::mutex calling_;  // held while the reader is called, but for cancel()
};

class ExtractorSource final : public Source, public Remembering {
 public:
  ExtractorSource(std::shared_ptr<const Component> extractor, RunIdentity run)
      : extractor_(std::move(extractor)), run_(std::move(run)), context_(extractor_->context_parts(run_)) {}

  void go_on_from(std::string left) override { left_before_ = std::move(left); }
  std::optional<std::string> leaves() const override { return leaves_; }
  base::Result<void> plan() override {
    PlanSink sink;
    std::int32_t more = 0;
    WEIR_TRY(extractor_->call("plan", [&](weir_error* error) {
      sink.clear();
      return extractor_->table<weir_extractor>().plan(context_.get(), lend(left_before_), &sink, &more, error);
    }));
    if (!sink.state_text.empty()) leaves_ = std::move(sink.state_text);
    planned_ = std::move(sink.splits);
    for (const auto& split : planned_) splits_.push_back({split.id, split.bytes, split.rows});
    if (planned_.empty()) {
      return base::unexpected(base::make_error(base::Status::not_found, base::Fault::source, "source.nothing",
                                               extractor_->name + ": expected at least one split, found none")
                                  .with_place(extractor_->place("", -1)));
    }
    WEIR_TRY_ASSIGN(replay_, replay_of());
    auto reader = std::make_unique<ExtractorReader>(extractor_, run_, splits_.front().name, nullptr);
    WEIR_TRY_ASSIGN(weir::Schema schema, reader->open(planned_.front(), {}));
    schemas_.push_back(std::move(schema));
    first_ = std::move(reader);
    return {};
  }
  base::Result<void> keep_to(const ArrowSchema& agreed) override {
    if (arrow::equal(schemas_.front().get(), agreed, arrow::FieldMetadata::compared)) return {};
    first_.reset();
    auto reader = std::make_unique<ExtractorReader>(extractor_, run_, splits_.front().name, &agreed);
    WEIR_TRY_ASSIGN(const weir::Schema schema, reader->open(planned_.front(), {}));
    if (!arrow::equal(agreed, schema.get())) {
      return base::unexpected(base::make_error(base::Status::invalid_argument, base::Fault::source, "source.schema",
                                               link() + ": expected the schema agreed by all extracts, found in '" +
                                                   splits_.front().name +
                                                   "': " + arrow::difference(agreed, schema.get(), "agreed", "found")));
    }
    schemas_.front() = weir::Schema::copy_of(agreed);
    kept_to_ = true;
    first_ = std::move(reader);
    return {};
  }
  void narrow(const std::shared_ptr<const Narrowing>& narrowing) override {
    const weir_pushdown* const pushdown = pushdown_of(*extractor_);
    if (pushdown == nullptr || !WEIR_CAN(pushdown, open)) return;
    first_.reset();
    narrowing_ = narrowing;
  }
  const Narrowing* narrowing() const override { return narrowing_.get(); }
  const std::vector<SplitInfo>& splits() const override { return splits_; }
  std::vector<InputVersion> inputs() const override {
    std::vector<InputVersion> inputs;
    for (const auto& split : planned_) inputs.push_back({split.id, "plan " + split.token});
    return inputs;
  }
  const std::vector<weir::Schema>& schemas() const override { return schemas_; }

  std::int32_t replay() const override { return replay_; }
  bool acknowledges() const override { return wants_acknowledgement(*extractor_); }
  base::Result<std::unique_ptr<SplitReader>> open(std::size_t split, std::string_view position) override {
    if (split == 0 && first_ != nullptr && position.empty()) return std::unique_ptr<SplitReader>(std::move(first_));
    auto reader = std::make_unique<ExtractorReader>(extractor_, run_, splits_[split].name,
                                                    kept_to_ ? &schemas_.front().get() : nullptr);
    reader->narrow(narrowing_.get());
    WEIR_TRY_ASSIGN(const weir::Schema schema, reader->open(planned_[split], position));
    const ArrowSchema& pushed = narrowing_ == nullptr ? schemas_.front().get() : narrowing_->pushed().front().get();
    const std::string difference = arrow::difference(pushed, schema.get(), "in '" + splits_.front().name + "'",
                                                     "in '" + splits_[split].name + "'");
    if (!difference.empty()) {
      return base::unexpected(
          base::make_error(base::Status::invalid_argument, base::Fault::source, "source.schema",
                           extractor_->name + ": expected one schema in all splits, found " + difference));
    }
    WEIR_TRY(reader->go_to(position, outlet_setup(*this, false)));
    return std::unique_ptr<SplitReader>(std::move(reader));
  }
  const std::string& plugin() const override { return extractor_->plugin; }
  const std::string& component() const override { return extractor_->name; }
  const std::string& link() const override { return extractor_->link; }
  std::uint64_t piece_bytes() const override { return kBatchBytes; }
  std::uint64_t bytes_read() const override { return 0; }

 private:
  // As the traits say, or, of one without, whether its readers tell positions.
  base::Result<std::int32_t> replay_of() const {
    const auto& table = extractor_->table<weir_extractor>();
    if (!WEIR_CAN(&table, traits)) return WEIR_CAN(table.reader, position) ? WEIR_REPLAY_EXACT : WEIR_REPLAY_NONE;
    weir_traits traits{};
    traits.size = sizeof traits;
    WEIR_TRY(extractor_->call(
        "traits", [&](weir_error* error) { return table.traits(extractor_->config->get(), &traits, error); }));
    return traits.replay;
  }

  std::shared_ptr<const Component> extractor_;
  RunIdentity run_;
  plugins::ContextOwner context_;
  std::string left_before_;            // by the plan of another run
  std::optional<std::string> leaves_;  // to the next one's
  std::vector<PlannedSplit> planned_;
  std::vector<SplitInfo> splits_;
  std::vector<weir::Schema> schemas_;
  std::shared_ptr<const Narrowing> narrowing_;  // null: readers push all columns
  std::int32_t replay_ = WEIR_REPLAY_NONE;
  bool kept_to_ = false;                    // schemas_ is what was agreed with other sources
  std::unique_ptr<ExtractorReader> first_;  // opened for its schema; read by the first who opens split 0
};

}  // namespace

std::unique_ptr<Source> make_extractor_source(std::shared_ptr<const Component> extractor, RunIdentity run) {
  return std::make_unique<ExtractorSource>(std::move(extractor), std::move(run));
}

}  // namespace weir::pipeline
