// Source: line starts are found once; everything else is arithmetic on offsets.
#include "manifest/source.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

#include "base/units.hpp"
#include "base/utf8.hpp"

namespace weir::manifest {
namespace {

constexpr std::size_t kLongestShownLine = 8192;

bool forbidden_control(char letter) {
  const auto byte = static_cast<unsigned char>(letter);
  return (byte < 0x20 && letter != '\t' && letter != '\n' && letter != '\r') || byte == 0x7F;
}

// Finds the first byte that no manifest may hold, and says why.
std::optional<std::pair<std::size_t, std::string>> find_forbidden(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = base::character_length(text.substr(at));
    if (length == 0) return std::pair{at, std::string("expected UTF-8, found a byte that is not")};
    if (length == 1 && forbidden_control(text[at])) {
      return std::pair{at, std::string("expected text, found a control character")};
    }
    at += length;
  }
  return std::nullopt;
}

base::Error file_error(const std::string& file, std::string message) {
  base::Error error = base::manifest_error("manifest.file", file + ": " + std::move(message));
  error.status = base::Status::not_found;
  return error;
}

base::Error too_large(const std::string& file) {
  return file_error(file, "expected a manifest of at most 16 MiB, found a larger file");
}

// The names in a folder, as many as a hint is worth.
std::vector<std::string> names_in(const std::filesystem::path& folder) {
  constexpr std::size_t kMost = 10'000;
  std::vector<std::string> names;
  std::error_code problem;
  for (const auto& entry : std::filesystem::directory_iterator(folder.empty() ? "." : folder, problem)) {
    if (names.size() < kMost) names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

// The hint for a file that is not there.
std::string near_file(const std::filesystem::path& file) {
  const std::string near = base::nearest(file.filename().string(), names_in(file.parent_path()));
  return near.empty() ? "give the path of a manifest" : "did you mean '" + (file.parent_path() / near).string() + "'?";
}

// The hint for a folder: the first manifest that it may hold.
std::string manifest_in(const std::filesystem::path& folder) {
  const auto names = names_in(folder);
  const auto found = std::find_if(names.begin(), names.end(), [](const std::string& name) {
    return name.ends_with(".yaml") || name.ends_with(".yml");
  });
  return found == names.end() ? "give the path of a manifest" : "give a file in it: " + (folder / *found).string();
}

}  // namespace

Source::Source(std::string file, std::string text, std::filesystem::path folder)
    : file_(std::move(file)), text_(std::move(text)), folder_(std::move(folder)) {
  line_starts_.push_back(0);
  for (std::size_t at = text_.find('\n'); at != std::string::npos; at = text_.find('\n', at + 1)) {
    line_starts_.push_back(at + 1);
  }
}

base::Place Source::place(std::size_t offset, std::size_t length) const {
  offset = std::min(offset, text_.size());
  const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  const std::size_t start = *std::prev(after);
  std::size_t end = std::min(text_.find('\n', start), text_.size());
  if (end > start && text_[end - 1] == '\r') --end;
  base::Place place;
  place.file = file_;
  place.line = static_cast<std::uint64_t>(after - line_starts_.begin());
  place.column = offset - start + 1;
  place.length = std::min(length, end > offset ? end - offset : std::size_t{1});
  if (end - start <= kLongestShownLine) place.source_line = text_.substr(start, end - start);
  return place;
}

base::Result<std::shared_ptr<const Source>> make_source(std::string file, std::string text,
                                                        std::filesystem::path folder) {
  if (text.size() > kMaxSourceBytes) return base::unexpected(too_large(file));
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  const auto forbidden = find_forbidden(text);
  const auto source = std::make_shared<const Source>(std::move(file), std::move(text), std::move(folder));
  if (!forbidden) return source;
  base::Error error = base::manifest_error("manifest.encoding", forbidden->second, source->place(forbidden->first, 1));
  return base::unexpected(std::move(error).with_hint("save the manifest as plain text in UTF-8"));
}

base::Result<std::shared_ptr<const Source>> read_source(const std::string& file, std::string shown) {
  if (shown.empty()) shown = file;
  std::error_code problem;
  const auto status = std::filesystem::status(file, problem);
  if (status.type() == std::filesystem::file_type::not_found) {
    return base::unexpected(file_error(shown, "no such file").with_hint(near_file(file)));
  }
  if (problem) return base::unexpected(file_error(shown, problem.message()));
  if (std::filesystem::is_directory(status)) {
    return base::unexpected(file_error(shown, "expected a manifest, found a folder").with_hint(manifest_in(file)));
  }
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return base::unexpected(file_error(shown, std::generic_category().message(errno)));
  std::string text;
  constexpr std::size_t kStep = 1U << 16U;
  while (stream && text.size() <= kMaxSourceBytes) {  // a pipe or a device has no size to ask for
    const std::size_t had = text.size();
    text.resize(had + kStep);
    stream.read(text.data() + had, kStep);
    text.resize(had + static_cast<std::size_t>(stream.gcount()));
  }
  const auto folder_of = std::filesystem::absolute(file, problem).parent_path();
  auto folder = std::filesystem::weakly_canonical(folder_of, problem);
  if (stream.bad()) return base::unexpected(file_error(shown, std::generic_category().message(errno)));
  return make_source(std::move(shown), std::move(text), std::move(folder));
}

}  // namespace weir::manifest
