#include "run/output_names.hpp"

#include <algorithm>

namespace weir::run {
namespace {

// Whether some values, which have no slash, make one name of both.
bool may_meet(const OutputName& one, const OutputName& other) {
  const auto begins = [](std::string_view a, std::string_view b) { return a.starts_with(b) || b.starts_with(a); };
  const auto ends = [](std::string_view a, std::string_view b) { return a.ends_with(b) || b.ends_with(a); };
  const auto fits = [](const OutputName& whole, const OutputName& part) {
    return whole.filled || (whole.text.starts_with(part.front) && whole.text.ends_with(part.back) &&
                            whole.text.size() >= part.front.size() + part.back.size());
  };
  return std::count(one.text.begin(), one.text.end(), '/') == std::count(other.text.begin(), other.text.end(), '/') &&
         begins(one.front, other.front) && ends(one.back, other.back) && fits(one, other) && fits(other, one);
}

}  // namespace

bool same_file(const OutputName& one, const OutputName& other) {
  if (one.filled || other.filled) return may_meet(one, other);
  std::error_code problem;
  return one.text == other.text || (std::filesystem::is_regular_file(one.text, problem) &&
                                    std::filesystem::equivalent(one.text, other.text, problem));
}

bool is_filled_in(const manifest::Use& use) {
  return use.options.find("by") != nullptr || use.options.find("rows") != nullptr ||
         use.options.find("bytes") != nullptr;
}

}  // namespace weir::run
