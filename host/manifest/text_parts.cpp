#include "manifest/text_parts.hpp"

#include <algorithm>

namespace weir::manifest {

Where where_of_part(const Node& node, std::size_t from, std::size_t length) {
  Where where = node.where;
  std::size_t begin = std::string::npos;
  std::size_t end = 0;
  for (const TextRun& run : node.runs) {
    const std::size_t first = std::max(from, run.text_offset);
    const std::size_t last = std::min(from + length, run.text_offset + run.text_length);
    if (first >= last) continue;
    begin = std::min(begin, run.exact ? run.source_offset + first - run.text_offset : run.source_offset);
    end = run.exact ? run.source_offset + last - run.text_offset : run.source_offset + run.source_length;
  }
  if (begin == std::string::npos) return where;
  where.offset = begin;
  where.length = end - begin;
  return where;
}

void append_part(const Node& node, std::size_t from, std::size_t length, Node& out) {
  for (const TextRun& run : node.runs) {
    const std::size_t first = std::max(from, run.text_offset);
    const std::size_t last = std::min(from + length, run.text_offset + run.text_length);
    if (first >= last) continue;
    const std::size_t skipped = run.exact ? first - run.text_offset : 0;
    const std::size_t spelling = run.exact ? last - first : run.source_length;
    out.runs.push_back(
        {out.text.size() + first - from, last - first, run.source_offset + skipped, spelling, run.exact});
  }
  out.text.append(node.text, from, length);
}

void append_value(const Where& where, const std::string& value, Node& out) {
  out.runs.push_back({out.text.size(), value.size(), where.offset, where.length, false});
  out.text += value;
}

}  // namespace weir::manifest
