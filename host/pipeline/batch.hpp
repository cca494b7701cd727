// Batch: rows on their way through a chain, and where they came from.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <weir/arrow.hpp>

#include "arrow/shared.hpp"
#include "base/result.hpp"

namespace weir::pipeline {

// Where the lines of a text end. Made when somebody first asks for a place, for most texts never. [any]
class LineEnds {
 public:
  // The offsets of all line ends of `text`, which is always the same.
  const std::vector<std::uint32_t>& of(const std::vector<std::uint8_t>& text);

 private:
  std::once_flag once_;
  std::vector<std::uint32_t> ends_;
};

// A stretch of a split that rows came from. Shared by the batches made of it; the last of them ends it. Constant. [any]
struct Provenance {
  std::string file;  // as shown to the user; empty: the split has no name
  std::string stream;
  std::uint64_t base = 0;          // bytes (a format's) or records (an extractor's) before it in the split
  std::uint64_t lines_before = 0;  // line ends before it; only where `text` is at hand
  std::shared_ptr<const std::vector<std::uint8_t>> text;  // the bytes themselves; null: not at hand

  std::shared_ptr<LineEnds> line_ends = std::make_shared<LineEnds>();  // ends with the stretch
  std::uint64_t columns_before = 0;  // bytes of its first line before it; only where `text` is at hand

  // Where in the split the record at `offset` from the stretch's beginning is; -1: not known.
  std::int64_t position(std::int64_t offset) const {
    return offset < 0 ? -1 : static_cast<std::int64_t>(base) + offset;
  }
  // The place of the record at `offset` from the stretch's beginning, and of the byte `within` it (-1: its first).
  base::Place place(std::int64_t offset, std::int64_t within = -1) const;
};

// Rows, perhaps only some of them live. Cheap to copy. Threads: as a value.
struct Batch {
  arrow::SharedArray rows;
  std::vector<std::uint32_t> origins;                   // row i began at from->base + origins[i]; empty: unknown
  std::shared_ptr<const Provenance> from;               // null: unknown
  std::optional<std::vector<std::uint32_t>> selection;  // the live rows, ascending; none: all
  std::uint64_t output = 0;                             // of the link or reader that it left last

  std::uint64_t live() const { return selection ? selection->size() : static_cast<std::uint64_t>(rows.length()); }
  // The place of row `row`, as far as it is known.
  base::Place place(std::int64_t row) const;
  // Where row `row` began, counted from the beginning of `from`; -1: not known.
  std::int64_t origin(std::int64_t row) const {
    return row >= 0 && static_cast<std::size_t>(row) < origins.size() ? origins[static_cast<std::size_t>(row)]
                                                                      : std::int64_t{-1};
  }
};

// Where a batch goes next: to a link or to an end of the plan, by its number there.
struct Target {
  enum class Kind { link, end };
  Kind kind = Kind::link;
  std::size_t number = 0;
  auto operator<=>(const Target&) const = default;
};

// A batch on its way to `to`.
struct Routed {
  Target to;
  Batch batch;
};

// A row that can't go on.
struct Reject {
  std::string row;     // JSON object; empty: the record could not be taken apart
  std::string record;  // the record as it was found, where there is no row
  std::string column, reason, detail, link, stream;
  base::Place place;
  std::string split;  // the name of the split that it came from; empty: unknown
  std::int64_t position =
      -1;  // where it began in the split: bytes (a format's) or records (an extractor's); -1: unknown

  // The error that the run ends with where nobody keeps rejects.
  base::Error error() const;
};

using Deliver = std::function<base::Result<void>(Batch batch)>;
using TakeReject = std::function<base::Result<void>(Reject reject)>;

}  // namespace weir::pipeline
