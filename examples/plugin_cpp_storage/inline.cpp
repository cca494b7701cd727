// inline: a storage. Its one object stands in the manifest, and can only be read.
#include <weir/weir.hpp>

#include <algorithm>
#include <cstring>
#include <functional>

#include "weir_plugin_info.h"

namespace {

weir::Failure read_only() {
  return weir::Failure(WEIR_UNIMPLEMENTED, WEIR_FAULT_MANIFEST, "expected a storage that can be written, found inline")
      .hint("use: file writes files");
}

class Text : public weir::StoredInput {
 public:
  explicit Text(std::string text) : text_(std::move(text)) {}
  std::int64_t length() const override { return static_cast<std::int64_t>(text_.size()); }
  std::int32_t read(std::int64_t, std::span<std::uint8_t> buffer, std::uint64_t& got) override {
    got = std::min<std::uint64_t>(buffer.size(), text_.size() - at_);
    std::memcpy(buffer.data(), text_.data() + at_, got);
    at_ += got;
    return at_ == text_.size() ? WEIR_READ_END : WEIR_READ_MORE;
  }

 private:
  std::string text_;
  std::size_t at_ = 0;
};

// Threads: its functions may be called from many at once; nothing here changes after the constructor.
class Inline : public weir::Storage {
 public:
  explicit Inline(const weir::Context& context)
      : name_(context.config().text("/path")),
        text_(context.config().text("/text")),
        version_(std::to_string(std::hash<std::string>()(text_))) {}

  void list(std::string_view prefix, std::string_view after, const weir::Objects& objects) override {
    if (name_.starts_with(prefix) && name_ > after) stat(name_, objects);
  }
  void stat(std::string_view name, const weir::Objects& object) override {
    require(name);
    object.put(name_, static_cast<std::int64_t>(text_.size()), 0, version_);
  }
  std::unique_ptr<weir::StoredInput> open_read(std::string_view name, std::string_view version) override {
    require(name);
    if (!version.empty() && version != version_)
      throw weir::Failure(WEIR_FAILED_PRECONDITION, WEIR_FAULT_SOURCE,
                          "expected '" + name_ + "' as it was, found another text");
    return std::make_unique<Text>(text_);
  }
  std::unique_ptr<weir::StoredOutput> open_write(const weir::Context&, std::string_view, std::uint64_t,
                                                 std::string_view) override {
    throw read_only();
  }
  void commit(std::string_view) override { throw read_only(); }
  void abort(std::string_view) override {}
  void sweep(const weir::Context&, std::span<const weir_bytes>) override {}
  void remove(std::string_view) override { throw read_only(); }

 private:
  void require(std::string_view name) const {
    if (name == name_) return;
    throw weir::Failure(WEIR_NOT_FOUND, WEIR_FAULT_SOURCE, "no such object: " + std::string(name));
  }

  std::string name_, text_;
  std::string version_;  // by which the host knows whether there is anything to do
};

}  // namespace

WEIR_PLUGIN(weir::storage<Inline>("inline"));
