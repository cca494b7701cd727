// weir plugin test: the conformance kit
#include "cli/command_conformance.hpp"
#include "cli/programs.hpp"
#include "cli/usage.hpp"
#include "conformance/kit.hpp"
#include "conformance/report.hpp"

namespace weir::cli {
namespace {

struct TestWords {
  std::string file, case_name, output = "text";
  bool cases = false;
};

int conformance_command(const TestWords& words, Output& output) {
  if (words.cases) return output.succeed(conformance::cases_as_text(), conformance::cases_as_json());
  if (words.file.empty()) {
    return output.fail(base::make_error(base::Status::invalid_argument, base::Fault::manifest, "kit.no_file",
                                        "weir plugin test: expected FILE, found none")
                           .with_hint("give the path of a plugin, or --cases"));
  }
  conformance::KitSettings settings;
  settings.file = words.file;
  settings.case_name = words.case_name;
  settings.command = try_case_command();
  const auto report = conformance::try_plugin(settings);
  if (!report) return output.fail(report.error());
  const std::string text = words.output == "junit" ? conformance::as_junit(*report) : conformance::as_text(*report);
  return output.answer(report->conforms(), text, conformance::as_json(*report));
}

}  // namespace

void add_plugin_test(CLI::App& plugin, Action& action) {
  auto words = std::make_shared<TestWords>();
  CLI::App& test =
      *plugin.add_subcommand("test", "tries a plugin by the rules of the ABI, each in a process of its own");
  test.add_option("FILE", words->file, "the plugin's file");
  test.add_option("--case", words->case_name, "tries one case only")->type_name("NAME");
  test.add_flag("--cases", words->cases, "lists the cases instead");
  test.add_option("--output", words->output, "text, json, or junit: an XML that CI servers read")
      ->check(one_of({"text", "json", "junit"}));
  test.callback([words, &action] { action = [words](Output& output) { return conformance_command(*words, output); }; });

  auto trial = std::make_shared<std::vector<std::string>>();
  CLI::App& one = *plugin.add_subcommand(kTryCase, "tries one case, in this process")->group("");
  one.add_option("WORDS", *trial)->expected(5);
  one.callback([trial, &action] { action = [trial](Output&) { return conformance::try_case(*trial); }; });
}

}  // namespace weir::cli
