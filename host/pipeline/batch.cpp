#include "pipeline/batch.hpp"

#include <algorithm>

namespace weir::pipeline {

std::uint64_t LineEnds::before(const std::vector<std::uint8_t>& text, std::size_t offset) {
  std::call_once(found_, [&] {
    for (auto at = text.begin(); (at = std::find(at, text.end(), std::uint8_t{'\n'})) != text.end(); ++at) {
      ends_.push_back(static_cast<std::uint32_t>(at - text.begin()));
    }
  });
  return static_cast<std::uint64_t>(std::lower_bound(ends_.begin(), ends_.end(), offset) - ends_.begin());
}

base::Place Provenance::place(std::int64_t offset, std::int64_t within) const {
  base::Place place;
  place.file = file;
  if (text == nullptr || offset < 0 || static_cast<std::size_t>(offset) > text->size()) return place;
  const auto begin = text->begin();
  const auto record = begin + offset;
  place.line = lines_before + line_ends->before(*text, static_cast<std::size_t>(offset)) + 1;
  const auto line_begin = std::find(std::make_reverse_iterator(record), text->rend(), std::uint8_t{'\n'}).base();
  place.column = static_cast<std::uint64_t>(record - line_begin) + 1;
  if (within < 0 || record + within > text->end()) return place;
  // A value on a later line of its record: the record's first line is what editors can find, so its place stays.
  if (std::find(record, record + within, std::uint8_t{'\n'}) == record + within) {
    place.column += static_cast<std::uint64_t>(within);
  }
  return place;
}

base::Place Batch::place(std::int64_t row) const {
  if (from == nullptr || row < 0) return {};
  const auto index = static_cast<std::size_t>(row);
  return from->place(index < origins.size() ? static_cast<std::int64_t>(origins[index]) : -1);
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
