#include "cli/stream_report.hpp"

#include <algorithm>
#include <map>

#include "base/counted.hpp"
#include "base/units.hpp"
#include "cli/list.hpp"
#include "manifest/diagnostics.hpp"

namespace weir::cli {
namespace {

using nlohmann::ordered_json;
using run::StreamReport;

constexpr std::size_t kNumbers = 2;  // the column that they begin with

// "298 complete, 2 failed".
std::string states_of(const std::vector<StreamReport>& streams) {
  std::map<std::string, std::uint64_t> counts;
  for (const auto& one : streams) ++counts[one.state];
  std::string text;
  for (const auto& [state, count] : counts)
    text += (text.empty() ? "" : ", ") + base::format_count(count) + " " + state;
  return text;
}

bool took_time(const std::vector<StreamReport>& streams) {
  return std::any_of(streams.begin(), streams.end(), [](const StreamReport& one) { return one.duration_ns > 0; });
}

StreamReport sum_of(const std::vector<StreamReport>& streams, const std::string& noun) {
  StreamReport sum;
  sum.stream = base::counted(streams.size(), noun);
  sum.state = states_of(streams);
  for (const auto& one : streams) {
    sum.extracted += one.extracted;
    sum.dropped += one.dropped;
    sum.rejected += one.rejected;
    sum.loaded += one.loaded;
  }
  return sum;
}

std::string list_of(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "'" : ", '") + name + "'";
  return text;
}

bool nothing_to_do(const run::StreamsReport& report) {
  return std::all_of(report.streams.begin(), report.streams.end(),
                     [](const StreamReport& one) { return one.state == "nothing to do"; });
}

}  // namespace

std::string stream_lines(const std::vector<StreamReport>& streams, const std::string& noun) {
  const bool times = took_time(streams);
  std::vector<ListRow> rows{{noun, "state", "extracted", "dropped", "rejected", "loaded"}};
  if (times) rows.front().emplace_back("took");
  const auto add = [&](const StreamReport& one) {
    rows.push_back({one.stream, one.state, base::format_count(one.extracted), base::format_count(one.dropped),
                    base::format_count(one.rejected), base::format_count(one.loaded)});
    if (times) rows.back().push_back(one.duration_ns > 0 ? base::format_duration_ns(one.duration_ns) : "");
  };
  for (const auto& one : streams) add(one);
  add(sum_of(streams, noun));
  return list_text(rows, kNumbers, "  ");
}

std::string streams_text(const run::StreamsReport& report) {
  std::string aside;
  if (!report.ignored.empty()) aside += "  new         " + list_of(report.ignored) + ": left, as new: ignore says\n";
  if (!report.gone.empty())
    aside += "  gone        " + list_of(report.gone) + ": read by earlier runs, not there any more\n";
  const std::string noun = run::noun_of(report);
  if (!report.streams.empty() && nothing_to_do(report)) {
    return report.name + "  " + base::counted(report.streams.size(), noun) +
           (report.ranges ? ": complete: nothing to do (--fresh loads them again)\n"
                          : ": complete, and nothing has changed since: nothing to do (--fresh repeats them)\n") +
           aside;
  }
  std::string text = report.name + (report.run.empty() ? "" : "  run " + report.run) + "  " +
                     base::format_duration_ns(report.duration_ns) + "\n" + stream_lines(report.streams, noun);
  if (!report.guarantee.empty()) text += "  guarantee   " + report.guarantee + ", each " + noun + " by itself\n";
  return text + aside;
}

std::string ranges_text(const run::StreamsReport& report) {
  return report.name + "  " + base::counted(report.streams.size(), "range") + "\n" +
         stream_lines(report.streams, "range");
}

ordered_json stream_list_json(const std::vector<StreamReport>& streams) {
  auto list = ordered_json::array();
  for (const auto& one : streams) {
    ordered_json item{{"stream", one.stream}, {"state", one.state}};
    if (!one.run.empty()) item["run"] = one.run;
    if (one.duration_ns > 0) item["seconds"] = static_cast<double>(one.duration_ns) / 1e9;
    item["rows"] = {
        {"extracted", one.extracted}, {"dropped", one.dropped}, {"rejected", one.rejected}, {"loaded", one.loaded}};
    if (one.error) item["error"] = {{"code", one.error->code}, {"message", one.error->message}};
    list.push_back(std::move(item));
  }
  return list;
}

ordered_json streams_json(const run::StreamsReport& report) {
  ordered_json document{{"name", report.name}};
  if (!report.run.empty()) document["run"] = report.run;
  document["nothing_to_do"] = nothing_to_do(report);
  document["seconds"] = static_cast<double>(report.duration_ns) / 1e9;
  if (!report.guarantee.empty()) document["guarantee"] = report.guarantee;
  document[report.ranges ? "ranges" : "streams"] = stream_list_json(report.streams);
  const StreamReport sum = sum_of(report.streams, run::noun_of(report));
  document["rows"] = {
      {"extracted", sum.extracted}, {"dropped", sum.dropped}, {"rejected", sum.rejected}, {"loaded", sum.loaded}};
  if (!report.ignored.empty()) document["ignored"] = report.ignored;
  if (!report.gone.empty()) document["gone"] = report.gone;
  return document;
}

std::vector<StreamReport> streams_of(const recovery::KeptRun& run) {
  std::vector<StreamReport> streams;
  for (const auto& kept : run.streams) {
    StreamReport one;
    one.stream = kept.stream;
    one.run = kept.run;
    one.state = kept.state;
    one.extracted = kept.extracted;
    one.loaded = kept.loaded;
    one.dropped = kept.dropped;
    one.rejected = kept.rejected;
    if (!kept.error_code.empty()) {
      one.error.emplace();
      one.error->code = kept.error_code;
      one.error->message = kept.error_message;
    }
    streams.push_back(std::move(one));
  }
  return streams;
}

}  // namespace weir::cli
