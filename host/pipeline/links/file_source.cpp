#include <xxhash.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <set>

#include "arrow/schema.hpp"
#include "base/hex.hpp"
#include "observe/time_text.hpp"
#include "pipeline/links/seen_files.hpp"
#include "pipeline/links/sources.hpp"
#include "pipeline/remembering.hpp"

namespace weir::pipeline {
namespace {

// Files whose schema is asked for at plan time, spread over the list, unless all are; and readers kept open for the run.
constexpr std::size_t kMaxSampled = 16;
constexpr std::size_t kDigestBytes = 1U << 20U;
constexpr std::uint64_t kRowsOfChunkBytes = 3U << 20U;  // a chunk of 1 MiB, and the rows made of it

class FileSource final : public Source, public Remembering {
 public:
  FileSource(std::shared_ptr<const FileReading> reading, std::string pattern,
             std::shared_ptr<WrittenObjects> written = nullptr)
      : reading_(std::move(reading)), pattern_(std::move(pattern)), written_(std::move(written)) {
    context_ = std::make_unique<plugins::ContextOwner>(reading_->storage->context_parts(reading_->run));
  }
  ~FileSource() override {
    sampled_.clear();
    if (created_) reading_->storage->tell("destroy", [this] { storage().destroy(self_); });
  }

  void go_on_from(std::string left) override { left_before_ = std::move(left); }
  std::optional<std::string> leaves() const override { return leaves_; }
  base::Result<void> plan() override;
  base::Result<void> keep_to(const ArrowSchema& agreed) override;
  void narrow(const std::shared_ptr<const Narrowing>& narrowing) override;
  const Narrowing* narrowing() const override { return narrowing_.get(); }
  const std::vector<SplitInfo>& splits() const override { return splits_; }
  std::vector<InputVersion> inputs() const override {
    std::vector<InputVersion> inputs;
    for (const auto& object : objects_) inputs.push_back({object.name, version_of(object)});
    return inputs;
  }
  const std::vector<weir::Schema>& schemas() const override { return schemas_; }
  base::Result<std::unique_ptr<SplitReader>> open(std::size_t split, std::string_view position) override;
  // What comes once (stdin, a pipe) is lost.
  std::int32_t replay() const override {
    const bool once =
        std::any_of(objects_.begin(), objects_.end(), [](const StoredObject& object) { return object.bytes < 0; });
    return once ? WEIR_REPLAY_NONE : WEIR_REPLAY_EXACT;
  }
  const std::string& plugin() const override { return format_->plugin; }
  const std::string& component() const override { return format_->name; }
  const std::string& link() const override { return reading_->storage->link; }  // its format has the same
  std::uint64_t piece_bytes() const override { return kRowsOfChunkBytes; }
  std::uint64_t bytes_read() const override { return bytes_read_.load(std::memory_order_relaxed); }

 private:
  const weir_storage& storage() const { return reading_->storage->table<weir_storage>(); }
  // What is not known to be the same (stdin) is another each time.
  std::string version_of(const StoredObject& object) const {
    if (!object.version.empty()) return object.version;
    if (object.bytes < 0 || object.modified_ns == 0) return "in run " + reading_->run.run;
    return std::to_string(object.bytes) + "-" + std::to_string(object.modified_ns);
  }
  base::Result<void> create();
  base::Result<void> list();
  base::Result<std::vector<StoredObject>> look_up(const std::string& name);
  base::Result<void> pass_over_seen();
  base::Result<std::string> digest_of(const StoredObject& object);
  base::Result<void> agree_on_schema(std::size_t count);
  base::Result<void> find_written();
  base::Result<bool> keeps_to_sent();
  base::Result<std::shared_ptr<Verification>> verification_of(std::size_t split);
  base::Result<std::unique_ptr<FileReader>> open_object(std::size_t split, Keeping keeping,
                                                        std::string_view position = {}) {
    WEIR_TRY_ASSIGN(keeping.verification, verification_of(split));
    return FileReader::open(reading_, self_, objects_[split].name, objects_[split].version, std::move(keeping),
                            &bytes_read_, position);
  }

  std::shared_ptr<const FileReading> reading_;
  std::string pattern_;
  std::shared_ptr<WrittenObjects> written_;  // null: what the pattern matches is read
  std::unique_ptr<plugins::ContextOwner> context_;
  void* self_ = nullptr;
  bool created_ = false;
  std::optional<Checksums> checksums_;  // of the instance
  std::string left_before_;             // by the plan of another run
  std::optional<std::string> leaves_;   // to the next one's
  bool all_seen_ = false;               // what is listed tells only the schema
  std::vector<StoredObject> objects_;
  std::vector<SplitInfo> splits_;
  std::vector<weir::Schema> schemas_;
  std::shared_ptr<const Narrowing> narrowing_;  // null: readers push all columns
  std::shared_ptr<const Component> format_;
  std::mutex mutex_;
  std::map<std::size_t, std::unique_ptr<FileReader>> sampled_;  // by split; guarded by mutex_
  std::set<std::size_t> verified_first_;                        // splits; guarded by mutex_
  std::atomic<std::uint64_t> bytes_read_{0};
};

base::Result<void> FileSource::create() {
  WEIR_TRY(reading_->storage->call(
      "create", [&](weir_error* error) { return storage().create(context_->get(), &self_, error); }));
  created_ = true;
  checksums_.emplace(reading_->storage, self_);
  return {};
}

base::Result<void> FileSource::list() {
  ObjectSink sink;
  WEIR_TRY(reading_->storage->call({"list", cancel_of(storage(), self_)}, [&](weir_error* error) {
    sink.objects.clear();
    return storage().list(self_, {pattern_.data(), pattern_.size()}, {nullptr, 0}, &sink, error);
  }));
  objects_ = std::move(sink.objects);
  for (const auto& name : take_out_checksums(objects_)) {
    if (reading_->log == nullptr) break;
    reading_->log->info("pipeline.checksums",
                        shown_name(name) + ": holds checksums of the others, and is not read for rows");
  }
  WEIR_TRY(pass_over_seen());
  for (const auto& object : objects_) splits_.push_back({shown_name(object.name), object.bytes, -1});
  return {};
}

// What tells a content.
base::Result<std::string> FileSource::digest_of(const StoredObject& object) {
  WEIR_TRY_ASSIGN(const auto stream, pipeline::open_object(reading_->storage, self_, object.name, object.version,
                                                           shown_name(object.name), &bytes_read_));
  std::vector<std::uint8_t> buffer(kDigestBytes);
  const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> hash(XXH3_createState(), &XXH3_freeState);
  XXH3_128bits_reset(hash.get());
  for (bool end = false; !end;) {
    WEIR_TRY_ASSIGN(const std::size_t got, stream->fill(buffer, &end));
    XXH3_128bits_update(hash.get(), buffer.data(), got);
  }
  XXH128_canonical_t bytes;
  XXH128_canonicalFromHash(&bytes, XXH3_128bits_digest(hash.get()));
  return base::to_hex({reinterpret_cast<const char*>(bytes.digest), sizeof bytes.digest});
}

// Of a storage with only_new: leaves what is new. If nothing is, all are there to tell the schema.
base::Result<void> FileSource::pass_over_seen() {
  const auto* const option = reading_->storage->config->at("/only_new");
  const auto by = option != nullptr && option->is_string() ? known_by(option->get<std::string>()) : std::nullopt;
  if (!by) return {};
  WEIR_TRY_ASSIGN(
      SeenFiles seen,
      SeenFiles::of(
          left_before_, *by, [this](const StoredObject& object) { return digest_of(object); }, observe::now_ns));
  std::vector<StoredObject> fresh = objects_;
  WEIR_TRY_ASSIGN(const std::size_t passed, seen.take_out(fresh));
  leaves_ = seen.text();
  bytes_read_ = 0;
  if (passed > 0 && reading_->log != nullptr) {
    reading_->log->info("pipeline.only_new", std::to_string(passed) + " of " + std::to_string(objects_.size()) +
                                                 " files are passed over: earlier runs have loaded them");
  }
  all_seen_ = fresh.empty() && !objects_.empty();
  if (!all_seen_) objects_ = std::move(fresh);
  return {};
}

// What the storage has of that name: one object, or none.
base::Result<std::vector<StoredObject>> FileSource::look_up(const std::string& name) {
  ObjectSink sink;
  const bool stats = WEIR_CAN(&storage(), stat);
  auto called = reading_->storage->call(stats ? "stat" : "list", [&](weir_error* error) {
    sink.objects.clear();
    const weir_string text{name.data(), name.size()};
    return stats ? storage().stat(self_, text, &sink, error) : storage().list(self_, text, {nullptr, 0}, &sink, error);
  });
  if (!called && called.error().status == base::Status::not_found) return std::vector<StoredObject>();
  if (!called) return base::unexpected(std::move(called).error());
  std::erase_if(sink.objects, [&name](const StoredObject& object) { return object.name != name; });
  return std::move(sink.objects);
}

base::Result<void> FileSource::find_written() {
  for (const auto& name : written_->names) {
    WEIR_TRY_ASSIGN(auto found, look_up(name));
    if (found.empty()) {
      written_->gone.push_back(name);
      continue;
    }
    if (found.front().bytes < 0) {
      return base::unexpected(base::make_error(base::Status::failed_precondition, base::Fault::source,
                                               "source.comes_once", "'" + shown_name(name) + "' can't be read again"));
    }
    objects_.push_back(std::move(found.front()));
  }
  for (const auto& object : objects_) splits_.push_back({shown_name(object.name), object.bytes, -1});
  return {};
}

// Whether the format can read the objects as what was put into them, whatever they look like.
base::Result<bool> FileSource::keeps_to_sent() {
  const ArrowSchema& sent = written_->sent.get();
  format_ = reading_->formats.front();
  auto reader = open_object(0, {&sent});
  if (!reader) return false;  // what is wrong with it is told by who reads it without
  if (!arrow::equal(sent, (*reader)->schema())) return false;
  schemas_.push_back(weir::Schema::copy_of(sent));
  sampled_[0] = std::move(*reader);
  return true;
}

// What checks an object while it is read; of `verify: first` has checked it, once in a run.
base::Result<std::shared_ptr<Verification>> FileSource::verification_of(std::size_t split) {
  if (reading_->verify == manifest::Verify::off) return std::shared_ptr<Verification>();
  WEIR_TRY_ASSIGN(auto expected, checksums_->of(objects_[split]));
  auto made = std::make_shared<Verification>(VerifiedObject{reading_->storage, self_, objects_[split]},
                                             std::move(expected), reading_->log);
  if (reading_->verify == manifest::Verify::last) return made;
  {
    const std::lock_guard lock(mutex_);
    if (verified_first_.contains(split)) return made;
  }
  WEIR_TRY(made->read_first());
  const std::lock_guard lock(mutex_);
  verified_first_.insert(split);
  return made;
}

base::Result<void> FileSource::plan() {
  WEIR_TRY(create());
  WEIR_TRY(written_ == nullptr ? list() : find_written());
  if (written_ != nullptr && !objects_.empty()) {
    WEIR_TRY_ASSIGN(const bool keeps, keeps_to_sent());
    if (keeps) return {};
    format_.reset();
  }
  if (objects_.empty()) {
    return base::unexpected(base::make_error(base::Status::not_found, base::Fault::source, "source.nothing",
                                             reading_->storage->name + ": expected at least one object, found none")
                                .with_place(reading_->storage->place("/path", -1)));
  }
  WEIR_TRY(agree_on_schema(reading_->looks_at_all ? objects_.size() : std::min(objects_.size(), kMaxSampled)));
  if (!all_seen_) return {};
  sampled_.clear();
  bytes_read_ = 0;
  objects_.clear();
  splits_.clear();
  return {};
}

// Asks `count` of the objects, spread over all of them.
base::Result<void> FileSource::agree_on_schema(std::size_t count) {
  std::vector<weir::Schema> schemas;
  std::vector<std::unique_ptr<FileReader>> readers;  // of the first that are looked at
  std::vector<std::size_t> numbers;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t split = count == 1 ? 0 : i * (objects_.size() - 1) / (count - 1);
    WEIR_TRY_ASSIGN(auto reader, open_object(split, {}));
    if (format_ != nullptr && format_ != reader->format()) {
      return base::unexpected(base::make_error(base::Status::invalid_argument, base::Fault::source, "source.formats",
                                               "expected one format, found '" + format_->name + "' in '" +
                                                   splits_[numbers.front()].name + "' and '" + reader->format()->name +
                                                   "' in '" + splits_[split].name + "'")
                                  .with_hint("give each format an extract of its own"));
    }
    format_ = reader->format();
    schemas.push_back(weir::Schema::copy_of(reader->schema()));
    numbers.push_back(split);
    if (readers.size() < kMaxSampled) readers.push_back(std::move(reader));
  }
  std::vector<arrow::NamedSchema> told;
  for (std::size_t i = 0; i < count; ++i) told.push_back({splits_[numbers[i]].name, &schemas[i].get()});
  WEIR_TRY_ASSIGN(weir::Schema agreed, arrow::agree(told));
  for (std::size_t i = 0; i < readers.size(); ++i) {
    if (arrow::equal(agreed.get(), readers[i]->schema(), arrow::FieldMetadata::compared))
      sampled_[numbers[i]] = std::move(readers[i]);
  }
  schemas_.push_back(std::move(agreed));
  return {};
}

// Readers that were opened to ask for their schema are opened anew; the first at once, so that a format which can't keep
// to the schema is found out before a row is read.
base::Result<void> FileSource::keep_to(const ArrowSchema& agreed) {
  if (arrow::equal(schemas_.front().get(), agreed, arrow::FieldMetadata::compared)) return {};
  const auto refuse = [&](const ArrowSchema& found) {
    return base::unexpected(base::make_error(base::Status::invalid_argument, base::Fault::source, "source.schema",
                                             link() + ": expected the schema agreed by all extracts, found in '" +
                                                 splits_.front().name +
                                                 "': " + arrow::difference(agreed, found, "agreed", "found")));
  };
  if (objects_.empty()) {  // all were read before
    schemas_.front() = weir::Schema::copy_of(agreed);
    return {};
  }
  // What comes once (stdin) can't be opened anew.
  if (objects_.front().bytes < 0) return refuse(schemas_.front().get());
  sampled_.clear();
  bytes_read_ = 0;  // what was read of them is read again
  schemas_.front() = weir::Schema::copy_of(agreed);
  WEIR_TRY_ASSIGN(auto reader, open_object(0, {&agreed}));
  if (!arrow::equal(agreed, reader->schema())) return refuse(reader->schema());
  sampled_[0] = std::move(reader);
  return {};
}

// What comes once (stdin) is open already, with all its columns.
void FileSource::narrow(const std::shared_ptr<const Narrowing>& narrowing) {
  if (!goes_back() || !can_narrow(*format_)) return;
  sampled_.clear();
  bytes_read_ = 0;  // what was read of them is read again
  narrowing_ = narrowing;
}

base::Result<std::unique_ptr<SplitReader>> FileSource::open(std::size_t split, std::string_view position) {
  if (position.empty()) {
    const std::lock_guard lock(mutex_);
    if (const auto found = sampled_.find(split); found != sampled_.end()) {
      std::unique_ptr<SplitReader> reader = std::move(found->second);
      sampled_.erase(found);
      return reader;
    }
  }
  WEIR_TRY_ASSIGN(auto reader, open_object(split, {&schemas_.front().get(), narrowing_}, position));
  const ArrowSchema& pushed = narrowing_ == nullptr ? schemas_.front().get() : narrowing_->pushed().front().get();
  if (!arrow::equal(pushed, reader->schema())) {
    return base::unexpected(
        base::make_error(base::Status::invalid_argument, base::Fault::source, "source.schema",
                         "expected the columns of the other files, found in '" + splits_[split].name +
                             "': " + arrow::difference(pushed, reader->schema(), "in the others", "there")));
  }
  WEIR_TRY(reader->go_to(position, outlet_setup(*this, false)));
  return std::unique_ptr<SplitReader>(std::move(reader));
}

}  // namespace

std::unique_ptr<Source> make_file_source(std::shared_ptr<const FileReading> reading, std::string pattern) {
  return std::make_unique<FileSource>(std::move(reading), std::move(pattern));
}

std::unique_ptr<Source> make_written_source(std::shared_ptr<const FileReading> reading,
                                            std::shared_ptr<WrittenObjects> objects) {
  return std::make_unique<FileSource>(std::move(reading), std::string(), std::move(objects));
}

}  // namespace weir::pipeline
