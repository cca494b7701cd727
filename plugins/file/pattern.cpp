#include "pattern.hpp"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <utility>

#include "problems.hpp"
#include "staged_name.hpp"

namespace weir::file {
namespace {

constexpr std::size_t kMaxPatterns = 4096;
constexpr std::size_t npos = std::string_view::npos;

// Gives the end of a "[...]" that begins at `at`, behind its bracket; npos if none.
std::size_t bracket_end(std::string_view text, std::size_t at) {
  std::size_t end = at + 1;
  if (end < text.size() && (text[end] == '!' || text[end] == '^')) ++end;
  if (end < text.size() && text[end] == ']') ++end;
  for (; end < text.size() && text[end] != '/'; ++end) {
    if (text[end] == ']') return end + 1;
  }
  return npos;
}

// The parts of a brace: where each begins, and where the last ends. Empty if there is no comma or no end.
std::vector<std::size_t> brace_parts(std::string_view text, std::size_t open) {
  std::vector<std::size_t> starts{open + 1};
  int depth = 0;
  for (std::size_t i = open + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '{') {
      ++depth;
    } else if (text[i] == '}' && depth-- == 0) {
      starts.push_back(i + 1);
      return starts.size() > 2 ? starts : std::vector<std::size_t>{};
    } else if (text[i] == ',' && depth == 0) {
      starts.push_back(i + 1);
    }
  }
  return {};
}

std::string unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    plain += text[i];
  }
  return plain;
}

// Length of the UTF-8 character at the front; 1 for what is none.
std::size_t character(std::string_view text) {
  const auto byte = static_cast<unsigned char>(text[0]);
  const std::size_t length = byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
  return std::min(length, text.size());
}

// Matches one character of `name` with the set between the brackets.
bool in_set(std::string_view set, std::string_view letter) {
  const bool inverted = set.starts_with('!') || set.starts_with('^');
  if (inverted) set.remove_prefix(1);
  bool found = false;
  while (!set.empty()) {
    const std::string_view low = set.substr(0, character(set));
    set.remove_prefix(low.size());
    std::string_view high = low;
    if (set.size() > 1 && set[0] == '-') {
      set.remove_prefix(1);
      high = set.substr(0, character(set));
      set.remove_prefix(high.size());
    }
    found = found || (letter >= low && letter <= high);  // UTF-8 sorts as its characters do
  }
  return found != inverted;
}

// Matches the front of both; gives false, or moves on behind one part of the segment and what it took.
bool match_one(std::string_view segment, std::string_view name, std::size_t& used, std::size_t& taken) {
  if (name.empty()) return false;
  taken = character(name);
  if (segment[0] == '?') {
    used = 1;
    return true;
  }
  const std::size_t end = segment[0] == '[' ? bracket_end(segment, 0) : npos;
  if (end != npos) {
    used = end;
    return in_set(segment.substr(1, end - 2), name.substr(0, taken));
  }
  const std::size_t escape = segment[0] == '\\' && segment.size() > 1 ? 1 : 0;
  used = escape + 1;
  taken = 1;
  return segment[escape] == name[0];
}

}  // namespace

bool is_pattern(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '*' || text[i] == '?') {
      return true;
    } else if ((text[i] == '[' && bracket_end(text, i) != npos) || (text[i] == '{' && !brace_parts(text, i).empty())) {
      return true;
    }
  }
  return false;
}

std::vector<std::string> expand_braces(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
      continue;
    }
    if (text[i] != '{') continue;
    const std::vector<std::size_t> starts = brace_parts(text, i);
    if (starts.empty()) continue;
    std::vector<std::string> all;
    for (std::size_t part = 0; part + 1 < starts.size(); ++part) {
      const std::string_view chosen = text.substr(starts[part], starts[part + 1] - 1 - starts[part]);
      const std::string whole =
          std::string(text.substr(0, i)) + std::string(chosen) + std::string(text.substr(starts.back()));
      for (auto& pattern : expand_braces(whole)) all.push_back(std::move(pattern));
      if (all.size() > kMaxPatterns) {
        throw Failure(
            WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
            "expected braces that stand for at most " + std::to_string(kMaxPatterns) + " patterns, found more")
            .option("/path");
      }
    }
    return all;
  }
  return {std::string(text)};
}

bool matches(std::string_view segment, std::string_view name) {
  if (name.starts_with('.') && !segment.starts_with('.') && !segment.starts_with("\\.")) return false;
  // One step back is enough: a later star can take whatever an earlier one would.
  std::string_view after_star, retry;
  bool starred = false;
  while (!segment.empty() || !name.empty()) {
    std::size_t used = 0, taken = 0;
    if (!segment.empty() && segment[0] == '*') {
      segment.remove_prefix(1);
      after_star = segment;
      retry = name;
      starred = true;
    } else if (!segment.empty() && match_one(segment, name, used, taken)) {
      segment.remove_prefix(used);
      name.remove_prefix(taken);
    } else if (starred && !retry.empty()) {
      retry.remove_prefix(character(retry));
      segment = after_star;
      name = retry;
    } else {
      return false;
    }
  }
  return true;
}

namespace {

// Walks down the folders of one pattern.
class Walk {
 public:
  Walk(std::vector<std::string>& found, const std::function<bool()>& cancelled)
      : found_(found), cancelled_(cancelled) {}

  void run(std::string_view pattern) {
    std::vector<std::string> segments;
    const bool absolute = pattern.starts_with('/');
    for (std::size_t at = 0; at <= pattern.size();) {
      const std::size_t slash = std::min(pattern.find('/', at), pattern.size());
      const std::string_view segment = pattern.substr(at, slash - at);
      const bool again = segment == "**" && !segments.empty() && segments.back() == "**";
      if (!segment.empty() && !again) segments.emplace_back(segment);
      at = slash + 1;
    }
    segments_ = std::move(segments);
    descend(absolute ? "/" : "", 0);
  }

 private:
  static std::string below(const std::string& folder, const std::string& name) {
    return folder.empty() || folder.ends_with('/') ? folder + name : folder + "/" + name;
  }

  void descend(const std::string& folder, std::size_t segment) {
    if (segment == segments_.size()) return;
    const std::string& pattern = segments_[segment];
    const bool last = segment + 1 == segments_.size();
    if (pattern == "**") {
      if (!last) descend(folder, segment + 1);
      for (const std::string& name : names(folder)) {
        if (name.starts_with('.')) continue;
        const std::string path = below(folder, name);
        if (last) take(path);
        enter(path, segment);
      }
      return;
    }
    if (!is_pattern(pattern)) return step(below(folder, unescaped(pattern)), segment, last);
    for (const std::string& name : names(folder)) {
      if (matches(pattern, name) && !StagedName::is_one(name)) step(below(folder, name), segment, last);
    }
  }

  void step(const std::string& path, std::size_t segment, bool last) {
    if (last) return take(path);
    enter(path, segment + 1);
  }

  // Goes into a folder, unless it is one that this path came through already.
  void enter(const std::string& path, std::size_t segment) {
    struct stat facts{};
    if (stat(path.c_str(), &facts) != 0 || !S_ISDIR(facts.st_mode)) return;
    const std::pair<dev_t, ino_t> identity(facts.st_dev, facts.st_ino);
    if (segments_[segment] == "**" && std::find(above_.begin(), above_.end(), identity) != above_.end()) return;
    above_.push_back(identity);
    descend(path, segment);
    above_.pop_back();
  }

  void take(const std::string& path) {
    struct stat facts{};
    if (stat(path.c_str(), &facts) != 0) {
      struct stat link{};
      if (lstat(path.c_str(), &link) != 0) return;
      throw Failure(WEIR_NOT_FOUND, WEIR_FAULT_SOURCE, "expected a file behind the link '" + path + "', found nothing")
          .object(path)
          .option("/path")
          .native(ENOENT);
    }
    if (S_ISREG(facts.st_mode)) found_.push_back(path);
  }

  std::vector<std::string> names(const std::string& folder) {
    if (cancelled_()) throw cancelled();
    const std::unique_ptr<DIR, int (*)(DIR*)> open(opendir(folder.empty() ? "." : folder.c_str()), closedir);
    std::vector<std::string> all;
    if (!open && errno != ENOENT && errno != ENOTDIR) throw cannot_read(folder, errno);
    for (const dirent* entry = nullptr; open && (entry = readdir(open.get())) != nullptr;) {
      const std::string_view name = entry->d_name;
      if (name != "." && name != "..") all.emplace_back(name);
    }
    return all;
  }

  std::vector<std::string>& found_;
  const std::function<bool()>& cancelled_;
  std::vector<std::string> segments_;
  std::vector<std::pair<dev_t, ino_t>> above_;
};

}  // namespace

std::vector<std::string> find_files(std::string_view text, const std::function<bool()>& cancelled) {
  std::vector<std::string> found;
  for (const std::string& pattern : expand_braces(text)) Walk(found, cancelled).run(pattern);
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

}  // namespace weir::file
