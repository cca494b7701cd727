#include "cli/report.hpp"

#include <algorithm>

#include "base/units.hpp"

namespace weir::cli {
namespace {

using integrity::Line;

std::string padded(const std::string& text, std::size_t width) {
  return text.size() >= width ? text : std::string(width - text.size(), ' ') + text;
}

std::string row(const std::string& what, std::uint64_t rows, std::uint64_t bytes, const std::string& detail) {
  std::string line = "  " + what + std::string(what.size() < 10 ? 10 - what.size() : 1, ' ');
  line += padded(base::format_count(rows), 14) + "  ";
  line += padded(bytes == 0 ? "" : base::format_bytes(bytes), 10);
  if (!detail.empty()) line += "   " + detail;
  while (line.ends_with(' ')) line.pop_back();
  return line + "\n";
}

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
std::string ends(const std::string& what, std::uint64_t rows, const std::vector<const Line*>& lines,
                 const std::vector<std::string>& shown) {
  const auto detail = [&](std::size_t i) {
    return lines[i]->component + (i < shown.size() && !shown[i].empty() ? "  → " + shown[i] : "");
  };
  std::uint64_t bytes = 0;
  for (const auto* line : lines) bytes += line->account.bytes;
  std::string text = row(what, rows, bytes, lines.size() == 1 ? detail(0) : "");
  for (std::size_t i = 0; lines.size() > 1 && i < lines.size(); ++i) {
    const auto& account = lines[i]->account;
    const std::uint64_t own =
        account.rows_out + (lines[i]->role == integrity::Role::extract ? account.rejected.total() : 0);
    text += row("  " + lines[i]->link, own, account.bytes, detail(i));
  }
  return text;
}

const integrity::Reasons& dropped(const Line& line) { return line.account.dropped; }
const integrity::Reasons& rejected(const Line& line) { return line.account.rejected; }

}  // namespace

std::string report_text(const run::RunReport& report) {
  if (report.nothing_to_do) {
    return report.name + "  run " + report.run +
           " is complete, and nothing has changed since: nothing to do (--fresh repeats it)\n";
  }
  if (report.recovered && report.ledger.lines.empty()) {
    return report.name + "  run " + report.run +
           " had been decided before it was interrupted: it is published and complete now\n";
  }
  const auto& ledger = report.ledger;
  std::string text = report.name + "  run " + report.run + "  " + base::format_duration_ns(report.duration_ns) + "\n";
  text += ends("extracted", ledger.extracted(), lines_of(ledger, integrity::Role::extract), {});
  if (ledger.expanded() > 0) text += row("expanded", ledger.expanded(), 0, "");
  if (ledger.merged() > 0) text += row("merged", ledger.merged(), 0, "");
  text += row("dropped", ledger.dropped(), 0, reasons(ledger, dropped));
  std::string why = reasons(ledger, rejected);
  if (!report.reject_shown.empty()) why += (why.empty() ? "" : "  ") + std::string("→ ") + report.reject_shown;
  text += row("rejected", ledger.rejected(), 0, why);
  text += ends("loaded", ledger.loaded(), lines_of(ledger, integrity::Role::load), report.loads_shown);
  text += "  balanced";
  text +=
      ledger.confirmed() >= 0 ? "    rows confirmed by the destination" : "    the destination does not tell its rows";
  return text + "; guarantee " + report.guarantee + "\n";
}

nlohmann::ordered_json report_json(const run::RunReport& report) {
  using nlohmann::ordered_json;
  ordered_json document{{"name", report.name},
                        {"run", report.run},
                        {"nothing_to_do", report.nothing_to_do},
                        {"recovered", report.recovered}};
  if (report.ledger.lines.empty()) return document;
  const auto& ledger = report.ledger;
  document["seconds"] = static_cast<double>(report.duration_ns) / 1e9;
  document["guarantee"] = report.guarantee;
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
    for (const auto& [key, why] : {std::pair{"dropped", &line.account.dropped}, {"rejected", &line.account.rejected}}) {
      for (const auto& item : why->items()) link[key][item.reason] = item.count;
    }
    links.push_back(std::move(link));
  }
  return document;
}

}  // namespace weir::cli
