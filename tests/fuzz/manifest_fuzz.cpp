// libFuzzer: any bytes as a manifest, in both spellings, read, checked against a schema, and rendered.
#include <cstddef>
#include <cstdint>
#include <string>

#include "manifest/diagnostics.hpp"
#include "manifest/manifest.hpp"
#include "manifest/options.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace weir;
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  static const nlohmann::json schema = nlohmann::json::parse(
      R"({"type":"object","properties":{"path":{"type":"string","format":"path"},
          "wait":{"type":"string","format":"duration"},
          "either":{"oneOf":[{"type":"integer"},{"type":"object","properties":{"a":{"default":1}}}]}}})");
  for (const char* const file : {"m.yaml", "m.json"}) {
    observe::Redactor redactor;
    manifest::Values values;
    values.folder = "/nonexistent";
    values.environment = [](const std::string&) { return std::nullopt; };
    manifest::Draft draft = manifest::draft_from_text(file, text, values, redactor);
    for (const auto& use : draft.manifest.load) {
      auto composed = manifest::compose(use, manifest::Side::write);
      if (!composed) draft.errors.push_back(std::move(composed).error());
    }
    for (const auto& use : draft.manifest.extract) {
      auto config = manifest::check_options(use, schema, {"/nonexistent", {}, &redactor});
      if (!config) draft.errors.push_back(std::move(config).error());
    }
    if (draft.errors.empty()) continue;
    const base::Error error = manifest::joined(std::move(draft.errors));
    (void)redactor.redact(manifest::render(error) + manifest::to_json(error).dump());
  }
  return 0;
}
