#include "cli/report_file.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <system_error>
#include <utility>

#include "base/utf8.hpp"
#include "cli/kept_runs.hpp"
#include "cli/report.hpp"
#include "observe/time_text.hpp"
#include "run/interrupt.hpp"
#include "run/stream_outcome.hpp"
#include "security/small_file.hpp"

namespace weir::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;
using recovery::KeptRun;

constexpr std::size_t kMostOfAReason = 3;         // rows that are shown
constexpr std::uint64_t kMostLooked = 4U << 20U;  // bytes of a reject file that they are looked for in

base::Error no_page_at(const std::string& file, const std::string& problem) {
  return base::make_error(base::Status::permission_denied, base::Fault::manifest, "usage.report",
                          "--report: expected a file that can be written, found '" + file + "': " + problem)
      .with_hint("give a file in a folder that is there: --report report.html");
}

// A reason as a ledger has it, "price not a number", of a line of a reject file, which has "price: not a number".
std::string counted_reason(std::string reason, const std::string& column) {
  if (!column.empty() && reason.starts_with(column + ": ")) reason.erase(column.size(), 1);
  return reason;
}

RejectedRow rejected_row(const ordered_json& line) {
  const auto text = [&line](const char* key) {
    return line.contains(key) && line[key].is_string() ? line[key].get<std::string>() : std::string();
  };
  RejectedRow row{text("link"), counted_reason(text("reason"), text("column")), text("detail"), text("file"), ""};
  if (!row.place.empty() && line.contains("line") && line["line"].is_number()) row.place += ":" + line["line"].dump();
  if (line.contains("row")) row.row = line["row"].dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  return row;
}

// The first of each reason, of a file with a JSON object a line; nothing of any other.
std::vector<RejectedRow> rows_of(const recovery::RejectsFile& file) {
  std::vector<RejectedRow> rows;
  std::map<std::pair<std::string, std::string>, std::size_t> seen;
  std::ifstream lines(file.path, std::ios::binary);
  lines.seekg(static_cast<std::streamoff>(file.begin));
  std::uint64_t left = std::min(kMostLooked, file.end > file.begin ? file.end - file.begin : 0);
  for (std::string line; left > 0 && std::getline(lines, line);
       left -= std::min<std::uint64_t>(left, line.size() + 1)) {
    const auto parsed = ordered_json::parse(line, nullptr, false);
    if (!parsed.is_object()) return rows;
    RejectedRow row = rejected_row(parsed);
    if (++seen[{row.link, row.reason}] <= kMostOfAReason) rows.push_back(std::move(row));
  }
  return rows;
}

// What the run told of the first of each reason; a row that is shown stands for it.
void add_told(const std::vector<events::RowRejected>& told, std::vector<RejectedRow>& rows) {
  for (const auto& reject : told) {
    const bool there = std::any_of(rows.begin(), rows.end(), [&reject](const RejectedRow& row) {
      return row.link == reject.link && row.reason == reject.reason;
    });
    if (there || reject.file.empty()) continue;
    rows.push_back({reject.link, reject.reason, "",
                    reject.file + (reject.line == 0 ? "" : ":" + std::to_string(reject.line)), ""});
  }
}

// Takes secrets out of all that somebody else has said.
class Cleaner {
 public:
  explicit Cleaner(const observe::Redactor& redactor) : redactor_(redactor) {}

  void clean(PageOfRun& page) const {
    if (redactor_.empty()) return;
    for (std::string* const text : {&page.name, &page.manifest, &page.reject_shown, &page.confirmation}) clean(*text);
    if (page.error) page.error = redactor_.redact(*page.error);
    for (auto& text : page.loads_shown) clean(text);
    for (auto& text : page.notices) clean(text);
    for (auto& one : page.judgements) {
      for (std::string* const text : {&one.subject, &one.expected, &one.found}) clean(*text);
    }
    for (auto& text : page.record.remarks) clean(text);
    for (auto& text : page.record.because) clean(text);
    for (auto& text : page.record.links) clean(text);
    if (page.record.spent) {
      for (auto& link : page.record.spent->links) clean(link.link);
    }
    for (auto& [who, why] : page.guarantee_links) clean(why);
    for (auto& line : page.ledger.lines) {
      clean(line.account.dropped);
      clean(line.account.rejected);
    }
    for (auto& stream : page.streams) {
      if (stream.error) stream.error = redactor_.redact(*stream.error);
    }
    for (auto& row : page.rejects) {
      for (std::string* const text : {&row.reason, &row.detail, &row.place, &row.row}) clean(*text);
    }
  }

 private:
  void clean(std::string& text) const { text = redactor_.redact(std::move(text)); }
  void clean(integrity::Reasons& reasons) const {
    integrity::Reasons clean_ones;
    for (const auto& item : reasons.items()) clean_ones.add(redactor_.redact(item.reason), item.count);
    reasons = std::move(clean_ones);
  }

  const observe::Redactor& redactor_;
};

void take_report(const run::RunReport& report, PageOfRun& page) {
  page.run = report.run;
  page.state = report.nothing_to_do ? "nothing to do" : "complete";
  page.duration_ns = report.duration_ns;
  page.ledger = report.ledger;
  page.judgements = report.judgements;
  page.loads_shown = report.loads_shown;
  page.reject_shown = report.reject_shown;
  page.guarantee = report.guarantee;
  for (const auto& link : report.promise.links)
    page.guarantee_links.emplace_back(link.role + " " + link.link, link.reason);
  if (!report.ledger.lines.empty()) page.confirmation = confirmation(report.ledger);
}

void take_kept(const KeptRun& kept, bool failed, PageOfRun& page) {
  page.run = kept.run;
  page.manifest_digest = kept.manifest_digest;
  page.began_ns = kept.began_ns;
  page.epochs = kept.epochs;
  page.starts = kept.starts;
  page.inputs = kept.inputs;
  page.rejects = rows_of(kept.rejects);
  page.judgements = kept.judgements;
  if (!failed && !page.ledger.lines.empty()) return;
  page.duration_ns = kept.duration_ns;
  page.ledger = kept.ledger;
  page.loads_shown = kept.loads_shown;
  page.reject_shown = kept.reject_shown;
  page.guarantee = kept.guarantee;
}

}  // namespace

ReportFile::ReportFile(std::string file, Output& output)
    : file_(std::move(file)), output_(output), began_ns_(observe::now_ns()) {}

base::Result<void> ReportFile::check() const {
  if (file_.empty()) return {};
  std::error_code problem;
  const fs::path path = fs::absolute(file_, problem);
  const std::string named = base::printable(file_);
  if (!fs::is_directory(path.parent_path(), problem))
    return base::unexpected(no_page_at(named, "its folder is not there"));
  if (fs::is_directory(path, problem)) return base::unexpected(no_page_at(named, "it is a folder"));
  return {};
}

PageOfRun ReportFile::begun(const std::string& pipeline, const std::string& file, const ordered_json& notices) const {
  PageOfRun page;
  std::error_code problem;
  page.name = pipeline;
  page.manifest = fs::weakly_canonical(fs::absolute(file, problem), problem).string();
  for (const auto& notice : notices) page.notices.push_back(notice["text"].get<std::string>());
  return page;
}

void ReportFile::failed(base::Error error, PageOfRun& page) const {
  page.state = error.code == run::interrupted().code ? "stopped" : "failed";
  page.exit_code = base::exit_code(error);
  page.error = std::move(error);
}

void ReportFile::add(PageOfRun page) {
  add_told(page.record.rejects, page.rejects);
  Cleaner(output_.redactor()).clean(page);
  pages_.push_back(std::move(page));
}

void ReportFile::ended(const std::string& pipeline, const std::string& file, const base::Result<run::RunReport>& report,
                       const ordered_json& notices) {
  if (file_.empty()) return;
  PageOfRun page = begun(pipeline, file, notices);
  page.record = record_.of(pipeline);
  if (report)
    take_report(*report, page);
  else
    failed(report.error(), page);
  const auto kept = open_kept_runs(page.manifest);
  for (std::size_t i = 0; kept && i < kept->runs.size(); ++i) {
    const KeptRun& run = kept->runs[i];
    const bool own = report ? run.run == report->run : run.ended_ns >= began_ns_ && run.run == page.record.run;
    if (run.name == pipeline && own) take_kept(run, !report, page);
  }
  add(std::move(page));
}

void ReportFile::ended(const std::string& pipeline, const std::string& file, const run::StreamsReport& report,
                       const ordered_json& notices) {
  if (file_.empty()) return;
  PageOfRun whole = begun(pipeline, file, notices);
  whole.run = report.run;
  whole.state = report.run.empty() ? "nothing to do" : "complete";
  whole.duration_ns = report.duration_ns;
  whole.guarantee = report.guarantee;
  whole.noun = run::noun_of(report);
  whole.streams = report.streams;
  if (const auto outcome = run::outcome_of(report); !outcome) failed(outcome.error(), whole);
  if (whole.error) whole.error->also.clear();  // each stands beside its stream
  std::vector<PageOfRun> pages;
  const auto kept = open_kept_runs(whole.manifest);
  std::map<std::string, const KeptRun*> runs;
  for (std::size_t i = 0; kept && i < kept->runs.size(); ++i) runs[kept->runs[i].run] = &kept->runs[i];
  if (const auto own = runs.find(report.run); own != runs.end()) whole.began_ns = own->second->began_ns;
  for (const auto& stream : report.streams) {
    if (stream.state == "nothing to do" || stream.state == "not begun") continue;
    if (pages.size() == kMostStreams) {
      ++whole.streams_without_page;
      continue;
    }
    PageOfRun& page = pages.emplace_back(begun(pipeline + " " + stream.stream, file, ordered_json::array()));
    page.record = record_.of(pipeline, stream.stream);
    page.state = stream.state;
    if (stream.error) failed(*stream.error, page);
    page.exit_code = -1;
    if (const auto own = runs.find(stream.run); own != runs.end()) take_kept(*own->second, true, page);
    if (!stream.error && !page.ledger.lines.empty()) page.confirmation = confirmation(page.ledger);
  }
  add(std::move(whole));
  for (auto& page : pages) add(std::move(page));
}

int ReportFile::write(int code) const {
  if (file_.empty() || pages_.empty()) return code;
  std::vector<PageOfRun> pages = pages_;
  for (PageOfRun& page : pages) {
    if (code > 128 && page.error && page.exit_code >= 0) page.exit_code = code;
  }
  security::FileProblem problem;
  if (security::replace_file(fs::absolute(file_), run_page(pages, observe::now_ns()), security::kForAll, problem))
    return code;
  output_.log().error("run.report_lost", no_page_at(base::printable(file_), problem.text()).message);
  return code == 0 ? 1 : code;
}

}  // namespace weir::cli
