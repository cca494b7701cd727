// The process of one case: its surroundings, and its verdict.
#include <charconv>
#include <cstdlib>

#include "conformance/kit.hpp"
#include "conformance/subject.hpp"
#include "plugins/child_output.hpp"
#include "plugins/first_loads.hpp"

namespace weir::conformance {
namespace {

namespace fs = std::filesystem;

// Folders of its own for whatever looks for one.
void settle_in(const fs::path& folder) {
  std::error_code ignored;
  for (const char* const name : {"home", "here", "temporary", "places"}) fs::create_directories(folder / name, ignored);
  fs::current_path(folder / "here", ignored);
  // NOLINTBEGIN(concurrency-mt-unsafe): there is one thread yet
  ::setenv("HOME", (folder / "home").c_str(), 1);
  ::setenv("TMPDIR", (folder / "temporary").c_str(), 1);
  for (const char* const name : {"XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"})
    ::unsetenv(name);
  // NOLINTEND(concurrency-mt-unsafe)
}

const plugins::ComponentInfo* component_of(const plugins::PluginInfo& info, const std::string& name,
                                           std::int32_t kind) {
  for (const auto& component : info.components) {
    if (component.name == name && component.kind == kind) return &component;
  }
  return nullptr;
}

Verdict verdict_on(const std::vector<std::string>& words, int told) {
  const fs::path file = words[0];
  const Case* tried = case_named(words[1]);
  auto info = plugins::read_info(file);
  std::int32_t kind = 0;
  std::from_chars(words[3].data(), words[3].data() + words[3].size(), kind);
  if (tried == nullptr || !info) return {Outcome::skip, "there is no such case, or no such plugin"};
  Subject subject(*tried, file, *info, fs::path(words[4]) / "places");
  subject.tell_progress_to(told);
  if (!words[2].empty()) {
    subject.choose(component_of(subject.info(), words[2], kind));
    if (subject.kind() == 0) return {Outcome::skip, "there is no such component"};
  }
  Verdict verdict = verdict_of(tried->run(subject));
  subject.announce("close");
  subject.close();
  return verdict;
}

}  // namespace

int try_case(const std::vector<std::string>& words) {
  constexpr std::size_t kWords = 5;
  if (words.size() != kWords) return 2;
  const plugins::ChildOutput output;
  plugins::load_at_once();
  settle_in(words[4]);
  const Verdict verdict = verdict_on(words, output.descriptor());
  const nlohmann::ordered_json document{{"outcome", outcome_name(verdict.outcome)}, {"found", verdict.found}};
  const std::string text = "\n" + document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  return output.tell(text) ? 0 : 1;
}

}  // namespace weir::conformance
