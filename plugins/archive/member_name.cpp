#include "member_name.hpp"

#include <fnmatch.h>
#include <sys/stat.h>

#include <algorithm>
#include <cctype>

#include "problems.hpp"

namespace weir::archive {
namespace {

constexpr char kBetween = '!';
constexpr std::string_view kOfMacs = "__MACOSX";

template <class Check>
bool any_part(std::string_view name, const Check& check) {
  while (true) {
    const std::size_t slash = std::min(name.find_first_of("/\\"), name.size());
    if (check(name.substr(0, slash))) return true;
    if (slash == name.size()) return false;
    name.remove_prefix(slash + 1);
  }
}

bool is_hidden(std::string_view name) {
  return any_part(name, [](std::string_view part) {
    return (part.starts_with('.') && part != "." && part != "..") || part == kOfMacs;
  });
}

bool is_file(const std::string& path) {
  struct stat found{};
  return stat(path.c_str(), &found) == 0 && S_ISREG(found.st_mode);
}

}  // namespace

std::string object_name(const std::string& archive, const std::string& member) { return archive + kBetween + member; }

std::string normal_name(std::string_view member) {
  std::string normal;
  for (std::size_t at = 0; at < member.size();) {
    const std::size_t end = std::min(member.find('/', at), member.size());
    const std::string_view part = member.substr(at, end - at);
    const bool means_something = !part.empty() && part != ".";
    if (means_something) normal += part;
    if (end < member.size() && (means_something || at == 0) && part != ".") normal += '/';
    at = end + 1;
  }
  return normal;
}

std::pair<std::string, std::string> parts_of(std::string_view object) {
  for (std::size_t at = object.find(kBetween); at != std::string_view::npos; at = object.find(kBetween, at + 1)) {
    std::string archive(object.substr(0, at));
    if (is_file(archive)) return {std::move(archive), std::string(object.substr(at + 1))};
  }
  throw no_such_member(std::string(object));
}

bool leads_out(std::string_view member) {
  const bool of_a_drive =
      member.size() > 1 && member[1] == ':' && std::isalpha(static_cast<unsigned char>(member[0])) != 0;
  return member.empty() || member[0] == '/' || member[0] == '\\' || of_a_drive ||
         any_part(member, [](std::string_view part) { return part == ".."; });
}

bool is_meant(const std::string& pattern, const std::string& member) {
  if (pattern == member) return true;
  if (is_hidden(member) && !is_hidden(pattern)) return false;
  return fnmatch(pattern.c_str(), member.c_str(), 0) == 0;
}

}  // namespace weir::archive
