#include "cli/report.hpp"

#include <algorithm>

#include "base/units.hpp"

namespace weir::cli {
namespace {

using integrity::Line;

std::string padded(const std::string& text, std::size_t width) {
  return text.size() >= width ? text : std::string(width - text.size(), ' ') + text;
}

// A table whose columns are as wide as what stands in them.
class Rows {
 public:
  void add(std::string what, std::uint64_t rows, std::uint64_t bytes, std::string detail) {
    rows_.push_back(
        {std::move(what), base::format_count(rows), bytes == 0 ? "" : base::format_bytes(bytes), std::move(detail)});
  }
  std::string text() const {
    std::size_t what = 9;
    std::size_t count = 14;
    for (const Row& row : rows_) {
      what = std::max(what, row.what.size());
      count = std::max(count, row.count.size());
    }
    std::string text;
    for (const Row& row : rows_) {
      text += "  " + row.what + std::string(what + 1 - row.what.size(), ' ') + padded(row.count, count) + "  " +
              padded(row.bytes, 10);
      if (!row.detail.empty()) text += "   " + row.detail;
      text.erase(text.find_last_not_of(' ') + 1);
      text += '\n';
    }
    return text;
  }

 private:
  struct Row {
    std::string what, count, bytes, detail;
  };
  std::vector<Row> rows_;
};

// "filter: where 12 · quantity not an integer 3", of the links that have any.
std::string reasons(const integrity::Ledger& ledger, const integrity::Reasons& (*of)(const Line&)) {
  std::string text;
  for (const auto& line : ledger.lines) {
    std::string items;
    for (const auto& item : of(line).items()) {
      items += (items.empty() ? "" : " · ") + base::format_count(item.count) + " " + item.reason;
    }
    if (!items.empty()) text += (text.empty() ? "" : "; ") + line.link + ": " + items;
  }
  return text;
}

std::vector<const Line*> lines_of(const integrity::Ledger& ledger, integrity::Role role) {
  std::vector<const Line*> lines;
  for (const auto& line : ledger.lines) {
    if (line.role == role) lines.push_back(&line);
  }
  return lines;
}

// One row in all, and if there are several lines, one for each.
void add_ends(Rows& rows, const std::string& what, std::uint64_t total, const std::vector<const Line*>& lines,
              const std::vector<std::string>& shown) {
  const auto detail = [&](std::size_t i) {
    const auto& digest = lines[i]->account.digest;
    return lines[i]->component + (i < shown.size() && !shown[i].empty() ? "  → " + shown[i] : "") +
           (digest && lines.size() > 1 ? "  digest " + digest->shown() : "");
  };
  std::uint64_t bytes = 0;
  for (const auto* line : lines) bytes += line->account.bytes;
  rows.add(what, total, bytes, lines.size() == 1 ? detail(0) : "");
  for (std::size_t i = 0; lines.size() > 1 && i < lines.size(); ++i) {
    const auto& account = lines[i]->account;
    const std::uint64_t own =
        account.rows_out + (lines[i]->role == integrity::Role::extract ? account.rejected.total() : 0);
    rows.add("  " + lines[i]->link, own, account.bytes, detail(i));
  }
}

const integrity::Reasons& dropped(const Line& line) { return line.account.dropped; }
const integrity::Reasons& rejected(const Line& line) { return line.account.rejected; }

std::string confirmed_by(const integrity::Ledger& ledger) {
  if (ledger.confirmed() >= 0) return "rows confirmed by the destination";
  const auto loads = lines_of(ledger, integrity::Role::load);
  std::vector<std::string> silent;
  for (const auto* load : loads) {
    if (load->confirmed_rows < 0) silent.push_back(load->link);
  }
  if (silent.size() == loads.size()) return "the destination does not tell its rows";
  std::string names;
  for (const auto& name : silent) names += (names.empty() ? "" : ", ") + name;
  return "rows confirmed by all destinations but " + names;
}

// Of the only load; where there are several, each has it beside its rows.
std::string digest_of(const integrity::Ledger& ledger) {
  const auto loads = lines_of(ledger, integrity::Role::load);
  return loads.size() == 1 && loads[0]->account.digest ? ", digest " + loads[0]->account.digest->shown() : "";
}

// What --fresh would do for a run that has nothing to do.
std::string way_to_repeat(const run::RunReport& report) {
  const std::string repeats =
      report.appends ? "--fresh repeats it, and puts its rows there again" : "--fresh repeats it";
  if (report.gone.empty()) return " (" + repeats + ")";
  std::string files;
  for (const auto& file : report.gone) files += (files.empty() ? "" : ", ") + file;
  return "\n" + report.name + "  but " + files + (report.gone.size() == 1 ? " is" : " are") + " gone: --fresh makes " +
         (report.gone.size() == 1 ? "it" : "them") + " again" +
         (report.appends ? ", with the rows of this run only" : "");
}

}  // namespace

std::string confirmation(const integrity::Ledger& ledger) { return confirmed_by(ledger) + digest_of(ledger); }

std::string ledger_text(const run::RunReport& report) {
  const auto& ledger = report.ledger;
  std::string text = report.name + "  run " + report.run + "  " + base::format_duration_ns(report.duration_ns) + "\n";
  Rows rows;
  add_ends(rows, "extracted", ledger.extracted(), lines_of(ledger, integrity::Role::extract), {});
  if (ledger.expanded() > 0) rows.add("expanded", ledger.expanded(), 0, "");
  if (ledger.merged() > 0) rows.add("merged", ledger.merged(), 0, "");
  rows.add("dropped", ledger.dropped(), 0, reasons(ledger, dropped));
  std::string why = reasons(ledger, rejected);
  if (!report.reject_shown.empty()) why += (why.empty() ? "" : "  ") + std::string("→ ") + report.reject_shown;
  rows.add("rejected", ledger.rejected(), 0, why);
  add_ends(rows, "loaded", ledger.loaded(), lines_of(ledger, integrity::Role::load), report.loads_shown);
  return text + rows.text();
}

std::string report_text(const run::RunReport& report) {
  if (report.nothing_to_do) {
    return report.name + "  run " + report.run + " is complete, and nothing has changed since: nothing to do" +
           way_to_repeat(report) + "\n";
  }
  if (report.recovered && report.ledger.lines.empty()) {
    return report.name + "  run " + report.run +
           " had been decided before it was interrupted: it is published and complete now\n";
  }
  return ledger_text(report) + "  balanced    " + confirmation(report.ledger) + "; guarantee " + report.guarantee +
         "\n";
}

nlohmann::ordered_json guarantees_json(const run::Guarantee& guarantee) {
  auto links = nlohmann::ordered_json::array();
  for (const auto& link : guarantee.links) {
    links.push_back(
        {{"role", link.role}, {"link", link.link}, {"guarantee", text_of(link.delivery)}, {"reason", link.reason}});
  }
  return links;
}

nlohmann::ordered_json report_json(const run::RunReport& report) {
  using nlohmann::ordered_json;
  ordered_json document{{"name", report.name},
                        {"run", report.run},
                        {"nothing_to_do", report.nothing_to_do},
                        {"recovered", report.recovered}};
  if (!report.gone.empty()) document["gone"] = report.gone;
  if (report.ledger.lines.empty()) return document;
  const auto& ledger = report.ledger;
  document["seconds"] = static_cast<double>(report.duration_ns) / 1e9;
  document["guarantee"] = report.guarantee;
  if (!report.promise.links.empty()) document["guarantees"] = guarantees_json(report.promise);
  ordered_json totals{{"extracted", ledger.extracted()}, {"expanded", ledger.expanded()}, {"merged", ledger.merged()},
                      {"dropped", ledger.dropped()},     {"rejected", ledger.rejected()}, {"loaded", ledger.loaded()}};
  if (ledger.confirmed() >= 0) totals["confirmed"] = ledger.confirmed();
  document["ledger"] = {{"balanced", true}, {"rows", totals}};
  auto& links = document["ledger"]["links"] = ordered_json::array();
  for (const auto& line : ledger.lines) {
    ordered_json link{{"link", line.link},
                      {"component", line.component},
                      {"in", line.account.rows_in},
                      {"out", line.account.rows_out}};
    if (!line.from.empty()) link["from"] = ordered_json::array();
    for (const auto number : line.from) link["from"].push_back(ledger.lines[number].link);
    if (line.account.by_output.size() > 1) link["outputs"] = line.account.by_output;
    if (line.confirmed_rows >= 0) link["confirmed"] = line.confirmed_rows;
    if (line.account.bytes > 0) link["bytes"] = line.account.bytes;
    if (line.account.digest) link["digest"] = line.account.digest->to_text();
    for (const auto& [key, why] : {std::pair{"dropped", &line.account.dropped}, {"rejected", &line.account.rejected}}) {
      for (const auto& item : why->items()) link[key][item.reason] = item.count;
    }
    links.push_back(std::move(link));
  }
  for (const auto& one : report.judgements) {
    ordered_json judgement{{"link", one.link},
                           {"subject", one.subject},
                           {"expected", one.expected},
                           {"found", one.found_text()},
                           {"verdict", verdict_name(one.verdict)}};
    if (one.rows >= 0) judgement["rows"] = one.rows;
    document["quality"].push_back(std::move(judgement));
  }
  return document;
}

}  // namespace weir::cli
