// Parses whole records into batches: pure, on any thread, several chunks at a time.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <weir/weir.hpp>

#include "columns.hpp"
#include "options.hpp"
#include "scanned.hpp"

namespace weir::csv {

// Workspaces that are used again, so that a chunk needs no new index. [any]
class WorkspacePool {
 public:
  std::unique_ptr<Workspace> take();
  void give(std::unique_ptr<Workspace> workspace);

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<Workspace>> workspaces_;
};

// Knows the columns of a file and makes batches of its records. [any]
class Parser {
 public:
  Parser() = default;
  // `names`: the file's columns in order. `schema`: what batches are like, its columns found by name; the others are
  // left out: a value there that is none of its type rejects no row.
  Parser(const Options& options, std::vector<std::string> names, const ArrowSchema& schema);

  // Pushes the records of `bytes`, at most 64 Ki rows a batch; rows with a value that does not fit its column are
  // rejected, and as the options say those with too few or too many fields. Offsets count from `base`. Throws Failure for what is not CSV. Precondition: less than 2 GiB.
  void parse(std::string_view bytes, std::int64_t base, const Next& next) const;

 private:
  void parse(const Chunk& chunk, const Records& records, const Next& next) const;
  void push(const Source& source, const Next& next) const;
  std::vector<Array> columns(const Source& source, std::vector<BadValue>& bad) const;
  void reject(const Chunk& chunk, const Ragged& record, const BadValue* value, const Next& next) const;

  Lexer lexer_{Dialect()};
  std::vector<std::string> nulls_;
  std::vector<std::string> names_;
  OnRagged ragged_ = OnRagged::error;
  std::vector<ColumnPlan> plans_;
  std::vector<std::size_t> left_out_;  // the fields of a record that no plan is for
  std::unique_ptr<WorkspacePool> workspaces_ = std::make_unique<WorkspacePool>();
};

}  // namespace weir::csv
