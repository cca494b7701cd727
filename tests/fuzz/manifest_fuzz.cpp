// libFuzzer target of manifests: any bytes as one, in both spellings, with a profile, parameters and variables, read, its options
// checked against a schema, and every error rendered: its place is in the text.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "manifest/diagnostics.hpp"
#include "manifest/manifest.hpp"
#include "manifest/options.hpp"

namespace {

using namespace weir;

const nlohmann::json& schema() {
  static const nlohmann::json made = nlohmann::json::parse(
      R"({"type":"object","required":["path"],"properties":{"path":{"type":"string","format":"path"},
          "wait":{"type":"string","format":"duration"},"size":{"type":"string","format":"size"},
          "mode":{"enum":["a","b"]},"rows":{"type":"integer","minimum":1,"default":3},
          "columns":{"type":"object","additionalProperties":{"type":"string"}},
          "rule":{"type":["object","string"],"format":"document"},"list":{"type":"string","format":"file"},
          "either":{"oneOf":[{"type":"integer"},{"type":"object","properties":{"a":{"default":1}}}]}}})");
  return made;
}

void check(const base::Error& error, const std::string& file, std::size_t lines) {
  const bool inside = !error.place.known() || error.place.file != file ||
                      (error.place.line >= 1 && error.place.line <= lines && error.place.column >= 1);
  if (!inside || error.message.empty() || error.code.empty()) {
    std::fprintf(stderr, "violated: an error has a place in the text, words and a code: %s\n",
                 manifest::render(error).c_str());
    std::abort();
  }
  for (const auto& other : error.also) check(other, file, lines);
}

void look_at(const std::vector<manifest::Use>& uses, manifest::Side side, observe::Redactor& redactor,
             std::vector<base::Error>& errors) {
  for (const auto& use : uses) {
    auto composed = manifest::compose(use, side);
    const manifest::Use& rest = composed ? composed->storage : use;
    if (!composed) errors.push_back(std::move(composed).error());
    auto config = manifest::check_options(rest, schema(), {"/nonexistent", {}, &redactor});
    if (!config) errors.push_back(std::move(config).error());
  }
}

void read(const std::string& file, const std::string& text) {
  observe::Redactor redactor;
  manifest::Values values;
  values.folder = "/nonexistent";
  values.profile = "p";
  values.parameters = {{"p", "1"}};
  values.assignments = {"load.path=out", "name=n"};
  values.environment = [](const std::string& name) {
    return name.size() < 3 ? std::optional("value of " + name) : std::nullopt;
  };
  manifest::Draft draft = manifest::draft_from_text(file, text, values, redactor);
  look_at(draft.manifest.extract, manifest::Side::read, redactor, draft.errors);
  look_at(draft.manifest.transform, manifest::Side::read, redactor, draft.errors);
  look_at(draft.manifest.load, manifest::Side::write, redactor, draft.errors);
  if (draft.errors.empty()) return;
  const base::Error error = manifest::joined(std::move(draft.errors));
  check(error, file, static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1);
  static_cast<void>(redactor.redact(manifest::render(error) + manifest::to_json(error).dump()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  read("m.yaml", text);
  read("m.json", text);
  return 0;
}
