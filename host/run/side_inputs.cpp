#include "run/side_inputs.hpp"

#include <algorithm>

#include "manifest/connections.hpp"
#include "manifest/use.hpp"
#include "run/installed.hpp"
#include "run/interrupt.hpp"

namespace weir::run {
namespace {

// The extractor's name alone is left for the component: the rest, secrets perhaps, is none of its business.
manifest::Node only_name(const manifest::Node& written) {
  if (written.kind != manifest::Kind::object) return written;
  manifest::Node node = written;
  std::erase_if(node.members, [](const manifest::Member& member) { return member.key != "use"; });
  return node;
}

}  // namespace

std::vector<SideUse> take_sides(manifest::Use& use, const plugins::Registry& registry,
                                const manifest::Manifest& manifest, std::vector<base::Error>& errors) {
  std::vector<SideUse> taken;
  const auto found = registry.find(use_text(use), WEIR_KIND_TRANSFORMER);
  if (!found) return taken;  // which is told where it is looked for to be made
  const auto& schema = found->info->schema;
  const auto properties = schema.find("properties");
  if (properties == schema.end()) return taken;
  for (auto& member : use.options.members) {
    const auto rule = properties->find(member.key);
    if (rule == properties->end() || rule->value("format", "") != "rows") continue;
    SideUse side{member.key, manifest::read_use(member.value, use.name + ": " + member.key, errors)};
    manifest::join_connection(side.use, manifest.connections, errors);
    if (side.use.link.empty()) side.use.link = use.link + "-" + member.key;
    member.value = only_name(member.value);
    taken.push_back(std::move(side));
  }
  return taken;
}

std::vector<pipeline::SideSchema> side_schemas(const PlannedLink& link) {
  std::vector<pipeline::SideSchema> schemas;
  for (const auto& side : link.sides) schemas.push_back({side.option, &side.source->schemas().front().get()});
  return schemas;
}

base::Result<void> read_through(pipeline::Source& source, pipeline::Outlet& outlet, const pipeline::Deliver& deliver,
                                const std::function<bool()>& enough) {
  for (std::size_t split = 0; split < source.splits().size() && !enough(); ++split) {
    WEIR_TRY_ASSIGN(auto reader, source.open(split, {}));
    for (bool last = false; !last && !enough();) {
      WEIR_TRY_ASSIGN(const auto piece, reader->read(outlet, deliver));
      if (piece.got && piece.to_parse) WEIR_TRY(reader->parse(piece, outlet, deliver));
      last = piece.last;
    }
  }
  return {};
}

base::Result<void> feed_sides(const Plan& plan, const PlannedLink& link,
                              const std::vector<pipeline::TransformLink*>& instances) {
  const pipeline::TakeReject refuse = [](const pipeline::Reject& reject) -> base::Result<void> {
    return base::unexpected(reject.error());
  };
  const auto cancelled = [&plan] { return plan.cancelled != nullptr && *plan.cancelled; };
  for (std::size_t i = 0; i < link.sides.size(); ++i) {
    pipeline::Source& source = *link.sides[i].source;
    integrity::Account account;
    pipeline::Outlet outlet(pipeline::outlet_setup(source, plan.settings.validate_full), &account, refuse);
    const pipeline::Deliver deliver = [&](const pipeline::Batch& batch) -> base::Result<void> {
      for (auto* const instance : instances) WEIR_TRY(instance->feed(i + 1, batch));
      return {};
    };
    WEIR_TRY(read_through(source, outlet, deliver, cancelled));
    if (cancelled()) return base::unexpected(interrupted());
    for (auto* const instance : instances) WEIR_TRY(instance->end_input(i + 1));
  }
  return {};
}

base::Result<void> feed_sides(const Plan& plan, const std::vector<const pipeline::Chain*>& chains) {
  for (std::size_t i = 0; i < plan.links.size(); ++i) {
    if (plan.links[i].sides.empty()) continue;
    std::vector<pipeline::TransformLink*> instances;
    for (const auto* const chain : chains) {
      if (chain->links()[i] != nullptr) instances.push_back(chain->links()[i].get());
    }
    WEIR_TRY(feed_sides(plan, plan.links[i], instances));
  }
  return {};
}

}  // namespace weir::run
