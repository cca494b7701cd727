// One object of a composed load: rows through an encoder and a codec into a staged object.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "pipeline/links/standing.hpp"
#include "pipeline/links/transform.hpp"
#include "pipeline/load.hpp"

namespace weir::pipeline {

class PartOutput;

// An object that goes on after an epoch, perhaps in another process.
struct PausedPart {
  std::string committable;
  std::uint64_t rows = 0, bytes = 0;  // that it holds
  std::string version = {};           // of the object that it is appended to
  std::uint64_t taken_rows = 0;       // as FilePart::taken() tells
  integrity::Digest taken = {};
  std::string columns = {};  // of its rows, in words; empty: of a checkpoint that an earlier weir stored
};

// Threads: one caller at a time. What is neither ended nor paused is discarded.
class FilePart {
 public:
  // All outlive it, `run` and what open() gets too. `context`: the format's.
  FilePart(const FileWriting& writing, const RunIdentity& run, plugins::ContextOwner& context);
  ~FilePart();
  FilePart(const FilePart&) = delete;
  FilePart& operator=(const FilePart&) = delete;

  // `resume`: what pause() told of the object to go on with, in one of its own; null: it begins.
  base::Result<void> open(void* storage_self, const std::string& name, std::uint64_t epoch, const ArrowSchema& input,
                          const PausedPart* resume = nullptr);
  // Writes rows; what the encoder refuses goes to the outlet.
  base::Result<void> encode(const Batch& batch, std::uint64_t sequence, Outlet& outlet);
  // Ends the object: makes it durable, tells what commits it.
  base::Result<void> end(std::vector<std::string>& committables);
  // Whether it can be paused.
  bool continues() const;
  // Makes what was written durable; more may follow.
  base::Result<PausedPart> pause();
  std::uint64_t rows() const { return rows_; }
  // Counts rows that the encoder took.
  void take(std::uint64_t rows, const integrity::Digest& digest) {
    taken_.rows += rows;
    taken_.digest.add(digest);
  }
  // The object, and what was put into it.
  const integrity::WrittenObject& taken() const { return taken_; }
  // Whether it begins with rows of an object before it.
  bool appended() const { return standing_.bytes > 0; }
  std::uint64_t bytes() const;

 private:
  StandingSetup standing_setup() const;
  base::Result<void> append_to(const ArrowSchema& input);
  void close_encoder();

  const FileWriting& writing_;
  const RunIdentity& run_;
  plugins::ContextOwner& context_;
  std::unique_ptr<PartOutput> output_;
  void* encoder_ = nullptr;
  bool encoder_open_ = false;
  std::uint64_t rows_ = 0;
  void* storage_self_ = nullptr;
  integrity::WrittenObject taken_;
  Standing standing_;  // of an object that is appended to
};

}  // namespace weir::pipeline
