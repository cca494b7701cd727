// Names of files that are written, as a manifest says them: some are filled in by the values of columns, or by numbers.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "manifest/manifest.hpp"

namespace weir::run {

// The part of a path before its first brace, and the one behind its last; both are all of it where it has none.
struct OutputName {
  explicit OutputName(const std::filesystem::path& path, bool filled_in)
      : text(path.string()), front(text), back(text) {
    const std::size_t open = text.find('{'), close = text.rfind('}');
    filled = filled_in && open < close && close != std::string::npos;
    if (!filled) return;
    front = front.substr(0, open);
    back = back.substr(close + 1);
  }
  OutputName(const OutputName&) = delete;  // the parts are views of the text
  OutputName& operator=(const OutputName&) = delete;
  ~OutputName() = default;
  std::string text;
  std::string_view front, back;
  bool filled = false;
};

// Whether both may be one file: by their text, by what is there, or by some values.
bool same_file(const OutputName& one, const OutputName& other);

// By which the braces of a path are filled in: by the values of columns, by numbers.
bool is_filled_in(const manifest::Use& use);

}  // namespace weir::run
