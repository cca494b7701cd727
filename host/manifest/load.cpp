// From a file to its drafts: parsed, laid over what it includes, its profile laid over that, assigned to, taken apart into
// pipelines; then each is interpolated and read.
#include <cstdlib>
#include <iterator>
#include <utility>

#include "manifest/assignment.hpp"
#include "manifest/diagnostics.hpp"
#include "manifest/env_file.hpp"
#include "manifest/include.hpp"
#include "manifest/manifest.hpp"
#include "manifest/overlay.hpp"
#include "manifest/parse.hpp"
#include "manifest/pipelines.hpp"
#include "manifest/profile.hpp"
#include "manifest/reader.hpp"

namespace weir::manifest {
namespace {

std::optional<std::string> in_process(const std::string& name) {
  const char* const found = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe): nobody sets the environment
  return found ? std::optional<std::string>(found) : std::nullopt;
}

ProfileChoice profile_of(const Values& values) {
  if (!values.profile.empty()) return {values.profile, true};
  const auto& look_up = values.environment;
  return {(look_up ? look_up("WEIR_PROFILE") : in_process("WEIR_PROFILE")).value_or(""), false};
}

// Puts the variables of the env files behind those of the process. Without a word the file .env beside the manifest, if
// there is one.
Errors add_env_files(Values& values, const std::filesystem::path& folder) {
  std::vector<std::string> files = values.env_files;
  std::error_code problem;
  const std::string beside = (folder / ".env").string();
  if (files.empty() && std::filesystem::is_regular_file(beside, problem)) files.push_back(beside);
  std::map<std::string, std::string> variables;
  Errors errors;
  for (const std::string& file : files) {
    auto parsed = read_env(file);
    if (!parsed) {
      errors.push_back(std::move(parsed).error());
      continue;
    }
    for (auto& [name, value] : *parsed) variables[name] = std::move(value);
  }
  if (variables.empty()) return errors;
  values.environment = [real = values.environment ? values.environment : in_process,
                        variables = std::move(variables)](const std::string& name) {
    auto found = real(name);
    const auto written = found ? variables.end() : variables.find(name);
    return written == variables.end() ? found : std::optional(written->second);
  };
  return errors;
}

void add(Errors& errors, Errors more) { std::move(more.begin(), more.end(), std::back_inserter(errors)); }

void sort(Errors& errors) {
  if (errors.empty()) return;
  base::Error all = joined(std::move(errors));
  errors = std::exchange(all.also, {});
  errors.insert(errors.begin(), std::move(all));
}

// Who is asked for secrets is known before any is.
void take_secrets(Node& tree, Values& values, observe::Redactor& redactor, Errors& errors) {
  Node secrets = take(tree, "secrets");
  add(errors, interpolate(secrets, values, redactor));
  values.providers = read_secrets(secrets, values.folder, errors);
  for (const Member& member : secrets.members) values.unusable.push_back(member.key);
}

// `blank`: what all drafts of the file have, with the errors that were found before it was parsed.
std::vector<Draft> drafts_from_source(const std::shared_ptr<const Source>& source, Draft blank, Values values,
                                      observe::Redactor& redactor) {
  auto tree = parse(source);
  if (!tree) {
    blank.errors.push_back(std::move(tree).error());
    return {std::move(blank)};
  }
  Errors errors = std::exchange(blank.errors, {});
  apply_includes(*tree, values, redactor, errors);
  apply_profile(*tree, profile_of(values), errors);
  for (const std::string& assignment : values.assignments) apply_assignment(*tree, assignment, errors);
  take_secrets(*tree, values, redactor, errors);
  std::vector<Draft> drafts;
  for (Node& one : split_pipelines(std::move(*tree), values.pipelines, errors)) {
    Draft draft = blank;
    draft.readable = true;
    draft.errors = interpolate(one, values, redactor);
    read_manifest(one, draft.manifest, draft.errors);
    draft.manifest.tree = std::move(one);
    drafts.push_back(std::move(draft));
  }
  if (drafts.empty()) drafts.push_back(std::move(blank));
  add(drafts.front().errors, std::move(errors));
  for (Draft& draft : drafts) sort(draft.errors);
  return drafts;
}

// Of a file with several the one that was asked for.
Draft only(std::vector<Draft> drafts) {
  if (drafts.size() == 1) return std::move(drafts.front());
  std::string names;
  for (const Draft& one : drafts) names += (names.empty() ? "" : ", ") + one.manifest.name;
  Draft draft;
  draft.manifest.file = drafts.front().manifest.file;
  base::Error error =
      base::manifest_error("manifest.pipelines", "expected one pipeline, found " + std::to_string(drafts.size()),
                           drafts.front().manifest.tree.where.place());
  draft.errors.push_back(std::move(error).with_hint("name one of " + names));
  return draft;
}

}  // namespace

Draft draft_from_text(std::string file, std::string text, const Values& values, observe::Redactor& redactor) {
  Draft draft;
  draft.manifest.file = file;
  draft.manifest.path = values.folder / std::filesystem::path(file).filename();
  draft.manifest.folder = values.folder;
  auto source = make_source(std::move(file), std::move(text));
  if (source) return only(drafts_from_source(*source, std::move(draft), values, redactor));
  draft.errors.push_back(std::move(source).error());
  return draft;
}

std::vector<Draft> load_drafts(const std::string& file, Values values, observe::Redactor& redactor) {
  Draft draft;
  draft.manifest.file = file;
  auto source = read_source(file);
  if (!source) {
    draft.errors.push_back(std::move(source).error());
    return {std::move(draft)};
  }
  std::error_code problem;  // the file was just read; if it is gone now, its spelling will do
  const auto absolute = std::filesystem::absolute(file, problem);
  draft.manifest.folder = std::filesystem::weakly_canonical(absolute.parent_path(), problem);
  draft.manifest.path = std::filesystem::weakly_canonical(absolute, problem);
  values.folder = draft.manifest.folder;
  draft.errors = add_env_files(values, std::filesystem::path(file).parent_path());
  return drafts_from_source(*source, std::move(draft), values, redactor);
}

Draft load_draft(const std::string& file, Values values, observe::Redactor& redactor) {
  return only(load_drafts(file, std::move(values), redactor));
}

base::Result<Manifest> load(const std::string& file, Values values, observe::Redactor& redactor) {
  Draft draft = load_draft(file, std::move(values), redactor);
  if (!draft.errors.empty()) return base::unexpected(joined(std::move(draft.errors)));
  return std::move(draft.manifest);
}

}  // namespace weir::manifest
