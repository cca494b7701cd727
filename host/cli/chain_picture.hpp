// The chain of a run as a picture: a box a link, and what went from one to the other, as SVG that stands in a page.
#pragma once

#include <string>

#include "integrity/ledger.hpp"

namespace weir::cli {

// Links stand below those that they get their rows from, extracts at the top; each box has its link, component and what was dropped and
// rejected there, each line the rows that went along it. Markup; empty: of a ledger without lines.
std::string chain_picture(const integrity::Ledger& ledger);

}  // namespace weir::cli
