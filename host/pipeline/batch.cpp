#include "pipeline/batch.hpp"

#include <algorithm>

namespace weir::pipeline {

const std::vector<std::uint32_t>& LineEnds::of(const std::vector<std::uint8_t>& text) {
  std::call_once(once_, [&] {
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\n') ends_.push_back(static_cast<std::uint32_t>(i));
    }
  });
  return ends_;
}

base::Place Provenance::place(std::int64_t offset, std::int64_t within) const {
  base::Place place;
  place.file = file;
  if (text == nullptr || offset < 0 || static_cast<std::size_t>(offset) > text->size()) return place;
  const auto& ends = line_ends->of(*text);
  const auto after = std::lower_bound(ends.begin(), ends.end(), static_cast<std::uint32_t>(offset));
  place.line = lines_before + static_cast<std::uint64_t>(after - ends.begin()) + 1;
  const std::int64_t line_begin = after == ends.begin() ? 0 : std::int64_t{*(after - 1)} + 1;
  place.column = static_cast<std::uint64_t>(offset - line_begin) + 1 + (after == ends.begin() ? columns_before : 0);
  const auto record = text->begin() + offset;
  if (within < 0 || within > text->end() - record) return place;
  // A value on a later line of its record: the record's first line is what editors can find, so its place stays.
  if (std::find(record, record + within, std::uint8_t{'\n'}) == record + within) {
    place.column += static_cast<std::uint64_t>(within);
  }
  return place;
}

base::Place Batch::place(std::int64_t row) const {
  if (from == nullptr || row < 0) return {};
  return from->place(origin(row));
}

base::Error Reject::error() const {
  std::string message = column.empty() ? "" : "column '" + column + "': ";
  message += detail.empty() ? reason : detail;
  base::Error error =
      base::make_error(base::Status::invalid_argument, base::Fault::data, "data.rejected", std::move(message))
          .with_hint("mend the data, or set reject: in the manifest to keep such rows aside");
  error.place = place;
  error.link = link;
  return error;
}

}  // namespace weir::pipeline
