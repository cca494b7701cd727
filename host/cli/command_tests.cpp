// weir test
#include "base/counted.hpp"
#include "base/units.hpp"
#include "cli/commands.hpp"
#include "cli/run_arguments.hpp"
#include "manifest/diagnostics.hpp"

namespace weir::cli {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kMostDifferences = 8;  // of a case, as text

struct TestArguments : RunArguments {
  run::TestOptions tests;
};

// Without the code, which is the same for all.
std::string difference_text(base::Error error, const observe::Redactor& redactor) {
  if (error.code == "test.differs") error.code.clear();
  return manifest::render(redactor.redact(std::move(error)));
}

std::string case_text(const run::CaseReport& report, bool several, const observe::Redactor& redactor) {
  std::string text = report.passed() ? "passed  " : "FAILED  ";
  if (several) text += manifest::printable(report.pipeline) + ": ";
  text += manifest::printable(report.name) + "\n";
  const auto& differences = report.differences;
  for (std::size_t i = 0; i < differences.size() && i < kMostDifferences; ++i)
    text += difference_text(differences[i], redactor);
  if (differences.size() > kMostDifferences)
    text += "and " + base::counted(differences.size() - kMostDifferences, "more difference") + "\n";
  return text;
}

ordered_json case_json(const run::CaseReport& report, const observe::Redactor& redactor) {
  ordered_json document{{"pipeline", report.pipeline}, {"name", report.name},
                        {"passed", report.passed()},   {"given", report.given},
                        {"loaded", report.loaded},     {"dropped", report.dropped},
                        {"rejected", report.rejected}, {"differences", ordered_json::array()}};
  for (const auto& difference : report.differences)
    document["differences"].push_back(manifest::to_json(redactor.redact(difference)));
  return document;
}

int test_command(TestArguments& arguments, Output& output) {
  run::RunWatch watch = watch_of(output);
  watch.stdout_taken = nullptr;  // nothing is written there
  const auto reports = run::test_pipelines(arguments.options, arguments.tests, watch);
  if (!reports) return output.fail(reports.error());
  const bool several = reports->front().pipeline != reports->back().pipeline;
  std::string text;
  std::uint64_t failed = 0;
  ordered_json cases = ordered_json::array();
  for (const auto& report : *reports) {
    text += case_text(report, several, output.redactor());
    cases.push_back(case_json(report, output.redactor()));
    failed += report.passed() ? 0U : 1U;
  }
  text += base::counted(reports->size(), "test") + ": " + base::format_count(reports->size() - failed) + " passed, " +
          base::format_count(failed) + " failed\n";
  return output.answer(failed == 0, text,
                       {{"passed", reports->size() - failed}, {"failed", failed}, {"tests", std::move(cases)}});
}

}  // namespace

void add_test(CLI::App& program, Action& action) {
  auto arguments = std::make_shared<TestArguments>();
  CLI::App& command = *program.add_subcommand(
      "test", "runs the manifest's own tests: rows that are given, and what must come of them; writes nothing");
  add_run_arguments(command, *arguments);
  command.add_option("--case", arguments->tests.cases, "runs this test alone, by its name")
      ->type_name("NAME")
      ->take_all()
      ->allow_extra_args(false);
  command.callback([arguments, &action] {
    action = [arguments](Output& output) { return with_parameters(*arguments, output, test_command); };
  });
}

}  // namespace weir::cli
