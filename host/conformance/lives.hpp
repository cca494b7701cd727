// The parts of which lives are made, kind by kind: for lives, and for cases that put them together in another order. Each is one
// instance, ended when it goes out of sight. All are lent a Session, which outlives them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "conformance/bytes.hpp"
#include "conformance/session.hpp"

namespace weir::conformance {

// An instance of a transformer.
class Transformation {
 public:
  explicit Transformation(Session& session) : session_(session) {}
  Transformation(const Transformation&) = delete;
  Transformation& operator=(const Transformation&) = delete;
  ~Transformation();

  Step create();
  Step process(const arrow::SharedArray& rows);
  Step flush(std::int32_t why);
  Step end();  // flush(WEIR_FLUSH_END), if it has one
  void* self() const { return self_; }

 private:
  bool holds_back() const;
  Step feed(std::uint64_t input);
  Session& session_;
  bool created_ = false;
  void* self_ = nullptr;
};

struct Split {
  std::string id, token;
  bool unbounded = false;
};

// Asks an extractor for its splits.
base::Result<std::vector<Split>> plan(Session& session);

// A reader, of a split or of an input.
class Reading {
 public:
  Reading(Session& session, const weir_reader& reader) : session_(session), reader_(reader) {}
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;
  ~Reading();

  Step open(const Split& split, std::string_view position = {});
  Step open(const weir_input* input, std::string_view position = {});
  base::Result<std::string> position();
  Step acknowledge(std::string_view position);
  void close();
  void* self() const { return self_; }

 private:
  void opened();
  Session& session_;
  const weir_reader& reader_;
  bool opened_ = false;
  void* self_ = nullptr;
};

// How a loader of these traits commits: the best that it can.
std::int32_t commit_of(const Session& session);

// A writer of a loader.
class Writing {
 public:
  explicit Writing(Session& session) : session_(session), writer_(*session.table<weir_loader>().writer) {}
  Writing(const Writing&) = delete;
  Writing& operator=(const Writing&) = delete;
  ~Writing() { close(); }

  Step open(std::uint64_t epoch = 1);
  Step write(const arrow::SharedArray& rows);
  // Its committables are kept, in committables().
  Step prepare(std::uint64_t epoch);
  Step commit(std::uint64_t epoch);
  void close();
  std::vector<std::string>& committables() { return committables_; }

 private:
  Session& session_;
  const weir_writer& writer_;
  bool opened_ = false;
  void* self_ = nullptr;
  std::vector<std::string> committables_;
  std::int64_t rows_ = 0;
};

// A committer of a loader.
class Committing {
 public:
  explicit Committing(Session& session) : session_(session), committer_(*session.table<weir_loader>().committer) {}
  Committing(const Committing&) = delete;
  Committing& operator=(const Committing&) = delete;
  ~Committing() { close(); }

  Step open(std::string lane = "main");
  base::Result<std::uint64_t> last_committed();
  // What it tells is added to published().
  Step commit(std::uint64_t epoch, const std::vector<std::string>& committables);
  Step abort(std::uint64_t epoch, const std::vector<std::string>& committables);
  Step finish(std::int32_t complete, const std::vector<std::string>& published);
  void close();
  std::vector<std::string>& published() { return published_; }

 private:
  Session& session_;
  const weir_committer& committer_;
  bool opened_ = false;
  void* self_ = nullptr;
  std::vector<std::string> published_;
};

// One epoch of a loader, from the first row to the last step that publishes it.
Step load_epoch(Session& session, std::uint64_t epoch, const std::vector<arrow::SharedArray>& batches);
// The end of a run, of what epochs told.
Step finish_run(Session& session, std::int32_t complete, const std::vector<std::string>& published);

// Bytes that the format makes of the batches; none if it only reads.
base::Result<std::optional<std::string>> encode(Session& session, const std::vector<arrow::SharedArray>& batches);
// What a format reads: what it makes itself, else the sample's document.
base::Result<std::string> document_of(Session& session);
// Reads bytes to their end.
Step parse(Session& session, std::string_view bytes);

// Puts bytes through a codec, in pieces; `piece` at once, both ways.
base::Result<std::string> pump(Session& session, std::string_view bytes, bool compress, std::size_t piece);

// An object of a storage.
struct Stored {
  std::string name, version;
  std::int64_t bytes = -1;
};

// An instance of a storage.
class Storing {
 public:
  explicit Storing(Session& session) : session_(session) {}
  Storing(const Storing&) = delete;
  Storing& operator=(const Storing&) = delete;
  ~Storing();

  Step create();
  base::Result<std::vector<Stored>> list(std::string_view prefix, std::string_view after = {});
  base::Result<std::vector<Stored>> stat(std::string_view name);
  base::Result<std::string> read(std::string_view name, std::string_view version = {});
  // Stages an object; gives its committable.
  base::Result<std::string> write(std::string_view name, std::string_view bytes, std::uint64_t epoch = 1);
  // Replaces an object if its version is still `expected`; gives the new one. Precondition: it has weir.conditional/1.
  base::Result<std::string> replace(std::string_view name, std::string_view bytes, std::string_view expected);
  Step commit(std::string_view committable);
  Step abort(std::string_view committable);
  Step sweep(const std::vector<std::string>& keep, std::string lane);
  void* self() const { return self_; }

 private:
  Session& session_;
  bool created_ = false;
  void* self_ = nullptr;
};

// All files below a folder, by name, with what is in them.
std::map<std::string, std::string> files_in(const std::filesystem::path& folder);

}  // namespace weir::conformance
