#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <utility>

#include <weir/ext/draft/append.h>

#include "manifest/diagnostics.hpp"
#include "pipeline/links/sources.hpp"
#include "pipeline/links/surest.hpp"
#include "run/decider.hpp"
#include "run/installed.hpp"
#include "run/loading.hpp"
#include "run/manifest_settings.hpp"
#include "run/plan.hpp"
#include "run/readback.hpp"
#include "run/side_inputs.hpp"

namespace weir::run {
namespace {

using pipeline::Component;
using Shared = std::shared_ptr<const Component>;

constexpr std::uint64_t kDefaultMaxSize = 100ULL << 30U;
const StandIns kNoStandIns;

// Builds components, and collects what is wrong with them rather than stop at the first.
class Assembler {
 public:
  Assembler(const manifest::Draft& draft, const plugins::Registry& registry, plugins::Libraries& libraries,
            const plugins::HostServices& services, observe::Redactor& redactor, const StandIns& stand_ins)
      : draft_(draft),
        registry_(registry),
        libraries_(libraries),
        services_(services),
        redactor_(redactor),
        stand_ins_(stand_ins),
        errors_(draft.errors) {
    const auto& retry = draft.manifest.retry;
    plan_.retrying = retrying_of(retry);
    plan_.retries = std::make_shared<pipeline::Retries>(
        retry.budget, pipeline::BreakerSettings{retry.breaker_failures, retry.breaker_pause_ns});
  }

  explicit Assembler(const Assembly& parts)
      : Assembler(parts.draft, parts.registry, parts.libraries, parts.services, parts.redactor, kNoStandIns) {
    plan_.identity = parts.identity;
  }

  base::Result<Plan> assemble(pipeline::RunIdentity identity, Settings settings);
  base::Result<std::unique_ptr<pipeline::Source>> only_source(const manifest::Use& use) { return alone(source(use)); }
  base::Result<std::unique_ptr<pipeline::Load>> only_load(const manifest::Use& use) { return alone(storage_load(use)); }
  base::Result<Shared> only(const manifest::Use& use, std::int32_t kind) {
    return alone(component(use, kind, use.link));
  }

 private:
  template <class Made>
  base::Result<Made> alone(Made made) {
    if (!errors_.empty()) return base::unexpected(manifest::joined(std::move(errors_)));
    return made;
  }
  std::nullptr_t fail(base::Error error) {
    errors_.push_back(std::move(error));
    return nullptr;
  }

  // Finds and configures what `use` names; null after an error, which was noted.
  Shared component(const manifest::Use& use, std::int32_t kind, const std::string& link);
  Shared make(const plugins::Component& found, const manifest::Use& use, const std::string& link, bool storage);
  std::vector<Shared> all_of(std::int32_t kind, const manifest::Use& owner);

  std::unique_ptr<pipeline::Source> source(const manifest::Use& use);
  std::unique_ptr<pipeline::Source> file_source(const plugins::Component& found, const manifest::Use& use);
  LoadInput add_load(const manifest::Use& use);
  std::unique_ptr<pipeline::Load> storage_load(const manifest::Use& use);
  void make_loads();
  Stretch stretch(const std::string& branch, base::Place place, const std::vector<manifest::Use>& transform,
                  const std::vector<manifest::Use>& loads);
  void check_append(const pipeline::FileWriting& writing);
  std::optional<pipeline::FileWriting> file_writing(const plugins::Component& found, const manifest::Use& use);
  std::unique_ptr<pipeline::Source> written_source(const plugins::Component& storage, const manifest::Use& use);
  std::unique_ptr<pipeline::Source> loaded_source(const plugins::Component& loader, const manifest::Use& use);
  void read_back();
  void read_as_said();
  Shared encoder_for(const manifest::Composed& composed, const Shared& storage, const std::string& path);

  const manifest::Draft& draft_;
  const plugins::Registry& registry_;
  plugins::Libraries& libraries_;
  const plugins::HostServices& services_;
  observe::Redactor& redactor_;
  const StandIns& stand_ins_;
  std::vector<base::Error> errors_;
  // Loaders that share a writer, by the number of their load in the plan.
  struct Writing {
    std::vector<Shared> loaders;
    std::optional<std::string> destination;
    const manifest::Use* use;  // of the first
  };
  std::map<std::size_t, Writing> writing_;
  Plan plan_;
};

Shared Assembler::make(const plugins::Component& found, const manifest::Use& use, const std::string& link,
                       bool storage) {
  manifest::OptionsContext context{draft_.manifest.folder,
                                   storage ? manifest::composition_keys() : std::vector<std::string>{}, &redactor_};
  const nlohmann::json schema = found.info->schema;
  manifest::Use given = use;
  manifest::lay_beneath(given, schema, "times", draft_.manifest.times);
  manifest::lay_beneath(given, schema, "drift", draft_.manifest.drift);
  if (plan_.settings.allow_loss) manifest::allow_loss(given, schema);
  if (const manifest::Node* const network = draft_.manifest.tree.find("network"))
    manifest::lay_beneath(given, schema, "network", *network);
  auto config = manifest::check_options(given, schema, context);
  if (!config) return fail(std::move(config).error());
  auto library = load_plugin(found, use, draft_.manifest, libraries_);
  if (!library) return fail(std::move(library).error());
  auto made = std::make_shared<Component>();
  made->library = std::move(*library);
  made->description = made->library->component(found.info->name, found.info->kind);
  made->name = found.info->name;
  made->plugin = found.plugin_info().name;
  made->link = link;
  // What is read back is where a load wrote, whatever stream that was.
  if (found.info->kind == WEIR_KIND_EXTRACTOR && !stand_ins_.read_back) made->stream = draft_.manifest.stream;
  made->depth = plan_.settings.validate_full ? plugins::GuardDepth::full : plugins::GuardDepth::quick;
  made->config = std::make_unique<plugins::ConfigHandle>(config->json);
  made->host = std::make_unique<plugins::HostTable>(services_, link, made->plugin);
  made->retrying = plan_.retrying;
  made->retries = plan_.retries;
  made->breaker = use.connection.empty() ? plan_.retries->own_breaker(link) : plan_.retries->breaker_of(use.connection);
  made->calls = services_.calls;
  for (auto& file : config->files) plan_.config_files.emplace_back(std::move(file.path), std::move(file.version));
  made->place = [config = std::make_shared<manifest::Config>(std::move(*config))](const std::string& option,
                                                                                  pipeline::TextPart part) {
    return config->place(option, part.offset, part.length);
  };
  auto& versions = plan_.plugin_versions;
  const std::pair<std::string, std::string> version{made->plugin, found.plugin_info().version_text};
  if (std::find(versions.begin(), versions.end(), version) == versions.end()) versions.push_back(version);
  return made;
}

Shared Assembler::component(const manifest::Use& use, std::int32_t kind, const std::string& link) {
  if (use.name.empty()) return nullptr;  // told by the manifest already
  auto found = registry_.find(use_text(use), kind);
  if (!found) {
    base::Error error = std::move(found).error();
    error.place = use.where.place();
    return fail(std::move(error));
  }
  return make(*found, use, link, kind == WEIR_KIND_STORAGE);
}

// Every installed component of a kind with its default options: those that are asked who knows the bytes at hand.
std::vector<Shared> Assembler::all_of(std::int32_t kind, const manifest::Use& owner) {
  std::vector<Shared> all;
  for (const auto& found : registry_.components(kind)) {
    manifest::Use use;
    use.name = found.info->name;
    use.plugin = found.plugin_info().name;
    use.options.kind = manifest::Kind::object;
    use.where = owner.where;  // where nobody named it, whoever needs it is to blame
    if (auto made = make(found, use, owner.link, false)) all.push_back(std::move(made));
  }
  return all;
}

std::unique_ptr<pipeline::Source> Assembler::file_source(const plugins::Component& found, const manifest::Use& use) {
  auto composed = manifest::compose(use, manifest::Side::read);
  if (!composed) return fail(std::move(composed).error());
  auto reading = std::make_shared<pipeline::FileReading>();
  reading->run = plan_.identity;
  reading->storage = make(found, composed->storage, use.link, true);
  const auto& composition = composed->composition;
  reading->format_named = composition.format.has_value();
  reading->codec_named = composition.codec.has_value();
  if (composition.format)
    reading->formats = {component(*composition.format, WEIR_KIND_FORMAT, use.link)};
  else
    reading->formats = all_of(WEIR_KIND_FORMAT, use);
  if (composition.codec)
    reading->codecs = {component(*composition.codec, WEIR_KIND_CODEC, use.link)};
  else
    reading->codecs = all_of(WEIR_KIND_CODEC, use);
  reading->expansion.bytes = composition.max_size_bytes.value_or(kDefaultMaxSize);
  reading->verify = composition.verify;
  reading->looks_at_all = lets_schemas_change(draft_.manifest.drift);
  reading->log = services_.log;
  if (composition.max_size_bytes) reading->expansion.place = composition.max_size_where.place();
  const auto broken = [](const std::vector<Shared>& list) {
    return std::find(list.begin(), list.end(), nullptr) != list.end();
  };
  if (reading->storage == nullptr || broken(reading->formats) || broken(reading->codecs)) return nullptr;
  const auto* path = reading->storage->config->at("/path");
  return pipeline::make_file_source(reading,
                                    path != nullptr && path->is_string() ? path->get<std::string>() : std::string());
}

std::unique_ptr<pipeline::Source> Assembler::source(const manifest::Use& use) {
  if (use.name.empty()) return nullptr;
  auto found = registry_.find(use_text(use), WEIR_KIND_EXTRACTOR);
  if (found) {
    auto extractor = make(*found, use, use.link, false);
    return extractor == nullptr ? nullptr : pipeline::make_extractor_source(std::move(extractor), plan_.identity);
  }
  auto storage = registry_.find(use_text(use), WEIR_KIND_STORAGE);
  if (storage) return file_source(*storage, use);
  base::Error error = std::move(storage).error();
  error.place = use.where.place();
  fail(std::move(error));
  return nullptr;
}

// The format that the manifest names, or the surest of those that can write, by the name of the object.
Shared Assembler::encoder_for(const manifest::Composed& composed, const Shared& storage, const std::string& path) {
  if (composed.composition.format)
    return component(*composed.composition.format, WEIR_KIND_FORMAT, composed.storage.link);
  auto formats = all_of(WEIR_KIND_FORMAT, composed.storage);
  std::erase_if(formats, [](const Shared& format) { return !WEIR_CAN(&format->table<weir_format>(), open_encoder); });
  Shared best = pipeline::surest<weir_format>(formats, path);
  if (best == nullptr) {
    fail(base::manifest_error(
             "manifest.no_format",
             storage->name + ": expected a format to write '" + pipeline::shown_name(path) + "' in, found none",
             storage->place("/path", -1))
             .with_hint("say which it is: format: csv"));
  }
  return best;
}

// Rows go behind others in a file of any name but one with a number, in formats that know how.
void Assembler::check_append(const pipeline::FileWriting& writing) {
  const auto refuse = [&](const std::string& what, const char* hint) {
    fail(base::manifest_error("manifest.append", writing.storage->name + ": append: expected " + what,
                              writing.append_place)
             .with_hint(hint));
  };
  if (writing.part_rows > 0 || writing.part_bytes > 0 || writing.path.find("{n}") != std::string::npos) {
    refuse("an output that is no parts, found one whose parts are numbered",
           "parts are numbered from 0 in each run: leave append: out and give each run a folder of its own, or rows:, "
           "bytes: and {n}");
  }
  if (writing.format->extension(WEIR_APPEND) == nullptr || !WEIR_CAN(&writing.storage->table<weir_storage>(), stat)) {
    refuse("a format whose rows can follow others, found '" + writing.format->name + "'",
           "csv and json can be appended to; or write a file a run: path: out/${param:day}.EXT");
  }
}

std::optional<pipeline::FileWriting> Assembler::file_writing(const plugins::Component& found,
                                                             const manifest::Use& use) {
  auto composed = manifest::compose(use, manifest::Side::write);
  if (!composed) {
    fail(std::move(composed).error());
    return std::nullopt;
  }
  const auto& composition = composed->composition;
  pipeline::FileWriting writing;
  writing.validate_full = plan_.settings.validate_full;
  writing.storage = make(found, composed->storage, use.link, true);
  if (writing.storage == nullptr) return std::nullopt;
  plan_.destinations[use.link] = destination_text(found, *writing.storage, {});
  const auto* path = writing.storage->config->at("/path");
  writing.path = path != nullptr && path->is_string() ? path->get<std::string>() : std::string();
  writing.part_rows = composition.rows.value_or(0);
  writing.part_bytes = composition.bytes.value_or(0);
  const bool parts = writing.part_rows > 0 || writing.part_bytes > 0;
  if (parts && writing.path.find("{n}") == std::string::npos) {
    fail(base::manifest_error("manifest.parts",
                              writing.storage->name + ": expected {n} in the path of an output in parts, found '" +
                                  pipeline::shown_name(writing.path) + "'",
                              writing.storage->place("/path", -1))
             .with_hint("number the parts: path: out/part-{n}.ndjson"));
  }
  writing.by = composition.by;
  writing.by_place = composition.by_where.place();
  writing.append = composition.append;
  writing.append_place = composition.append_where.place();
  std::string inner = writing.path;
  if (composition.codec) {
    writing.codec = component(*composition.codec, WEIR_KIND_CODEC, use.link);
    if (writing.codec == nullptr) return std::nullopt;
  } else {
    writing.codec = pipeline::surest<weir_codec>(all_of(WEIR_KIND_CODEC, use), inner);
  }
  if (writing.codec != nullptr) inner = pipeline::name_within(writing.codec, inner);
  writing.format = encoder_for(*composed, writing.storage, inner);
  if (writing.format == nullptr) return std::nullopt;
  const auto& table = writing.format->table<weir_format>();
  if (!WEIR_CAN(&table, open_encoder)) {
    fail(base::manifest_error("manifest.cannot_write", "format '" + writing.format->name + "' can't write, only read",
                              writing.format->place("", -1)));
    return std::nullopt;
  }
  if (writing.append) check_append(writing);
  return writing;
}

// Adds a load, or another input of one before, if both write to one destination.
LoadInput Assembler::add_load(const manifest::Use& use) {
  const LoadInput alone{plan_.loads.size(), 0};
  if (use.name.empty()) return alone;
  if (stand_ins_.load) {
    plan_.loads.push_back(stand_ins_.load(use));
    return alone;
  }
  auto found = registry_.find(use_text(use), WEIR_KIND_LOADER);
  if (!found) {
    plan_.loads.push_back(storage_load(use));
    return alone;
  }
  Writing writing{{make(*found, use, use.link, false)}, {}, &use};
  if (writing.loaders.front() == nullptr) return alone;
  if (found->info->readback)
    plan_.destinations[use.link] = destination_text(*found, *writing.loaders.front(), found->info->readback->options);
  if (auto destination = pipeline::shared_destination(*writing.loaders.front()))
    writing.destination = std::move(*destination);
  else
    fail(std::move(destination).error());
  for (auto& [load, other] : writing_) {
    const auto& first = *other.loaders.front();
    const bool same = first.plugin == writing.loaders.front()->plugin && first.name == writing.loaders.front()->name &&
                      writing.destination && writing.destination == other.destination;
    if (!same) continue;
    other.loaders.push_back(writing.loaders.front());
    return {load, other.loaders.size() - 1};
  }
  plan_.loads.push_back(nullptr);
  writing_.emplace(alone.load, std::move(writing));
  return alone;
}

// Of the loads that were added, those of a loader.
void Assembler::make_loads() {
  for (auto& [load, writing] : writing_) {
    auto made = pipeline::make_loader_load(std::move(writing.loaders));
    if (made)
      plan_.loads[load] = std::move(*made);
    else
      fail(std::move(made).error());
  }
  for (const auto& [load, writing] : writing_) {
    if (plan_.loads[load] != nullptr && plan_.loads[load]->atomic() && writing.destination)
      plan_.exclusive = writing.use->name + " " + *writing.destination;
  }
  const auto both = two_deciders(plan_.loads);
  if (!both) return;
  const manifest::Use& use = *writing_.at(both->second).use;
  fail(base::manifest_error("manifest.atomic_loads",
                            use.link + ": expected one destination that commits its rows itself, found '" + use.name +
                                "' beside that of '" + writing_.at(both->first).use->link + "'",
                            use.where.place())
           .with_hint("two transactions can't end as one: write to the same database, or one of them to a file"));
}

std::unique_ptr<pipeline::Load> Assembler::storage_load(const manifest::Use& use) {
  auto storage = registry_.find(use_text(use), WEIR_KIND_STORAGE);
  if (storage) {
    auto writing = file_writing(*storage, use);
    return writing ? pipeline::make_file_load(std::move(*writing)) : nullptr;
  }
  base::Error error = std::move(storage).error();
  error.place = use.where.place();
  fail(std::move(error));
  return nullptr;
}

Stretch Assembler::stretch(const std::string& branch, base::Place place, const std::vector<manifest::Use>& transform,
                           const std::vector<manifest::Use>& loads) {
  Stretch made{branch, std::move(place), {}, {}};
  for (manifest::Use use : transform) {
    PlannedLink link;
    for (auto& [option, side] : take_sides(use, registry_, draft_.manifest, errors_))
      link.sides.push_back({option, source(side)});
    link.component = component(use, WEIR_KIND_TRANSFORMER, use.link);
    link.use = use;
    if (link.component != nullptr) made.links.push_back(std::move(link));
  }
  for (const auto& use : loads) made.ends.push_back(add_load(use));
  return made;
}

void Assembler::read_as_said() {
  const auto& manifest = draft_.manifest;
  if (stand_ins_.source) {
    plan_.sources.push_back(stand_ins_.source());
  } else {
    for (const auto& use : manifest.extract) plan_.sources.push_back(source(use));
  }
  plan_.stretches.push_back(stretch("", {}, manifest.transform, manifest.load));
  for (const auto& branch : manifest.branches) {
    plan_.stretches.push_back(stretch(branch.name, branch.where.place(), branch.transform, branch.load));
  }
  if (manifest.reject) plan_.reject = add_load(*manifest.reject);
  make_loads();
}

// The objects that a composed load wrote, by what it wrote them with.
std::unique_ptr<pipeline::Source> Assembler::written_source(const plugins::Component& storage,
                                                            const manifest::Use& use) {
  auto writing = file_writing(storage, use);
  if (!writing) return nullptr;
  auto reading = std::make_shared<pipeline::FileReading>();
  reading->run = plan_.identity;
  reading->storage = std::move(writing->storage);
  reading->formats = {std::move(writing->format)};
  reading->format_named = true;
  if (writing->codec != nullptr) reading->codecs = {std::move(writing->codec)};
  reading->codec_named = !reading->codecs.empty();
  reading->expansion.bytes = std::numeric_limits<std::uint64_t>::max();  // the run wrote as much
  reading->verify = manifest::Verify::off;                               // rows are compared
  return pipeline::make_written_source(std::move(reading), stand_ins_.read_back->objects);
}

// What a loader loaded, through the extractor that its plugin says, with options that the loader has.
std::unique_ptr<pipeline::Source> Assembler::loaded_source(const plugins::Component& loader, const manifest::Use& use) {
  if (!loader.info->readback) {
    fail(no_readback(loader));
    return nullptr;
  }
  auto read = readback_use(use, loader);
  if (!read) return fail(std::move(read).error());
  *stand_ins_.read_back->key = key_columns(use, loader);
  auto extractor = component(*read, WEIR_KIND_EXTRACTOR, use.link);
  return extractor == nullptr ? nullptr : pipeline::make_extractor_source(std::move(extractor), plan_.identity);
}

void Assembler::read_back() {
  const manifest::Use* const use = find_load(draft_.manifest, stand_ins_.read_back->link);
  auto loader = registry_.find(use_text(*use), WEIR_KIND_LOADER);
  auto storage = loader ? std::move(loader) : registry_.find(use_text(*use), WEIR_KIND_STORAGE);
  if (!storage) {
    fail(std::move(storage).error().with_place(use->where.place()));
    return;
  }
  plan_.sources.push_back(storage->info->kind == WEIR_KIND_LOADER ? loaded_source(*storage, *use)
                                                                  : written_source(*storage, *use));
  plan_.stretches.push_back({"", {}, {}, {{0, 0}}});
  plan_.loads.push_back(stand_ins_.load(*use));
  plan_.reject = LoadInput{1, 0};
  plan_.loads.push_back(stand_ins_.load({}));
}

base::Result<Plan> Assembler::assemble(pipeline::RunIdentity identity, Settings settings) {
  plan_.identity = std::move(identity);
  plan_.settings = settings;
  const auto& manifest = draft_.manifest;
  for (const auto& problem : registry_.problems()) {
    base::Error error = problem.error;
    for (const auto& requirement : manifest.plugins) {
      if (requirement.plugin == problem.plugin) error.place = requirement.where.place();
    }
    fail(std::move(error));
  }
  plan_.limits = manifest.limits;
  if ((manifest.limits.rejects || manifest.limits.rejects_share) && !manifest.reject) {
    fail(base::manifest_error("manifest.limits", "limits: expected 'reject', where rejected rows are kept, found none",
                              manifest.limits.where.place())
             .with_hint(
                 "add reject: { use: file, path: rejects.ndjson }; without it the first rejected row ends the run"));
  }
  if (stand_ins_.read_back)
    read_back();
  else
    read_as_said();
  if (!errors_.empty()) return base::unexpected(manifest::joined(std::move(errors_)));
  return std::move(plan_);
}

}  // namespace

base::Result<Plan> assemble(const manifest::Draft& draft, const plugins::Registry& registry,
                            plugins::Libraries& libraries, const plugins::HostServices& services,
                            observe::Redactor& redactor, pipeline::RunIdentity identity, Settings settings,
                            const StandIns& stand_ins) {
  return Assembler(draft, registry, libraries, services, redactor, stand_ins).assemble(std::move(identity), settings);
}

base::Result<std::unique_ptr<pipeline::Source>> assemble_source(const Assembly& parts, const manifest::Use& use) {
  return Assembler(parts).only_source(use);
}

base::Result<Shared> assemble_component(const Assembly& parts, const manifest::Use& use, std::int32_t kind) {
  return Assembler(parts).only(use, kind);
}

base::Result<std::unique_ptr<pipeline::Load>> assemble_load(const Assembly& parts, const manifest::Use& use) {
  return Assembler(parts).only_load(use);
}

}  // namespace weir::run
