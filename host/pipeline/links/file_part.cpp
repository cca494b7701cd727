#include "pipeline/links/file_part.hpp"

#include <optional>
#include <utility>
#include <vector>

#include "pipeline/links/bytes.hpp"
#include "pipeline/links/one_item.hpp"

namespace weir::pipeline {

constexpr std::size_t kCodecOutputBytes = 256U << 10U;

// The object as the encoder sees it.
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
    if (codec_self_ != nullptr)
      writing_.codec->tell("destroy", [this] { writing_.codec->table<weir_codec>().destroy(codec_self_); });
    if (output_ != nullptr) writing_.storage->tell("close", [this] { output_->close(output_); });
  }
  PartOutput(const PartOutput&) = delete;
  PartOutput& operator=(const PartOutput&) = delete;

  base::Result<void> open(void* storage_self, const std::string& name, std::uint64_t epoch, const PausedPart* resume) {
    const weir_bytes from = resume == nullptr ? weir_bytes{nullptr, 0} : lend(resume->committable);
    WEIR_TRY(writing_.storage->call("open_write", [&](weir_error* error) {
      return writing_.storage->table<weir_storage>().open_write(
          storage_self, context_.get(), {name.data(), name.size()}, epoch, from, &output_, error);
    }));
    continues = output_->continues;
    written = output_->written;
    if (resume != nullptr) stored_bytes_ = resume->bytes;
    if (writing_.codec == nullptr) return {};
    buffer_.resize(kCodecOutputBytes);
    return writing_.codec->call("create", [&](weir_error* error) {
      return writing_.codec->table<weir_codec>().create(codec_context_->get(), 1, &codec_self_, error);
    });
  }

  // Takes bytes as they are stored, of an object before this one.
  base::Result<void> copy(weir_bytes bytes) {
    return writing_.storage->call({"write", cancel_of(*output_, output_)},
                                  [&](weir_error* error) { return output_->write(output_, bytes, error); });
  }
  // Goes on behind what was copied; the encoder sees it.
  base::Result<void> go_on(const Standing& standing) {
    written = static_cast<std::int64_t>(standing.bytes);
    const weir_bytes between{reinterpret_cast<const std::uint8_t*>(standing.between.data()), standing.between.size()};
    if (between.length == 0) return {};
    return codec_self_ != nullptr ? compress(between, false) : store(between);
  }

  // Makes the object durable, tells what commits it. More may follow; compressed, in another frame.
  base::Result<void> prepare(std::vector<std::string>& committables) {
    if (codec_self_ != nullptr && (in_frame_ || stored_bytes_ == 0)) WEIR_TRY(compress({nullptr, 0}, true));
    ByteSink sink;
    weir_receipt receipt{};
    receipt.size = sizeof receipt;
    receipt.rows = receipt.inserted = receipt.updated = receipt.deleted = receipt.bytes = -1;
    WEIR_TRY(writing_.storage->call({"prepare", cancel_of(*output_, output_)}, [&](weir_error* error) {
      sink.items.clear();
      return output_->prepare(output_, &sink, &receipt, error);
    }));
    for (auto& item : sink.items) committables.push_back(std::move(item));
    return {};
  }

  std::uint64_t bytes() const { return stored_bytes_; }
  // What the encoder gave so far: a call that gave some can't be repeated.
  std::uint64_t received() const { return received_; }
  std::optional<base::Error> take_failure() { return std::exchange(failure_, std::nullopt); }
  void cancel_all() {
    if (output_ != nullptr && WEIR_CAN(output_, cancel))
      writing_.storage->tell("cancel", [this] { output_->cancel(output_); });
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
    return copy(bytes);
  }

  base::Error codec_misbehaved(const char* what) const {
    return plugins::misbehaviour({writing_.codec->plugin, writing_.codec->link, "step"}, "plugin.misbehaviour", what);
  }

  base::Result<void> compress(weir_bytes bytes, bool last) {
    std::int32_t done = 0;
    in_frame_ = !last;
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
  bool in_frame_ = false;  // the codec has begun one that is not ended
  std::vector<std::uint8_t> buffer_;
  std::uint64_t stored_bytes_ = 0, received_ = 0;
  std::optional<base::Error> failure_;
};

FilePart::FilePart(const FileWriting& writing, const RunIdentity& run, plugins::ContextOwner& context)
    : writing_(writing), run_(run), context_(context), output_(std::make_unique<PartOutput>(writing, run)) {}

FilePart::~FilePart() { close_encoder(); }

base::Result<void> FilePart::open(void* storage_self, const std::string& name, std::uint64_t epoch,
                                  const ArrowSchema& input, const PausedPart* resume) {
  WEIR_TRY(output_->open(storage_self, name, epoch, resume));
  storage_self_ = storage_self;
  taken_.name = name;
  if (resume != nullptr) {
    rows_ = resume->rows;
    standing_.version = resume->version;
    taken_.rows = resume->taken_rows;
    taken_.digest = resume->taken;
  } else if (writing_.append) {
    WEIR_TRY(append_to(input));
  }
  SchemaSink stored;
  auto called = writing_.format->call("open_encoder", [&](weir_error* error) {
    stored.clear();
    return writing_.format->table<weir_format>().open_encoder(context_.get(), &input, &stored, output_.get(), &encoder_,
                                                              error);
  });
  if (auto failure = output_->take_failure()) return base::unexpected(std::move(*failure));
  encoder_open_ = called.has_value();
  return called;
}

StandingSetup FilePart::standing_setup() const { return {writing_, run_, storage_self_, context_.get()}; }

base::Result<void> FilePart::append_to(const ArrowSchema& input) {
  const PutStored put = [this](weir_bytes bytes) { return output_->copy(bytes); };
  WEIR_TRY_ASSIGN(standing_, copy_standing(standing_setup(), taken_.name, input, put));
  return standing_.bytes == 0 ? base::Result<void>() : output_->go_on(standing_);
}

base::Result<void> FilePart::encode(const Batch& batch, std::uint64_t sequence, Outlet& outlet) {
  rows_ += static_cast<std::uint64_t>(batch.rows.length());
  LentBatch lent(batch, sequence, writing_.format->borrower(outlet.input()));
  const Deliver nowhere;
  outlet.begin(&batch, &nowhere);
  const std::uint64_t stored_before = output_->received();
  auto called = writing_.format->call(
      "encode",
      [&](weir_error* error) {
        return writing_.format->table<weir_format>().encode(encoder_, lent.lend(), &outlet, error);
      },
      [&] { return !outlet.used() && output_->received() == stored_before; });
  auto failure = outlet.end();
  if (auto output_failure = output_->take_failure()) return base::unexpected(std::move(*output_failure));
  if (failure) return base::unexpected(std::move(*failure));
  if (!called) return called;
  return writing_.format->check("encode", lent);
}

base::Result<void> FilePart::end(std::vector<std::string>& committables) {
  auto called = writing_.format->call(
      "end", [&](weir_error* error) { return writing_.format->table<weir_format>().end(encoder_, error); });
  if (auto failure = output_->take_failure()) return base::unexpected(std::move(*failure));
  if (!called) return called;
  close_encoder();
  if (writing_.append) WEIR_TRY(check_unchanged(standing_setup(), taken_.name, standing_));
  return output_->prepare(committables);
}

bool FilePart::continues() const {
  return output_->continues != 0 && WEIR_CAN(&writing_.format->table<weir_format>(), flush);
}

base::Result<PausedPart> FilePart::pause() {
  auto called = writing_.format->call(
      "flush", [&](weir_error* error) { return writing_.format->table<weir_format>().flush(encoder_, error); });
  if (auto failure = output_->take_failure()) return base::unexpected(std::move(*failure));
  if (!called) return base::unexpected(std::move(called).error());
  std::vector<std::string> committables;
  WEIR_TRY(output_->prepare(committables));
  WEIR_TRY_ASSIGN(auto committable, one_item(*writing_.storage, "prepare", std::move(committables)));
  return PausedPart{std::move(committable), rows_, bytes(), standing_.version, taken_.rows, taken_.digest};
}

std::uint64_t FilePart::bytes() const { return output_->bytes(); }

void FilePart::close_encoder() {
  if (encoder_open_)
    writing_.format->tell("close_encoder", [this] { writing_.format->table<weir_format>().close_encoder(encoder_); });
  encoder_open_ = false;
}

}  // namespace weir::pipeline
