#include "run/captures.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include "base/dotted_name.hpp"
#include "base/wildcards.hpp"

namespace weir::run {
namespace {

using CapturedValues = std::map<std::string, std::string>;

std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> segments;
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t slash = std::min(path.find('/', at), path.size());
    if (slash > at) segments.push_back(path.substr(at, slash - at));
    at = slash + 1;
  }
  return segments;
}

// One segment, of which a part is taken apart already.
class Segment {
 public:
  explicit Segment(std::string_view pattern) : pattern_(pattern), holes_(manifest::placeholders_in(pattern)) {}

  bool fits(std::string_view name, CapturedValues& values, std::size_t hole = 0) const {
    const std::size_t from = hole == 0 ? 0 : holes_[hole - 1].from + holes_[hole - 1].length;
    const std::size_t to = hole < holes_.size() ? holes_[hole].from : pattern_.size();
    const std::string plain(pattern_.substr(from, to - from));
    if (hole == holes_.size()) return base::fits_wildcards(plain, std::string(name));
    for (std::size_t begin = 0; begin < name.size(); ++begin) {
      if (!base::fits_wildcards(plain, std::string(name.substr(0, begin)))) continue;
      for (std::size_t end = begin + 1; end <= name.size(); ++end) {
        CapturedValues tried = values;
        const std::string value(name.substr(begin, end - begin));
        const auto& known = tried.emplace(holes_[hole].name, value).first->second;
        if (known != value || !fits(name.substr(end), tried, hole + 1)) continue;
        values = std::move(tried);
        return true;
      }
    }
    return false;
  }

 private:
  std::string_view pattern_;
  std::vector<manifest::Placeholder> holes_;
};

manifest::StreamName named(CapturedValues values) {
  const auto stream = values.find("stream");
  if (stream != values.end() && !values.contains("name")) return {stream->second, values["schema"], stream->second};
  std::vector<std::string> parts;
  for (const char* const key : {"schema", "name"}) {
    if (values.contains(key)) parts.push_back(values[key]);
  }
  const std::string whole = stream != values.end() ? stream->second : base::dotted_name(parts);
  return {whole, values["schema"], values.contains("name") ? values["name"] : whole};
}

}  // namespace

std::optional<manifest::StreamName> captured(std::string_view pattern, std::string_view name) {
  const auto wanted = segments_of(pattern), found = segments_of(name);
  const auto is_any = [](std::string_view segment) { return segment == "**"; };
  CapturedValues values;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (manifest::placeholders_in(wanted[i]).empty()) continue;
    const std::size_t behind = wanted.size() - i;
    std::size_t at = i;
    if (std::any_of(wanted.begin(), wanted.begin() + static_cast<std::ptrdiff_t>(i), is_any)) {
      if (std::any_of(wanted.begin() + static_cast<std::ptrdiff_t>(i), wanted.end(), is_any)) return std::nullopt;
      if (behind > found.size()) return std::nullopt;
      at = found.size() - behind;
    }
    if (at >= found.size() || !Segment(wanted[i]).fits(found[at], values)) return std::nullopt;
  }
  if (values.empty()) return std::nullopt;
  return named(std::move(values));
}

}  // namespace weir::run
