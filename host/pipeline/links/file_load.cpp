// A composed loader: a format's encoder into a codec into staged objects of a storage. Two-phase: what prepare() told is
// given its name by commit(). Parts: with part_rows or part_bytes each object ends there, and {n} in the path numbers them. With
// `by`, rows of other values go to other objects, each with its own parts. With `append` a staged object begins with what its
// name has already: a writer that goes on with a staged object of its own must not copy that again.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "arrow/gather.hpp"
#include "arrow/schema.hpp"
#include "pipeline/accepted.hpp"
#include "pipeline/links/bytes.hpp"
#include "pipeline/links/file_part.hpp"
#include "pipeline/links/file_resume.hpp"
#include "pipeline/links/object_names.hpp"
#include "pipeline/links/side_by_side.hpp"
#include "pipeline/links/standing.hpp"
#include "pipeline/links/transform.hpp"
#include "pipeline/load.hpp"

namespace weir::pipeline {
namespace {

constexpr std::size_t kMostOpen = 128;       // objects that are written at a time
constexpr std::size_t kMostObjects = 65536;  // values of `by`, in a run

// A storage instance, for a writer or a committer.
class StorageInstance {
 public:
  StorageInstance(std::shared_ptr<const Component> storage, const RunIdentity& run)
      : storage_(std::move(storage)), context_(storage_->context_parts(run)) {}
  ~StorageInstance() {
    if (created_) storage_->tell("destroy", [this] { table().destroy(self_); });
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
        context_(writing.format->context_parts(run_)),
        accepted_(input, account_),
        epoch_(run_.epoch) {}
  ~FileWriter() override {
    open_.clear();
    objects_.clear();
    // Parts that were made durable, and that nobody was told of: a failed run leaves nothing behind.
    for (const auto& bytes : lend(prepared_.undo)) {
      const auto aborted = storage_.component().call(
          "abort", [&](weir_error* error) { return storage_.table().abort(storage_.self(), bytes, error); });
      static_cast<void>(aborted);  // what is left is swept by the next run
    }
  }

  base::Result<void> open(TakeReject take_reject, const FileResume& resume) {
    WEIR_TRY(storage_.create());
    OutletSetup setup{writing_.format->plugin, writing_.storage->link, &no_outputs_, &input_.get(), false, false};
    outlet_ = std::make_unique<Outlet>(std::move(setup), &account_, std::move(take_reject));
    if (!writing_.by.empty()) {
      WEIR_TRY_ASSIGN(names_, ObjectNames::of(writing_, input_.get()));
      return go_on(resume);
    }
    objects_[""].name = writing_.path;
    WEIR_TRY(go_on(resume));
    if (objects_[""].parts > 0) return {};  // a part more is begun with its first row
    return open_part(objects_[""]);         // what can't be written is told before a row is read
  }

  base::Result<void> write(std::uint64_t /*input*/, Batch batch) override {
    WEIR_TRY(materialize(batch, input_.get()));
    if (!names_) return write_to(objects_[""], batch);
    WEIR_TRY(divide(batch.rows.get()));
    for (ObjectRows& some : touched_) {
      WEIR_TRY(write_to(*some.object, rows_of_object(batch, some.rows)));
      some.rows.clear();
    }
    return {};
  }

  // Parts go on in the next epoch, where they can.
  base::Result<Prepared> prepare(std::uint64_t epoch, bool last) override {
    FileResume resume;
    for (auto& [key, object] : objects_) {
      std::optional<PausedPart> paused;
      if (object.part != nullptr && (last || !object.part->continues())) {
        WEIR_TRY(end_part(object));
      } else if (object.part != nullptr) {
        WEIR_TRY_ASSIGN(paused, object.part->pause());
        paused->columns = arrow::describe(input_.get());
        if (object.part_epoch == epoch) prepared_.undo.push_back(paused->committable);
      }
      if (!last) resume.objects.push_back({key, names_ ? object.name : std::string(), object.parts, std::move(paused)});
    }
    prepared_.rows = {-1};
    prepared_.holds = {appended_ ? integrity::Holds::among : integrity::Holds::run};
    prepared_.resume = last ? std::string() : resume.text();
    epoch_ = epoch + 1;
    return std::exchange(prepared_, {});
  }
  // Where a part can't, its name must have a number for the next.
  bool continues() const override {
    if (writing_.path.find("{n}") != std::string::npos) return true;
    if (!names_) return objects_.at("").part == nullptr || objects_.at("").part->continues();
    return WEIR_CAN(&writing_.format->table<weir_format>(), flush);
  }
  base::Result<void> commit(std::uint64_t /*epoch*/) override { return {}; }
  void cancel() override {
    if (WEIR_CAN(&storage_.table(), cancel))
      storage_.component().tell("cancel", [this] { storage_.table().cancel(storage_.self()); });
  }
  const integrity::Account& account(std::uint64_t /*input*/) const override { return account_; }

 private:
  // What goes by one name, but for {n}.
  struct Object {
    std::string name;
    std::unique_ptr<FilePart> part;  // null: none is open
    std::uint64_t parts = 0;         // begun
    std::uint64_t part_epoch = 0;    // in which the open part was begun
    std::uint64_t written = 0;       // when it was last
    std::size_t touched = SIZE_MAX;  // its number in touched_, for the batch in hand
  };
  struct ObjectRows {
    Object* object;
    std::vector<std::uint32_t> rows;
  };

  // Sorts the rows of a batch by their objects, into touched_.
  base::Result<void> divide(const ArrowArray& rows) {
    for (ObjectRows& some : touched_) some.object->touched = SIZE_MAX;
    std::size_t used = 0;
    Object* object = nullptr;
    for (std::int64_t row = 0; row < rows.length; ++row) {
      const std::string_view key = names_->key(rows, row);
      if (object == nullptr || key != last_key_) {
        WEIR_TRY_ASSIGN(object, object_of(key));
        last_key_ = key;
      }
      if (object->touched == SIZE_MAX) {
        object->touched = used;
        if (used == touched_.size()) touched_.emplace_back();
        touched_[used++].object = object;
      }
      touched_[object->touched].rows.push_back(static_cast<std::uint32_t>(row));
    }
    touched_.resize(used);
    return {};
  }

  base::Result<Object*> object_of(std::string_view key) {
    const auto found = objects_.find(key);
    if (found != objects_.end()) return &found->second;
    if (objects_.size() == kMostObjects)
      return refuse("expected at most 65,536 values of by: in a run, found more", "choose a column of fewer values");
    Object& made = objects_[std::string(key)];
    made.name = names_->name();
    if (!taken_.insert(made.name).second) {
      return refuse("expected values that make a name each, found two that make the same",
                    "'" + made.name + "': put something between the braces that no value has, such as a slash");
    }
    return &made;
  }

  base::Unexpected refuse(const char* what, std::string hint) const {
    return base::unexpected(base::manifest_error("manifest.by", writing_.storage->name + ": " + what, writing_.by_place)
                                .with_hint(std::move(hint)));
  }

  base::Result<Batch> rows_of_object(const Batch& batch, const std::vector<std::uint32_t>& rows) const {
    if (rows.size() == static_cast<std::size_t>(batch.rows.length())) return batch;
    if (arrow::contiguous(rows)) return sliced(batch, rows.front(), rows.size());
    Batch some = batch;
    WEIR_TRY_ASSIGN(weir::Array gathered, arrow::gather(batch.rows, input_.get(), rows));
    some.rows = arrow::SharedArray(std::move(gathered));
    if (!batch.origins.empty()) {
      some.origins.clear();
      for (const std::uint32_t row : rows) some.origins.push_back(batch.origins[row]);
    }
    return some;
  }

  base::Result<void> write_to(Object& object, base::Result<Batch> rows) {
    WEIR_TRY_ASSIGN(const Batch batch, std::move(rows));
    const auto length = static_cast<std::uint64_t>(batch.rows.length());
    object.written = ++clock_;
    for (std::uint64_t from = 0; from < length;) {
      if (is_full(object)) WEIR_TRY(end_part(object));
      if (object.part == nullptr) WEIR_TRY(open_part(object));
      const std::uint64_t room = writing_.part_rows == 0 ? length : writing_.part_rows - object.part->rows();
      const std::uint64_t count = std::min(room, length - from);
      WEIR_TRY(encode(*object.part, count == length ? batch : sliced(batch, from, count)));
      from += count;
    }
    return {};
  }

  bool is_full(const Object& object) const {
    if (object.part == nullptr) return false;
    return (writing_.part_rows > 0 && object.part->rows() >= writing_.part_rows) ||
           (writing_.part_bytes > 0 && object.part->bytes() >= writing_.part_bytes);
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
  std::string part_name(const Object& object) const {
    std::string name = object.name;
    const auto at = name.find("{n}");
    if (at == std::string::npos) return name;
    char number[24];
    std::snprintf(number, sizeof number, "%05llu", static_cast<unsigned long long>(object.parts));
    return name.replace(at, 3, number);
  }

  base::Result<void> open_part(Object& object, const PausedPart* resume = nullptr) {
    if (object.parts > 0 && object.name.find("{n}") == std::string::npos) {
      return refuse(
          "expected {n} in the path where rows of more than 128 values of by: come mixed, found none",
          "number the parts: path: out/{" + writing_.by.front() + "}-{n}.csv; or sort the rows by the column before");
    }
    if (open_.size() == kMostOpen) WEIR_TRY(end_longest_unwritten());
    auto part = std::make_unique<FilePart>(writing_, run_, context_);
    WEIR_TRY(part->open(storage_.self(), part_name(object), epoch_, input_.get(), resume));
    appended_ |= part->appended();
    object.part = std::move(part);
    object.part_epoch = epoch_;
    open_.push_back(&object);
    ++object.parts;
    return {};
  }

  // Goes on with what the epoch before left open.
  base::Result<void> go_on(const FileResume& resume) {
    for (const auto& kept : resume.objects) {
      if (!names_ && !kept.key.empty()) continue;  // `by` is gone from the manifest
      Object& object = objects_[kept.key];
      if (names_) object.name = kept.name;
      taken_.insert(object.name);
      object.parts = kept.parts;
      if (!kept.part) continue;
      if (!kept.part->columns.empty() && kept.part->columns != arrow::describe(input_.get()))
        return columns_changed(kept.part->columns);
      --object.parts;  // the open one counts again
      WEIR_TRY(open_part(object, &*kept.part));
    }
    return {};
  }

  // A file whose beginning has other columns than the rows that are to stand behind it.
  base::Result<void> columns_changed(const std::string& before) const {
    return base::unexpected(base::manifest_error("run.changed",
                                                 writing_.storage->name +
                                                     ": expected the columns that the unfinished '" +
                                                     shown_name(writing_.path) + "' was begun with (" + before +
                                                     "), found " + arrow::describe(input_.get()),
                                                 writing_.storage->place("/path", -1))
                                .with_hint("--fresh begins another run, which writes the file from its beginning"));
  }

  // Makes room for another object.
  base::Result<void> end_longest_unwritten() {
    return end_part(**std::min_element(open_.begin(), open_.end(),
                                       [](const Object* a, const Object* b) { return a->written < b->written; }));
  }

  base::Result<void> encode(FilePart& part, const Batch& batch) {
    const auto rows_in = static_cast<std::uint64_t>(batch.rows.length());
    const std::uint64_t rejected_before = account_.rejected.total();
    account_.rows_in += rows_in;
    WEIR_TRY(part.encode(batch, sequence_++, *outlet_));
    const std::uint64_t taken = rows_in - (account_.rejected.total() - rejected_before);
    account_.rows_out += taken;
    WEIR_TRY_ASSIGN(const integrity::Digest digest, accepted_.add(batch, outlet_->rejected_rows()));
    part.take(taken, digest);
    return {};
  }

  base::Result<void> end_part(Object& object) {
    const std::size_t before = prepared_.committables.size();
    WEIR_TRY(object.part->end(prepared_.committables));
    if (object.part_epoch == epoch_) {
      const auto ended = prepared_.committables.begin() + static_cast<std::ptrdiff_t>(before);
      prepared_.undo.insert(prepared_.undo.end(), ended, prepared_.committables.end());
    }
    account_.bytes += object.part->bytes();
    prepared_.objects.push_back(object.part->taken());
    object.part.reset();
    open_.erase(std::find(open_.begin(), open_.end(), &object));
    return {};
  }

  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  const FileWriting& writing_;
  RunIdentity run_;
  StorageInstance storage_;
  weir::Schema input_;
  plugins::ContextOwner context_;
  std::vector<weir::Schema> no_outputs_;
  integrity::Account account_;
  AcceptedRows accepted_;
  std::unique_ptr<Outlet> outlet_;
  std::optional<ObjectNames> names_;                                        // none: there is one object, called ""
  std::unordered_map<std::string, Object, Hash, std::equal_to<>> objects_;  // by ObjectNames::key()
  std::unordered_set<std::string> taken_;                                   // their names
  std::vector<Object*> open_;
  std::vector<ObjectRows> touched_;
  std::string last_key_;
  std::uint64_t epoch_;
  std::uint64_t sequence_ = 0, clock_ = 0;
  bool appended_ = false;  // some object begins with rows that were there before the run
  Prepared prepared_;
};

class FileCommitter final : public LoadCommitter {
 public:
  FileCommitter(std::shared_ptr<const Component> storage, const RunIdentity& run)
      : storage_(std::move(storage), run), restarted_(run.fence > 1) {}
  base::Result<void> open() { return storage_.create(); }
  base::Result<std::uint64_t> last_committed() override { return std::uint64_t{0}; }

  base::Result<std::vector<std::string>> commit(std::uint64_t /*epoch*/,
                                                const std::vector<std::string>& committables) override {
    const auto lent = lend(committables);
    WEIR_TRY(side_by_side(lent.size(), [&](std::size_t i) {
      return storage_.component().call(
          "commit", [&](weir_error* error) { return storage_.table().commit(storage_.self(), lent[i], error); });
    }));
    return std::vector<std::string>();
  }
  base::Result<void> abort(const Undo& undo) override {
    const auto lent = lend(undo.committables);
    WEIR_TRY(side_by_side(lent.size(), [&](std::size_t i) {
      return storage_.component().call(
          "abort", [&](weir_error* error) { return storage_.table().abort(storage_.self(), lent[i], error); });
    }));
    WEIR_TRY_ASSIGN(const FileResume resume, FileResume::parse(undo.resume));
    return sweep(resume.kept());
  }
  // What was gone on with in an object of its own is left over.
  base::Result<void> finish(bool /*complete*/, const std::vector<std::string>& /*published*/) override {
    return restarted_ ? sweep({}) : base::Result<void>();
  }

 private:
  // What dead writers of this run left, and never told.
  base::Result<void> sweep(const std::vector<std::string>& kept) {
    const auto keep = lend(kept);
    return storage_.component().call("sweep", [&](weir_error* error) {
      return storage_.table().sweep(storage_.self(), storage_.context(), keep.data(), keep.size(), error);
    });
  }
  StorageInstance storage_;
  bool restarted_;
};

// Whether rows are seen at once where they are written, and nothing of them can be taken back.
bool is_stream(const std::string& path) {
  if (path == "-" || path == "/dev/stdout") return true;
  std::error_code problem;
  const auto type = std::filesystem::status(path, problem).type();
  return type == std::filesystem::file_type::fifo || type == std::filesystem::file_type::character;
}

class FileLoad final : public Load {
 public:
  explicit FileLoad(FileWriting writing) : writing_(std::move(writing)) {
    traits_.size = sizeof traits_;
    traits_.ordered = 1;
    traits_.commit = is_stream(writing_.path) ? WEIR_COMMIT_NONE : WEIR_COMMIT_TWO_PHASE;
    traits_.max_instances = 1;
  }
  const weir_traits& traits() const override { return traits_; }
  std::size_t inputs() const override { return 1; }
  const std::string& link(std::uint64_t /*input*/) const override { return writing_.storage->link; }
  const std::string& component() const override { return writing_.format->name; }
  std::string shown(std::uint64_t /*input*/) const override { return shown_name(writing_.path); }
  std::string ends_with_epoch() const override {
    if (writing_.path.find("{n}") != std::string::npos) return {};
    if (WEIR_CAN(&writing_.format->table<weir_format>(), flush)) return {};
    return "a file of format '" + writing_.format->name + "' ends with its epoch, and its path has no {n} for the next";
  }
  base::Result<void> check_input(std::uint64_t /*input*/, const ArrowSchema& schema) const override {
    WEIR_TRY(ObjectNames::of(writing_, schema));
    return writing_.append && writing_.by.empty() ? check_appended(schema) : base::Result<void>();
  }
  base::Result<std::unique_ptr<LoadWriter>> open_writer(std::vector<WriterInput> inputs, const RunIdentity& run,
                                                        const std::string& resume) override {
    WEIR_TRY_ASSIGN(const FileResume kept, FileResume::parse(resume));
    auto writer = std::make_unique<FileWriter>(writing_, run, *inputs.front().schema);
    WEIR_TRY(writer->open(std::move(inputs.front().take_reject), kept));
    return std::unique_ptr<LoadWriter>(std::move(writer));
  }
  base::Result<std::unique_ptr<LoadCommitter>> open_committer(const RunIdentity& run) override {
    auto committer = std::make_unique<FileCommitter>(writing_.storage, run);
    WEIR_TRY(committer->open());
    return std::unique_ptr<LoadCommitter>(std::move(committer));
  }

 private:
  // What stands there is looked at before a row is read.
  base::Result<void> check_appended(const ArrowSchema& schema) const {
    const RunIdentity nobody;
    StorageInstance storage(writing_.storage, nobody);
    WEIR_TRY(storage.create());
    const plugins::ContextOwner context(writing_.format->context_parts(nobody));
    return check_standing({writing_, nobody, storage.self(), context.get()}, writing_.path, schema);
  }

  FileWriting writing_;
  weir_traits traits_{};
};

}  // namespace

std::unique_ptr<Load> make_file_load(FileWriting writing) { return std::make_unique<FileLoad>(std::move(writing)); }

}  // namespace weir::pipeline
