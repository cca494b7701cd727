#include <weir/ext/draft/ddl.h>
#include <weir/ext/draft/holds.h>
#include <weir/ext/draft/shared.h>

#include <charconv>
#include <cstring>
#include <deque>

#include "integrity/schema_json.hpp"
#include "pipeline/accepted.hpp"
#include "pipeline/links/transform.hpp"
#include "pipeline/load.hpp"

namespace weir::pipeline {
namespace {

// One of the streams that a writer takes: a load of the manifest.
struct Input {
  std::shared_ptr<const Component> loader;
  std::unique_ptr<plugins::ContextOwner> context;
  weir::Schema schema;
  integrity::Account account;
  std::optional<AcceptedRows> accepted;  // none: nothing can be read back of what it takes
  std::string stored;                    // as Prepared::stored has it
  integrity::Holds holds = integrity::Holds::merged;
  std::unique_ptr<Outlet> outlet;
};

// Which input's option an error is about: "/1/table" is one of the second's.
struct OptionOf {
  std::size_t input = 0;
  std::string option;
  std::int64_t offset = -1;

  // Takes the number off the option.
  static OptionOf taken_from(weir_error& error, std::size_t inputs) {
    OptionOf named;
    const std::string_view text(error.option, ::strnlen(error.option, sizeof error.option));
    const std::size_t slash = text.find('/', 1);
    if (text.empty() || slash == std::string_view::npos) return named;
    std::size_t number = 0;
    const auto parsed = std::from_chars(text.data() + 1, text.data() + slash, number);
    if (parsed.ptr != text.data() + slash || number >= inputs) return named;
    named = {number, std::string(text.substr(slash)), error.offset};
    std::memmove(error.option, error.option + slash, text.size() - slash);
    error.option[text.size() - slash] = 0;
    return named;
  }
};

// The way of committing that is chosen of those that a loader can do.
std::int32_t way_of(const weir_traits& traits) {
  if ((traits.commit & WEIR_COMMIT_ATOMIC) != 0) return WEIR_COMMIT_ATOMIC;
  return (traits.commit & WEIR_COMMIT_TWO_PHASE) != 0 ? WEIR_COMMIT_TWO_PHASE : WEIR_COMMIT_NONE;
}

class LoaderWriter final : public LoadWriter {
 public:
  explicit LoaderWriter(const weir_traits& traits) : traits_(traits) {}
  ~LoaderWriter() override {
    if (opened_) loader().tell("close", [this] { table().writer->close(self_); });
  }

  base::Result<void> open(const std::vector<std::shared_ptr<const Component>>& loaders, std::vector<WriterInput> inputs,
                          const RunIdentity& run) {
    for (std::size_t i = 0; i < loaders.size(); ++i) add(loaders[i], std::move(inputs[i]), run);
    SchemaSink stored;
    WEIR_TRY(inputs_.size() == 1 ? open_alone(stored) : open_shared(stored));
    opened_ = true;
    if (stored.schemas.size() != inputs_.size()) return {};
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      accept(inputs_[i], stored.schemas[i].get());
      const std::string holds = weir::metadata_value(stored.schemas[i].get(), WEIR_HOLDS);
      if (holds == WEIR_HOLDS_RUN) inputs_[i].holds = integrity::Holds::run;
      if (holds == WEIR_HOLDS_AMONG) inputs_[i].holds = integrity::Holds::among;
    }
    return {};
  }

  base::Result<void> write(std::uint64_t number, Batch batch) override {
    Input& input = inputs_[number];
    if (traits_.takes_selection == 0) WEIR_TRY(materialize(batch, input.schema.get()));
    const std::uint64_t rows_in = batch.live();
    const std::uint64_t rejected_before = input.account.rejected.total();
    input.account.rows_in += rows_in;
    LentBatch lent(batch, sequence_++, input.loader->borrower(input.schema.get()));
    const Deliver nowhere;
    input.outlet->begin(&batch, &nowhere);
    auto called = input.loader->call(
        {"write", cancel_of(*table().writer, self_)},
        [&](weir_error* error) { return table().writer->write(self_, number, lent.lend(), input.outlet.get(), error); },
        [&input] { return !input.outlet->used(); });
    if (auto failure = input.outlet->end()) return base::unexpected(std::move(*failure));
    if (!called) return called;
    WEIR_TRY(input.loader->check("write", lent));
    input.account.rows_out += rows_in - (input.account.rejected.total() - rejected_before);
    if (input.accepted) WEIR_TRY(input.accepted->add(batch, input.outlet->rejected_rows()));
    return {};
  }

  bool continues() const override { return true; }
  base::Result<Prepared> prepare(std::uint64_t epoch, bool /*last*/) override {
    std::vector<weir_receipt> receipts(inputs_.size());
    std::vector<weir_receipt*> lent;
    for (auto& receipt : receipts) {
      receipt.size = sizeof receipt;
      receipt.rows = receipt.inserted = receipt.updated = receipt.deleted = receipt.bytes = -1;
      lent.push_back(&receipt);
    }
    ByteSink committables;
    WEIR_TRY(loader().call({"prepare", cancel_of(*table().writer, self_)}, [&](weir_error* error) {
      committables.items.clear();
      return table().writer->prepare(self_, epoch, &committables, lent.data(), lent.size(), error);
    }));
    Prepared prepared{std::move(committables.items), {}};
    prepared.undo = prepared.committables;
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      prepared.rows.push_back(receipts[i].rows);
      prepared.holds.push_back(inputs_[i].holds);
      prepared.stored.push_back(inputs_[i].stored);
      if (receipts[i].bytes > 0) inputs_[i].account.bytes += static_cast<std::uint64_t>(receipts[i].bytes);
    }
    return prepared;
  }

  base::Result<void> commit(std::uint64_t epoch) override {
    if (way_of(traits_) != WEIR_COMMIT_ATOMIC || !WEIR_CAN(table().writer, commit)) return {};
    return loader().call({"commit", cancel_of(*table().writer, self_)},
                         [&](weir_error* error) { return table().writer->commit(self_, epoch, error); });
  }

  void cancel() override {
    if (WEIR_CAN(table().writer, cancel)) loader().tell("cancel", [this] { table().writer->cancel(self_); });
  }
  const integrity::Account& account(std::uint64_t input) const override { return inputs_[input].account; }

 private:
  // What is stored of an input's rows, and by which names.
  static void accept(Input& input, const ArrowSchema& stored) {
    const ArrowSchema& sent = input.schema.get();
    const auto from = nlohmann::json::parse(weir::metadata_value(stored, WEIR_STORED_FROM), nullptr, false);
    const bool says = from.is_array() && from.size() == static_cast<std::size_t>(stored.n_children);
    std::vector<std::size_t> columns;
    std::vector<weir::Schema> fields;
    for (std::int64_t i = 0; says && i < stored.n_children; ++i) {
      const auto& name = from[static_cast<std::size_t>(i)];
      const std::int64_t number = name.is_string() ? weir::column_index(sent, name.get<std::string>()) : -1;
      if (number < 0) break;
      columns.push_back(static_cast<std::size_t>(number));
      ArrowSchema field = *sent.children[number];  // lent, to be copied
      field.name = stored.children[i]->name;
      fields.push_back(weir::Schema::copy_of(field));
    }
    if (!says || columns.size() != from.size()) return void(input.accepted.emplace(sent, input.account));
    const weir::Schema rows = weir::Schema::rows(std::move(fields));
    input.stored = integrity::to_json(rows.get()).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    input.accepted.emplace(rows.get(), input.account, std::move(columns));
  }

  void add(const std::shared_ptr<const Component>& loader, WriterInput given, const RunIdentity& run) {
    auto parts = loader->context_parts(run);
    parts.commit = way_of(traits_);
    Input& input = inputs_.emplace_back();
    input.loader = loader;
    input.context = std::make_unique<plugins::ContextOwner>(std::move(parts));
    input.schema = weir::Schema::copy_of(*given.schema);
    OutletSetup setup{loader->plugin, loader->link, &no_outputs_, &input.schema.get(), false, false};
    input.outlet = std::make_unique<Outlet>(std::move(setup), &input.account, std::move(given.take_reject));
  }
  base::Result<void> open_alone(SchemaSink& stored) {
    const ArrowSchema* schemas[] = {&inputs_.front().schema.get()};
    const weir_string streams[] = {{nullptr, 0}};
    return loader().call("open", [&](weir_error* error) {
      stored.clear();
      return table().open(inputs_.front().context->get(), schemas, streams, 1, &stored, &self_, error);
    });
  }

  base::Result<void> open_shared(SchemaSink& stored) {
    std::vector<const weir_context*> contexts;
    std::vector<const ArrowSchema*> schemas;
    for (const auto& input : inputs_) {
      contexts.push_back(input.context->get());
      schemas.push_back(&input.schema.get());
    }
    const auto& shared = *static_cast<const weir_shared*>(loader().extension(WEIR_SHARED));
    OptionOf named;
    auto called = loader().call("open", [&](weir_error* error) {
      stored.clear();
      const weir_status status = shared.open(contexts.data(), schemas.data(), contexts.size(), &stored, &self_, error);
      named = OptionOf::taken_from(*error, inputs_.size());
      return status;
    });
    if (called || named.input == 0) return called;
    // The first has said where its own option stands.
    const Component& at_fault = *inputs_[named.input].loader;
    base::Error error = std::move(called).error();
    error.link = at_fault.link;
    if (at_fault.place) error.place = at_fault.place(named.option, named.offset);
    return base::unexpected(std::move(error));
  }

  // The first speaks for all: they are of one component.
  const Component& loader() const { return *inputs_.front().loader; }
  const weir_loader& table() const { return loader().table<weir_loader>(); }

  weir_traits traits_;
  std::vector<weir::Schema> no_outputs_;
  std::deque<Input> inputs_;  // of which parts are lent, so they stay where they are
  std::uint64_t sequence_ = 0;
  void* self_ = nullptr;
  bool opened_ = false;
};

class LoaderCommitter final : public LoadCommitter {
 public:
  LoaderCommitter(std::shared_ptr<const Component> loader, const RunIdentity& run, std::int32_t way)
      : loader_(std::move(loader)), context_(parts_of(*loader_, run, way)), way_(way), no_lane_(run.lane.empty()) {}
  ~LoaderCommitter() override {
    if (opened_) loader_->tell("close", [this] { table().close(self_); });
  }

  base::Result<void> open() {
    if (loader_->table<weir_loader>().committer == nullptr) return {};
    if (no_lane_ && !WEIR_CAN(&table(), finish)) return {};
    WEIR_TRY(loader_->call("open", [&](weir_error* error) { return table().open(context_.get(), &self_, error); }));
    opened_ = true;
    return {};
  }
  base::Result<std::uint64_t> last_committed() override {
    std::uint64_t epoch = 0;
    if (!opened_ || !WEIR_CAN(&table(), last_committed)) return epoch;
    WEIR_TRY(loader_->call({"last_committed", cancel_of(table(), self_)},
                           [&](weir_error* error) { return table().last_committed(self_, &epoch, error); }));
    return epoch;
  }
  base::Result<std::vector<std::string>> commit(std::uint64_t epoch,
                                                const std::vector<std::string>& committables) override {
    ByteSink published;
    if (!opened_ || way_ == WEIR_COMMIT_ATOMIC || !WEIR_CAN(&table(), commit)) return std::move(published.items);
    const auto lent = lend(committables);
    WEIR_TRY(loader_->call({"commit", cancel_of(table(), self_)}, [&](weir_error* error) {
      published.items.clear();
      return table().commit(self_, epoch, lent.data(), lent.size(), &published, error);
    }));
    return std::move(published.items);
  }
  base::Result<void> abort(const Undo& undo) override {
    if (!opened_ || !WEIR_CAN(&table(), abort)) return {};
    const auto lent = lend(undo.committables);
    return loader_->call({"abort", cancel_of(table(), self_)}, [&](weir_error* error) {
      return table().abort(self_, undo.epoch, lent.data(), lent.size(), error);
    });
  }
  base::Result<void> finish(bool complete, const std::vector<std::string>& published) override {
    if (!opened_ || !WEIR_CAN(&table(), finish)) return {};
    const auto lent = lend(published);
    return loader_->call({"finish", cancel_of(table(), self_)}, [&](weir_error* error) {
      return table().finish(self_, complete ? 1 : 0, lent.data(), lent.size(), error);
    });
  }

 private:
  static plugins::ContextParts parts_of(const Component& loader, const RunIdentity& run, std::int32_t way) {
    auto parts = loader.context_parts(run);
    parts.commit = way;
    return parts;
  }
  const weir_committer& table() const { return *loader_->table<weir_loader>().committer; }

  std::shared_ptr<const Component> loader_;
  plugins::ContextOwner context_;
  void* self_ = nullptr;
  std::int32_t way_;  // WEIR_COMMIT_…
  bool no_lane_;      // of the run as a whole: to finish it
  bool opened_ = false;
};

class LoaderLoad final : public Load {
 public:
  explicit LoaderLoad(std::vector<std::shared_ptr<const Component>> loaders) : loaders_(std::move(loaders)) {}

  base::Result<void> begin() {
    const auto& table = loader().table<weir_loader>();
    traits_.size = sizeof traits_;
    if (WEIR_CAN(table.writer, commit))
      traits_.commit |= WEIR_COMMIT_ATOMIC;
    else if (table.committer != nullptr && WEIR_CAN(table.committer, commit))
      traits_.commit |= WEIR_COMMIT_TWO_PHASE;
    if (!WEIR_CAN(&table, traits)) return {};
    // What they need, all together.
    std::int32_t ordered = 0;
    for (const auto& one : loaders_) {
      WEIR_TRY(
          one->call("traits", [&](weir_error* error) { return table.traits(one->config->get(), &traits_, error); }));
      ordered |= traits_.ordered;
    }
    traits_.ordered = ordered;
    return {};
  }
  const weir_traits& traits() const override { return traits_; }
  bool follow() override {
    if ((traits_.commit & WEIR_COMMIT_TWO_PHASE) == 0) return false;
    traits_.commit = WEIR_COMMIT_TWO_PHASE;
    return true;
  }
  std::size_t inputs() const override { return loaders_.size(); }
  const std::string& link(std::uint64_t input) const override { return loaders_[input]->link; }
  const std::string& component() const override { return loader().name; }
  std::string shown(std::uint64_t input) const override {
    const auto* table = loaders_[input]->config->at("/table");
    return table != nullptr && table->is_string() ? table->get<std::string>() : std::string();
  }
  base::Result<std::vector<std::string>> ddl(std::uint64_t input, const ArrowSchema& schema,
                                             const RunIdentity& run) const override {
    const Component& one = *loaders_[input];
    const auto* const table = static_cast<const weir_ddl*>(one.extension(WEIR_DDL));
    ByteSink sink;
    if (table == nullptr || !WEIR_CAN(table, statements)) return std::move(sink.items);
    auto parts = one.context_parts(run);
    parts.commit = way_of(traits_);
    const plugins::ContextOwner context(std::move(parts));
    WEIR_TRY(one.call("statements", [&](weir_error* error) {
      sink.items.clear();
      return table->statements(context.get(), &schema, &sink, error);
    }));
    return std::move(sink.items);
  }
  base::Result<std::unique_ptr<LoadWriter>> open_writer(std::vector<WriterInput> inputs, const RunIdentity& run,
                                                        const std::string& /*resume*/) override {
    auto writer = std::make_unique<LoaderWriter>(traits_);
    WEIR_TRY(writer->open(loaders_, std::move(inputs), run));
    return std::unique_ptr<LoadWriter>(std::move(writer));
  }
  base::Result<std::unique_ptr<LoadCommitter>> open_committer(const RunIdentity& run) override {
    auto committer = std::make_unique<LoaderCommitter>(loaders_.front(), run, way_of(traits_));
    WEIR_TRY(committer->open());
    return std::unique_ptr<LoadCommitter>(std::move(committer));
  }

 private:
  const Component& loader() const { return *loaders_.front(); }

  std::vector<std::shared_ptr<const Component>> loaders_;  // an input each
  weir_traits traits_{};
};

}  // namespace

base::Result<std::optional<std::string>> shared_destination(const Component& loader) {
  const auto* shared = static_cast<const weir_shared*>(loader.extension(WEIR_SHARED));
  if (shared == nullptr || !WEIR_CAN(shared, destination) || !WEIR_CAN(shared, open))
    return std::optional<std::string>();
  ByteSink sink;
  WEIR_TRY(loader.call("destination", [&](weir_error* error) {
    sink.items.clear();
    return shared->destination(loader.config->get(), &sink, error);
  }));
  if (sink.items.size() == 1) return std::optional<std::string>(std::move(sink.items.front()));
  return base::unexpected(
      plugins::misbehaviour({loader.plugin, loader.link, "destination"}, "plugin.misbehaviour",
                            "expected one destination, found " + std::to_string(sink.items.size())));
}

base::Result<std::unique_ptr<Load>> make_loader_load(std::vector<std::shared_ptr<const Component>> loaders) {
  auto load = std::make_unique<LoaderLoad>(std::move(loaders));
  WEIR_TRY(load->begin());
  return std::unique_ptr<Load>(std::move(load));
}

}  // namespace weir::pipeline
