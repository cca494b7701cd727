// weir doctor
#include <algorithm>

#include "base/counted.hpp"
#include "cli/commands.hpp"
#include "cli/doctor.hpp"
#include "cli/text.hpp"

namespace weir::cli {
namespace {

using nlohmann::ordered_json;

std::string finding_lines(const Finding& finding) {
  std::string text = verdict_name(finding.verdict);
  text.resize(9, ' ');
  text += finding.subject + ": " + finding.found + "\n";
  return finding.cure.empty() ? text : text + wrapped("hint: " + finding.cure, "         ");
}

int doctor(Output& output) {
  std::vector<Finding> findings = examine_machine();
  for (auto& more : {examine_folders(), examine_plugins()}) findings.insert(findings.end(), more.begin(), more.end());
  std::string text;
  ordered_json list = ordered_json::array();
  std::size_t warnings = 0, problems = 0;
  for (const auto& finding : findings) {
    warnings += finding.verdict == Verdict::warning ? 1 : 0;
    problems += finding.verdict == Verdict::problem ? 1 : 0;
    text += finding_lines(finding);
    ordered_json item{
        {"verdict", verdict_name(finding.verdict)}, {"subject", finding.subject}, {"found", finding.found}};
    if (!finding.cure.empty()) item["cure"] = finding.cure;
    list.push_back(std::move(item));
  }
  text += "\n" + base::counted(problems, "problem") + ", " + base::counted(warnings, "warning") + "\n";
  return output.answer(problems == 0, text, {{"findings", std::move(list)}});
}

}  // namespace

void add_doctor(CLI::App& program, Action& action) {
  CLI::App& command = *program.add_subcommand(
      "doctor", "tells what this machine has and lacks, and how to mend it; exits 1 on a problem");
  command.callback([&action] { action = doctor; });
}

}  // namespace weir::cli
