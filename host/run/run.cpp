#include "run/run.hpp"

#include <algorithm>

#include "base/units.hpp"
#include "manifest/diagnostics.hpp"
#include "run/apart.hpp"
#include "run/attempting.hpp"
#include "run/verifying.hpp"
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

// What each pipeline's attempt gives. What is wrong with several is told together.
template <class T>
base::Result<std::vector<T>> all_of(const RunOptions& options, const RunWatch& watch,
                                    const std::vector<manifest::Draft>& drafts,
                                    const std::function<base::Result<T>(Attempt&)>& step) {
  std::vector<T> all;
  std::vector<base::Error> errors;
  for (const manifest::Draft& draft : drafts) {
    auto made = attempt<T>(options, watch, draft, step);
    if (made)
      all.push_back(std::move(*made));
    else
      errors.push_back(std::move(made).error());
  }
  if (!errors.empty()) return base::unexpected(manifest::joined(std::move(errors)));
  return all;
}

// The same where only success matters.
base::Result<void> check_all(const RunOptions& options, const RunWatch& watch,
                             const std::vector<manifest::Draft>& drafts,
                             base::Result<void> (*check)(Attempt& attempt)) {
  struct Nothing {};
  const auto checked = all_of<Nothing>(options, watch, drafts, [check](Attempt& attempt) -> base::Result<Nothing> {
    WEIR_TRY(check(attempt));
    return Nothing{};
  });
  if (!checked) return base::unexpected(checked.error());
  return {};
}

// Tells, if no test or none of a name was there, what there is.
base::Result<void> check_choice(const TestOptions& tests, const std::vector<manifest::Draft>& drafts) {
  std::vector<std::string> names;
  for (const auto& draft : drafts) {
    for (const auto& one : draft.manifest.cases) names.push_back(one.name);
  }
  if (names.empty()) {
    return base::unexpected(
        base::manifest_error("test.none", "expected 'tests' in the manifest, found none",
                             {drafts.front().manifest.file, 0, 0, 0, {}})
            .with_hint("add tests: [ { name: what it shows, given: [ { COLUMN: VALUE } ], expect: [ { COLUMN: VALUE } "
                       "] } ]"));
  }
  for (const auto& name : tests.cases) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    const std::string near = base::nearest(name, names);
    std::string list;
    for (const auto& one : names) list += (list.empty() ? "'" : ", '") + one + "'";
    return base::unexpected(base::manifest_error("test.case", "no test '" + name + "' in the manifest")
                                .with_hint(near.empty() ? "there are: " + list : "did you mean '" + near + "'?"));
  }
  return {};
}

bool is_chosen(const std::string& name, const TestOptions& tests) {
  return tests.cases.empty() || std::find(tests.cases.begin(), tests.cases.end(), name) != tests.cases.end();
}

}  // namespace

base::Result<RunReport> run_manifest(const RunOptions& options, const RunWatch& watch) {
  return attempt<RunReport>(options, watch, draft_of(options, watch), [](Attempt& made) { return made.run(); });
}

base::Result<RunReport> replay_run(const RunOptions& options, const RunWatch& watch, const recovery::KeptRun& run) {
  RunOptions of_its_pipeline = options;
  of_its_pipeline.pipelines.clear();
  auto drafts = drafts_of(of_its_pipeline, watch);
  const auto found = std::find_if(drafts.begin(), drafts.end(), [&run](const manifest::Draft& draft) {
    return draft.readable && draft.manifest.name == run.name;
  });
  return attempt<RunReport>(options, watch, std::move(found == drafts.end() ? drafts.front() : *found),
                            [run](Attempt& made) { return made.replay(run); });
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
    auto report = attempt<RunReport>(options, watch, std::move(*draft), [](Attempt& made) { return made.run(); });
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
  return all_of<PlanReport>(options, watch, drafts, [](Attempt& attempt) { return attempt.describe_plan(); });
}

base::Result<std::vector<Preview>> preview_pipelines(const RunOptions& options, const PreviewOptions& preview,
                                                     const RunWatch& watch) {
  const auto drafts = drafts_of(options, watch);
  return all_of<Preview>(options, watch, drafts, [preview](Attempt& attempt) { return attempt.preview_rows(preview); });
}

base::Result<VerifyReport> verify_run(const RunOptions& options, const recovery::KeptRun& run, KeptHistory history,
                                      const VerifyOptions& verify, const RunWatch& watch) {
  const auto drafts = drafts_of(options, watch);
  if (!drafts.front().readable) return base::unexpected(manifest::joined(drafts.front().errors));
  const auto own = std::find_if(drafts.begin(), drafts.end(),
                                [&run](const manifest::Draft& draft) { return draft.manifest.name == run.name; });
  if (own != drafts.end() && !own->errors.empty()) return base::unexpected(manifest::joined(own->errors));
  return Verifying(options, run, history, verify, watch, own == drafts.end() ? manifest::Draft() : *own).verify();
}

base::Result<std::vector<CaseReport>> test_pipelines(const RunOptions& options, const TestOptions& tests,
                                                     const RunWatch& watch) {
  const auto drafts = drafts_of(options, watch);
  std::vector<CaseReport> reports;
  std::vector<base::Error> errors;
  for (const manifest::Draft& draft : drafts) errors.insert(errors.end(), draft.errors.begin(), draft.errors.end());
  if (!errors.empty()) return base::unexpected(manifest::joined(std::move(errors)));
  WEIR_TRY(check_choice(tests, drafts));
  for (const manifest::Draft& draft : drafts) {
    for (const auto& one : draft.manifest.cases) {
      if (!is_chosen(one.name, tests)) continue;
      WEIR_TRY_ASSIGN(auto report,
                      attempt<CaseReport>(options, watch, draft, [one](Attempt& made) { return made.run_case(one); }));
      reports.push_back(std::move(report));
    }
  }
  return reports;
}

}  // namespace weir::run
