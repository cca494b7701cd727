#include "pipeline/links/verification.hpp"

#include <algorithm>

#include "security/checksum.hpp"

namespace weir::pipeline {
namespace {

constexpr std::size_t kReadBytes = 256U << 10U;

std::string upper(std::string algorithm) {
  if (algorithm.starts_with("sha")) return "SHA-" + algorithm.substr(3);
  std::transform(algorithm.begin(), algorithm.end(), algorithm.begin(), [](char letter) {
    return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
  });
  return algorithm;
}

}  // namespace

class Verification::Watched final : public ByteStream {
 public:
  Watched(std::shared_ptr<Verification> owner, std::unique_ptr<ByteStream> inner)
      : owner_(std::move(owner)), inner_(std::move(inner)) {
    for (const auto& one : owner_->expected_) digests_.emplace_back(one.algorithm);
    owner_->watched_ = this;
  }
  ~Watched() override {
    if (owner_->watched_ == this) owner_->watched_ = nullptr;
  }

  base::Result<std::size_t> read(std::span<std::uint8_t> buffer, bool* end) override {
    *end = ended_;
    if (ended_) return std::size_t{0};
    WEIR_TRY_ASSIGN(const std::size_t got, inner_->read(buffer, end));
    for (auto& digest : digests_) digest.add(buffer.first(got));
    if (!*end) return got;
    std::vector<std::string> found;
    for (auto& digest : digests_) found.push_back(digest.end());
    WEIR_TRY(owner_->compare(found));
    ended_ = true;
    return got;
  }
  bool can_seek() const override { return inner_->can_seek(); }
  base::Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> buffer) override {
    return inner_->read_at(offset, buffer);
  }
  std::int64_t length() const override { return inner_->length(); }
  void cancel() override { inner_->cancel(); }

  // Reads what nobody read.
  base::Result<void> drain() {
    std::vector<std::uint8_t> buffer(ended_ ? 0 : kReadBytes);
    for (bool end = ended_; !end;) {
      if (owner_->told_to_stop()) return base::unexpected(cancelled());
      WEIR_TRY(read(buffer, &end));
    }
    return {};
  }

 private:
  static base::Error cancelled() {
    return base::make_error(base::Status::cancelled, base::Fault::host, "run.interrupted",
                            "the run was stopped before its end");
  }
  std::shared_ptr<Verification> owner_;
  std::unique_ptr<ByteStream> inner_;
  std::vector<security::Checksum> digests_;
  bool ended_ = false;
};

Verification::~Verification() {
  if (!expected_.empty() && !verified_)
    tell(observe::Level::debug, "pipeline.not_verified", "its checksum was not looked at: it was not read to its end");
}

std::unique_ptr<ByteStream> Verification::watch(std::unique_ptr<ByteStream> stream) {
  if (expected_.empty()) return stream;
  return std::make_unique<Watched>(shared_from_this(), std::move(stream));
}

bool Verification::told_to_stop() const {
  const auto* const host = object_.storage->host->get();
  return host->cancelled(host) != 0;
}

base::Result<void> Verification::read_first() {
  if (expected_.empty()) return {};
  const std::string shown = shown_name(object_.planned.name);
  if (object_.planned.bytes < 0 && object_.planned.version.empty()) {
    return base::unexpected(base::make_error(base::Status::failed_precondition, base::Fault::source,
                                             "source.comes_once",
                                             "expected for verify: first what can be read twice, found what comes once")
                                .with_hint("verify: last reads it once, and checks it at its end")
                                .with_place({shown, 0, 0, 0, ""}));
  }
  std::atomic<std::uint64_t> uncounted{0};
  WEIR_TRY_ASSIGN(auto stream, open_object(object_.storage, object_.storage_self, object_.planned.name,
                                           object_.planned.version, shown, &uncounted));
  Watched all(shared_from_this(), std::move(stream));
  return all.drain();
}

base::Result<void> Verification::settle() {
  if (watched_ != nullptr) WEIR_TRY(watched_->drain());
  return check_unchanged();
}

base::Result<void> Verification::compare(const std::vector<std::string>& digests) {
  const std::string shown = shown_name(object_.planned.name);
  for (std::size_t i = 0; i < expected_.size(); ++i) {
    const auto& [algorithm, digest, from] = expected_[i];
    if (digests[i] == digest) continue;
    if (digests[i].empty()) {
      return base::unexpected(
          base::make_error(base::Status::failed_precondition, base::Fault::host, "host.digest",
                           "expected OpenSSL to provide " + upper(algorithm) + ", found that it does not"));
    }
    return base::unexpected(
        base::make_error(base::Status::data_loss, base::Fault::source, "source.checksum",
                         "expected the " + upper(algorithm) + " " + digest + " of " + from + ", found " + digests[i])
            .with_hint("the file or its checksum is damaged or of another day: fetch both again; verify: off reads it "
                       "as it is")
            .with_place({shown, 0, 0, 0, ""}));
  }
  if (!verified_)
    tell(observe::Level::info, "pipeline.verified",
         upper(expected_.front().algorithm) + " as in " + expected_.front().from);
  verified_ = true;
  return {};
}

base::Error Verification::changed(const std::string& found) const {
  return base::make_error(base::Status::failed_precondition, base::Fault::source, "source.changed",
                          "expected it to stay as it was when it was planned, found " + found)
      .with_hint(
          "run again when nothing writes to it; verify: off reads what only grows, such as a log, as far as it went")
      .with_place({shown_name(object_.planned.name), 0, 0, 0, ""});
}

// What has no version (pipes) has its size and time; where they are not known either, it can't be told.
base::Result<void> Verification::check_unchanged() const {
  const StoredObject& planned = object_.planned;
  if (planned.version.empty() && planned.bytes < 0) return {};
  const auto& table = object_.storage->table<weir_storage>();
  if (!WEIR_CAN(&table, stat)) return {};
  WEIR_TRY_ASSIGN(const auto now, find_object(*object_.storage, object_.storage_self, planned.name));
  if (!now) return base::unexpected(changed("that it is gone"));
  if (planned.bytes >= 0 && now->bytes >= 0 && planned.bytes != now->bytes) {
    return base::unexpected(
        changed(std::to_string(now->bytes) + " bytes in place of " + std::to_string(planned.bytes)));
  }
  if (planned.modified_ns != 0 && now->modified_ns != 0 && planned.modified_ns != now->modified_ns)
    return base::unexpected(changed("that it was written since"));
  if (!planned.version.empty() && !now->version.empty() && planned.version != now->version)
    return base::unexpected(changed("another in its place"));
  return {};
}

void Verification::tell(observe::Level level, const char* event, const std::string& text) const {
  if (log_ == nullptr || !log_->enabled(level)) return;
  observe::LogRecord record;
  record.level = level;
  record.event = event;
  record.message = shown_name(object_.planned.name) + ": " + text;
  record.link = object_.storage->link;
  log_->write(record);
}

}  // namespace weir::pipeline
