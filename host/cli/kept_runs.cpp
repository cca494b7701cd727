#include "cli/kept_runs.hpp"

#include <algorithm>

#include "base/counted.hpp"
#include "base/units.hpp"
#include "cli/list.hpp"
#include "cli/report.hpp"
#include "cli/stream_report.hpp"
#include "cli/text.hpp"
#include "manifest/shown_line.hpp"
#include "observe/time_text.hpp"
#include "run/open_state.hpp"
#include "run/stream_outcome.hpp"
#include "state/places.hpp"

namespace weir::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;
using recovery::KeptRun;
using recovery::RunState;

constexpr std::size_t kMostShownIds = 5;  // ids in an error
constexpr std::size_t kMostName = 40;     // columns of a pipeline's name in a list
constexpr std::size_t kShortPrefix = 4;   // of an id that somebody may have mistyped

std::string some_ids(const std::vector<const KeptRun*>& runs) {
  std::string text;
  for (std::size_t i = 0; i < runs.size() && i < kMostShownIds; ++i) text += (i == 0 ? "" : ", ") + runs[i]->run;
  return text + (runs.size() > kMostShownIds ? ", …" : "");
}

// Those whose ids share the most with `id`, if that is not little.
std::vector<const KeptRun*> near_runs(const KeptRuns& kept, const std::string& id) {
  std::vector<const KeptRun*> near;
  std::size_t most = std::min(kShortPrefix, id.size());
  for (const KeptRun& run : kept.runs) {
    const auto end = std::mismatch(id.begin(), id.end(), run.run.begin(), run.run.end()).first;
    const auto shared = static_cast<std::size_t>(end - id.begin());
    if (shared > most) near.clear();
    if (shared >= most && shared > 0) near.push_back(&run);
    most = std::max(most, shared);
  }
  return near;
}

std::string state_text(const KeptRuns& kept, const KeptRun& run) {
  return runner_of(kept, run) ? "running" : recovery::state_name(run.state);
}

// What the streams of a run came to; of one whose process died, as far as their own runs are kept. None: it had none.
std::vector<run::StreamReport> streams_in(const KeptRuns& kept, const KeptRun& run) {
  if (!run.streams.empty()) return streams_of(run);
  std::vector<run::StreamReport> streams;
  for (const KeptRun& one : kept.runs) {
    if (one.whole != run.run || one.stream.empty()) continue;
    streams.push_back(run::stream_report_of(one));
  }
  std::sort(streams.begin(), streams.end(), [](const auto& a, const auto& b) { return a.stream < b.stream; });
  return streams;
}

// A stream's with the pipeline's before it.
std::string name_of_run(const KeptRun& run) { return run.stream.empty() ? run.name : run.name + " " + run.stream; }

run::RunReport report_of(const KeptRun& run) {
  run::RunReport report;
  report.name = name_of_run(run);
  report.run = run.run;
  report.duration_ns = run.duration_ns;
  report.ledger = run.ledger;
  report.judgements = run.judgements;
  report.loads_shown = run.loads_shown;
  report.reject_shown = run.reject_shown;
  report.guarantee = run.guarantee;
  return report;
}

// What came into each link, and what left it.
std::string links_text(const integrity::Ledger& ledger) {
  if (ledger.lines.empty()) return {};
  constexpr std::size_t kNumbers = 2;
  std::vector<ListRow> rows{{"link", "component", "in", "out", "dropped", "rejected"}};
  for (const auto& line : ledger.lines) {
    const auto& account = line.account;
    rows.push_back({manifest::show_cell(line.link, kMostName).text, manifest::show_cell(line.component, kMostName).text,
                    line.role == integrity::Role::extract ? "" : base::format_count(account.rows_in),
                    base::format_count(account.rows_out), base::format_count(account.dropped.total()),
                    base::format_count(account.rejected.total())});
  }
  return list_text(rows, kNumbers, "  ");
}

// What its links judged.
std::string quality_text(const std::vector<integrity::Judgement>& judgements) {
  if (judgements.empty()) return {};
  constexpr std::size_t kNumbers = 5, kMostText = 60;
  const auto shown = [](const std::string& text) { return manifest::show_cell(text, kMostText).text; };
  std::vector<ListRow> rows{{"verdict", "link", "about", "expected", "found"}};
  for (const auto& one : judgements)
    rows.push_back({verdict_name(one.verdict), manifest::show_cell(one.link, kMostName).text, shown(one.subject),
                    shown(one.expected), shown(one.found_text())});
  return list_text(rows, kNumbers, "  ");
}

// How it ended, or that it did not.
std::string end_text(const KeptRuns& kept, const KeptRun& run) {
  const bool whole = !streams_in(kept, run).empty();
  const std::string epochs = whole ? std::string() : "; " + base::counted(run.epochs, "epoch") + " committed";
  if (run.state == RunState::complete && whole)
    return std::string("  complete    each ") + (run.of_ranges ? "range" : "stream") + " by itself";
  if (run.state == RunState::complete) return "  balanced    " + confirmation(run.ledger) + epochs;
  std::string text = "  " + std::string(recovery::state_name(run.state));
  if (const auto runner = runner_of(kept, run)) {
    text = "  running     in process " + std::to_string(runner->process) + " on host '" + runner->host + "' since " +
           runner->since;
  } else if (run.state == RunState::unfinished) {
    text += "  its process died: " + command_of(run) + " goes on with it";
  } else if (run.state == RunState::drained) {
    text += "     it was stopped: " + command_of(run) + " goes on with it";
  } else if (run.state == RunState::failed) {
    text += "      " + run.error_message + " (" + run.error_code + ")";
  } else {
    text += "    another run was begun in its place";
  }
  return text + epochs;
}

}  // namespace

std::string command_of(const KeptRun& run) {
  return run.replays.empty() ? "weir run " + shell_word(run.manifest) : "weir runs replay " + run.replays;
}

base::Result<KeptRuns> open_kept_runs(const std::string& manifest) {
  std::error_code problem;
  const fs::path path = manifest.empty() ? fs::path() : fs::weakly_canonical(fs::absolute(manifest), problem);
  KeptRuns kept;
  kept.folder = state::state_folder(manifest.empty() ? fs::current_path() : path.parent_path());
  WEIR_TRY_ASSIGN(kept.state, run::open_state_at_rest(manifest, kept.folder));
  if (kept.state.store == nullptr) return kept;
  WEIR_TRY_ASSIGN(kept.runs, recovery::RunHistory(*kept.state.store).runs());
  if (!manifest.empty()) std::erase_if(kept.runs, [&path](const KeptRun& run) { return run.manifest != path; });
  return kept;
}

base::Result<const KeptRun*> find_run(const KeptRuns& kept, std::string id) {
  for (char& letter : id) letter = 'a' <= letter && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
  std::vector<const KeptRun*> found;
  for (const KeptRun& run : kept.runs) {
    if (!id.empty() && run.run.starts_with(id)) found.push_back(&run);
  }
  if (found.size() == 1) return found.front();
  if (found.size() > 1) {
    return base::unexpected(
        base::manifest_error("run.ambiguous", "expected the id of one run, or how it begins, found '" + id + "', as " +
                                                  base::counted(found.size(), "run") + " begin")
            .with_hint("give more of it: " + some_ids(found)));
  }
  const auto near = near_runs(kept, id);
  const std::string hint = kept.runs.empty() ? "no run is kept in " + kept.state.shown + " yet"
                           : near.empty()    ? std::string("weir runs list shows the runs that are kept")
                                             : "did you mean one of these? " + some_ids(near);
  return base::unexpected(
      base::manifest_error("run.unknown", "expected the id of a run that is kept, or how it begins, found '" + id + "'")
          .with_hint(hint));
}

std::optional<state::LockHolder> runner_of(const KeptRuns& kept, const KeptRun& run) {
  if (run.state != RunState::unfinished) return std::nullopt;
  return state::PipelineLock::holder(kept.folder,
                                     run.stream.empty() ? run.pipeline : state::pipeline_id(run.name, run.manifest));
}

std::string runs_text(const KeptRuns& kept) {
  if (kept.runs.empty()) return "no run is kept in " + kept.state.shown + "\n";
  constexpr std::size_t kNumbers = 4;
  std::vector<ListRow> rows{{"run", "pipeline", "state", "began", "took", "loaded", "rejected"}};
  for (const KeptRun& run : kept.runs) {
    const auto rows_of = [&run](std::uint64_t of_ledger, std::uint64_t recovery::KeptStream::* of_stream) {
      for (const auto& stream : run.streams) of_ledger += stream.*of_stream;
      return base::format_count(of_ledger);
    };
    rows.push_back({run.run, manifest::show_cell(name_of_run(run), kMostName).text, state_text(kept, run),
                    observe::time_text(run.began_ns), base::format_duration_ns(run.duration_ns),
                    rows_of(run.ledger.loaded(), &recovery::KeptStream::loaded),
                    rows_of(run.ledger.rejected(), &recovery::KeptStream::rejected)});
  }
  return list_text(rows, kNumbers);
}

// Of a run of many streams there is a line a stream in the place of its ledger.
std::string rows_text(const KeptRuns& kept, const KeptRun& run) {
  const auto streams = streams_in(kept, run);
  if (streams.empty()) return ledger_text(report_of(run));
  return run.name + "  run " + run.run + "  " + base::format_duration_ns(run.duration_ns) + "\n" +
         stream_lines(streams, run.of_ranges ? "range" : "stream");
}

std::string run_text(const KeptRuns& kept, const KeptRun& run) {
  std::string text = rows_text(kept, run) + end_text(kept, run);
  text += "; guarantee " + run.guarantee + "\n";
  text += "  began       " + observe::time_text(run.began_ns);
  if (run.state != RunState::unfinished) text += ", ended " + observe::time_text(run.ended_ns);
  text += ", " + base::counted(run.starts, "start") + "\n";
  if (!run.replays.empty()) text += "  replays     the rejects of run " + run.replays + "\n";
  if (!run.replayed_by.empty()) text += "  replayed    by run " + run.replayed_by + "\n";
  text += "  manifest    " + run.manifest + "  digest " + run.manifest_digest + "; " +
          base::counted(run.inputs, "input") + "\n";
  return text + links_text(run.ledger) + quality_text(run.judgements);
}

ordered_json run_json(const KeptRuns& kept, const KeptRun& run) {
  ordered_json document = report_json(report_of(run));
  document.erase("nothing_to_do");
  document.erase("recovered");
  if (!run.stream.empty()) document["stream"] = run.stream;
  if (run.range) document["range"] = run.range->name;
  if (!run.whole.empty()) document["whole"] = run.whole;
  if (const auto streams = streams_in(kept, run); !streams.empty()) document["streams"] = stream_list_json(streams);
  document["state"] = state_text(kept, run);
  if (const auto runner = runner_of(kept, run))
    document["runner"] = {{"process", runner->process}, {"host", runner->host}, {"since", runner->since}};
  document["began"] = observe::time_text(run.began_ns);
  if (run.state != RunState::unfinished) document["ended"] = observe::time_text(run.ended_ns);
  document["seconds"] = static_cast<double>(run.duration_ns) / 1e9;
  document["guarantee"] = run.guarantee;
  document["starts"] = run.starts;
  document["epochs"] = run.epochs;
  document["inputs"] = run.inputs;
  document["manifest"] = {{"file", run.manifest}, {"digest", run.manifest_digest}};
  if (!run.replays.empty()) document["replays"] = run.replays;
  if (!run.replayed_by.empty()) document["replayed_by"] = run.replayed_by;
  if (!run.error_code.empty()) document["error"] = {{"code", run.error_code}, {"message", run.error_message}};
  if (document.contains("ledger")) document["ledger"]["balanced"] = run.state == RunState::complete;
  return document;
}

ordered_json runs_json(const KeptRuns& kept) {
  ordered_json list = ordered_json::array();
  for (const KeptRun& run : kept.runs) {
    ordered_json item = run_json(kept, run);
    if (item.contains("ledger")) item["ledger"].erase("links");  // weir runs show has them
    item.erase("streams");
    list.push_back(std::move(item));
  }
  return {{"runs", std::move(list)}};
}

}  // namespace weir::cli
