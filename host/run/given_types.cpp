#include "run/given_types.hpp"

#include <weir/weir.h>

#include "manifest/diagnostics.hpp"
#include "manifest/options.hpp"
#include "run/installed.hpp"

namespace weir::run {
namespace {

using manifest::Kind;
using manifest::Node;

ColumnTypes known_types(const manifest::Manifest& manifest) {
  ColumnTypes types;
  const auto add = [&types](const Node* options) {
    const Node* const said = options == nullptr ? nullptr : options->find("types");
    if (said == nullptr) return;
    for (const auto& member : said->members) {
      if (member.value.kind == Kind::text) types.emplace_back(member.key, member.value);
    }
  };
  for (const auto& use : manifest.extract) {
    add(&use.options);
    add(use.options.find("format"));
  }
  return types;
}

// Who reads the extractor's texts, and has options for it: itself or its format; all formats, if the file is to tell which.
struct TextReader {
  manifest::Use use;
  plugins::Component found;
};

std::vector<TextReader> text_readers(const manifest::Use& extract, const plugins::Registry& registry) {
  if (auto found = registry.find(use_text(extract), WEIR_KIND_EXTRACTOR)) return {TextReader{extract, *found}};
  auto composed = manifest::compose(extract, manifest::Side::read);
  if (!composed) return {};
  std::vector<TextReader> readers;
  if (const auto& format = composed->composition.format) {
    if (auto found = registry.find(use_text(*format), WEIR_KIND_FORMAT)) readers.push_back(TextReader{*format, *found});
    return readers;
  }
  manifest::Use unnamed;
  unnamed.options.kind = Kind::object;
  for (const auto& found : registry.formats()) readers.push_back(TextReader{unnamed, found});
  return readers;
}

std::optional<Node> naive_zone(const manifest::Manifest& manifest, const plugins::Registry& registry) {
  for (const auto& extract : manifest.extract) {
    for (auto& [use, found] : text_readers(extract, registry)) {
      manifest::lay_beneath(use, found.info->schema, "times", manifest.times);
      const Node* const said = use.options.at("/times/naive");
      if (said != nullptr && said->kind == Kind::text) return *said;
    }
  }
  return std::nullopt;
}

}  // namespace

base::Result<GivenTypes> given_types(const manifest::Manifest& manifest, const manifest::Case& one,
                                     const plugins::Registry& registry) {
  GivenTypes types{one.types, known_types(manifest), std::nullopt};
  if (const auto said = naive_zone(manifest, registry)) {
    types.zone = NaiveZone::named(said->text);
    if (!types.zone) {
      return base::unexpected(
          base::manifest_error("manifest.type",
                               "times: naive: expected the name of a time zone, found " + manifest::describe(*said),
                               said->place())
              .with_hint("write one of the IANA's names, such as Europe/Rome; are the zones installed (tzdata)?"));
    }
  }
  return types;
}

}  // namespace weir::run
