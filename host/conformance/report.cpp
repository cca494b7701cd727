#include "conformance/report.hpp"

#include <iomanip>
#include <sstream>

namespace weir::conformance {
namespace {

using Json = nlohmann::ordered_json;

std::string whose(const Trial& trial) {
  if (trial.component.empty()) return "the file";
  return std::string(plugins::kind_name(trial.kind)) + " " + trial.component;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string advice(const Case& tried) {
  return "change: " + std::string(tried.change) + "\nweir.h: \"" + std::string(tried.rule) + "\"";
}

std::string in_seconds(std::int64_t ns) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(3) << static_cast<double>(ns) / 1e9;
  return text.str();
}

std::string counts_text(const Report& report) {
  std::string text;
  for (const Outcome outcome : {Outcome::pass, Outcome::warn, Outcome::skip, Outcome::fail, Outcome::crashed}) {
    if (report.count(outcome) > 0 || outcome == Outcome::pass)
      text +=
          (text.empty() ? "" : ", ") + std::to_string(report.count(outcome)) + " " + std::string(outcome_name(outcome));
  }
  return text;
}

std::string trial_as_junit(const Trial& trial, bool timed) {
  std::string text = "    <testcase classname=\"" + std::string(trial.tried->group) + "\" name=\"" +
                     std::string(trial.tried->name) + "\"" +
                     (timed ? " time=\"" + in_seconds(trial.duration_ns) + "\"" : "");
  const std::string found = escaped(trial.verdict.found);
  switch (trial.verdict.outcome) {
    case Outcome::pass: return text + "/>\n";
    case Outcome::warn: return text + ">\n      <system-out>" + found + "</system-out>\n    </testcase>\n";
    case Outcome::skip: return text + ">\n      <skipped message=\"" + found + "\"/>\n    </testcase>\n";
    default: break;
  }
  const std::string element = trial.verdict.outcome == Outcome::fail ? "failure" : "error";
  return text + ">\n      <" + element + " message=\"" + found + "\">" + escaped(advice(*trial.tried)) + "</" +
         element + ">\n    </testcase>\n";
}

}  // namespace

std::string as_text(const Report& report) {
  std::string text = report.info.name + " " + report.info.version_text + "  " + report.file.string() + "\n";
  for (const Trial& trial : report.trials) {
    const Outcome outcome = trial.verdict.outcome;
    if (outcome == Outcome::pass || outcome == Outcome::skip) continue;
    text += std::string(outcome_name(outcome)) + " " + std::string(trial.tried->name) + "  " + whose(trial) + ": " +
            trial.verdict.found + "\n  " + std::string(trial.tried->sentence) + "\n";
    std::istringstream lines(advice(*trial.tried));
    for (std::string line; std::getline(lines, line);) text += "  " + line + "\n";
  }
  return text + (report.conforms() ? "conforms: " : "does not conform: ") + counts_text(report) + "\n";
}

std::string as_junit(const Report& report, bool timed) {
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"" + escaped(report.info.name) +
                     " " + escaped(report.info.version_text) + "\">\n";
  std::vector<std::string> suites;
  for (const Trial& trial : report.trials) {
    if (std::find(suites.begin(), suites.end(), whose(trial)) == suites.end()) suites.push_back(whose(trial));
  }
  for (const std::string& suite : suites) {
    std::string cases;
    int all = 0, failures = 0, errors = 0, skipped = 0;
    for (const Trial& trial : report.trials) {
      if (whose(trial) != suite) continue;
      ++all;
      failures += trial.verdict.outcome == Outcome::fail ? 1 : 0;
      errors += trial.verdict.outcome == Outcome::crashed ? 1 : 0;
      skipped += trial.verdict.outcome == Outcome::skip ? 1 : 0;
      cases += trial_as_junit(trial, timed);
    }
    text += "  <testsuite name=\"" + escaped(suite) + "\" tests=\"" + std::to_string(all) + "\" failures=\"" +
            std::to_string(failures) + "\" errors=\"" + std::to_string(errors) + "\" skipped=\"" +
            std::to_string(skipped) + "\">\n" + cases + "  </testsuite>\n";
  }
  return text + "</testsuites>\n";
}

Json as_json(const Report& report) {
  Json trials = Json::array();
  for (const Trial& trial : report.trials) {
    Json one{{"case", trial.tried->name},
             {"component", trial.component},
             {"kind", trial.component.empty() ? "" : plugins::kind_name(trial.kind)},
             {"verdict", outcome_name(trial.verdict.outcome)}};
    if (!trial.verdict.found.empty()) one["found"] = trial.verdict.found;
    if (trial.verdict.outcome == Outcome::fail || trial.verdict.outcome == Outcome::crashed) {
      one["change"] = trial.tried->change;
      one["rule"] = trial.tried->rule;
    }
    one["seconds"] = static_cast<double>(trial.duration_ns) / 1e9;
    trials.push_back(std::move(one));
  }
  Json counts = Json::object();
  for (const Outcome outcome : {Outcome::pass, Outcome::warn, Outcome::skip, Outcome::fail, Outcome::crashed})
    counts[std::string(outcome_name(outcome))] = report.count(outcome);
  return {{"plugin", report.info.name},    {"version", report.info.version_text}, {"file", report.file.string()},
          {"conforms", report.conforms()}, {"counts", std::move(counts)},         {"cases", std::move(trials)}};
}

std::string cases_as_text() {
  std::string text, group;
  for (const Case& one : all_cases()) {
    if (one.group != group) text += std::string(one.group) + "\n";
    group = one.group;
    text += "  " + std::string(one.name) + ": " + std::string(one.sentence) + "\n";
  }
  return text;
}

Json cases_as_json() {
  Json cases = Json::array();
  for (const Case& one : all_cases()) {
    Json kinds = Json::array();
    if ((one.kinds & kFile) != 0) kinds.push_back("file");
    for (std::int32_t kind = WEIR_KIND_EXTRACTOR; kind <= WEIR_KIND_CONNECTION; ++kind) {
      if ((one.kinds & bit_of(kind)) != 0) kinds.push_back(plugins::kind_name(kind));
    }
    cases.push_back({{"group", one.group},
                     {"name", one.name},
                     {"sentence", one.sentence},
                     {"kinds", std::move(kinds)},
                     {"change", one.change},
                     {"rule", one.rule}});
  }
  return {{"cases", std::move(cases)}};
}

}  // namespace weir::conformance
