#include "pipeline/links/file_reader.hpp"

#include <algorithm>
#include <functional>

#include <weir/ext/chunked.h>
#include <weir/ext/pushdown.h>

#include "pipeline/links/chunk_position.hpp"
#include "pipeline/links/format_input.hpp"
#include "pipeline/links/one_item.hpp"
#include "pipeline/links/replay.hpp"
#include "pipeline/links/surest.hpp"

namespace weir::pipeline {
namespace {

constexpr std::size_t kSniffBytes = 4096;
constexpr std::size_t kChunkBytes = 1U << 20U;
constexpr std::size_t kMaxRecordBytes = 1U << 30U;  // offsets in a chunk are 32 bits wide

// Opens the bytes of an object anew; null: they come once.
using Reopen = std::function<base::Result<std::unique_ptr<ByteStream>>()>;

class ComposedReader final : public FileReader {
 public:
  ComposedReader(std::shared_ptr<const FileReading> reading, std::shared_ptr<const Component> format, std::string shown,
                 std::unique_ptr<ByteStream> stream, Reopen reopen, Keeping keeping)
      : reading_(std::move(reading)),
        format_(std::move(format)),
        shown_(std::move(shown)),
        verification_(std::move(keeping.verification)),
        reached_(std::move(keeping.reached)),
        input_(std::move(stream), reopen != nullptr),
        reopen_(std::move(reopen)),
        narrowing_(std::move(keeping.narrowing)) {
    auto parts = format_->context_parts(reading_->run);
    parts.expected = {keeping.expected};
    context_ = std::make_unique<plugins::ContextOwner>(std::move(parts));
  }
  ~ComposedReader() override {
    if (opened_) format_->tell("close", [this] { table().reader->close(self_); });
  }

  base::Result<void> open(std::string_view position);
  base::Result<void> go_to(std::string_view position, OutletSetup setup) override;
  const ArrowSchema& schema() const override { return schema_.get(); }
  std::shared_ptr<const Component> format() const override { return format_; }
  bool apart() const override { return chunked_ != nullptr; }
  base::Result<Piece> read(Outlet& outlet, const Deliver& deliver) override;
  base::Result<void> parse(const Piece& piece, Outlet& outlet, const Deliver& deliver) override;
  void cancel() override {
    input_.stream().cancel();
    if (WEIR_CAN(table().reader, cancel)) format_->tell("cancel", [this] { table().reader->cancel(self_); });
  }

 private:
  const weir_format& table() const { return format_->table<weir_format>(); }
  bool tells_position() const { return WEIR_CAN(table().reader, position); }
  weir_status open_format(weir_bytes position, const SchemaSink& sink, weir_error* error);
  base::Result<bool> read_once(Outlet& outlet, const Deliver& deliver);
  base::Result<std::string> position();
  base::Result<void> go_to_chunk(std::string_view position);
  base::Error file_error(base::Error error, const Provenance* from, std::int64_t offset);
  base::Result<Piece> read_rows(Outlet& outlet, const Deliver& deliver);
  base::Result<Piece> cut_chunk();
  base::Result<void> begin_chunks();
  using Bytes = std::shared_ptr<std::vector<std::uint8_t>>;
  base::Result<std::size_t> scan(const Bytes& chunk, std::size_t from, std::size_t count, std::size_t cut);
  base::Error at_record(base::Error error, const Bytes& chunk, std::size_t cut);
  base::Result<void> finish_chunks(const Provenance& last);

  std::shared_ptr<const FileReading> reading_;
  std::shared_ptr<const Component> format_;
  std::string shown_;
  std::shared_ptr<Verification> verification_;
  std::shared_ptr<const std::atomic<std::uint64_t>> reached_;
  FormatInput input_;
  Reopen reopen_;
  std::shared_ptr<const Narrowing> narrowing_;
  std::unique_ptr<plugins::ContextOwner> context_;
  weir::Schema schema_;
  void* self_ = nullptr;
  bool opened_ = false;
  std::shared_ptr<const Provenance> rows_from_;  // of rows that come without chunks
  Replay replay_;                                // of a format that has neither chunks nor positions
  const weir_chunked* chunked_ = nullptr;
  std::vector<std::uint8_t> carry_;  // scanned, but its record has not ended; or not scanned yet (unscanned_)
  std::size_t unscanned_ = 0;        // bytes at the end of carry_ that boundary() has not seen
  std::uint64_t scan_state_[4] = {};
  StretchStart next_;  // of the next chunk
  bool ended_ = false;
};

base::Error ComposedReader::file_error(base::Error error, const Provenance* from, std::int64_t offset) {
  if (auto failure = input_.take_failure()) return std::move(*failure);
  if (error.place.known()) return error;
  if (from != nullptr && offset >= 0) error.place = from->place(offset);
  error.place.file = shown_;
  return error;
}

weir_status ComposedReader::open_format(weir_bytes position, const SchemaSink& sink, weir_error* error) {
  if (narrowing_ == nullptr) return table().open_reader(context_->get(), &input_, position, &sink, &self_, error);
  return pushdown_of(*format_)->open_reader(context_->get(), &input_, position, &narrowing_->wanted(), &sink, &self_,
                                            error);
}

base::Result<void> ComposedReader::open(std::string_view position) {
  chunked_ = static_cast<const weir_chunked*>(format_->extension(WEIR_CHUNKED));
  const weir_bytes at = lend(chunked_ == nullptr && tells_position() ? position : std::string_view());
  SchemaSink sink;
  plugins::CallOutcome outcome =
      format_->once("open_reader", [&](weir_error* error) { return open_format(at, sink, error); });
  if (!outcome.ok()) {
    const std::int64_t offset = outcome.failed.offset - static_cast<std::int64_t>(input_.dropped().bytes);
    const auto head = input_.dropped().of(shown_, std::make_shared<std::vector<std::uint8_t>>(input_.take_kept()));
    return base::unexpected(file_error(format_->located(std::move(outcome.failed)), head.get(), offset));
  }
  opened_ = true;
  if (sink.schemas.size() != 1) {
    return base::unexpected(
        plugins::misbehaviour({format_->plugin, format_->link, "open_reader"}, "plugin.bad_schema",
                              "expected one schema of rows, found " + std::to_string(sink.schemas.size())));
  }
  schema_ = std::move(sink.schemas.front());
  if (chunked_ != nullptr) {
    WEIR_TRY(begin_chunks());
    return position.empty() ? base::Result<void>() : go_to_chunk(position);
  }
  input_.keep(false);
  rows_from_ = std::make_shared<Provenance>(Provenance{shown_, "", 0, 0, nullptr});
  return {};
}

base::Result<void> ComposedReader::go_to(std::string_view position, OutletSetup setup) {
  if (chunked_ != nullptr || tells_position() || position.empty()) return {};
  return replay_.go_to(position, std::move(setup), shown_,
                       [this](Outlet& outlet, const Deliver& deliver) { return read_once(outlet, deliver); });
}

base::Result<void> ComposedReader::begin_chunks() {
  std::uint64_t start = 0;
  auto called = format_->call("start", [&](weir_error* error) { return chunked_->start(self_, &start, error); });
  if (!called) return base::unexpected(file_error(std::move(called).error(), nullptr, -1));
  input_.keep(false);
  if (start < input_.dropped().bytes) {
    WEIR_TRY_ASSIGN(auto stream, reopen_());
    input_.begin_again(std::move(stream));
  }
  next_ = input_.dropped();
  carry_ = input_.take_kept();
  ended_ = input_.ended();
  while (next_.bytes + carry_.size() < start && !ended_) {
    next_.pass(carry_);
    carry_.resize(kSniffBytes);
    WEIR_TRY_ASSIGN(const std::size_t got, input_.stream().read(carry_, &ended_));
    carry_.resize(got);
  }
  const std::size_t skipped = std::min<std::size_t>(start - std::min(start, next_.bytes), carry_.size());
  next_.pass({carry_.data(), skipped});
  carry_.erase(carry_.begin(), carry_.begin() + static_cast<std::ptrdiff_t>(skipped));
  unscanned_ = carry_.size();
  return {};
}

// After begin_chunks(): drops what is before the position, by seeking where the bytes allow it.
base::Result<void> ComposedReader::go_to_chunk(std::string_view text) {
  const auto position = ChunkPosition::parse(text);
  const auto changed = [&] {
    return base::unexpected(
        changed_since(shown_, "to go on at position '" + std::string(text) + "'", "no such place in it"));
  };
  if (!position || position->start.bytes < next_.bytes) return changed();
  std::uint64_t ahead = position->start.bytes - next_.bytes;
  if (ahead > carry_.size() && input_.stream().seek(position->start.bytes)) {
    carry_.clear();
    ahead = 0;
    ended_ = false;
  }
  for (;;) {
    const auto dropped = static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(ahead, carry_.size()));
    carry_.erase(carry_.begin(), carry_.begin() + dropped);
    ahead -= static_cast<std::uint64_t>(dropped);
    if (ahead == 0 && carry_.size() >= position->scanned) break;
    if (ended_) return changed();
    const std::size_t kept = carry_.size();
    carry_.resize(std::max<std::size_t>(kept + kChunkBytes, position->scanned));
    WEIR_TRY_ASSIGN(const std::size_t got, input_.stream().read(std::span(carry_).subspan(kept), &ended_));
    carry_.resize(kept + got);
  }
  next_ = position->start;
  unscanned_ = carry_.size() - position->scanned;
  std::copy(std::begin(position->state), std::end(position->state), scan_state_);
  return {};
}

// Looks for the end of a record in `count` bytes of the chunk that come next, `from` its beginning; the record that is not
// whole yet begins at `cut`.
base::Result<std::size_t> ComposedReader::scan(const Bytes& chunk, std::size_t from, std::size_t count,
                                               std::size_t cut) {
  const auto bytes = std::span(*chunk).subspan(from, count);
  std::uint64_t end = 0;
  std::int64_t offset = -1;
  auto called = format_->call("boundary", [&](weir_error* error) {
    const weir_status status = chunked_->boundary(self_, {bytes.data(), bytes.size()}, scan_state_, &end, error);
    offset = error->offset;
    return status;
  });
  if (!called) {
    const std::size_t at = offset >= 0 ? from + static_cast<std::size_t>(offset) : cut;
    return base::unexpected(at_record(std::move(called).error(), chunk, at));
  }
  if (end > bytes.size()) {
    return base::unexpected(plugins::misbehaviour(
        {format_->plugin, format_->link, "boundary"}, "plugin.misbehaviour",
        "expected a boundary within " + std::to_string(bytes.size()) + " bytes, found " + std::to_string(end)));
  }
  return static_cast<std::size_t>(end);
}

// An error with the place of the record that begins at `cut`, whose end was looked for.
base::Error ComposedReader::at_record(base::Error error, const Bytes& chunk, std::size_t cut) {
  return file_error(std::move(error), next_.of(shown_, chunk).get(), static_cast<std::int64_t>(cut));
}

// Cuts the next chunk behind the last record that ends in about kChunkBytes; a longer record makes a longer chunk.
base::Result<Piece> ComposedReader::cut_chunk() {
  auto chunk = std::make_shared<std::vector<std::uint8_t>>(std::move(carry_));
  carry_.clear();
  std::size_t cut = 0, scanned = chunk->size() - unscanned_;
  for (;;) {
    const std::size_t window = std::min(chunk->size(), std::max(scanned, kChunkBytes));
    if (window > scanned) {
      WEIR_TRY_ASSIGN(const std::size_t end, scan(chunk, scanned, window - scanned, cut));
      if (end > 0) cut = scanned + end;
      scanned = window;
    }
    if (cut > 0 && (scanned >= kChunkBytes || (ended_ && scanned == chunk->size()))) break;
    if (scanned == chunk->size() && ended_) break;
    if (scanned < chunk->size()) {  // nothing ended in the window: look further
      WEIR_TRY_ASSIGN(const std::size_t end, scan(chunk, scanned, chunk->size() - scanned, cut));
      if (end > 0) cut = scanned + end;
      scanned = chunk->size();
      continue;
    }
    if (chunk->size() >= kMaxRecordBytes) {
      return base::unexpected(
          at_record(base::make_error(base::Status::out_of_range, base::Fault::data, "data.record_too_long",
                                     "expected a record of at most 1 GiB, found a longer one"),
                    chunk, cut));
    }
    const std::size_t before = chunk->size();
    chunk->resize(std::max(before + kChunkBytes / 4, kChunkBytes));
    auto got = input_.stream().fill(std::span(*chunk).subspan(before), &ended_);
    if (!got) return base::unexpected(std::move(got).error());
    chunk->resize(before + *got);
  }
  if (ended_ && scanned == chunk->size()) cut = chunk->size();  // what is left is the last record, ended or not
  carry_.assign(chunk->begin() + static_cast<std::ptrdiff_t>(cut), chunk->end());
  unscanned_ = chunk->size() - scanned;
  chunk->resize(cut);
  Piece piece;
  piece.got = piece.to_parse = cut > 0;
  piece.last = ended_ && carry_.empty();
  piece.from = next_.of(shown_, chunk);
  next_.pass(*chunk);
  if (!piece.last) {
    ChunkPosition position{next_, carry_.size() - unscanned_, {}};
    std::copy(std::begin(scan_state_), std::end(scan_state_), position.state);
    piece.position = position.text();
  }
  if (piece.last && !piece.to_parse) WEIR_TRY(finish_chunks(*piece.from));
  return piece;
}

// Whether the input may end where it does; told with the place of its end. What its chunks say comes first.
base::Result<void> ComposedReader::finish_chunks(const Provenance& last) {
  if (!WEIR_CAN(chunked_, finish)) return {};
  auto called = format_->call("finish", [&](weir_error* error) { return chunked_->finish(self_, scan_state_, error); });
  if (called) return {};
  return base::unexpected(file_error(std::move(called).error(), &last, static_cast<std::int64_t>(last.text->size())));
}

base::Result<Piece> ComposedReader::read(Outlet& outlet, const Deliver& deliver) {
  WEIR_TRY_ASSIGN(Piece piece, chunked_ != nullptr ? cut_chunk() : read_rows(outlet, deliver));
  piece.reached = *reached_;
  if (piece.last && verification_ != nullptr) WEIR_TRY(verification_->settle());
  return piece;
}

base::Result<Piece> ComposedReader::read_rows(Outlet& outlet, const Deliver& deliver) {
  const std::uint64_t rows = outlet.account().rows_out, rejects = outlet.account().rejected.total();
  Piece piece;
  WEIR_TRY_ASSIGN(piece.last, read_once(outlet, deliver));
  piece.from = rows_from_;
  piece.got = true;
  if (piece.last) return piece;
  replay_.passed(outlet.account().rows_out - rows, outlet.account().rejected.total() - rejects);
  WEIR_TRY_ASSIGN(piece.position, position());
  return piece;
}

base::Result<std::string> ComposedReader::position() {
  if (!tells_position()) return replay_.position();
  ByteSink sink;
  WEIR_TRY(format_->call("position", [&](weir_error* error) {
    sink.items.clear();
    return table().reader->position(self_, &sink, error);
  }));
  return one_item(*format_, "position", std::move(sink.items));
}

base::Result<bool> ComposedReader::read_once(Outlet& outlet, const Deliver& deliver) {
  std::int32_t outcome = WEIR_READ_MORE;
  outlet.begin(rows_from_, &deliver);
  auto called = format_->call(
      {"read", cancel_of(*table().reader, self_)},
      [&](weir_error* error) { return table().reader->read(self_, INT64_MAX, &outlet, &outcome, error); },
      [&outlet] { return !outlet.used(); });
  if (auto failure = outlet.end()) return base::unexpected(std::move(*failure));
  if (!called) return base::unexpected(file_error(std::move(called).error(), nullptr, -1));
  return format_->ended(outcome);
}

base::Result<void> ComposedReader::parse(const Piece& piece, Outlet& outlet, const Deliver& deliver) {
  outlet.begin(piece.from, &deliver);
  plugins::CallOutcome outcome = format_->once({"parse", cancel_of(*table().reader, self_)}, [&](weir_error* error) {
    return chunked_->parse(self_, {piece.from->text->data(), piece.from->text->size()}, &outlet, error);
  });
  if (auto failure = outlet.end()) return base::unexpected(std::move(*failure));
  if (outcome.ok()) return piece.last ? finish_chunks(*piece.from) : base::Result<void>();
  const std::int64_t offset = outcome.failed.offset;
  base::Error error = format_->located(std::move(outcome.failed));
  if (!error.place.known()) {
    error.place = piece.from->place(offset);
    error.place.file = shown_;
  }
  return base::unexpected(std::move(error));
}

base::Error no_format(const FileReading& reading, const std::string& shown) {
  base::Error error = base::manifest_error("manifest.no_format",
                                           reading.storage->name + ": expected a format for '" + shown +
                                               "', and no installed one recognises it",
                                           reading.storage->place ? reading.storage->place("/path", -1) : base::Place{})
                          .with_hint("say which it is: format: csv");
  error.link = reading.storage->link;
  return error;
}

}  // namespace

bool can_narrow(const Component& format) {
  const weir_pushdown* const pushdown = pushdown_of(format);
  return pushdown != nullptr && WEIR_CAN(pushdown, open_reader);
}

base::Result<std::unique_ptr<FileReader>> FileReader::open(const std::shared_ptr<const FileReading>& reading,
                                                           void* storage_self, const std::string& name,
                                                           const std::string& version, Keeping keeping,
                                                           std::atomic<std::uint64_t>* counter,
                                                           std::string_view position) {
  const std::string shown = shown_name(name);
  const auto reached = std::make_shared<std::atomic<std::uint64_t>>(0);
  keeping.reached = reached;
  const auto open_bytes = [=, verification = keeping.verification]() -> base::Result<std::unique_ptr<ByteStream>> {
    WEIR_TRY_ASSIGN(auto bytes, open_object(reading->storage, storage_self, name, version, shown, counter));
    bytes = tracked(std::move(bytes), reached);
    return verification == nullptr ? std::move(bytes) : verification->watch(std::move(bytes));
  };
  WEIR_TRY_ASSIGN(auto stream, open_bytes());
  const bool comes_again = stream->can_seek();
  std::vector<std::uint8_t> head(kSniffBytes);
  bool ended = false;
  WEIR_TRY_ASSIGN(std::size_t got, stream->fill(head, &ended));
  head.resize(got);
  std::string inner_name = name;
  const auto codec = reading->codec_named ? reading->codecs.front() : surest<weir_codec>(reading->codecs, name, head);
  stream = put_back(std::move(head), ended, std::move(stream));
  if (codec != nullptr) {
    WEIR_TRY_ASSIGN(stream, expand(codec, reading->run, std::move(stream), shown, reading->expansion));
    inner_name = name_within(codec, name);
  }
  head.assign(kSniffBytes, 0);
  WEIR_TRY_ASSIGN(got, stream->fill(head, &ended));
  head.resize(got);
  stream = put_back(head, ended, std::move(stream));
  std::shared_ptr<const Component> format =
      reading->format_named ? reading->formats.front() : surest<weir_format>(reading->formats, inner_name, head);
  if (format == nullptr) return base::unexpected(no_format(*reading, shown));
  WEIR_TRY_ASSIGN(stream, decode(format, reading->run, head, std::move(stream), shown));
  const auto& table = format->table<weir_format>();
  if (!WEIR_CAN(&table, open_reader) || !WEIR_CAN(&table, reader)) {
    return base::unexpected(base::manifest_error("manifest.cannot_read",
                                                 "format '" + format->name + "' can't read, only write",
                                                 format->place ? format->place("", -1) : base::Place{}));
  }
  Reopen reopen;
  if (comes_again) {
    reopen = [=]() -> base::Result<std::unique_ptr<ByteStream>> {
      WEIR_TRY_ASSIGN(auto again, open_bytes());
      if (codec == nullptr) return again;
      return expand(codec, reading->run, std::move(again), shown, reading->expansion);
    };
  }
  auto reader = std::make_unique<ComposedReader>(reading, std::move(format), shown, std::move(stream),
                                                 std::move(reopen), std::move(keeping));
  WEIR_TRY(reader->open(position));
  return std::unique_ptr<FileReader>(std::move(reader));
}

}  // namespace weir::pipeline
