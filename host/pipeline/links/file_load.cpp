// A composed loader: a format's encoder into a codec into staged objects of a storage. Two-phase: what prepare() told is
// given its name by commit(). Parts: with part_rows or part_bytes each object ends there, and {n} in the path numbers them.
#include <algorithm>
#include <cstdio>

#include "pipeline/links/bytes.hpp"
#include "pipeline/links/transform.hpp"
#include "pipeline/load.hpp"

namespace weir::pipeline {
namespace {

constexpr std::size_t kCodecOutputBytes = 256U << 10U;

// One object being written, as the encoder sees it.
class PartOutput : public weir_output {
 public:
  PartOutput(const FileWriting& writing, const RunIdentity& run)
      : weir_output{sizeof(weir_output), 0, 0, 0, write_call, nullptr, close_call, cancel_call},
        writing_(writing),
        context_(writing.storage->context_parts(run)) {
    if (writing.codec != nullptr)
      codec_context_ = std::make_unique<plugins::ContextOwner>(writing.codec->context_parts(run));
  }
  ~PartOutput() {
    if (codec_self_ != nullptr) writing_.codec->table<weir_codec>().destroy(codec_self_);
    if (output_ != nullptr) output_->close(output_);
  }
  PartOutput(const PartOutput&) = delete;
  PartOutput& operator=(const PartOutput&) = delete;

  base::Result<void> open(void* storage_self, const std::string& name, std::uint64_t epoch) {
    WEIR_TRY(writing_.storage->call("open_write", [&](weir_error* error) {
      return writing_.storage->table<weir_storage>().open_write(
          storage_self, context_.get(), {name.data(), name.size()}, epoch, {nullptr, 0}, &output_, error);
    }));
    if (writing_.codec == nullptr) return {};
    buffer_.resize(kCodecOutputBytes);
    return writing_.codec->call("create", [&](weir_error* error) {
      return writing_.codec->table<weir_codec>().create(codec_context_->get(), 1, &codec_self_, error);
    });
  }

  // Ends the object: makes it durable, tells what commits it.
  base::Result<void> prepare(Prepared& prepared) {
    if (codec_self_ != nullptr) WEIR_TRY(compress({nullptr, 0}, true));
    ByteSink sink;
    weir_receipt receipt{};
    receipt.size = sizeof receipt;
    receipt.rows = receipt.inserted = receipt.updated = receipt.deleted = receipt.bytes = -1;
    WEIR_TRY(writing_.storage->call("prepare", [&](weir_error* error) {
      sink.items.clear();
      return output_->prepare(output_, &sink, &receipt, error);
    }));
    for (auto& item : sink.items) prepared.committables.push_back(std::move(item));
    return {};
  }

  std::uint64_t bytes() const { return stored_bytes_; }
  // What the encoder gave so far: a call that gave some can't be repeated.
  std::uint64_t received() const { return received_; }
  std::optional<base::Error> take_failure() { return std::exchange(failure_, std::nullopt); }
  void cancel_all() {
    if (output_ != nullptr && WEIR_CAN(output_, cancel)) output_->cancel(output_);
  }

 private:
  static PartOutput& mine(const weir_output* self) {
    return *const_cast<PartOutput*>(static_cast<const PartOutput*>(self));
  }
  static weir_status write_call(const weir_output* self, weir_bytes bytes, weir_error* error) {
    auto& part = mine(self);
    part.received_ += bytes.length;
    auto done = part.codec_self_ != nullptr ? part.compress(bytes, false) : part.store(bytes);
    if (done) return WEIR_OK;
    part.failure_ = std::move(done).error();
    return weir_fail(error, WEIR_CANCELLED, WEIR_FAULT_DESTINATION, part.failure_->message.c_str());
  }
  static void close_call(const weir_output* /*self*/) {}  // its owner closes it
  static void cancel_call(const weir_output* self) { mine(self).cancel_all(); }

  base::Result<void> store(weir_bytes bytes) {
    stored_bytes_ += bytes.length;
    return writing_.storage->call("write", [&](weir_error* error) { return output_->write(output_, bytes, error); });
  }

  base::Error codec_misbehaved(const char* what) const {
    return plugins::misbehaviour({writing_.codec->plugin, writing_.codec->link, "step"}, "plugin.misbehaviour", what);
  }

  base::Result<void> compress(weir_bytes bytes, bool last) {
    std::int32_t done = 0;
    do {
      std::uint64_t consumed = 0, produced = 0;
      WEIR_TRY(writing_.codec->call("step", [&](weir_error* error) {
        return writing_.codec->table<weir_codec>().step(codec_self_, bytes, last ? 1 : 0, buffer_.data(),
                                                        buffer_.size(), &consumed, &produced, &done, error);
      }));
      if (consumed > bytes.length || produced > buffer_.size()) {
        return base::unexpected(codec_misbehaved("found more consumed or produced than there was"));
      }
      if (consumed == 0 && produced == 0 && done == 0 && (last || bytes.length > 0)) {
        return base::unexpected(codec_misbehaved("expected progress, found none"));
      }
      if (produced > 0) WEIR_TRY(store({buffer_.data(), produced}));
      bytes.data += consumed;
      bytes.length -= consumed;
    } while (last ? done == 0 : bytes.length > 0);
    return {};
  }

  const FileWriting& writing_;
  plugins::ContextOwner context_;
  std::unique_ptr<plugins::ContextOwner> codec_context_;
  const weir_output* output_ = nullptr;
  void* codec_self_ = nullptr;
  std::vector<std::uint8_t> buffer_;
  std::uint64_t stored_bytes_ = 0, received_ = 0;
  std::optional<base::Error> failure_;
};

// A storage instance, for a writer or a committer.
class StorageInstance {
 public:
  StorageInstance(std::shared_ptr<const Component> storage, const RunIdentity& run)
      : storage_(std::move(storage)), context_(storage_->context_parts(run)) {}
  ~StorageInstance() {
    if (created_) table().destroy(self_);
  }
  StorageInstance(const StorageInstance&) = delete;
  StorageInstance& operator=(const StorageInstance&) = delete;

  base::Result<void> create() {
    WEIR_TRY(
        storage_->call("create", [&](weir_error* error) { return table().create(context_.get(), &self_, error); }));
    created_ = true;
    return {};
  }
  const weir_storage& table() const { return storage_->table<weir_storage>(); }
  const Component& component() const { return *storage_; }
  const weir_context* context() const { return context_.get(); }
  void* self() const { return self_; }

 private:
  std::shared_ptr<const Component> storage_;
  plugins::ContextOwner context_;
  void* self_ = nullptr;
  bool created_ = false;
};

class FileWriter final : public LoadWriter {
 public:
  FileWriter(const FileWriting& writing, RunIdentity run, const ArrowSchema& input)
      : writing_(writing),
        run_(std::move(run)),
        storage_(writing.storage, run_),
        input_(weir::Schema::copy_of(input)),
        context_(writing.format->context_parts(run_)) {}
  ~FileWriter() override {
    close_encoder();
    part_.reset();
    // Parts that were made durable, and that nobody was told of: a failed run leaves nothing behind.
    for (const auto& bytes : lend(prepared_.committables)) {
      weir_error error = plugins::empty_error();
      storage_.table().abort(storage_.self(), bytes, &error);
    }
  }

  base::Result<void> open(TakeReject take_reject) {
    WEIR_TRY(storage_.create());
    OutletSetup setup{writing_.format->plugin, writing_.storage->link, &no_outputs_, &input_.get(), false, false};
    outlet_ = std::make_unique<Outlet>(std::move(setup), &account_, std::move(take_reject));
    return open_part();  // what can't be written is told before a row is read
  }

  base::Result<void> write(std::uint64_t /*input*/, Batch batch) override {
    WEIR_TRY(materialize(batch, input_.get()));
    const auto length = static_cast<std::uint64_t>(batch.rows.length());
    for (std::uint64_t from = 0; from < length;) {
      const bool full = part_is_full();
      if (full) WEIR_TRY(end_part());
      if (part_ == nullptr) WEIR_TRY(open_part());
      const std::uint64_t room = writing_.part_rows == 0 ? length : writing_.part_rows - part_rows_;
      const std::uint64_t count = std::min(room, length - from);
      WEIR_TRY(encode(count == length ? batch : sliced(batch, from, count)));
      from += count;
    }
    return {};
  }

  base::Result<Prepared> prepare(std::uint64_t epoch) override {
    epoch_ = epoch;
    if (part_ != nullptr) WEIR_TRY(end_part());
    prepared_.rows = {-1};
    return std::exchange(prepared_, {});
  }
  base::Result<void> commit(std::uint64_t /*epoch*/) override { return {}; }
  void cancel() override {
    if (WEIR_CAN(&storage_.table(), cancel)) storage_.table().cancel(storage_.self());
  }
  const integrity::Account& account(std::uint64_t /*input*/) const override { return account_; }

 private:
  const weir_format& format() const { return writing_.format->table<weir_format>(); }
  bool part_is_full() const {
    if (part_ == nullptr) return false;
    return (writing_.part_rows > 0 && part_rows_ >= writing_.part_rows) ||
           (writing_.part_bytes > 0 && part_->bytes() >= writing_.part_bytes);
  }
  static Batch sliced(const Batch& batch, std::uint64_t from, std::uint64_t count) {
    Batch part = batch;
    part.rows = arrow::SharedArray(batch.rows.slice(static_cast<std::int64_t>(from), static_cast<std::int64_t>(count)));
    if (!batch.origins.empty()) {
      const auto begin = batch.origins.begin() + static_cast<std::ptrdiff_t>(from);
      part.origins = std::vector<std::uint32_t>(begin, begin + static_cast<std::ptrdiff_t>(count));
    }
    return part;
  }
  std::string part_name() const {
    std::string name = writing_.path;
    const auto at = name.find("{n}");
    if (at == std::string::npos) return name;
    char number[24];
    std::snprintf(number, sizeof number, "%05llu", static_cast<unsigned long long>(parts_));
    return name.replace(at, 3, number);
  }

  base::Result<void> open_part() {
    auto part = std::make_unique<PartOutput>(writing_, run_);
    WEIR_TRY(part->open(storage_.self(), part_name(), epoch_));
    SchemaSink stored;
    auto called = writing_.format->call("open_encoder", [&](weir_error* error) {
      stored.clear();
      return format().open_encoder(context_.get(), &input_.get(), &stored, part.get(), &encoder_, error);
    });
    if (auto failure = part->take_failure()) return base::unexpected(std::move(*failure));
    if (!called) return called;
    encoder_open_ = true;
    part_ = std::move(part);
    part_rows_ = 0;
    ++parts_;
    return {};
  }

  base::Result<void> encode(const Batch& batch) {
    const auto rows_in = static_cast<std::uint64_t>(batch.rows.length());
    const std::uint64_t rejected_before = account_.rejected.total();
    account_.rows_in += rows_in;
    part_rows_ += rows_in;
    LentBatch lent(batch, sequence_++);
    const Deliver nowhere;
    outlet_->begin(&batch, &nowhere);
    const std::uint64_t stored_before = part_->received();
    auto called = writing_.format->call(
        "encode", [&](weir_error* error) { return format().encode(encoder_, lent.lend(), outlet_.get(), error); },
        [&] { return !outlet_->used() && part_->received() == stored_before; });
    auto failure = outlet_->end();
    if (auto output_failure = part_->take_failure()) return base::unexpected(std::move(*output_failure));
    if (failure) return base::unexpected(std::move(*failure));
    if (!called) return called;
    account_.rows_out += rows_in - (account_.rejected.total() - rejected_before);
    return {};
  }

  base::Result<void> end_part() {
    auto called = writing_.format->call("end", [&](weir_error* error) { return format().end(encoder_, error); });
    if (auto failure = part_->take_failure()) return base::unexpected(std::move(*failure));
    if (!called) return called;
    close_encoder();
    WEIR_TRY(part_->prepare(prepared_));
    account_.bytes += part_->bytes();
    part_.reset();
    return {};
  }
  void close_encoder() {
    if (encoder_open_) format().close_encoder(encoder_);
    encoder_open_ = false;
  }

  const FileWriting& writing_;
  RunIdentity run_;
  StorageInstance storage_;
  weir::Schema input_;
  plugins::ContextOwner context_;
  std::vector<weir::Schema> no_outputs_;
  integrity::Account account_;
  std::unique_ptr<Outlet> outlet_;
  std::unique_ptr<PartOutput> part_;
  void* encoder_ = nullptr;
  bool encoder_open_ = false;
  std::uint64_t parts_ = 0, part_rows_ = 0, epoch_ = 1, sequence_ = 0;
  Prepared prepared_;
};

class FileCommitter final : public LoadCommitter {
 public:
  FileCommitter(std::shared_ptr<const Component> storage, const RunIdentity& run) : storage_(std::move(storage), run) {}
  base::Result<void> open() { return storage_.create(); }
  base::Result<std::uint64_t> last_committed() override { return std::uint64_t{0}; }

  base::Result<std::vector<std::string>> commit(std::uint64_t /*epoch*/,
                                                const std::vector<std::string>& committables) override {
    for (const auto& bytes : lend(committables)) {
      WEIR_TRY(storage_.component().call(
          "commit", [&](weir_error* error) { return storage_.table().commit(storage_.self(), bytes, error); }));
    }
    return std::vector<std::string>();
  }
  base::Result<void> abort(std::uint64_t /*epoch*/, const std::vector<std::string>& committables) override {
    for (const auto& bytes : lend(committables)) {
      WEIR_TRY(storage_.component().call(
          "abort", [&](weir_error* error) { return storage_.table().abort(storage_.self(), bytes, error); }));
    }
    return sweep();
  }
  base::Result<void> finish(bool /*complete*/, const std::vector<std::string>& /*published*/) override { return {}; }

 private:
  // What dead writers of this run left, and never told.
  base::Result<void> sweep() {
    return storage_.component().call("sweep", [&](weir_error* error) {
      return storage_.table().sweep(storage_.self(), storage_.context(), nullptr, 0, error);
    });
  }
  StorageInstance storage_;
};

class FileLoad final : public Load {
 public:
  explicit FileLoad(FileWriting writing) : writing_(std::move(writing)) {
    traits_.size = sizeof traits_;
    traits_.ordered = 1;
    traits_.commit = WEIR_COMMIT_TWO_PHASE;
    traits_.max_instances = 1;
  }
  const weir_traits& traits() const override { return traits_; }
  std::size_t inputs() const override { return 1; }
  const std::string& link(std::uint64_t /*input*/) const override { return writing_.storage->link; }
  const std::string& component() const override { return writing_.format->name; }
  std::string shown(std::uint64_t /*input*/) const override { return shown_name(writing_.path); }
  base::Result<std::unique_ptr<LoadWriter>> open_writer(std::vector<WriterInput> inputs,
                                                        const RunIdentity& run) override {
    auto writer = std::make_unique<FileWriter>(writing_, run, *inputs.front().schema);
    WEIR_TRY(writer->open(std::move(inputs.front().take_reject)));
    return std::unique_ptr<LoadWriter>(std::move(writer));
  }
  base::Result<std::unique_ptr<LoadCommitter>> open_committer(const RunIdentity& run) override {
    auto committer = std::make_unique<FileCommitter>(writing_.storage, run);
    WEIR_TRY(committer->open());
    return std::unique_ptr<LoadCommitter>(std::move(committer));
  }

 private:
  FileWriting writing_;
  weir_traits traits_{};
};

}  // namespace

std::unique_ptr<Load> make_file_load(FileWriting writing) { return std::make_unique<FileLoad>(std::move(writing)); }

}  // namespace weir::pipeline
