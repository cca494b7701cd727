// Records of any dialect, ready to be cut into columns.
#pragma once

#include "dialect.hpp"
#include "records.hpp"

namespace weir::csv {

// What a chunk's records are found in: used again for the next one. Threads: one at a time.
struct Workspace {
  Scan scan;
  Rewritten rewritten;
};

// Scans whole records, which are rewritten before if the dialect is not plain, or if `width` is given: then records of
// fewer fields get empty ones. `base`: where they begin in what offsets count from. The chunk lends `records` and `workspace`.
inline Chunk scan_records(const Lexer& lexer, std::string_view records, const std::vector<std::string>& nulls,
                          std::int64_t base, Workspace& workspace, std::size_t width = 0) {
  if (lexer.plain() && width == 0) {
    scan_fields(records, lexer.dialect().marks, workspace.scan);
    return {records, workspace.scan, lexer.dialect().marks, base};
  }
  lexer.rewrite(records, nulls, width, workspace.rewritten);
  scan_fields(workspace.rewritten.text, Marks{}, workspace.scan);
  return {workspace.rewritten.text, workspace.scan, Marks{}, base, &workspace.rewritten, records};
}

}  // namespace weir::csv
