#include "cli/run_page.hpp"

#include <algorithm>

#include "base/counted.hpp"
#include "base/sort.hpp"
#include "base/units.hpp"
#include "cli/chain_picture.hpp"
#include "cli/html.hpp"
#include "cli/page_style.hpp"
#include "cli/version.hpp"
#include "observe/time_text.hpp"

namespace weir::cli {
namespace {

using integrity::Line;

constexpr std::size_t kMostCode = 600;  // letters of a row that is shown

std::string code(std::string_view text) { return text.empty() ? "" : "<code>" + html_text(text) + "</code>"; }

std::string section(const std::string& title, const std::string& content) {
  return content.empty() ? "" : "<section><h2>" + html_text(title) + "</h2>\n" + content + "</section>\n";
}

std::string fact(const std::string& name, const std::string& markup) {
  return markup.empty() ? "" : "<dt>" + html_text(name) + "</dt><dd>" + markup + "</dd>\n";
}

std::string milliseconds(std::int64_t since_1970_ns) {
  return since_1970_ns == 0 ? "" : html_text(observe::time_text(since_1970_ns, true));
}

std::string count(std::uint64_t rows) { return base::format_count(rows); }

class Page {
 public:
  explicit Page(const PageOfRun& run) : run_(run) {}

  std::string markup() const {
    return "<article>\n" + head() + error() + sums() + section("The " + run_.noun + "s", streams()) +
           section("The chain", chain()) + section("Rejected rows", rejects()) + section("Quality", quality()) +
           section("Time", times()) + section("Checkpoints", checkpoints()) + section("Guarantee", guarantee()) +
           section("Remarks", remarks()) + "</article>\n";
  }

 private:
  std::string head() const {
    const bool good = !run_.error;
    std::string made = "<h1>" + html_text(run_.name) + " <span class=\"state " + (good ? "good" : "bad") + "\">" +
                       html_text(run_.state) + "</span></h1>\n";
    made += "<section><h2>The run</h2><dl class=\"facts\">\n";
    made += fact("run", code(run_.run));
    if (run_.began_ns != 0) made += fact("began", html_text(observe::time_text(run_.began_ns)));
    if (run_.duration_ns != 0) made += fact("took", html_text(base::format_duration_ns(run_.duration_ns)));
    if (run_.exit_code >= 0) made += fact("exit code", std::to_string(run_.exit_code));
    made += fact("manifest", code(run_.manifest));
    made += fact("its digest", code(run_.manifest_digest));
    if (run_.inputs > 0) made += fact("inputs", count(run_.inputs));
    if (run_.starts > 1) made += fact("starts", count(run_.starts));
    return made + "</dl></section>\n";
  }

  std::string error() const {
    if (!run_.error) return "";
    const auto& error = *run_.error;
    std::string place = error.place.file;
    if (error.place.line > 0) place += ":" + std::to_string(error.place.line);
    std::string made = "<p class=\"bad\"><strong>" + html_text(error.message) + "</strong></p><dl class=\"facts\">";
    made += fact("where", code(place)) + fact("link", code(error.link)) + fact("what to do", html_text(error.hint)) +
            fact("code", code(error.code)) + "</dl>";
    for (const auto& other : error.also) made += "<p>" + html_text(other.message) + "</p>";
    return section("What went wrong", made);
  }

  std::string sums() const {
    std::string made;
    const auto add = [&made](const char* name, std::uint64_t rows) {
      made += "<div><dt>" + std::string(name) + "</dt><dd>" + count(rows) + "</dd></div>\n";
    };
    const auto sum = [this](auto of_ledger, std::uint64_t run::StreamReport::* of_stream) {
      std::uint64_t rows = (run_.ledger.*of_ledger)();
      for (const auto& one : run_.streams) rows += one.*of_stream;
      return rows;
    };
    using integrity::Ledger;
    if (run_.ledger.lines.empty() && run_.streams.empty()) return "";
    add("extracted", sum(&Ledger::extracted, &run::StreamReport::extracted));
    if (const auto rows = sum(&Ledger::expanded, &run::StreamReport::expanded); rows > 0) add("expanded", rows);
    if (const auto rows = sum(&Ledger::merged, &run::StreamReport::merged); rows > 0) add("merged", rows);
    add("dropped", sum(&Ledger::dropped, &run::StreamReport::dropped));
    add("rejected", sum(&Ledger::rejected, &run::StreamReport::rejected));
    add("loaded", sum(&Ledger::loaded, &run::StreamReport::loaded));
    return "<dl class=\"sums\">\n" + made + "</dl>\n";
  }

  std::string streams() const {
    if (run_.streams.empty()) return "";
    HtmlTable table{"What became of each " + run_.noun,
                    {run_.noun, "state", "extracted", "dropped", "rejected", "loaded", "took", "why"},
                    {false, false, true, true, true, true, true, false},
                    {}};
    for (const auto& one : run_.streams) {
      table.rows.push_back({html_text(one.stream), html_text(one.state), count(one.extracted), count(one.dropped),
                            count(one.rejected), count(one.loaded),
                            one.duration_ns > 0 ? html_text(base::format_duration_ns(one.duration_ns)) : "",
                            one.error ? html_text(one.error->message) : ""});
    }
    const std::uint64_t more = run_.streams_without_page;
    return table.markup() + (more == 0 ? ""
                                       : "<p class=\"quiet\">Of " + base::counted(more, run_.noun) +
                                             " more there is this line alone: weir runs show tells the rest.</p>\n");
  }

  std::string chain() const {
    if (!run_.streams.empty()) return "";
    if (run_.ledger.lines.empty()) {
      std::string names;
      for (const auto& link : run_.record.links) names += (names.empty() ? "" : " → ") + code(link);
      return names.empty() ? "" : "<p>" + names + "</p><p class=\"quiet\">No row was counted.</p>";
    }
    return "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"The chain, drawn\">" +
           chain_picture(run_.ledger) + "</div>\n" + links();
  }

  std::string links() const {
    HtmlTable table{"What came into each link and what left it",
                    {"link", "component", "in", "out", "dropped", "rejected", "bytes", "where, and what its rows were"},
                    {false, false, true, true, true, true, true, false},
                    {}};
    std::size_t load = 0;
    for (const Line& line : run_.ledger.lines) {
      const auto& account = line.account;
      std::string where = dropped_by(line);
      if (line.role == integrity::Role::load) {
        if (load < run_.loads_shown.size()) where += "→ " + html_text(run_.loads_shown[load]) + "<br>";
        ++load;
        if (line.confirmed_rows >= 0)
          where += count(static_cast<std::uint64_t>(line.confirmed_rows)) + " confirmed<br>";
        if (account.digest) where += "digest " + code(account.digest->to_text());
      }
      table.rows.push_back({html_text(line.link), html_text(line.component),
                            line.role == integrity::Role::extract ? "" : count(account.rows_in),
                            count(account.rows_out), count(account.dropped.total()), count(account.rejected.total()),
                            account.bytes == 0 ? "" : html_text(base::format_bytes(account.bytes)), where});
    }
    return table.markup();
  }

  static std::string dropped_by(const Line& line) {
    std::string made;
    for (const auto& item : line.account.dropped.items())
      made += count(item.count) + " dropped: " + html_text(item.reason) + "<br>";
    return made;
  }

  std::string rejects() const {
    std::string made;
    for (const Line& line : run_.ledger.lines) {
      for (const auto& item : line.account.rejected.items()) {
        made += "<h3>" + count(item.count) + " × " + html_text(item.reason) + " <span class=\"quiet\">in " +
                html_text(line.link) + "</span></h3>\n" + examples(line.link, item.reason);
      }
    }
    if (made.empty()) return "";
    return (run_.reject_shown.empty() ? "" : "<p>All of them are in " + code(run_.reject_shown) + ".</p>\n") + made;
  }

  std::string examples(const std::string& link, const std::string& reason) const {
    std::string made;
    for (const RejectedRow& row : run_.rejects) {
      if (row.link != link || row.reason != reason) continue;
      made += "<p>" + code(row.place) + (row.place.empty() || row.detail.empty() ? "" : " ") + html_text(row.detail) +
              "</p>";
      if (!row.row.empty()) made += "<pre>" + html_text(shortened(row.row, kMostCode)) + "</pre>";
      made += "\n";
    }
    return made;
  }

  // Bad verdicts first.
  std::string quality() const {
    if (run_.judgements.empty()) return "";
    HtmlTable table{"What was asked of the rows, and what came of it",
                    {"verdict", "link", "about", "expected", "found"},
                    {false, false, false, false, false},
                    {}};
    auto all = run_.judgements;
    base::sort_stably(all, [](const auto& one) { return -static_cast<int>(one.verdict); });
    for (const auto& one : all) {
      const bool good = one.verdict == integrity::Judgement::Verdict::kept;
      table.rows.push_back(
          {"<span class=\"state " + std::string(good ? "good" : "bad") + "\">" + verdict_name(one.verdict) + "</span>",
           html_text(one.link), html_text(one.subject), html_text(shortened(one.expected, kMostCode)),
           html_text(shortened(one.found_text(), kMostCode))});
    }
    return table.markup() +
           (run_.starts > 1 ? "<p class=\"quiet\">Rows that break a rule are counted since the last start.</p>\n" : "");
  }

  std::string times() const {
    const RecordedRun& record = run_.record;
    std::string made = "<dl class=\"facts\">\n" + fact("planned", milliseconds(record.planned_ns)) +
                       fact("first rows", milliseconds(record.started_ns)) +
                       fact("ended", milliseconds(record.ended_ns));
    if (record.splits > 0) made += fact("splits", count(record.splits));
    made += "</dl>\n";
    return record.planned_ns == 0 ? "" : made + durations() + spent();
  }

  // Where the time went, as far as a run tells.
  std::string durations() const {
    const RecordedRun& record = run_.record;
    std::int64_t ending = 0;
    for (const RecordedEpoch& epoch : record.epochs)
      ending += std::max<std::int64_t>(0, epoch.committed_ns - epoch.prepared_ns);
    const std::int64_t begun = record.started_ns == 0 ? record.ended_ns : record.started_ns;
    return bars("Where the time went", {{"until rows began to flow", begun - record.planned_ns},
                                        {"while rows flowed", record.ended_ns - begun},
                                        {"of these: committing the epochs below", ending}});
  }

  // Who worked and who waited; threads that do so side by side are added up.
  std::string spent() const {
    if (!run_.record.spent) return "";
    const events::RunTimed& spent = *run_.record.spent;
    std::vector<std::pair<std::string, std::int64_t>> parts;
    for (const auto& link : spent.links) parts.emplace_back(link.link + " worked", link.busy_ns);
    parts.emplace_back(base::counted(spent.chains, "chain") + " waited for memory, or for something to read",
                       spent.chains_waited_ns);
    parts.emplace_back("the loads waited for rows", spent.loads_waited_ns);
    return bars("Who worked, who waited", parts) + "<p class=\"quiet\">Rows flowed for " +
           html_text(base::format_duration_ns(spent.flowing_ns)) +
           ". A chain reads and transforms; as many as there are do so side by side, and their times are added up. All "
           "loads are one "
           "row of work.</p>\n";
  }

  static std::string bars(const std::string& title, const std::vector<std::pair<std::string, std::int64_t>>& parts) {
    std::int64_t most = 1;
    for (const auto& [name, ns] : parts) most = std::max(most, ns);
    HtmlTable table{title, {"what", "time", ""}, {false, true, false}, {}};
    for (const auto& [name, ns] : parts) {
      if (ns < 0) continue;
      table.rows.push_back({html_text(name), html_text(base::format_duration_ns(ns)),
                            "<span class=\"bar\" style=\"width:" + std::to_string(100 * ns / most) + "%\"></span>"});
    }
    return table.markup();
  }

  std::string checkpoints() const {
    const RecordedRun& record = run_.record;
    if (record.epochs.empty()) return "";
    HtmlTable table{"Epochs that were prepared and committed",
                    {"epoch", "rows", "prepared", "committed"},
                    {false, true, false, false},
                    {}};
    for (const RecordedEpoch& epoch : record.epochs) {
      table.rows.push_back({count(epoch.epoch), count(epoch.rows_loaded), milliseconds(epoch.prepared_ns),
                            epoch.committed_ns == 0 ? "not" : milliseconds(epoch.committed_ns)});
    }
    const std::string before =
        record.epochs_left_out == 0
            ? ""
            : "<p class=\"quiet\">" + base::counted(record.epochs_left_out, "epoch") + " before these.</p>\n";
    return before + table.markup();
  }

  std::string guarantee() const {
    const std::string& promised = run_.guarantee.empty() ? run_.record.guarantee : run_.guarantee;
    if (promised.empty()) return "";
    std::string made = "<p><strong>" + html_text(promised) + "</strong></p><ul>\n";
    for (const auto& [who, why] : run_.guarantee_links)
      made += "<li>" + html_text(who) + ": " + html_text(why) + "</li>\n";
    if (run_.guarantee_links.empty()) {
      for (const auto& why : run_.record.because) made += "<li>" + html_text(why) + "</li>\n";
    }
    made += "</ul>\n";
    return made + (run_.confirmation.empty() ? "" : "<p>" + html_text(run_.confirmation) + "</p>\n");
  }

  std::string remarks() const {
    std::string made;
    for (const auto* texts : {&run_.notices, &run_.record.remarks}) {
      for (const auto& text : *texts) made += "<li>" + html_text(text) + "</li>\n";
    }
    return made.empty() ? "" : "<ul>\n" + made + "</ul>\n";
  }

  const PageOfRun& run_;
};

}  // namespace

std::string run_page(const std::vector<PageOfRun>& runs, std::int64_t now_ns) {
  std::string title, body;
  for (const PageOfRun& run : runs) {
    title += (title.empty() ? "" : ", ") + run.name + ": " + run.state;
    body += Page(run).markup();
  }
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
         "img-src data:\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"icon\" href=\"data:,\">\n<title>" +
         html_text(title) + "</title>\n<style>" + kPageStyle + "</style>\n</head>\n<body>\n<main>\n" + body +
         "</main>\n<footer>Made by weir " + html_text(kVersion) + " at " + html_text(observe::time_text(now_ns)) +
         ".</footer>\n</body>\n</html>\n";
}

}  // namespace weir::cli
