#include "run/storage_object.hpp"

#include <weir/ext/draft/conditional.h>

#include <atomic>
#include <vector>

#include "pipeline/links/bytes.hpp"
#include "pipeline/sinks.hpp"

namespace weir::run {
namespace {

using base::Result;
using base::unexpected;
using pipeline::Component;

constexpr std::size_t kPieceBytes = 1U << 20U;

class StorageObject final : public state::SharedObject {
 public:
  StorageObject(std::shared_ptr<const Component> storage, const weir_conditional& conditional,
                const pipeline::RunIdentity& identity, std::string name)
      : storage_(std::move(storage)),
        table_(storage_->table<weir_storage>()),
        conditional_(conditional),
        context_(storage_->context_parts(identity)),
        name_(std::move(name)) {}
  ~StorageObject() override {
    if (created_) storage_->tell("destroy", [this] { table_.destroy(self_); });
  }

  Result<void> create() {
    WEIR_TRY(
        storage_->call("create", [this](weir_error* error) { return table_.create(context_.get(), &self_, error); }));
    created_ = true;
    return {};
  }

  std::string shown() const override { return pipeline::shown_name(name_); }

  Result<std::string> version() override {
    pipeline::ObjectSink sink;
    auto called = storage_->call({"stat", pipeline::cancel_of(table_, self_)}, [&](weir_error* error) {
      sink.objects.clear();
      return table_.stat(self_, lent_name(), &sink, error);
    });
    if (!called && called.error().status == base::Status::not_found) return std::string();
    if (!called) return unexpected(std::move(called).error());
    return version_in(sink, "stat");
  }

  Result<std::optional<Content>> read() override {
    for (;;) {
      WEIR_TRY_ASSIGN(std::string at, version());
      if (at.empty()) return std::optional<Content>();
      auto content = read_version(at);
      // Replaced in between: what it is now.
      if (!content && (content.error().status == base::Status::failed_precondition ||
                       content.error().status == base::Status::not_found)) {
        WEIR_TRY_ASSIGN(const std::string now, version());
        if (now != at) continue;
      }
      if (!content) return unexpected(std::move(content).error());
      return std::optional<Content>({std::move(*content), std::move(at)});
    }
  }

  Result<std::string> replace(std::string_view bytes, const std::string& expected) override {
    pipeline::ObjectSink sink;
    auto called = storage_->call({"replace", pipeline::cancel_of(table_, self_)}, [&](weir_error* error) {
      sink.objects.clear();
      return conditional_.replace(self_, lent_name(), pipeline::lend(bytes), {expected.data(), expected.size()}, &sink,
                                  error);
    });
    if (!called) return unexpected(std::move(called).error());
    return version_in(sink, "replace");
  }

 private:
  weir_string lent_name() const { return {name_.data(), name_.size()}; }

  Result<std::string> version_in(const pipeline::ObjectSink& sink, std::string_view function) const {
    if (sink.objects.size() == 1 && !sink.objects.front().version.empty()) return sink.objects.front().version;
    return unexpected(plugins::misbehaviour({storage_->plugin, storage_->link, function}, "plugin.misbehaviour",
                                            "expected it to tell one object with its version, found " +
                                                std::to_string(sink.objects.size()) + ", or no version"));
  }

  Result<std::string> read_version(const std::string& version) const {
    std::atomic<std::uint64_t> uncounted{0};
    WEIR_TRY_ASSIGN(const auto stream, pipeline::open_object(storage_, self_, name_, version, shown(), &uncounted));
    std::string bytes;
    std::vector<std::uint8_t> piece(kPieceBytes);
    for (bool end = false; !end;) {
      WEIR_TRY_ASSIGN(const std::size_t got, stream->read(piece, &end));
      bytes.append(reinterpret_cast<const char*>(piece.data()), got);
    }
    return bytes;
  }

  std::shared_ptr<const Component> storage_;
  const weir_storage& table_;
  const weir_conditional& conditional_;
  plugins::ContextOwner context_;
  std::string name_;
  bool created_ = false;
  void* self_ = nullptr;
};

}  // namespace

Result<std::unique_ptr<state::SharedObject>> open_storage_object(std::shared_ptr<const Component> storage,
                                                                 const pipeline::RunIdentity& identity) {
  const auto* const conditional = static_cast<const weir_conditional*>(storage->extension(WEIR_CONDITIONAL));
  const auto* const path = storage->config->at("/path");
  if (conditional == nullptr || !WEIR_CAN(conditional, replace) || path == nullptr || !path->is_string()) {
    return unexpected(base::manifest_error("state.store",
                                           "expected a storage that replaces an object only if nobody else was faster "
                                           "(weir.conditional/1), found '" +
                                               storage->name + "', which does not",
                                           storage->place("", -1))
                          .with_hint("weir plugin inspect FILE --components shows what a storage offers"));
  }
  const std::string name = path->get<std::string>();
  auto object = std::make_unique<StorageObject>(std::move(storage), *conditional, identity, name);
  WEIR_TRY(object->create());
  return std::unique_ptr<state::SharedObject>(std::move(object));
}

}  // namespace weir::run
