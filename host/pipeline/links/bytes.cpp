#include "pipeline/links/bytes.hpp"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <limits>
#include <optional>

#include <weir/ext/decoder.h>

#include "base/units.hpp"

namespace weir::pipeline {
namespace {

constexpr std::size_t kCodecInputBytes = 128U << 10U;
constexpr std::int64_t kNoDeadline = std::numeric_limits<std::int64_t>::max();

base::Error about_file(base::Error error, const std::string& shown) {
  if (!error.place.known()) error.place.file = shown;
  return error;
}

class ObjectStream final : public ByteStream {
 public:
  ObjectStream(std::shared_ptr<const Component> storage, const weir_input* input, std::string shown,
               std::atomic<std::uint64_t>* counter)
      : storage_(std::move(storage)), input_(input), shown_(std::move(shown)), counter_(counter) {}
  ~ObjectStream() override {
    storage_->tell("close", [this] { input_->close(input_); });
  }

  base::Result<std::size_t> read(std::span<std::uint8_t> buffer, bool* end) override {
    if (at_) return read_on(buffer, end);
    std::uint64_t got = 0;
    std::int32_t outcome = WEIR_READ_MORE;
    auto called = storage_->call({"read", cancel_of(*input_, input_), length() < 0}, [&](weir_error* error) {
      return input_->read(input_, kNoDeadline, buffer.data(), buffer.size(), &got, &outcome, error);
    });
    if (!called) return base::unexpected(about_file(std::move(called).error(), shown_));
    if (got > buffer.size()) {
      return base::unexpected(plugins::misbehaviour(
          {storage_->plugin, storage_->link, "read"}, "plugin.misbehaviour",
          "expected at most " + std::to_string(buffer.size()) + " bytes, found " + std::to_string(got)));
    }
    *end = outcome == WEIR_READ_END;
    counter_->fetch_add(got, std::memory_order_relaxed);
    return static_cast<std::size_t>(got);
  }

  bool can_seek() const override { return WEIR_CAN(input_, read_at); }
  std::int64_t length() const override { return input_->length; }
  bool seek(std::uint64_t offset) override {
    if (can_seek()) at_ = offset;
    return can_seek();
  }

  base::Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> buffer) override {
    std::uint64_t got = 0;
    auto called = storage_->call({"read_at", cancel_of(*input_, input_)}, [&](weir_error* error) {
      return input_->read_at(input_, offset, buffer.data(), buffer.size(), &got, error);
    });
    if (!called) return base::unexpected(about_file(std::move(called).error(), shown_));
    return static_cast<std::size_t>(std::min<std::uint64_t>(got, buffer.size()));
  }

  void cancel() override {
    if (WEIR_CAN(input_, cancel)) storage_->tell("cancel", [this] { input_->cancel(input_); });
  }

 private:
  base::Result<std::size_t> read_on(std::span<std::uint8_t> buffer, bool* end) {
    WEIR_TRY_ASSIGN(const std::size_t got, read_at(*at_, buffer));
    *at_ += got;
    *end = got == 0 && !buffer.empty();
    counter_->fetch_add(got, std::memory_order_relaxed);
    return got;
  }

  std::shared_ptr<const Component> storage_;
  const weir_input* input_;
  std::string shown_;
  std::atomic<std::uint64_t>* counter_;
  std::optional<std::uint64_t> at_;  // where it goes on after seek()
};

class TrackedStream final : public ByteStream {
 public:
  TrackedStream(std::unique_ptr<ByteStream> inner, std::shared_ptr<std::atomic<std::uint64_t>> reached)
      : inner_(std::move(inner)), reached_(std::move(reached)) {
    reached_->store(0, std::memory_order_relaxed);
  }

  base::Result<std::size_t> read(std::span<std::uint8_t> buffer, bool* end) override {
    WEIR_TRY_ASSIGN(const std::size_t got, inner_->read(buffer, end));
    at_ += got;
    pass(at_);
    return got;
  }
  bool can_seek() const override { return inner_->can_seek(); }
  base::Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> buffer) override {
    WEIR_TRY_ASSIGN(const std::size_t got, inner_->read_at(offset, buffer));
    pass(offset + got);
    return got;
  }
  std::int64_t length() const override { return inner_->length(); }
  bool seek(std::uint64_t offset) override {
    if (!inner_->seek(offset)) return false;
    at_ = offset;
    return true;
  }
  void cancel() override { inner_->cancel(); }

 private:
  void pass(std::uint64_t offset) {
    std::uint64_t known = reached_->load(std::memory_order_relaxed);
    while (known < offset && !reached_->compare_exchange_weak(known, offset, std::memory_order_relaxed)) {
    }
  }

  std::unique_ptr<ByteStream> inner_;
  std::shared_ptr<std::atomic<std::uint64_t>> reached_;
  std::uint64_t at_ = 0;
};

class ExpandedStream final : public ByteStream {
 public:
  // `table`: the codec's, or that of a format's decoder.
  ExpandedStream(std::shared_ptr<const Component> codec, const weir_codec& table, const RunIdentity& run,
                 std::unique_ptr<ByteStream> inner, std::string shown, ExpansionLimit limit)
      : codec_(std::move(codec)),
        table_(table),
        context_(codec_->context_parts(run)),
        inner_(std::move(inner)),
        shown_(std::move(shown)),
        limit_(std::move(limit)),
        in_(kCodecInputBytes) {}
  ~ExpandedStream() override {
    if (made_) codec_->tell("destroy", [this] { table_.destroy(self_); });
  }

  base::Result<void> create() {
    WEIR_TRY(
        codec_->call("create", [&](weir_error* error) { return table_.create(context_.get(), 0, &self_, error); }));
    made_ = true;
    return {};
  }

  base::Result<std::size_t> read(std::span<std::uint8_t> buffer, bool* end) override {
    *end = false;
    if (ended_) {
      *end = true;
      return std::size_t{0};
    }
    std::size_t got = 0;
    while (got == 0 && !ended_) {
      if (begin_ == filled_ && !inner_ended_) {
        begin_ = 0;
        WEIR_TRY_ASSIGN(filled_, inner_->read(in_, &inner_ended_));
      }
      WEIR_TRY_ASSIGN(got, step(buffer));
    }
    expanded_ += got;
    if (expanded_ > limit_.bytes) return base::unexpected(too_large());
    *end = ended_;
    return got;
  }

  void cancel() override { inner_->cancel(); }

 private:
  base::Result<std::size_t> step(std::span<std::uint8_t> buffer) {
    std::uint64_t consumed = 0, produced = 0;
    std::int32_t done = 0;
    const std::size_t available = filled_ - begin_;
    auto called = codec_->call("step", [&](weir_error* error) {
      return table_.step(self_, {in_.data() + begin_, available}, inner_ended_ ? 1 : 0, buffer.data(), buffer.size(),
                         &consumed, &produced, &done, error);
    });
    if (!called) return base::unexpected(about_file(std::move(called).error(), shown_));
    if (consumed > available || produced > buffer.size()) {
      return base::unexpected(plugins::misbehaviour({codec_->plugin, codec_->link, "step"}, "plugin.misbehaviour",
                                                    "found more consumed or produced than there was"));
    }
    begin_ += static_cast<std::size_t>(consumed);
    const bool nothing_left = inner_ended_ && begin_ == filled_;
    if (done != 0 && nothing_left) ended_ = true;
    if (consumed == 0 && produced == 0 && done == 0 && nothing_left) ended_ = true;
    if (consumed == 0 && produced == 0 && !nothing_left && available > 0 && ++idle_steps_ > 2) {
      return base::unexpected(
          plugins::misbehaviour({codec_->plugin, codec_->link, "step"}, "plugin.misbehaviour",
                                "expected progress with " + std::to_string(available) + " bytes at hand, found none"));
    }
    if (consumed > 0 || produced > 0) idle_steps_ = 0;
    return static_cast<std::size_t>(produced);
  }

  base::Error too_large() const {
    base::Error error = base::make_error(base::Status::out_of_range, base::Fault::data, "data.expansion",
                                         codec_->name + ": expected at most " +
                                             base::format_binary_bytes(limit_.bytes) + " expanded, found more")
                            .with_hint("if the file can be trusted, raise max_size: of its codec");
    error.place.file = shown_;
    error.link = codec_->link;
    return error;
  }

  std::shared_ptr<const Component> codec_;
  const weir_codec& table_;
  plugins::ContextOwner context_;
  std::unique_ptr<ByteStream> inner_;
  std::string shown_;
  ExpansionLimit limit_;
  std::vector<std::uint8_t> in_;
  std::size_t begin_ = 0, filled_ = 0;
  std::uint64_t expanded_ = 0;
  int idle_steps_ = 0;
  bool inner_ended_ = false, ended_ = false, made_ = false;
  void* self_ = nullptr;
};

class PutBackStream final : public ByteStream {
 public:
  PutBackStream(std::vector<std::uint8_t> head, bool ended, std::unique_ptr<ByteStream> inner)
      : head_(std::move(head)), ended_(ended), inner_(std::move(inner)) {}

  base::Result<std::size_t> read(std::span<std::uint8_t> buffer, bool* end) override {
    if (begin_ == head_.size()) {
      *end = ended_;
      if (ended_) return std::size_t{0};
      return inner_->read(buffer, end);
    }
    const std::size_t count = std::min(buffer.size(), head_.size() - begin_);
    std::memcpy(buffer.data(), head_.data() + begin_, count);
    begin_ += count;
    *end = ended_ && begin_ == head_.size();
    return count;
  }
  bool can_seek() const override { return inner_->can_seek(); }
  base::Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> buffer) override {
    return inner_->read_at(offset, buffer);
  }
  std::int64_t length() const override { return inner_->length(); }
  bool seek(std::uint64_t offset) override {
    if (!inner_->seek(offset)) return false;
    begin_ = head_.size();
    ended_ = false;
    return true;
  }
  void cancel() override { inner_->cancel(); }

 private:
  std::vector<std::uint8_t> head_;
  std::size_t begin_ = 0;
  bool ended_;
  std::unique_ptr<ByteStream> inner_;
};

}  // namespace

base::Result<std::size_t> ByteStream::read_at(std::uint64_t /*offset*/, std::span<std::uint8_t> /*buffer*/) {
  return std::size_t{0};
}

base::Result<std::size_t> ByteStream::fill(std::span<std::uint8_t> buffer, bool* end) {
  std::size_t filled = 0;
  *end = false;
  while (filled < buffer.size() && !*end) {
    WEIR_TRY_ASSIGN(const std::size_t got, read(buffer.subspan(filled), end));
    filled += got;
  }
  return filled;
}

base::Result<std::unique_ptr<ByteStream>> open_object(std::shared_ptr<const Component> storage, void* storage_self,
                                                      const std::string& name, const std::string& version,
                                                      std::string shown, std::atomic<std::uint64_t>* counter) {
  const weir_input* input = nullptr;
  auto called = storage->call("open_read", [&](weir_error* error) {
    return storage->table<weir_storage>().open_read(storage_self, {name.data(), name.size()},
                                                    {version.data(), version.size()}, &input, error);
  });
  if (!called) return base::unexpected(about_file(std::move(called).error(), shown));
  return std::unique_ptr<ByteStream>(
      std::make_unique<ObjectStream>(std::move(storage), input, std::move(shown), counter));
}

std::unique_ptr<ByteStream> tracked(std::unique_ptr<ByteStream> inner,
                                    std::shared_ptr<std::atomic<std::uint64_t>> reached) {
  return std::make_unique<TrackedStream>(std::move(inner), std::move(reached));
}

base::Result<std::unique_ptr<ByteStream>> expand(std::shared_ptr<const Component> codec, const RunIdentity& run,
                                                 std::unique_ptr<ByteStream> inner, std::string shown,
                                                 ExpansionLimit limit) {
  const auto& table = codec->table<weir_codec>();
  auto stream = std::make_unique<ExpandedStream>(std::move(codec), table, run, std::move(inner), std::move(shown),
                                                 std::move(limit));
  WEIR_TRY(stream->create());
  return std::unique_ptr<ByteStream>(std::move(stream));
}

base::Result<std::unique_ptr<ByteStream>> decode(std::shared_ptr<const Component> format, const RunIdentity& run,
                                                 std::span<const std::uint8_t> head, std::unique_ptr<ByteStream> inner,
                                                 std::string shown) {
  const auto* const decoder = static_cast<const weir_decoder*>(format->extension(WEIR_DECODER));
  if (decoder == nullptr) return inner;
  const plugins::ContextOwner context(format->context_parts(run));
  std::int32_t needed = 0;
  auto called = format->call("needed", [&](weir_error* error) {
    return decoder->needed(context.get(), {head.data(), head.size()}, &needed, error);
  });
  if (!called) return base::unexpected(about_file(std::move(called).error(), shown));
  if (needed == 0) return inner;
  const ExpansionLimit none{std::numeric_limits<std::uint64_t>::max(), {}};  // a text is as long as it is
  auto stream = std::make_unique<ExpandedStream>(std::move(format), *decoder->codec, run, std::move(inner),
                                                 std::move(shown), none);
  WEIR_TRY(stream->create());
  return std::unique_ptr<ByteStream>(std::move(stream));
}

std::unique_ptr<ByteStream> put_back(std::vector<std::uint8_t> head, bool ended, std::unique_ptr<ByteStream> inner) {
  return std::make_unique<PutBackStream>(std::move(head), ended, std::move(inner));
}

std::string shown_name(const std::string& path) {
  std::error_code problem;
  const std::string here = std::filesystem::current_path(problem).string() + "/";
  return !problem && path.starts_with(here) ? path.substr(here.size()) : path;
}

}  // namespace weir::pipeline
