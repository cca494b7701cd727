// Texts for a terminal of any width.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace weir::cli {

// Columns that answers are written for: the terminal's behind stdout, COLUMNS where that is set, else 100.
std::size_t terminal_width();

// Breaks a paragraph at blanks, so that lines with their indent fit 100 columns, or the terminal if it is narrower.
// Every line is ended. Words that are longer stand alone.
std::string wrapped(std::string_view text, std::string_view indent);

// The texts behind one another.
std::string joined(const std::vector<std::string>& texts, std::string_view between = ", ");

// A file's name as a shell takes it: in quotes where it needs them.
std::string shell_word(const std::string& word);

}  // namespace weir::cli
