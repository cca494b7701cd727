// ChecksumFile: what sha256sum and its like write, SHA256SUMS or NAME.sha256:
//
//   file    = *( line ( LF | CR LF ) )
//   line    = nothing | "#" text | digest | plain | tagged
//   plain   = [ "\" ] digest blank [ " " | "*" ] name       "*": read as binary, which means nothing here
//   tagged  = [ "\" ] algorithm " (" name ") = " hexadecimal    the form of BSD; what is not of SHA-256 is passed over
//   digest  = 64 hexadecimal digits                          alone: of the only object there is
//   name    = text; behind a "\" at the line's beginning, \\ stands for \, \n for LF, \r for CR
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace weir::pipeline {

struct ChecksumLine {
  std::string name;    // as it stands there; empty: a digest alone
  std::string sha256;  // lower case
  std::uint64_t line = 0;
};

// Whether a digest may stand alone in a file.
enum class Digests { named, or_alone };

// All lines that tell a SHA-256. `shown` is the file's name in errors. Errors: source.checksum_file: a line that is none of
// these, with its place; an empty file.
base::Result<std::vector<ChecksumLine>> parse_checksums(std::string_view text, const std::string& shown,
                                                        Digests digests);

// A SHA-256 as it stands in messages and files: 64 digits in lower case; empty: it is none.
std::string sha256_of_text(std::string_view text);

}  // namespace weir::pipeline
