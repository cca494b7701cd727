#include "pipeline/links/standing.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include <weir/ext/draft/append.h>

namespace weir::pipeline {
namespace {

constexpr std::size_t kHeadBytes = 1U << 20U;
constexpr std::size_t kTailBytes = 64;
constexpr std::size_t kCopyBytes = 256U << 10U;

// Gives on the bytes that are read through it.
class CopiedStream final : public ByteStream {
 public:
  CopiedStream(std::unique_ptr<ByteStream> inner, const PutStored& put) : inner_(std::move(inner)), put_(put) {}

  base::Result<std::size_t> read(std::span<std::uint8_t> buffer, bool* end) override {
    WEIR_TRY_ASSIGN(const std::size_t got, inner_->read(buffer, end));
    if (got > 0) WEIR_TRY(put_({buffer.data(), got}));
    return got;
  }
  void cancel() override { inner_->cancel(); }

 private:
  std::unique_ptr<ByteStream> inner_;
  const PutStored& put_;
};

// What the storage says of the object; none: there is none.
base::Result<std::optional<StoredObject>> look_up(const StandingSetup& setup, const std::string& name) {
  const Component& storage = *setup.writing.storage;
  ObjectSink found;
  auto called = storage.call("stat", [&](weir_error* error) {
    found.objects.clear();
    return storage.table<weir_storage>().stat(setup.storage_self, {name.data(), name.size()}, &found, error);
  });
  if (!called && called.error().status == base::Status::not_found) return std::optional<StoredObject>();
  if (!called) return base::unexpected(std::move(called).error());
  if (found.objects.empty()) return std::optional<StoredObject>();
  StoredObject& object = found.objects.front();
  if (object.bytes >= 0) return std::optional(std::move(object));
  return base::unexpected(
      base::manifest_error(
          "manifest.append",
          storage.name + ": expected a file to append to, found '" + shown_name(name) + "', which can't be read again",
          setup.writing.append_place)
          .with_hint("leave append: out; what goes to a pipe or a terminal goes behind what is there anyway"));
}

std::string version_of(const StoredObject& object) {
  if (!object.version.empty()) return object.version;
  return std::to_string(object.bytes) + "-" + std::to_string(object.modified_ns);
}

base::Result<std::unique_ptr<ByteStream>> open_standing(const StandingSetup& setup, const StoredObject& object,
                                                        const PutStored* put) {
  const std::string shown = shown_name(object.name);
  static std::atomic<std::uint64_t> uncounted{0};
  WEIR_TRY_ASSIGN(auto stream, open_object(setup.writing.storage, setup.storage_self, object.name, object.version,
                                           shown, &uncounted));
  if (put != nullptr) stream = std::make_unique<CopiedStream>(std::move(stream), *put);
  if (setup.writing.codec == nullptr) return stream;
  const ExpansionLimit none{std::numeric_limits<std::uint64_t>::max(), {}};  // nothing of it is kept
  return expand(setup.writing.codec, setup.run, std::move(stream), shown, none);
}

base::Result<void> check_head(const StandingSetup& setup, const StoredObject& object, const ArrowSchema& input) {
  const Component& format = *setup.writing.format;
  const auto* const append = static_cast<const weir_append*>(format.extension(WEIR_APPEND));
  WEIR_TRY_ASSIGN(const auto stream, open_standing(setup, object, nullptr));
  std::vector<std::uint8_t> head(kHeadBytes);
  bool ended = false;
  WEIR_TRY_ASSIGN(const std::size_t got, stream->fill(head, &ended));
  if (got == 0) return {};
  auto called = format.call(
      "fits", [&](weir_error* error) { return append->fits(setup.format_context, &input, {head.data(), got}, error); });
  if (called) return {};
  base::Error error = std::move(called).error();
  if (!error.place.known()) error.place = {shown_name(object.name), 1, 0, 0, ""};
  return base::unexpected(std::move(error));
}

// The last bytes that were seen.
class Tail {
 public:
  void pass(std::span<const std::uint8_t> bytes) {
    if (bytes.size() > kTailBytes) bytes = bytes.last(kTailBytes);
    kept_.insert(kept_.end(), bytes.begin(), bytes.end());
    if (kept_.size() > kTailBytes) kept_.erase(kept_.begin(), kept_.end() - kTailBytes);
  }
  weir_bytes bytes() const { return {kept_.data(), kept_.size()}; }

 private:
  std::vector<std::uint8_t> kept_;
};

}  // namespace

base::Result<void> check_standing(const StandingSetup& setup, const std::string& name, const ArrowSchema& input) {
  WEIR_TRY_ASSIGN(const auto object, look_up(setup, name));
  if (!object || object->bytes == 0) return {};
  return check_head(setup, *object, input);
}

base::Result<Standing> copy_standing(const StandingSetup& setup, const std::string& name, const ArrowSchema& input,
                                     const PutStored& put) {
  Standing standing;
  WEIR_TRY_ASSIGN(const auto object, look_up(setup, name));
  if (!object) return standing;
  standing.version = version_of(*object);
  if (object->bytes == 0) return standing;
  WEIR_TRY(check_head(setup, *object, input));
  WEIR_TRY_ASSIGN(const auto stream, open_standing(setup, *object, &put));
  std::vector<std::uint8_t> buffer(kCopyBytes);
  Tail tail;
  const weir_host* const host = setup.writing.storage->host->get();
  for (bool ended = false; !ended;) {
    WEIR_TRY_ASSIGN(const std::size_t got, stream->read(buffer, &ended));
    tail.pass({buffer.data(), got});
    standing.bytes += got;
    if (host->cancelled(host) != 0) {
      return base::unexpected(base::make_error(base::Status::cancelled, base::Fault::host, "run.interrupted",
                                               "the run was stopped before its end"));
    }
  }
  if (standing.bytes == 0) return standing;
  const Component& format = *setup.writing.format;
  const auto* const append = static_cast<const weir_append*>(format.extension(WEIR_APPEND));
  ByteSink between;
  WEIR_TRY(format.call("between", [&](weir_error* error) {
    between.items.clear();
    return append->between(setup.format_context, tail.bytes(), &between, error);
  }));
  for (const auto& item : between.items) standing.between += item;
  return standing;
}

base::Result<void> check_unchanged(const StandingSetup& setup, const std::string& name, const Standing& before) {
  WEIR_TRY_ASSIGN(const auto object, look_up(setup, name));
  if ((object ? version_of(*object) : std::string()) == before.version) return {};
  return base::unexpected(base::make_error(base::Status::failed_precondition, base::Fault::destination, "load.changed",
                                           "expected '" + shown_name(name) +
                                               "' as it was when the run began, found that another wrote to it")
                              .with_hint("run again when nothing else writes there"));
}

}  // namespace weir::pipeline
