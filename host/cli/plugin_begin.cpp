#include "cli/plugin_begin.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>

#include "cli/text.hpp"
#include "cli/version.hpp"

namespace weir::cli {
namespace {

namespace fs = std::filesystem;
using base::Result;

constexpr std::size_t kMostLetters = 64;
constexpr const char* kKinds[] = {"extractor", "transformer", "loader", "format", "storage", "codec", "connection"};

// What stands for what in a template: "{{name}}".
using Words = std::map<std::string, std::string>;

base::Unexpected refused(std::string code, std::string message, std::string hint) {
  return base::unexpected(base::manifest_error(std::move(code), std::move(message)).with_hint(std::move(hint)));
}

base::Unexpected cannot(const char* what, const fs::path& place, int problem) {
  return base::unexpected(
      base::make_error(base::Status::unavailable, base::Fault::destination, "scaffold.write",
                       "'" + place.string() + "': expected to " + what + " it, found: " + std::strerror(problem))
          .with_hint("see that the folder may be written, and that the disk has room"));
}

bool is_name(const std::string& name) {
  const auto fits = [](unsigned char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '_';
  };
  return !name.empty() && name.size() <= kMostLetters && name[0] >= 'a' && name[0] <= 'z' &&
         std::all_of(name.begin(), name.end(), fits);
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code problem;
  for (const auto& entry : fs::directory_iterator(folder, problem)) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

// The kinds that a language has templates for, in the order of the kinds.
std::vector<std::string> kinds_of(const fs::path& templates, const std::string& language) {
  std::vector<std::string> kinds;
  for (const char* kind : kKinds) {
    std::error_code problem;
    if (fs::is_directory(templates / language / kind, problem)) kinds.emplace_back(kind);
  }
  return kinds;
}

std::string with_words(std::string text, const Words& words) {
  for (std::size_t at = text.find("{{"); at != text.npos; at = text.find("{{", at)) {
    const std::size_t end = text.find("}}", at);
    const auto word = end == text.npos ? words.end() : words.find(text.substr(at + 2, end - at - 2));
    if (word == words.end()) {
      at += 2;
      continue;
    }
    text.replace(at, end + 2 - at, word->second);
    at += word->second.size();
  }
  return text;
}

std::string text_of_file(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// Files from the new folder, each with its text. A later template takes the place of an earlier one of the same name.
using Files = std::map<std::string, std::string>;

void take(const fs::path& layer, const Words& words, Files& files) {
  std::error_code problem;
  for (const auto& entry : fs::recursive_directory_iterator(layer, problem)) {
    if (!entry.is_regular_file(problem)) continue;
    std::string name = entry.path().lexically_relative(layer).string();
    if (const std::size_t at = name.find("NAME"); at != name.npos) name.replace(at, 4, words.at("name"));
    files[name] = text_of_file(entry.path());
  }
}

// Writes the files; the folder is new.
Result<void> write(const Files& files, const fs::path& folder) {
  for (const auto& [name, text] : files) {
    const fs::path file = folder / name;
    std::error_code problem;
    fs::create_directories(file.parent_path(), problem);
    if (problem) return cannot("make", file.parent_path(), problem.value());
    errno = 0;
    std::ofstream stream(file, std::ios::binary);
    stream << text;
    stream.close();
    if (!stream) return cannot("write", file, errno);
  }
  return {};
}

Result<void> check_new_plugin(const NewPlugin& plugin, const fs::path& templates) {
  if (!is_name(plugin.name)) {
    return refused("scaffold.name",
                   "'" + plugin.name + "': expected a name of at most 64 letters a-z, digits and _, a letter first",
                   "it becomes the word after use: in a manifest, as in trim_texts");
  }
  std::error_code problem;
  if (!fs::is_directory(templates / "all", problem)) {
    return refused("scaffold.templates",
                   "'" + templates.string() + "': expected the SDK's templates, found no such folder",
                   "install weir with its SDK (cmake --install), and use that program");
  }
  const auto kinds = kinds_of(templates, plugin.language);
  if (std::find(kinds.begin(), kinds.end(), plugin.kind) == kinds.end()) {
    return refused(
        "scaffold.kind",
        "expected a kind that can be begun in " + plugin.language + " (" + joined(kinds) + "), found " + plugin.kind,
        "--lang cpp has every kind");
  }
  const auto licences = names_in(templates / "licenses");
  if (plugin.licence != "none" && std::find(licences.begin(), licences.end(), plugin.licence) == licences.end()) {
    return refused(
        "scaffold.license",
        "expected a licence whose text is here (" + joined(licences) + ") or none, found '" + plugin.licence + "'",
        "take none, then put your LICENSE into the folder and its name into schema.json");
  }
  return {};
}

// All files of the plugin, their words put in.
Files files_of(const NewPlugin& plugin, const fs::path& templates, Words& words) {
  const bool by_cmake = plugin.language == "c" || plugin.language == "cpp";
  std::vector<std::string> layers{"all"};
  if (by_cmake) layers.emplace_back("cmake");
  layers.push_back(plugin.language);
  Files files;
  for (const auto& layer : layers) {
    take(templates / layer / "all", words, files);
    take(templates / layer / plugin.kind, words, files);
  }
  if (plugin.licence != "none") files["LICENSE"] = text_of_file(templates / "licenses" / plugin.licence);
  std::string steps = files["steps"];
  while (steps.ends_with('\n')) steps.pop_back();
  files.erase("steps");
  words["steps"] = with_words(steps, words);
  for (auto& [name, text] : files) text = with_words(text, words);
  return files;
}

Words words_of(const NewPlugin& plugin, const fs::path& templates) {
  const fs::path sdk = templates.parent_path();
  const std::chrono::year_month_day today{std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now())};
  const std::map<std::string, std::string> languages{{"c", "C"}, {"cpp", "C++"}, {"rust", "Rust"}, {"go", "Go"}};
  const auto language = languages.find(plugin.language);
  return {{"name", plugin.name},
          {"kind", plugin.kind},
          {"lang", language == languages.end() ? plugin.language : language->second},
          {"license", plugin.licence == "none" ? "LicenseRef-Proprietary" : plugin.licence},
          {"year", std::to_string(static_cast<int>(today.year()))},
          {"sdk", sdk.string()},
          {"prefix", sdk.parent_path().parent_path().parent_path().string()},
          {"version", kVersion}};
}

}  // namespace

fs::path templates_folder() {
  std::error_code problem;
  const fs::path program = fs::read_symlink("/proc/self/exe", problem);
  return program.parent_path().parent_path() / "share" / "weir" / "sdk" / "templates";
}

Result<BegunPlugin> begin_plugin(const NewPlugin& plugin, const fs::path& templates) {
  WEIR_TRY(check_new_plugin(plugin, templates));
  std::error_code problem;
  BegunPlugin begun{fs::absolute(plugin.name, problem), {}, {}};
  if (problem) return cannot("make", plugin.name, problem.value());
  if (fs::exists(fs::symlink_status(begun.folder, problem))) {
    return refused("scaffold.exists", "'" + plugin.name + "': expected no file or folder of that name, found one",
                   "give another name, or go to another folder");
  }
  Words words = words_of(plugin, templates);
  const Files files = files_of(plugin, templates, words);
  if (!fs::create_directory(begun.folder, problem)) return cannot("make", begun.folder, problem.value());
  if (auto written = write(files, begun.folder); !written) {
    fs::remove_all(begun.folder, problem);
    return base::unexpected(std::move(written).error());
  }
  for (const auto& [name, text] : files) begun.files.push_back(name);
  begun.steps = words["steps"];
  return begun;
}

}  // namespace weir::cli
