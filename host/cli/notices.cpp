#include "cli/notices.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "base/counted.hpp"
#include "base/units.hpp"
#include "cli/stream_report.hpp"
#include "manifest/diagnostics.hpp"
#include "observe/time_text.hpp"
#include "run/interrupt.hpp"
#include "run/stream_outcome.hpp"

namespace weir::cli {
namespace {

using nlohmann::ordered_json;
using recovery::KeptRun;
using recovery::RunState;

constexpr std::size_t kFewestRuns = 5, kMostRuns = 20;  // that another is compared with
constexpr std::int64_t kSlowerThan = 3;                 // times their median
constexpr std::int64_t kNeverSlow_ns = 10'000'000'000;
constexpr std::size_t kMostNamed = 5;  // columns, streams: in a sentence

// The last complete runs before this one of which `counts` says so.
template <class Counts>
std::vector<const KeptRun*> complete_ones(const std::vector<KeptRun>& earlier, const std::string& run,
                                          const Counts& counts) {
  std::vector<const KeptRun*> found;
  for (const KeptRun& kept : earlier) {
    const bool whole = kept.run != run && kept.state == RunState::complete && kept.replays.empty();
    if (whole && counts(kept) && found.size() < kMostRuns) found.push_back(&kept);
  }
  return found;
}

// Of one flow of rows: the runs of all streams together have none of their own.
std::vector<const KeptRun*> runs_before(const PartEnd& part, const std::vector<KeptRun>& earlier) {
  return complete_ones(earlier, part.report.run, [&part](const KeptRun& kept) {
    return kept.stream == part.report.stream && kept.streams.empty();
  });
}

using Columns = std::map<std::string, std::string>;

Columns types_by_column(const std::string& schema) {
  Columns columns;
  const ordered_json parsed = ordered_json::parse(schema, nullptr, false);
  if (!parsed.is_object() || !parsed.contains("children")) return columns;
  for (const ordered_json& child : parsed["children"]) {
    ordered_json type = child;
    type.erase("name");
    type.erase("nullable");
    type.erase("metadata");
    columns[child.value("name", "")] = type.dump();
  }
  return columns;
}

// "+city", "-town", "~price": columns that came, went, or have another type.
std::vector<std::string> differences(const Columns& before, const Columns& now) {
  std::vector<std::string> found;
  for (const auto& [name, type] : now) {
    const auto same = before.find(name);
    if (same == before.end())
      found.push_back("+" + name);
    else if (same->second != type)
      found.push_back("~" + name);
  }
  for (const auto& [name, type] : before) {
    if (now.count(name) == 0) found.push_back("-" + name);
  }
  return found;
}

// What goes to each load in another form than in the last complete run.
std::vector<std::string> drift_of(const PartEnd& end, const std::vector<const KeptRun*>& before) {
  std::vector<std::string> found;
  if (before.empty()) return found;
  const std::string& stream = end.report.stream;
  for (const auto& load : end.loads) {
    const auto same = std::find_if(before.front()->loads.begin(), before.front()->loads.end(),
                                   [&load](const recovery::KeptLoad& one) { return one.link == load.link; });
    if (same == before.front()->loads.end() || same->schema.empty() || load.schema.empty()) continue;
    for (auto& difference : differences(types_by_column(same->schema), types_by_column(load.schema))) {
      found.push_back((stream.empty() ? "" : stream + ": ") + (end.loads.size() > 1 ? load.link + ": " : "") +
                      difference);
    }
  }
  return found;
}

std::string first_of(const std::vector<std::string>& items) {
  std::string text;
  for (std::size_t i = 0; i < items.size() && i < kMostNamed; ++i) text += (i == 0 ? "" : ", ") + items[i];
  return text + (items.size() > kMostNamed ? ", …" : "");
}

// The longest that is not slow; nothing: it is not known.
std::optional<std::int64_t> usual_ns(const std::vector<const KeptRun*>& before) {
  if (before.size() < kFewestRuns) return std::nullopt;
  std::vector<std::int64_t> took;
  for (const KeptRun* const run : before) took.push_back(run->duration_ns);
  std::nth_element(took.begin(), took.begin() + static_cast<std::ptrdiff_t>(took.size() / 2), took.end());
  return std::max(kNeverSlow_ns, kSlowerThan * took[took.size() / 2]);
}

std::string counted_rows(std::uint64_t count) { return base::counted(count, "row"); }

// One flow of rows, judged by what is kept of it.
struct JudgedPart {
  const PartEnd& end;
  std::vector<const KeptRun*> before;
  std::vector<std::string> drift;

  // Whether it came to its end in this run, and had something to do.
  bool ran() const { return end.report.state == "complete"; }
  // The run that has loaded rows, where this one has not; null: nothing to wonder at.
  const KeptRun* loaded_once() const {
    if (!ran() || end.report.loaded > 0) return nullptr;
    const auto some =
        std::find_if(before.begin(), before.end(), [](const KeptRun* run) { return run->ledger.loaded() > 0; });
    return some == before.end() ? nullptr : *some;
  }
};

// What has happened, and to which streams.
struct Happened {
  std::string text;  // empty: it has not
  std::vector<run::StreamReport> streams;
};

// Decides of one run.
class Judge {
 public:
  Judge(const RunEnd& end, const std::vector<KeptRun>& earlier) : end_(end) {
    for (const PartEnd& part : end.parts) {
      parts_.push_back({part, runs_before(part, earlier), {}});
      parts_.back().drift = drift_of(part, parts_.back().before);
      drift_.insert(drift_.end(), parts_.back().drift.begin(), parts_.back().drift.end());
      sum_.extracted += part.report.extracted;
      sum_.loaded += part.report.loaded;
      sum_.dropped += part.report.dropped;
      sum_.rejected += part.report.rejected;
    }
    alike_ = end.has_streams || parts_.empty()
                 ? complete_ones(earlier, end.run, [](const KeptRun& kept) { return !kept.streams.empty(); })
                 : parts_.front().before;
  }

  Happened of(const manifest::Notice& notice) const {
    if (notice.event == "failed") return end_.error ? failed() : Happened();
    if (notice.event == "drift") return drift();
    if (notice.event == "rejected") return rejected();
    if (notice.event == "empty") return empty();
    if (end_.error) return {};
    if (notice.event == "slow") return {end_.nothing_to_do ? "" : slow_text(notice), all()};
    return {done_text(), all()};
  }

  const run::StreamReport& sum() const { return sum_; }
  const std::vector<std::string>& drift_found() const { return drift_; }

 private:
  template <class Is>
  std::vector<run::StreamReport> those(const Is& is) const {
    std::vector<run::StreamReport> found;
    for (const JudgedPart& part : parts_) {
      if (is(part)) found.push_back(part.end.report);
    }
    return found;
  }

  std::vector<run::StreamReport> all() const {
    return those([](const JudgedPart&) { return true; });
  }

  // "'customers', 'orders'"
  static std::string names_of(const std::vector<run::StreamReport>& streams) {
    std::vector<std::string> names;
    for (const auto& one : streams) names.push_back("'" + one.stream + "'");
    return first_of(names);
  }

  // " in 2 of 300 streams: 'customers', 'orders'"
  std::string in_streams(const std::vector<run::StreamReport>& streams) const {
    if (!end_.has_streams) return "";
    return " in " + base::format_count(streams.size()) + " of " + base::counted(parts_.size(), end_.noun) + ": " +
           names_of(streams);
  }

  Happened failed() const {
    auto streams = those([](const JudgedPart& part) { return part.end.report.state == "failed"; });
    if (!end_.has_streams || streams.empty()) return {"failed: " + end_.error->message, {}};
    return {"failed" + in_streams(streams) + "; " + end_.error->message, std::move(streams)};
  }

  Happened drift() const {
    if (drift_.empty()) return {};
    return {"drift: other columns than in the run before: " + first_of(drift_),
            those([](const JudgedPart& part) { return !part.drift.empty(); })};
  }

  Happened rejected() const {
    auto streams = those([](const JudgedPart& part) { return part.ran() && part.end.report.rejected > 0; });
    std::uint64_t rows = 0;
    for (const auto& one : streams) rows += one.rejected;
    if (rows == 0) return {};
    return {"rejected: " + base::format_count(rows) + " of " + counted_rows(sum_.extracted) + in_streams(streams),
            std::move(streams)};
  }

  Happened empty() const {
    auto streams = those([](const JudgedPart& part) { return part.loaded_once() != nullptr; });
    if (streams.empty()) return {};
    if (end_.has_streams)
      return {"empty: no row was loaded, where earlier runs have loaded some," + in_streams(streams),
              std::move(streams)};
    const KeptRun& some = *parts_.front().loaded_once();
    return {"empty: no row was loaded, where run " + some.run + " loaded " + counted_rows(some.ledger.loaded()), {}};
  }

  std::string done_text() const {
    if (end_.nothing_to_do) return "done: nothing to do";
    return "done: " + counted_rows(sum_.loaded) + " loaded in " + base::format_duration_ns(end_.duration_ns) +
           (end_.has_streams ? ", from " + base::counted(parts_.size(), end_.noun) : "");
  }

  std::string slow_text(const manifest::Notice& notice) const {
    const auto most = notice.after_ns ? notice.after_ns : usual_ns(alike_);
    if (!most || end_.duration_ns <= *most) return "";
    return "slow: it took " + base::format_duration_ns(end_.duration_ns) + ", where " +
           base::format_duration_ns(*most) +
           (notice.after_ns ? " is what it may take"
                            : " is three times what it usually takes, and ten seconds at least");
  }

  const RunEnd& end_;
  std::vector<JudgedPart> parts_;
  std::vector<const KeptRun*> alike_;  // earlier runs that its time is compared with
  std::vector<std::string> drift_;
  run::StreamReport sum_;
};

ordered_json reasons_of(const std::vector<PartEnd>& parts) {
  auto reasons = ordered_json::array();
  for (const PartEnd& part : parts) {
    for (const auto& line : part.ledger.lines) {
      for (const auto& item : line.account.rejected.items()) {
        reasons.push_back({{"link", line.link}, {"reason", item.reason}, {"rows", item.count}});
        if (!part.report.stream.empty()) reasons.back()["stream"] = part.report.stream;
      }
    }
  }
  return reasons;
}

ordered_json document(const RunEnd& end, const manifest::Notice& notice, const std::string& text,
                      const Happened& happened, const Judge& judge) {
  ordered_json about{{"weir_notice", 1}, {"event", notice.event}, {"text", text}, {"pipeline", end.pipeline}};
  if (!end.run.empty()) about["run"] = end.run;
  about["manifest"] = end.manifest;
  about["complete"] = !end.error;
  about["nothing_to_do"] = end.nothing_to_do;
  about["exit_code"] = end.error ? base::exit_code(*end.error) : 0;
  about["seconds"] = static_cast<double>(end.duration_ns) / 1e9;
  about["rows"] = {{"extracted", judge.sum().extracted},
                   {"loaded", judge.sum().loaded},
                   {"dropped", judge.sum().dropped},
                   {"rejected", judge.sum().rejected}};
  if (auto reasons = reasons_of(end.parts); !reasons.empty()) about["rejects"] = std::move(reasons);
  if (end.has_streams) about["streams"] = stream_list_json(happened.streams);
  if (!end.guarantee.empty()) about["guarantee"] = end.guarantee;
  if (!judge.drift_found().empty()) about["drift"] = judge.drift_found();
  if (end.error) about["error"] = manifest::to_json(*end.error);
  return about;
}

std::string rows_word(const ordered_json& about, const char* key) { return about["rows"][key].dump(); }

std::string word_of(const std::string& word, const GivenNotice& given) {
  const auto& about = given.about;
  if (word == "text") return given.text;
  if (word == "error") return about.contains("error") ? about["error"].value("message", "") : "";
  if (word == "exit_code") return about["exit_code"].dump();
  if (word == "extracted" || word == "loaded" || word == "rejected") return rows_word(about, word.c_str());
  return about.value(word, "");
}

}  // namespace

RunEnd run_end(const manifest::Manifest& manifest, const base::Result<run::RunReport>& report,
               const std::vector<KeptRun>& earlier, std::int64_t began_ns) {
  RunEnd end;
  end.pipeline = manifest.name;
  end.manifest = manifest.path.string();
  PartEnd& part = end.parts.emplace_back();
  const KeptRun* own = nullptr;
  if (report) {
    end.run = report->run;
    end.nothing_to_do = report->nothing_to_do;
    end.duration_ns = report->duration_ns;
    end.guarantee = report->guarantee;
    part.ledger = report->ledger;
    for (const KeptRun& run : earlier) own = run.run == report->run ? &run : own;
  } else {
    end.error = report.error();
    // What failed before it began has left nothing.
    if (!earlier.empty() && earlier.front().state == RunState::failed && earlier.front().ended_ns >= began_ns)
      own = &earlier.front();
  }
  if (own != nullptr && !end.nothing_to_do) part.loads = own->loads;  // of another time they are no news
  if (own != nullptr && !report) {
    end.run = own->run;
    end.duration_ns = own->duration_ns;
    end.guarantee = own->guarantee;
    part.ledger = own->ledger;
  }
  part.report.run = end.run;
  part.report.stream = report ? report->stream : own != nullptr ? own->stream : "";
  part.report.state = end.error ? "failed" : end.nothing_to_do ? "nothing to do" : "complete";
  run::count_rows(part.report, part.ledger);
  return end;
}

RunEnd streams_end(const manifest::Manifest& manifest, const run::StreamsReport& report,
                   std::optional<base::Error> error, const std::vector<KeptRun>& earlier) {
  RunEnd end;
  end.pipeline = manifest.name;
  end.manifest = manifest.path.string();
  end.run = report.run;
  end.error = std::move(error);
  end.duration_ns = report.duration_ns;
  end.guarantee = report.guarantee;
  end.has_streams = true;
  end.noun = run::noun_of(report);
  for (const auto& stream : report.streams) {
    PartEnd& part = end.parts.emplace_back();
    part.report = stream;
    const auto own =
        std::find_if(earlier.begin(), earlier.end(), [&](const KeptRun& kept) { return kept.run == stream.run; });
    if (own == earlier.end() || stream.state == "nothing to do") continue;  // of another time it is no news
    part.ledger = own->ledger;
    part.loads = own->loads;
  }
  end.nothing_to_do = std::all_of(report.streams.begin(), report.streams.end(),
                                  [](const auto& one) { return one.state == "nothing to do"; });
  return end;
}

std::vector<GivenNotice> notices_of(const std::vector<manifest::Notice>& asked, const RunEnd& end,
                                    const std::vector<KeptRun>& earlier, std::int64_t now_ns, const std::string& host) {
  std::vector<GivenNotice> given;
  if (end.error && end.error->code == run::interrupted().code) return given;
  const Judge judge(end, earlier);
  for (const std::string_view event : manifest::kNoticeEvents) {
    for (const manifest::Notice& notice : asked) {
      if (notice.event != event) continue;
      const Happened happened = judge.of(notice);
      if (happened.text.empty()) continue;
      const std::string text = "pipeline '" + end.pipeline + "' " + happened.text;
      given.push_back({notice, text, document(end, notice, text, happened, judge)});
      given.back().about["at"] = observe::time_text(now_ns);
      given.back().about["host"] = host;
    }
  }
  return given;
}

std::vector<std::string> filled_in(const std::vector<std::string>& words, const GivenNotice& given) {
  std::vector<std::string> filled;
  for (const std::string& word : words) {
    std::string& made = filled.emplace_back();
    for (std::size_t at = 0; at < word.size();) {
      const auto known = std::find_if(
          manifest::kNoticeWords.begin(), manifest::kNoticeWords.end(),
          [&](std::string_view one) { return word.compare(at, one.size() + 2, "{" + std::string(one) + "}") == 0; });
      if (known == manifest::kNoticeWords.end()) {
        made += word[at++];
      } else {
        made += word_of(std::string(*known), given);
        at += known->size() + 2;
      }
    }
  }
  return filled;
}

}  // namespace weir::cli
