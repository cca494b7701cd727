#include "cli/verify_report.hpp"

#include "base/counted.hpp"
#include "base/units.hpp"

namespace weir::cli {
namespace {

using nlohmann::ordered_json;
using run::DifferingRow;
using run::VerifiedLoad;

constexpr std::size_t kMostShownFiles = 10, kMostShownRows = 10;  // that are shown to people

std::string json_text(const ordered_json& value) {
  return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

// "id 7, day \"2026-01-01\"".
std::string key_text(const std::vector<std::string>& columns, const ordered_json& key) {
  std::string text;
  for (std::size_t i = 0; i < columns.size() && i < key.size(); ++i)
    text += (i == 0 ? "" : ", ") + columns[i] + " " + json_text(key[i]);
  return text;
}

ordered_json parsed_row(const std::string& text) { return ordered_json::parse(text, nullptr, false); }

// The columns in which a row changed: "total 10.5 was sent, 11 is there".
std::string changes(const DifferingRow& row) {
  const ordered_json sent = parsed_row(row.sent), found = parsed_row(row.found);
  std::string text;
  for (const auto& [column, value] : sent.items()) {
    if (!found.contains(column) || found[column] == value) continue;
    text += (text.empty() ? "" : "; ") + column + " " + json_text(value) + " was sent, " + json_text(found[column]) +
            " is there";
  }
  return text.empty() ? row.sent + " was sent, " + row.found + " is there" : text;
}

std::string row_text(const VerifiedLoad& load, const DifferingRow& row) {
  const std::string key = row.key.empty() ? std::string() : key_text(load.key, row.key) + ": ";
  const std::string times = row.times == 1 ? std::string() : ", " + base::format_count(row.times) + " times";
  std::string text = "    " + key;
  if (row.found.empty())
    text += "missing" + times + ": " + row.sent;
  else if (row.sent.empty())
    text += "added" + times + ": " + row.found;
  else
    text += changes(row);
  if (row.place.known() && row.place.line > 0)
    text += " (" + row.place.file + ":" + std::to_string(row.place.line) + ")";
  return text + "\n";
}

std::string narrowed_text(const VerifiedLoad& load) {
  const auto& narrowed = *load.narrowed;
  std::string text;
  const auto count = [&text, &narrowed](std::uint64_t rows, const char* what) {
    if (rows == 0) return;
    text += text.empty() ? (narrowed.all ? "    " : "    about ") : ", ";
    text += (text.size() < 11 ? base::counted(rows, "row") : base::format_count(rows)) + " " + what;
  };
  count(narrowed.missing, "missing");
  count(narrowed.added, "added");
  count(narrowed.changed, "changed");
  if (!narrowed.first.is_null()) {
    const std::string first = key_text(load.key, narrowed.first), last = key_text(load.key, narrowed.last);
    text += first == last ? "; " + first : "; from " + first + " to " + last;
  }
  text += "\n";
  for (std::size_t i = 0; i < narrowed.rows.size() && i < kMostShownRows; ++i) text += row_text(load, narrowed.rows[i]);
  if (narrowed.rows.size() > kMostShownRows) text += "    …\n";
  return text;
}

std::string load_text(const VerifiedLoad& load) {
  std::string text =
      "  " + load.link + (load.shown.empty() ? "" : "  " + load.shown) + "  " + verdict_name(load.verdict) + ": ";
  if (load.verdict == integrity::Verdict::equal) {
    text += base::counted(load.sent.rows, "row") + ", digest " + load.sent.digest.shown();
    if (!load.with.empty()) text += "; with those of " + base::counted(load.with.size(), "other run");
    if (!load.reason.empty()) text += "; " + load.reason;
  } else {
    text += load.reason;
  }
  text += "\n";
  for (std::size_t i = 0; i < load.differing.size() && i < kMostShownFiles; ++i)
    text += "    " + load.differing[i].name + ": " + load.differing[i].reason + "\n";
  if (load.differing.size() > kMostShownFiles) text += "    …\n";
  if (load.narrowed) text += narrowed_text(load);
  if (!load.not_narrowed.empty()) text += "    not narrowed down: " + load.not_narrowed + "\n";
  return text;
}

ordered_json rows_json(const run::RowsAndDigest& rows) {
  return {{"rows", rows.rows}, {"digest", rows.digest.to_text()}};
}

ordered_json row_json(const DifferingRow& row) {
  ordered_json value = ordered_json::object();
  if (!row.key.empty()) value["key"] = row.key;
  if (!row.sent.empty()) value["sent"] = parsed_row(row.sent);
  if (!row.found.empty()) value["found"] = parsed_row(row.found);
  if (row.times != 1) value["times"] = row.times;
  if (row.place.known() && row.place.line > 0) value["place"] = {{"file", row.place.file}, {"line", row.place.line}};
  return value;
}

ordered_json narrowed_json(const VerifiedLoad& load) {
  const auto& narrowed = *load.narrowed;
  ordered_json value{
      {"all", narrowed.all}, {"missing", narrowed.missing}, {"added", narrowed.added}, {"changed", narrowed.changed}};
  if (!narrowed.first.is_null())
    value["key"] = {{"columns", load.key}, {"from", narrowed.first}, {"to", narrowed.last}};
  value["rows"] = ordered_json::array();
  for (const auto& row : narrowed.rows) value["rows"].push_back(row_json(row));
  return value;
}

ordered_json load_json(const VerifiedLoad& load) {
  ordered_json value{{"link", load.link}, {"to", load.shown}, {"verdict", verdict_name(load.verdict)}};
  if (!load.reason.empty()) value["reason"] = load.reason;
  value["sent"] = rows_json(load.sent);
  if (load.found) value["found"] = rows_json(*load.found);
  if (!load.with.empty()) value["with_runs"] = load.with;
  if (load.objects > 0) {
    value["files"] = {{"written", load.objects}, {"differing", ordered_json::array()}};
    for (const auto& object : load.differing)
      value["files"]["differing"].push_back({{"name", object.name}, {"reason", object.reason}});
  }
  if (load.narrowed) value["narrowed"] = narrowed_json(load);
  if (!load.not_narrowed.empty()) value["not_narrowed"] = load.not_narrowed;
  return value;
}

}  // namespace

const char* verdict_name(integrity::Verdict verdict) {
  switch (verdict) {
    case integrity::Verdict::equal: return "equal";
    case integrity::Verdict::differs: return "differs";
    case integrity::Verdict::not_comparable: return "not comparable";
  }
  return "not comparable";
}

std::string verify_text(const run::VerifyReport& report) {
  std::string text = "run " + report.run + " of " + report.name + "\n";
  for (const auto& load : report.loads) text += load_text(load);
  return text;
}

ordered_json verify_json(const run::VerifyReport& report) {
  ordered_json loads = ordered_json::array();
  for (const auto& load : report.loads) loads.push_back(load_json(load));
  return {{"run", report.run}, {"name", report.name}, {"verdict", verdict_name(report.verdict)}, {"loads", loads}};
}

}  // namespace weir::cli
