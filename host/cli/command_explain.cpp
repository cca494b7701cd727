// weir explain
#include <algorithm>

#include "base/units.hpp"
#include "cli/commands.hpp"
#include "cli/error_codes.hpp"
#include "cli/text.hpp"

namespace weir::cli {
namespace {

using nlohmann::ordered_json;

// The first sentence, for a list.
std::string summary(const ErrorCode& code) {
  const std::string& text = code.paragraphs.front();
  return text.substr(0, text.find(". ")).substr(0, text.size() - (text.ends_with('.') ? 1 : 0));
}

int list_codes(const std::vector<ErrorCode>& codes, Output& output) {
  std::string text;
  ordered_json list = ordered_json::array();
  for (const auto& code : codes) {
    text += code.code + "\n" + wrapped(summary(code), "    ");
    list.push_back({{"code", code.code}, {"summary", summary(code)}});
  }
  return output.succeed(text + "\nweir explain CODE tells more of one\n", {{"codes", std::move(list)}});
}

int explain(const std::string& asked, Output& output) {
  const std::vector<ErrorCode> codes = error_codes(kErrorsPage);
  if (asked.empty()) return list_codes(codes, output);
  const auto found = std::find_if(codes.begin(), codes.end(), [&](const auto& code) { return code.code == asked; });
  if (found == codes.end()) {
    std::vector<std::string> names;
    for (const auto& code : codes) names.push_back(code.code);
    const std::string near = base::nearest(asked, names);
    return output.fail(base::manifest_error("usage.code", "expected the code of an error, found '" + asked + "'")
                           .with_hint(near.empty() ? "weir explain lists them" : "did you mean '" + near + "'?"));
  }
  std::string text = found->code + "\n";
  for (const auto& paragraph : found->paragraphs) text += "\n" + wrapped(paragraph, "  ");
  return output.succeed(text, {{"code", found->code}, {"explanation", found->paragraphs}});
}

}  // namespace

void add_explain(CLI::App& program, Action& action) {
  auto code = std::make_shared<std::string>();
  CLI::App& command =
      *program.add_subcommand("explain", "tells what an error's code means, its usual causes, and what to do");
  command.add_option("CODE", *code, "the code, as errors show it; without one all are listed");
  command.callback([code, &action] { action = [code](Output& output) { return explain(*code, output); }; });
}

}  // namespace weir::cli
