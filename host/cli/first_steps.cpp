#include "cli/first_steps.hpp"

#include <algorithm>
#include <filesystem>

#include "cli/text.hpp"
#include "manifest/folder.hpp"

namespace weir::cli {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kMostLookedAt = 10000;  // looked at
constexpr std::size_t kMostTold = 5;

bool ends_with_any(const std::string& name, std::initializer_list<const char*> endings) {
  return std::any_of(endings.begin(), endings.end(), [&](const char* ending) { return name.ends_with(ending); });
}

struct Seen {
  std::vector<std::string> manifests, data;
};

Seen look_around() {
  Seen seen;
  std::error_code problem;
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(".", problem)) {
    if (++count > kMostLookedAt) break;
    const std::string name = entry.path().filename().string();
    if (!entry.is_regular_file(problem)) continue;
    if (ends_with_any(name, {".yaml", ".yml", ".json"}) && manifest::is_manifest(entry.path())) {
      seen.manifests.push_back(name);
    } else if (ends_with_any(
                   name, {".csv", ".csv.gz", ".tsv", ".ndjson", ".ndjson.gz", ".jsonl", ".json", ".db", ".sqlite"})) {
      seen.data.push_back(name);
    }
  }
  std::sort(seen.manifests.begin(), seen.manifests.end());
  std::sort(seen.data.begin(), seen.data.end());
  return seen;
}

constexpr const char* kFirstManifest =
    "weir: 1\nname: first\nextract: { use: generate, rows: 10 }\nload: { use: file, path: first.ndjson }\n";

bool is_tellable(const std::string& name) {
  return std::none_of(name.begin(), name.end(), [](unsigned char letter) { return letter < 32; });
}

}  // namespace

int first_steps(const CLI::App& program, Output& output) {
  const Seen seen = look_around();
  nlohmann::ordered_json document{{"manifests", seen.manifests}};
  std::string text = program.get_description() + "\n\n";
  if (!seen.manifests.empty()) {
    text += "manifests in this folder:\n\n";
    for (std::size_t i = 0; i < std::min(kMostTold, seen.manifests.size()); ++i)
      text += "  weir run " + seen.manifests[i] + "\n";
    if (seen.manifests.size() > kMostTold)
      text += "  and " + std::to_string(seen.manifests.size() - kMostTold) + " more\n";
  } else {
    const auto data = std::find_if(seen.data.begin(), seen.data.end(), is_tellable);
    text += "there is no manifest in this folder; begin with one:\n\n";
    if (data != seen.data.end()) {
      const std::string command = "weir init " + shell_word(*data) + " --to first.yaml";
      document["first_command"] = command;
      text += "  " + command + "\n";
    } else {
      document["first_manifest"] = kFirstManifest;
      text += std::string("  cat > first.yaml <<'END'\n") + kFirstManifest + "END\n";
    }
    text += "\nthen\n\n  weir validate first.yaml\n  weir run first.yaml\n";
  }
  return output.succeed(
      text +
          "\nweir --help lists the commands, weir doctor looks at this machine, weir explain CODE tells "
          "more of an error\n",
      document);
}

}  // namespace weir::cli
