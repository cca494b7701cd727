#include "run/run.hpp"

#include "manifest/diagnostics.hpp"
#include "run/attempt.hpp"
#include "security/secrets.hpp"

namespace weir::run {
namespace {

manifest::Values values_of(const RunOptions& options, const RunWatch& watch) {
  manifest::Values values;
  // Shared by the copies of `values`, and gone with the last of them, when all drafts are read.
  values.ask = [secrets = std::make_shared<security::Secrets>(*watch.redactor)](
                   const manifest::SecretProvider& provider, const std::string& key) {
    return secrets->get(provider, key);
  };
  values.parameters = options.parameters;
  values.profile = options.profile;
  values.assignments = options.assignments;
  values.env_files = options.env_files;
  values.pipelines = options.pipelines;
  return values;
}

manifest::Draft draft_of(const RunOptions& options, const RunWatch& watch) {
  manifest::Values values = values_of(options, watch);
  if (!options.text) return manifest::load_draft(options.manifest, std::move(values), *watch.redactor);
  values.folder = options.folder;
  return manifest::draft_from_text(options.manifest, *options.text, values, *watch.redactor);
}

std::vector<manifest::Draft> drafts_of(const RunOptions& options, const RunWatch& watch) {
  if (!options.text) return manifest::load_drafts(options.manifest, values_of(options, watch), *watch.redactor);
  std::vector<manifest::Draft> one;
  one.push_back(draft_of(options, watch));
  return one;
}

// What is wrong with several pipelines is told together.
template <class Check>
base::Result<void> check_all(const RunOptions& options, const RunWatch& watch,
                             const std::vector<manifest::Draft>& drafts, Check check) {
  std::vector<base::Error> errors;
  for (const manifest::Draft& draft : drafts) {
    Attempt attempt(options, watch, draft);
    if (auto checked = check(attempt); !checked) errors.push_back(std::move(checked).error());
  }
  if (!errors.empty()) return base::unexpected(manifest::joined(std::move(errors)));
  return {};
}

}  // namespace

base::Result<RunReport> run_manifest(const RunOptions& options, const RunWatch& watch) {
  return Attempt(options, watch, draft_of(options, watch)).run();
}

base::Result<void> run_pipelines(const RunOptions& options, const RunWatch& watch,
                                 const std::function<void(const RunReport&)>& done) {
  auto drafts = drafts_of(options, watch);
  const bool several = drafts.size() > 1;
  if (several) {
    WEIR_TRY(check_all(options, watch, drafts, [](Attempt& attempt) -> base::Result<void> {
      if (auto planned = attempt.plan(); !planned) return base::unexpected(attempt.fail(std::move(planned).error()));
      return {};
    }));
  }
  for (auto draft = drafts.begin(); draft != drafts.end(); ++draft) {
    const std::string name = draft->manifest.name;
    auto report = Attempt(options, watch, std::move(*draft)).run();
    if (report) {
      done(*report);
      continue;
    }
    base::Error error = std::move(report).error();
    if (several) error.message = "pipeline '" + name + "': " + error.message;
    for (auto later = draft + 1; later != drafts.end() && watch.log != nullptr; ++later)
      watch.log->warning("run.not_begun", "pipeline '" + later->manifest.name + "' was not begun");
    return base::unexpected(std::move(error));
  }
  return {};
}

base::Result<void> validate_manifest(const RunOptions& options, const RunWatch& watch) {
  const auto drafts = drafts_of(options, watch);
  return check_all(options, watch, drafts, [](Attempt& attempt) { return attempt.validate(); });
}

base::Result<std::vector<PlanReport>> plan_pipelines(const RunOptions& options, const RunWatch& watch) {
  const auto drafts = drafts_of(options, watch);
  std::vector<PlanReport> plans;
  WEIR_TRY(check_all(options, watch, drafts, [&plans](Attempt& attempt) -> base::Result<void> {
    WEIR_TRY_ASSIGN(auto plan, attempt.describe_plan());
    plans.push_back(std::move(plan));
    return {};
  }));
  return plans;
}

base::Result<std::vector<Preview>> preview_pipelines(const RunOptions& options, const PreviewOptions& preview,
                                                     const RunWatch& watch) {
  const auto drafts = drafts_of(options, watch);
  std::vector<Preview> previews;
  WEIR_TRY(check_all(options, watch, drafts, [&](Attempt& attempt) -> base::Result<void> {
    WEIR_TRY_ASSIGN(auto shown, attempt.preview_rows(preview));
    previews.push_back(std::move(shown));
    return {};
  }));
  return previews;
}

}  // namespace weir::run
