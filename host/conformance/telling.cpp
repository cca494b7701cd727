#include "conformance/telling.hpp"

#include <array>
#include <string_view>

#include <weir/ext/async.h>
#include <weir/ext/chunked.h>
#include <weir/ext/decoder.h>
#include <weir/ext/discover.h>
#include <weir/ext/document.h>
#include <weir/ext/draft/append.h>
#include <weir/ext/draft/conditional.h>
#include <weir/ext/draft/ddl.h>
#include <weir/ext/draft/holds.h>
#include <weir/ext/draft/services.h>
#include <weir/ext/draft/shared.h>
#include <weir/ext/found.h>
#include <weir/ext/open_files.h>
#include <weir/ext/partial.h>
#include <weir/ext/pushdown.h>
#include <weir/ext/reads.h>
#include <weir/ext/state.h>

#include "conformance/sample.hpp"
#include "conformance/traits.hpp"
#include "plugins/child_output.hpp"
#include "plugins/config.hpp"
#include "plugins/first_loads.hpp"
#include "plugins/guard.hpp"
#include "plugins/library.hpp"
#include "plugins/load_apart.hpp"

namespace weir::conformance {
namespace {

using Json = nlohmann::ordered_json;

// Of components; those of the host are not theirs.
constexpr std::array kExtensions = {WEIR_APPEND, WEIR_ASYNC,      WEIR_CHECK,    WEIR_CHUNKED,  WEIR_CONDITIONAL,
                                    WEIR_DDL,    WEIR_DECODER,    WEIR_DISCOVER, WEIR_DOCUMENT, WEIR_FOUND,
                                    WEIR_HOLDS,  WEIR_OPEN_FILES, WEIR_PARTIAL,  WEIR_PUSHDOWN, WEIR_READS,
                                    WEIR_SHARED, WEIR_STATE};

Json commits_as_json(std::int32_t commit) {
  Json ways = Json::array();
  if ((commit & WEIR_COMMIT_ATOMIC) != 0) ways.push_back("atomic");
  if ((commit & WEIR_COMMIT_TWO_PHASE) != 0) ways.push_back("two phases");
  return ways;
}

template <std::size_t N>
std::string word_of(const std::array<const char*, N>& words, std::int32_t value) {
  return value >= 0 && static_cast<std::size_t>(value) < N ? words[static_cast<std::size_t>(value)]
                                                           : std::to_string(value);
}

// What concerns a component of the kind.
Json traits_as_json(const weir_traits& traits, std::int32_t kind) {
  Json told = Json::object();
  if (kind == WEIR_KIND_EXTRACTOR) {
    told["replay"] = word_of(std::array{"none", "redelivery", "exact"}, traits.replay);
    told["many_outputs"] = traits.many_outputs != 0;
  } else if (kind == WEIR_KIND_TRANSFORMER) {
    told["scope"] = word_of(std::array{"chain", "run"}, traits.scope);
    told["rows"] = word_of(std::array{"once", "multiply", "merge"}, traits.rows);
    told["keeps_rows"] = traits.keeps_rows != 0;
  } else {
    told["commit"] = commits_as_json(traits.commit);
  }
  told["ordered"] = traits.ordered != 0;
  if (kind != WEIR_KIND_EXTRACTOR) {
    told["takes_selection"] = traits.takes_selection != 0;
    told["many_inputs"] = traits.many_inputs != 0;
  }
  if (traits.max_instances > 0) told["max_instances"] = traits.max_instances;
  if (traits.preferred_rows > 0) told["preferred_rows"] = traits.preferred_rows;
  if (traits.preferred_bytes > 0) told["preferred_bytes"] = traits.preferred_bytes;
  return told;
}

bool has_traits(std::int32_t kind) {
  return kind == WEIR_KIND_EXTRACTOR || kind == WEIR_KIND_TRANSFORMER || kind == WEIR_KIND_LOADER;
}

base::Result<Json> traits_of_component(const plugins::Library& library, const weir_component& described,
                                       const plugins::ComponentInfo& component) {
  weir_traits traits = default_traits(described);
  weir_traits_function* const ask = traits_of(described);
  if (ask == nullptr) return traits_as_json(traits, component.kind);
  WEIR_TRY_ASSIGN(const Sample sample, sample_of(component));
  WEIR_TRY_ASSIGN(Json options, completed(component, sample.options, std::filesystem::temp_directory_path()));
  const plugins::ConfigHandle config(std::move(options));
  auto asked = plugins::guarded_call({library.info().name, component.name, "traits"}, plugins::GuardDepth::quick,
                                     [&](weir_error* error) { return ask(config.get(), &traits, error); });
  if (!asked.ok()) return base::unexpected(std::move(asked.failed.error));
  return traits_as_json(traits, component.kind);
}

Json told_of(const plugins::Library& library, const plugins::ComponentInfo& component) {
  Json told{{"name", component.name}, {"kind", component.kind_text}};
  const weir_component* const described = library.component(component.name, component.kind);
  if (component.kind == 0 || described == nullptr) return told;
  told["extensions"] = Json::array();
  for (const char* const id : kExtensions) {
    if (plugins::Library::extension(*described, id) != nullptr) told["extensions"].push_back(id);
  }
  if (!has_traits(component.kind)) return told;
  auto traits = traits_of_component(library, *described, component);
  if (traits)
    told["traits"] = std::move(*traits);
  else
    told["error"] = plugins::error_as_json(traits.error());
  return told;
}

Json answer_of(const std::filesystem::path& file) {
  const auto info = plugins::read_info(file);
  if (!info) return {{"error", plugins::error_as_json(info.error())}};
  const auto library = plugins::Library::load(file, *info, {});
  if (!library) return {{"error", plugins::error_as_json(library.error())}};
  Json components = Json::array();
  for (const auto& component : (*library)->info().components) components.push_back(told_of(**library, component));
  return {{"components", std::move(components)}};
}

}  // namespace

base::Result<Json> ask_plugin(const Asking& asking) {
  std::vector<std::string> command = asking.command;
  command.push_back(std::filesystem::absolute(asking.file).string());
  WEIR_TRY_ASSIGN(plugins::ApartEnd end, plugins::run_apart(command, asking.deadline_ns));
  const Json told = Json::parse(end.output, nullptr, false);
  if (end.misfortune.empty() && !told.is_object()) end.misfortune = "ends the process before it is asked";
  if (!end.misfortune.empty()) return base::unexpected(plugins::load_misfortune(asking.file, end));
  if (told.contains("error")) return base::unexpected(plugins::error_from_json(told["error"]));
  return told.value("components", Json::array());
}

int answer(const std::filesystem::path& file) {
  const plugins::ChildOutput output;
  plugins::load_at_once();
  return output.tell(answer_of(file).dump(-1, ' ', false, Json::error_handler_t::replace)) ? 0 : 1;
}

}  // namespace weir::conformance
