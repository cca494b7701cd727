// FileReader: storage, codec and format put together: one object read as rows, in pieces that are cut at record
// boundaries and parsed apart where the format can do it (weir.chunked/1).
#pragma once

#include <memory>
#include <string>

#include "manifest/manifest.hpp"
#include "observe/log.hpp"
#include "pipeline/links/bytes.hpp"
#include "pipeline/links/verification.hpp"
#include "pipeline/sinks.hpp"
#include "pipeline/source.hpp"

namespace weir::pipeline {

// What a file is read with. Shared by all files of a source.
struct FileReading {
  std::shared_ptr<const Component> storage;
  std::vector<std::shared_ptr<const Component>> codecs;   // one if the manifest names it; else all, to be sniffed
  std::vector<std::shared_ptr<const Component>> formats;  // likewise
  bool codec_named = false, format_named = false;
  ExpansionLimit expansion;
  manifest::Verify verify = manifest::Verify::last;
  observe::Log* log = nullptr;  // lent; null: nobody hears
  bool looks_at_all = false;    // at plan time, for their schemas: else at some
  RunIdentity run;
};

// What an object's reader keeps to.
struct Keeping {
  const ArrowSchema* expected = nullptr;  // null: it tells its own
  std::shared_ptr<const Narrowing> narrowing =
      {};  // null: it reads all; else it can leave columns out (weir.pushdown/1)
  std::shared_ptr<const std::atomic<std::uint64_t>> reached = nullptr;  // how far the object has been read
  std::shared_ptr<Verification> verification = {};                      // null: nothing is verified
};

// Whether readers of the format can leave columns out.
bool can_narrow(const Component& format);

// Opens an object.
class FileReader : public SplitReader {
 public:
  static base::Result<std::unique_ptr<FileReader>> open(const std::shared_ptr<const FileReading>& reading,
                                                        void* storage_self, const std::string& name,
                                                        const std::string& version, Keeping keeping,
                                                        std::atomic<std::uint64_t>* counter,
                                                        std::string_view position = {});
  // Of one that was opened at a position, before its first read(): reads again what can't be leapt over, through an outlet
  // made of `setup`.
  virtual base::Result<void> go_to(std::string_view position, OutletSetup setup) = 0;
  virtual const ArrowSchema& schema() const = 0;
  virtual std::shared_ptr<const Component> format() const = 0;
};

}  // namespace weir::pipeline
