// Reject sorter: puts the rejects of a run into files by where they enter the pipeline again, so that they can be read like
// anything else.
//
// What a link or a load had rejected stands there as the rows that it was given, an object of JSON a line: they enter in front of
// it. What a format had rejected stands there as a file of that format, and is decoded anew. What nothing can be made of, a record
// that could not be taken apart say, is carried over: it is rejected again, as it was.
#pragma once

#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "pipeline/load.hpp"
#include "pipeline/source.hpp"
#include "run/reject_origins.hpp"

namespace weir::run {

// How the rejects of a link enter again.
struct RejectEntry {
  enum class As {
    rows,     // the rows, as JSON
    lines,    // the records as they were, one a line
    values,   // records written anew from the values of the rows
    carried,  // not at all
  };
  std::string link;
  As as = As::rows;
  // Of values: the names of the columns, and who writes texts to a file.
  std::vector<std::string> columns;
  std::function<base::Result<std::unique_ptr<pipeline::Load>>(const std::filesystem::path& file)> load;

  // Filled in.
  std::filesystem::path file;
  std::vector<RejectOrigin> origins;      // of each record of the file; none: there is no file
  std::vector<std::uint64_t> line_ends;   // in each record of the file, where it may have more than one; of values
  std::vector<pipeline::Reject> carried;  // over
};

// Threads: one caller at a time.
class RejectSorter {
 public:
  // Writes into `folder`. `entries` is lent, and filled in.
  RejectSorter(std::filesystem::path folder, std::vector<RejectEntry>& entries);
  ~RejectSorter();
  RejectSorter(const RejectSorter&) = delete;
  RejectSorter& operator=(const RejectSorter&) = delete;

  // Takes all rejects of a source whose rows are of reject_schema(), and ends the files. Errors: replay.link_gone, and what the
  // source and the files come to.
  base::Result<void> sort(pipeline::Source& source);

 private:
  class ValueFile;
  base::Result<void> take(const pipeline::Batch& batch);
  base::Result<void> take(pipeline::Reject reject);
  base::Result<void> write_line(std::size_t entry, std::string text);
  // False: they are not of the columns.
  base::Result<bool> write_values(std::size_t entry, const std::string& row);

  std::filesystem::path folder_;
  std::vector<RejectEntry>& entries_;
  std::vector<std::unique_ptr<std::ofstream>> lines_;  // of each entry
  std::vector<std::unique_ptr<ValueFile>> values_;     // likewise
};

// The offsets of the records of an entry's file; none: they are not known.
std::vector<std::int64_t> record_offsets(const RejectEntry& entry);

// A source that rejects again what an entry carries over, and has no rows. Its split is named `split`; what was the n-th stands
// there at n.
std::unique_ptr<pipeline::Source> make_carried_source(const RejectEntry& entry, std::string split,
                                                      const ArrowSchema& schema);

}  // namespace weir::run
