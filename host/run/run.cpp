#include "run/run.hpp"

#include <algorithm>
#include <iterator>

#include "base/units.hpp"
#include "manifest/diagnostics.hpp"
#include "run/apart.hpp"
#include "run/attempting.hpp"
#include "run/installed.hpp"
#include "run/read_manifests.hpp"
#include "run/stream_attempt.hpp"
#include "run/stream_outcome.hpp"
#include "run/verifying.hpp"
#include "security/secrets.hpp"

namespace weir::run {
namespace {

manifest::Values values_of(const RunOptions& options, const RunWatch& watch, bool secrets = true) {
  manifest::Values values;
  // Shared by the copies of `values`, and gone with the last of them, when all drafts are read.
  values.ask = [asked = std::make_shared<security::Secrets>(*watch.redactor)](const manifest::SecretProvider& provider,
                                                                              const std::string& key) {
    return asked->get(provider, key);
  };
  if (!secrets) values.ask = [](const auto&, const auto&) { return base::Result<std::string>("***"); };
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

std::vector<manifest::Draft> drafts_of(const RunOptions& options, const RunWatch& watch, bool secrets = true) {
  if (!options.text)
    return manifest::load_drafts(options.manifest, values_of(options, watch, secrets), *watch.redactor);
  std::vector<manifest::Draft> one;
  one.push_back(draft_of(options, watch));
  return one;
}

struct Nothing {};

template <class Made>
std::function<base::Result<Nothing>(Made&)> as_something(base::Result<void> (*check)(Made& made)) {
  return [check](Made& made) -> base::Result<Nothing> {
    WEIR_TRY(check(made));
    return Nothing{};
  };
}

template <class T>
base::Result<std::vector<T>> in_a_list(base::Result<T> made) {
  if (!made) return base::unexpected(std::move(made).error());
  std::vector<T> list;
  list.push_back(std::move(*made));
  return list;
}

// Whether a pipeline is run portion by portion.
bool has_portions(const manifest::Draft& draft, const RunOptions& options) {
  return draft.manifest.streams || options.ranges;
}

// What each pipeline's attempt gives, or, of one with streams, each stream's. What is wrong with several is told together.
template <class T>
base::Result<std::vector<T>> all_lanes_of(const RunOptions& options, const RunWatch& watch,
                                          const std::vector<manifest::Draft>& drafts,
                                          const std::function<base::Result<T>(Attempt&)>& step) {
  std::vector<T> all;
  std::vector<base::Error> errors;
  for (const manifest::Draft& draft : drafts) {
    auto made = draft.manifest.streams
                    ? attempt_streams<std::vector<T>>(options, watch, draft,
                                                      [step](StreamRun& run) { return run.each<T>(step); })
                    : in_a_list<T>(attempt<T>(options, watch, draft, step));
    if (made)
      std::move(made->begin(), made->end(), std::back_inserter(all));
    else
      errors.push_back(std::move(made).error());
  }
  if (!errors.empty()) return base::unexpected(manifest::joined(std::move(errors)));
  return all;
}

// The same where only success matters, and, of one with streams, all of them together do.
base::Result<void> check_all(const RunOptions& options, const RunWatch& watch,
                             const std::vector<manifest::Draft>& drafts, base::Result<void> (*check)(Attempt& attempt),
                             base::Result<void> (*check_streams)(StreamRun& run)) {
  std::vector<base::Error> errors;
  for (const manifest::Draft& draft : drafts) {
    const auto checked = has_portions(draft, options)
                             ? attempt_streams<Nothing>(options, watch, draft, as_something(check_streams))
                             : attempt<Nothing>(options, watch, draft, as_something(check));
    if (!checked) errors.push_back(checked.error());
  }
  if (!errors.empty()) return base::unexpected(manifest::joined(std::move(errors)));
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

// The manifest of the stream or the range that a run was of, or that of the pipeline.
base::Result<manifest::Draft> draft_of_run(manifest::Draft draft, const recovery::KeptRun& run) {
  const std::string& stream = run.range ? run.range->stream : run.stream;
  const bool of_stream = !stream.empty() && draft.manifest.streams;
  if (!of_stream && !run.range) return draft;
  WEIR_TRY_ASSIGN(const auto registry, find_plugins(draft.manifest));
  if (run.range) draft = range_draft(draft, {run.range->name, run.range->values}, registry);
  if (!of_stream) return draft;
  const auto name = name_in(draft.manifest, stream);
  return stream_draft(draft, name, registry);
}

base::Error no_streams(const manifest::Manifest& manifest) {
  const base::Place place =
      manifest.extract.empty() ? base::Place{manifest.file, 0, 0, 0, {}} : manifest.extract.front().where.place();
  return base::manifest_error("streams.none", "expected an extract that picks streams, found one without", place)
      .with_hint("say which it reads: extract: { use: …, streams: \"*\" }");
}

// Streams can be asked for of pipelines that have some.
base::Result<void> check_asked(const RunOptions& options, const std::vector<manifest::Draft>& drafts) {
  if (options.streams.empty()) return {};
  const auto without = std::find_if(drafts.begin(), drafts.end(), [](const manifest::Draft& draft) {
    return draft.errors.empty() && !draft.manifest.streams;
  });
  return without == drafts.end() ? base::Result<void>() : base::unexpected(no_streams(without->manifest));
}

// For who wants one ledger.
base::Error has_streams(const manifest::Manifest& manifest) {
  return base::manifest_error("manifest.streams", "expected a pipeline with one flow of rows, found one with streams",
                              manifest.streams->where.place())
      .with_hint("weir run " + manifest.file + " runs all of them");
}

// What goes wrong before the first stream is begun is told of all of them.
base::Result<StreamsReport> run_streams(StreamRun& run) {
  auto ran = run.run();
  if (!ran) return base::unexpected(run.fail(std::move(ran).error()));
  return ran;
}

base::Result<void> check_streams(StreamRun& run) {
  auto checked = run.check();
  if (!checked) return base::unexpected(run.fail(std::move(checked).error()));
  return {};
}

base::Result<void> run_one(const RunOptions& options, const RunWatch& watch, manifest::Draft draft,
                           const std::function<void(const RunReport&)>& done,
                           const std::function<void(const StreamsReport&)>& done_streams) {
  if (has_portions(draft, options)) {
    WEIR_TRY_ASSIGN(const auto report, attempt_streams<StreamsReport>(options, watch, std::move(draft), run_streams));
    done_streams(report);
    return outcome_of(report);
  }
  WEIR_TRY_ASSIGN(const auto report,
                  attempt<RunReport>(options, watch, std::move(draft), [](Attempt& made) { return made.run(); }));
  done(report);
  return {};
}

bool is_chosen(const std::string& name, const TestOptions& tests) {
  return tests.cases.empty() || std::find(tests.cases.begin(), tests.cases.end(), name) != tests.cases.end();
}

}  // namespace

std::vector<manifest::Manifest> read_manifests(const RunOptions& options, const RunWatch& watch, bool secrets) {
  std::vector<manifest::Manifest> manifests;
  for (auto& draft : drafts_of(options, watch, secrets)) manifests.push_back(std::move(draft.manifest));
  return manifests;
}

base::Result<RunReport> run_manifest(const RunOptions& options, const RunWatch& watch) {
  auto draft = draft_of(options, watch);
  if (draft.manifest.streams) return base::unexpected(has_streams(draft.manifest));
  return attempt<RunReport>(options, watch, std::move(draft), [](Attempt& made) { return made.run(); });
}

base::Result<RunReport> replay_run(const RunOptions& options, const RunWatch& watch, const recovery::KeptRun& run) {
  RunOptions of_its_pipeline = options;
  of_its_pipeline.pipelines.clear();
  auto drafts = drafts_of(of_its_pipeline, watch);
  const auto found = std::find_if(drafts.begin(), drafts.end(), [&run](const manifest::Draft& draft) {
    return draft.readable && draft.manifest.name == run.name;
  });
  WEIR_TRY_ASSIGN(auto draft, draft_of_run(std::move(found == drafts.end() ? drafts.front() : *found), run));
  return attempt<RunReport>(options, watch, std::move(draft), [run](Attempt& made) { return made.replay(run); });
}

base::Result<void> run_pipelines(const RunOptions& options, const RunWatch& watch,
                                 const std::function<void(const RunReport&)>& done,
                                 const std::function<void(const StreamsReport&)>& done_streams) {
  auto drafts = drafts_of(options, watch);
  WEIR_TRY(check_asked(options, drafts));
  const bool several = drafts.size() > 1;
  if (several) {
    WEIR_TRY(check_all(
        options, watch, drafts,
        [](Attempt& attempt) -> base::Result<void> {
          if (auto planned = attempt.plan(); !planned)
            return base::unexpected(attempt.fail(std::move(planned).error()));
          return {};
        },
        check_streams));
  }
  for (auto draft = drafts.begin(); draft != drafts.end(); ++draft) {
    const std::string name = draft->manifest.name;
    auto ran = run_one(options, watch, std::move(*draft), done, done_streams);
    if (ran) continue;
    base::Error error = std::move(ran).error();
    if (several) error.message = "pipeline '" + name + "': " + error.message;
    for (auto later = draft + 1; later != drafts.end() && watch.log != nullptr; ++later)
      watch.log->warning("run.not_begun", "pipeline '" + later->manifest.name + "' was not begun");
    return base::unexpected(std::move(error));
  }
  return {};
}

base::Result<std::vector<StreamsFound>> discover_streams(const RunOptions& options, const RunWatch& watch) {
  const auto drafts = drafts_of(options, watch);
  std::vector<StreamsFound> all;
  for (const auto& draft : drafts) {
    if (draft.errors.empty() && !draft.manifest.streams) continue;
    WEIR_TRY_ASSIGN(auto found, attempt_streams<StreamsFound>(options, watch, draft,
                                                              [](StreamRun& run) { return run.discover(); }));
    all.push_back(std::move(found));
  }
  if (all.empty()) return base::unexpected(no_streams(drafts.front().manifest));
  return all;
}

base::Result<std::vector<StreamsReport>> list_ranges(const RunOptions& options, const RunWatch& watch) {
  const auto drafts = drafts_of(options, watch);
  WEIR_TRY(check_asked(options, drafts));
  std::vector<StreamsReport> all;
  for (const auto& draft : drafts) {
    WEIR_TRY_ASSIGN(auto listed,
                    attempt_streams<StreamsReport>(options, watch, draft, [](StreamRun& run) { return run.list(); }));
    all.push_back(std::move(listed));
  }
  return all;
}

base::Result<void> validate_manifest(const RunOptions& options, const RunWatch& watch) {
  const auto drafts = drafts_of(options, watch);
  return check_all(
      options, watch, drafts, [](Attempt& attempt) { return attempt.validate(); },
      [](StreamRun& run) { return run.validate(); });
}

base::Result<std::vector<PlanReport>> plan_pipelines(const RunOptions& options, const RunWatch& watch) {
  const auto drafts = drafts_of(options, watch);
  return all_lanes_of<PlanReport>(options, watch, drafts, [](Attempt& attempt) { return attempt.describe_plan(); });
}

base::Result<std::vector<Preview>> preview_pipelines(const RunOptions& options, const PreviewOptions& preview,
                                                     const RunWatch& watch) {
  const auto drafts = drafts_of(options, watch);
  return all_lanes_of<Preview>(options, watch, drafts,
                               [preview](Attempt& attempt) { return attempt.preview_rows(preview); });
}

base::Result<VerifyReport> verify_run(const RunOptions& options, const recovery::KeptRun& run, KeptHistory history,
                                      const VerifyOptions& verify, const RunWatch& watch) {
  const auto drafts = drafts_of(options, watch);
  if (!drafts.front().readable) return base::unexpected(manifest::joined(drafts.front().errors));
  const auto own = std::find_if(drafts.begin(), drafts.end(),
                                [&run](const manifest::Draft& draft) { return draft.manifest.name == run.name; });
  if (own != drafts.end() && !own->errors.empty()) return base::unexpected(manifest::joined(own->errors));
  manifest::Draft draft;
  if (own != drafts.end()) {
    WEIR_TRY_ASSIGN(draft, draft_of_run(*own, run));
  }
  return Verifying(options, run, history, verify, watch, draft).verify();
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
