// What weir init finds in files: asked of the components that will read them.
#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <set>

#include "arrow/json.hpp"
#include "arrow/schema.hpp"
#include "base/units.hpp"
#include "cli/init.hpp"
#include "cli/run_arguments.hpp"

namespace weir::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr const char* kProbe = "weir-init.json";  // names the manifests that are tried, which nobody sees
constexpr std::string_view kOfPatterns = "*?[]{}\\";
constexpr std::string_view kDatabaseMagic{"SQLite format 3\0", 16};
constexpr std::size_t kMostTables = 100;
constexpr std::array<const char*, 3> kDelimiters{";", "tab", "|"};

base::Error data_error(const std::string& file, const std::string& message, std::string hint = {}) {
  return base::manifest_error("init.data", "'" + file + "': " + message).with_hint(std::move(hint));
}

bool is_pattern(const std::string& file) { return file.find_first_of(kOfPatterns) != std::string::npos; }

// A path as the option `path` takes it: what would be a pattern means itself.
std::string as_path(const std::string& file) {
  std::string path;
  for (const char letter : file) {
    if (kOfPatterns.find(letter) != std::string_view::npos) path += '\\';
    path += letter;
  }
  return path;
}

std::string without_variables(const std::string& text) {
  std::string made;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '$' && i + 1 < text.size() && text[i + 1] == '{') made += '$';
    made += text[i];
  }
  return made;
}

// What a pipeline and a table can be called: the file's name up to its first dot.
std::string name_of_data(const std::string& file) {
  std::string name;
  for (const char letter : fs::path(file).filename().string()) {
    if (letter == '.' && !name.empty()) break;
    const bool plain = std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_' || letter == '-';
    if (plain)
      name += letter;
    else if (!name.empty() && name.back() != '_')
      name += '_';
  }
  while (name.ends_with('_') || name.ends_with('-')) name.pop_back();
  if (name.empty()) name = "data";
  return name.substr(0, 48);
}

std::string from_folder(const std::string& file, const fs::path& folder) {
  std::error_code problem;
  const fs::path relative = fs::absolute(file, problem).lexically_normal().lexically_relative(folder);
  return relative.empty() ? fs::absolute(file, problem).string() : relative.string();
}

// The names beside a file that is not there, for what was meant.
std::string near_file(const std::string& file) {
  std::vector<std::string> names;
  std::error_code problem;
  const fs::path folder = fs::path(file).parent_path();
  for (const auto& entry : fs::directory_iterator(folder.empty() ? "." : folder, problem)) {
    if (names.size() < 10000) names.push_back(entry.path().filename().string());
  }
  const std::string near = base::nearest(fs::path(file).filename().string(), names);
  return near.empty() ? "" : (folder / near).string();
}

// What a folder's files mostly end with.
std::string pattern_for(const fs::path& folder) {
  std::error_code problem;
  std::vector<std::pair<std::string, int>> endings;
  for (const auto& entry : fs::directory_iterator(folder, problem)) {
    const std::string name = entry.path().filename().string();
    const std::size_t dot = name.find('.', 1);
    if (!entry.is_regular_file(problem) || dot == std::string::npos) continue;
    const std::string ending = name.substr(dot);
    const auto known =
        std::find_if(endings.begin(), endings.end(), [&ending](const auto& one) { return one.first == ending; });
    if (known == endings.end())
      endings.emplace_back(ending, 1);
    else
      ++known->second;
  }
  const auto most = std::max_element(endings.begin(), endings.end(),
                                     [](const auto& one, const auto& other) { return one.second < other.second; });
  return (folder / "").string() + "*" + (most == endings.end() ? "" : most->first);
}

base::Result<void> check_file(const std::string& file) {
  std::error_code problem;
  const auto status = fs::status(file, problem);
  if (fs::is_directory(status)) {
    return base::unexpected(data_error(file, "expected a file, found a folder",
                                       "name its files, in quotes: weir init '" + pattern_for(file) + "'"));
  }
  if (!fs::exists(status)) {
    if (is_pattern(file)) return {};
    const std::string near = near_file(file);
    return base::unexpected(data_error(
        file, "expected a file, found none",
        near.empty() ? "give the path of a file, a pattern in quotes, or a database" : "did you mean '" + near + "'?"));
  }
  if (fs::is_regular_file(status) && fs::file_size(file, problem) == 0 && !problem)
    return base::unexpected(data_error(file, "expected data, found an empty file", "give a file that has some rows"));
  return {};
}

bool is_database(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string head(kDatabaseMagic.size(), '\0');
  return stream.read(head.data(), static_cast<std::streamsize>(head.size())) && head == kDatabaseMagic;
}

class Finder {
 public:
  Finder(fs::path folder, Output& output) : folder_(std::move(folder)), output_(output) {}

  base::Result<std::vector<DataFound>> look_at(const std::string& file) {
    WEIR_TRY(check_file(file));
    if (is_database(file)) return tables(file);
    const bool literal = !is_pattern(file) || fs::exists(file);
    const std::string shown = from_folder(file, folder_);
    DataFound found;
    found.name = name_of_data(file);
    found.paths = {without_variables(literal ? as_path(shown) : shown)};
    WEIR_TRY(learn(found, file));
    if (found.schema->n_children == 0)
      return base::unexpected(
          data_error(file, "expected rows with columns, found none",
                     "weir run tells what is wrong with its lines: extract: { use: file, path: … }, "
                     "load: print"));
    std::vector<DataFound> all;
    all.push_back(std::move(found));
    return all;
  }

  // Files of the same columns are one stream, if the reader takes them so.
  bool joined(std::vector<DataFound>& found) {
    const auto same = [&found](const DataFound& one) {
      return one.table.empty() && one.format == found.front().format && one.delimiter == found.front().delimiter &&
             names_of(one.schema.get()) == names_of(found.front().schema.get());
    };
    if (found.size() < 2 || !std::all_of(found.begin(), found.end(), same)) return false;
    DataFound all;
    all.name = found.front().name;
    all.delimiter = found.front().delimiter;
    for (const auto& one : found) all.paths.push_back(one.paths.front());
    if (auto learned = learn(all, "init"); !learned) return false;
    found.clear();
    found.push_back(std::move(all));
    return true;
  }

 private:
  static std::vector<std::string> names_of(const ArrowSchema& schema) {
    std::vector<std::string> names;
    for (std::int64_t i = 0; i < schema.n_children; ++i) names.emplace_back(schema.children[i]->name);
    return names;
  }

  run::RunWatch watch() {
    run::RunWatch watch = watch_of(output_);
    watch.stdout_taken = nullptr;
    watch.log = nullptr;  // much is tried, and may be warned of
    return watch;
  }
  run::RunOptions options(const ordered_json& extract) const {
    run::RunOptions options;
    options.manifest = kProbe;
    options.folder = folder_;
    options.text = ordered_json{{"weir", 1}, {"name", "init"}, {"extract", extract}, {"load", "discard"}}.dump(
        -1, ' ', false, ordered_json::error_handler_t::replace);
    return options;
  }

  // The part of a plan that extracts so. What is wrong is told of `file`: nobody sees the manifest.
  base::Result<run::PlanPart> plan(const ordered_json& extract, const std::string& file) {
    auto plans = run::plan_pipelines(options(extract), watch());
    if (plans) return std::move(plans->front().parts.front());
    base::Error error = std::move(plans).error();
    if (error.place.file == kProbe) {
      error.place = {};
      error.message = "'" + file + "': " + error.message;
      if (error.code == "manifest.no_format")
        error.hint =
            "give it a name that says what it is, such as data.csv or data.ndjson; a database is one of SQLite";
    }
    return base::unexpected(std::move(error));
  }

  static ordered_json extract_of(const DataFound& found, const std::string& delimiter) {
    ordered_json list = ordered_json::array();
    for (const auto& path : found.paths) {
      list.push_back({{"use", "file"}, {"path", path}});
      if (!delimiter.empty()) list.back()["format"] = {{"use", "csv"}, {"delimiter", delimiter}};
    }
    return list.size() == 1 ? list.front() : list;
  }

  // Format, columns, and which delimiter it was that the reader found by itself.
  base::Result<void> learn(DataFound& found, const std::string& file) {
    WEIR_TRY_ASSIGN(auto part, plan(extract_of(found, ""), file));
    found.format = part.component;
    found.schema = std::move(part.outputs.front());
    if (found.format != "csv" || found.schema->n_children < 2) return {};
    const auto reads_so = [&](const std::string& delimiter) {
      const auto tried = plan(extract_of(found, delimiter), file);
      return tried && arrow::equal(tried->outputs.front().get(), found.schema.get());
    };
    if (reads_so(",")) return {};
    const auto right = std::find_if(kDelimiters.begin(), kDelimiters.end(), reads_so);
    if (right != kDelimiters.end()) found.delimiter = *right;
    return {};
  }

  base::Result<std::vector<DataFound>> tables(const std::string& file) {
    const std::string path = without_variables(from_folder(file, folder_));
    const ordered_json ask{{"use", "sqlite"},
                           {"database", path},
                           {"query",
                            "SELECT name, type FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE "
                            "'sqlite@_%' ESCAPE '@' AND name NOT LIKE '@_weir@_%' ESCAPE '@' ORDER BY type, name"}};
    const auto previews = run::preview_pipelines(options(ask), {kMostTables, {}}, watch());
    if (!previews) {
      base::Error error = previews.error();
      error.place = {};
      return base::unexpected(std::move(error));
    }
    std::vector<DataFound> found;
    std::vector<std::string> left_out;
    for (const auto& rows : previews->front().tables.front().rows) {
      for (std::int64_t row = 0; row < rows->length; ++row) {
        const weir::TextColumn names(*rows->children[0], rows->offset), types(*rows->children[1], rows->offset);
        DataFound one;
        one.name = name_of_data(std::string(names[row]));
        one.table = without_variables(std::string(names[row]));
        one.paths = {path};
        const ordered_json extract{{"use", "sqlite"}, {"database", path}, {"table", one.table}};
        auto part = plan(extract, file);
        if (!part) {
          std::string why = part.error().message;
          if (const std::string prefix = "'" + file + "': "; why.starts_with(prefix)) why.erase(0, prefix.size());
          left_out.push_back(std::string(types[row]) + " '" + std::string(names[row]) + "': " + why);
          continue;
        }
        one.schema = std::move(part->outputs.front());
        found.push_back(std::move(one));
      }
    }
    if (found.empty() && !left_out.empty())
      return base::unexpected(data_error(file, "expected a table that can be read, found " + left_out.front(),
                                         "mend the database, or give another one"));
    if (found.empty())
      return base::unexpected(
          data_error(file, "expected a table in the database, found none", "give another database"));
    found.front().left_out = std::move(left_out);
    return found;
  }

  fs::path folder_;
  Output& output_;
};

// Pipelines of one file have names of their own.
void tell_apart(std::vector<DataFound>& found) {
  for (std::size_t i = 0; i < found.size(); ++i) {
    const std::string name = found[i].name;
    const auto taken = [&](const std::string& wanted) {
      return std::any_of(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(i),
                         [&wanted](const DataFound& other) { return other.name == wanted; });
    };
    for (int number = 2; taken(found[i].name); ++number) found[i].name = name + "_" + std::to_string(number);
  }
}

}  // namespace

base::Result<std::vector<DataFound>> find_data(const std::vector<std::string>& files, const fs::path& folder,
                                               Output& output) {
  Finder finder(folder, output);
  std::vector<DataFound> found;
  std::set<fs::path> seen;  // named twice, it is read once
  for (const auto& file : files) {
    if (!seen.insert(fs::absolute(file).lexically_normal()).second) continue;
    WEIR_TRY_ASSIGN(auto more, finder.look_at(file));
    std::move(more.begin(), more.end(), std::back_inserter(found));
  }
  if (!finder.joined(found)) tell_apart(found);
  return found;
}

}  // namespace weir::cli
