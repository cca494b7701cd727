#include <algorithm>

#include "arrow/schema.hpp"
#include "base/units.hpp"
#include "manifest/diagnostics.hpp"
#include "run/plan.hpp"
#include "run/side_inputs.hpp"

namespace weir::run {
namespace {

base::Error unsettled(std::string code, std::string message, base::Place place, std::string hint) {
  return base::manifest_error(std::move(code), std::move(message), std::move(place)).with_hint(std::move(hint));
}

// Where a text stands among a link's options, as a key or as a value: that is where it named an output.
const manifest::Where* named_in(const manifest::Node& node, const std::string& text) {
  if (node.kind == manifest::Kind::text && node.text == text) return &node.where;
  for (const auto& item : node.items) {
    if (const auto* const found = named_in(item, text)) return found;
  }
  for (const auto& member : node.members) {
    if (member.key == text) return &member.key_where;
    if (const auto* const found = named_in(member.value, text)) return found;
  }
  return nullptr;
}

// Makes the tree of the stretches: each link is created once, to learn what it gives, and destroyed, for the chains make
// their own. What is wrong with branches is collected, so that it is told at once.
class Settling {
 public:
  explicit Settling(Plan& plan) : plan_(plan), stretches_(std::move(plan.stretches)), fed_(stretches_.size()) {}

  base::Result<void> settle() {
    WEIR_TRY(follow(0, Port{}));
    for (std::size_t i = 1; i < stretches_.size(); ++i) {
      if (!fed_[i]) not_fed(stretches_[i]);
    }
    if (!errors_.empty()) return base::unexpected(manifest::joined(std::move(errors_)));
    return {};
  }

 private:
  // Settles stretch `number`, which gets the rows that leave by `from`.
  base::Result<void> follow(std::size_t number, Port from) {
    Stretch& stretch = stretches_[number];
    fed_[number] = true;
    for (std::size_t i = 0; i < stretch.links.size(); ++i) {
      const bool last = i + 1 == stretch.links.size();
      WEIR_TRY_ASSIGN(const auto names, create(std::move(stretch.links[i]), from));
      from = Port{plan_.links.size() - 1, 0};
      const bool routes = names.size() > 1 || (last && stretch.ends.empty());
      if (routes && last && stretch.ends.empty()) return branch_out(names);
      if (routes) return refuse_routing(stretch, names.size());
    }
    for (const LoadInput& to : stretch.ends) plan_.ends.push_back({to, from});
    return {};
  }

  // Gives the names of the link's outputs.
  base::Result<std::vector<std::string>> create(PlannedLink link, const Port& from) {
    std::atomic<std::uint64_t> sequence{0};
    link.from = from;
    WEIR_TRY_ASSIGN(link.traits, pipeline::transformer_traits(*link.component));
    for (const auto& side : link.sides) WEIR_TRY(side.source->plan());
    pipeline::TransformOptions options;
    options.sides = side_schemas(link);
    WEIR_TRY_ASSIGN(const auto instance,
                    pipeline::TransformLink::create(link.component, plan_.identity, plan_.schema(from), &sequence,
                                                    nullptr, std::move(options)));
    for (const auto& output : instance->outputs()) link.outputs.push_back(weir::Schema::copy_of(output.get()));
    WEIR_TRY_ASSIGN(link.columns, instance->columns());
    plan_.links.push_back(std::move(link));
    return instance->output_names();
  }

  // The last link's outputs go to the branches of their names.
  base::Result<void> branch_out(const std::vector<std::string>& names) {
    const std::size_t link = plan_.links.size() - 1;
    for (std::uint64_t output = 0; output < names.size(); ++output) {
      const auto branch = find(names[output]);
      if (!branch)
        no_branch(plan_.links[link], names[output]);
      else if (fed_[*branch])
        fed_twice(plan_.links[link], names[output]);
      else
        WEIR_TRY(follow(*branch, Port{link, output}));
    }
    return {};
  }

  std::optional<std::size_t> find(const std::string& branch) const {
    for (std::size_t i = 1; i < stretches_.size(); ++i) {
      if (stretches_[i].branch == branch) return i;
    }
    return std::nullopt;
  }

  base::Place place_of(const PlannedLink& link, const std::string& output) const {
    const auto* const named = output.empty() ? nullptr : named_in(link.use.options, output);
    return named != nullptr ? named->place() : link.use.where.place();
  }

  void no_branch(const PlannedLink& link, const std::string& output) {
    const std::string& name = link.component->link;
    if (output.empty()) {
      errors_.push_back(unsettled(
          "manifest.missing", name + ": expected 'load' behind the last link, found none", link.use.where.place(),
          "add load: { use: NAME, … }; only a link with named outputs, such as route, has branches"));
      return;
    }
    std::vector<std::string> names;
    for (std::size_t i = 1; i < stretches_.size(); ++i) names.push_back(stretches_[i].branch);
    const std::string near = base::nearest(output, names);
    errors_.push_back(unsettled("manifest.branch", name + ": no branch '" + output + "' under 'branches'",
                                place_of(link, output),
                                near.empty() ? "add it: branches: { " + output + ": { load: { use: NAME, … } } }"
                                             : "did you mean '" + near + "'?"));
    if (!near.empty()) fed_[*find(near)] = true;  // one slip of the pen, one error
  }

  void fed_twice(const PlannedLink& link, const std::string& output) {
    errors_.push_back(unsettled("manifest.branch",
                                link.component->link + ": expected a branch that gets rows once, found that '" +
                                    output + "' has them from another link already",
                                place_of(link, output),
                                "give each output a branch of its own; two may load to one table of one database"));
  }

  void not_fed(const Stretch& stretch) {
    errors_.push_back(unsettled("manifest.branch",
                                "branch '" + stretch.branch + "': expected an output of that name, found none",
                                stretch.place, "let a link route to it, or take it away"));
  }

  base::Result<void> refuse_routing(const Stretch& stretch, std::size_t outputs) {
    const PlannedLink& link = plan_.links.back();
    const bool loads = !stretch.ends.empty();
    return base::unexpected(unsettled("manifest.branch",
                                      link.component->link + ": expected nothing behind a link with " +
                                          std::to_string(outputs) + " outputs but branches, found " +
                                          (loads ? "'load' beside it" : "another link"),
                                      link.use.where.place(), "move what follows into branches: one for each output"));
  }

  Plan& plan_;
  std::vector<Stretch> stretches_;
  std::vector<bool> fed_;
  std::vector<base::Error> errors_;
};

// The rows of several sources have one schema, or it is told which two differ.
base::Result<void> settle_sources(Plan& plan) {
  std::vector<arrow::NamedSchema> told;
  std::vector<std::string> names;
  for (const auto& source : plan.sources) {
    WEIR_TRY(source->plan());
    names.push_back("'" + source->link() + "'");
  }
  for (std::size_t i = 0; i < names.size(); ++i) told.push_back({names[i], &plan.sources[i]->schemas().front().get()});
  if (told.size() == 1) return {};
  WEIR_TRY_ASSIGN(const weir::Schema agreed, arrow::agree(told));
  for (const auto& source : plan.sources) WEIR_TRY(source->keep_to(agreed.get()));
  return {};
}

}  // namespace

weir::Schema reject_schema() {
  std::vector<weir::Schema> fields;
  fields.push_back(weir::Schema::field("u", "row", true, {{std::string(weir::kExtensionKey), "arrow.json"}}));
  for (const char* name : {"reason", "column", "detail", "link", "stream", "split"}) {
    fields.push_back(weir::Schema::field("u", name));
  }
  fields.push_back(weir::Schema::field("l", "position"));
  fields.push_back(weir::Schema::field("u", "file"));
  fields.push_back(weir::Schema::field("l", "line"));
  fields.push_back(weir::Schema::field("u", "record"));
  return weir::Schema::rows(std::move(fields));
}

base::Result<void> settle(Plan& plan) {
  WEIR_TRY(settle_sources(plan));
  WEIR_TRY(Settling(plan).settle());
  for (const PlannedEnd& end : plan.ends) WEIR_TRY(plan.load(end.to).check_input(end.to.input, plan.schema(end.from)));
  return {};
}

std::vector<pipeline::InputVersion> Plan::inputs() const {
  std::vector<pipeline::InputVersion> inputs;
  for (const auto& source : sources) {
    for (auto& input : source->inputs()) inputs.push_back(std::move(input));
  }
  for (auto& input : side_inputs()) inputs.push_back(std::move(input));
  return inputs;
}

std::uint64_t Plan::bytes_read() const {
  std::uint64_t bytes = 0;
  for (const auto& source : sources) bytes += source->bytes_read();
  return bytes;
}

std::vector<pipeline::InputVersion> Plan::side_inputs() const {
  std::vector<pipeline::InputVersion> inputs;
  for (const auto& link : links) {
    for (const auto& side : link.sides) {
      for (auto& input : side.source->inputs()) inputs.push_back(std::move(input));
    }
  }
  return inputs;
}

pipeline::Wiring Plan::wiring() const {
  pipeline::Wiring wiring;
  for (const auto& link : links) {
    wiring.links.emplace_back(link.outputs.size());
    wiring.links_read.emplace_back(link.outputs.size());
  }
  if (use) {
    wiring.source_read = use->source;
    wiring.links_read = use->links;
  }
  const auto targets = [&wiring](const Port& from) -> pipeline::Wiring::Targets& {
    return from.link ? wiring.links[*from.link][from.output] : wiring.source;
  };
  for (std::size_t i = 0; i < links.size(); ++i) targets(links[i].from).push_back({pipeline::Target::Kind::link, i});
  for (std::size_t i = 0; i < ends.size(); ++i) targets(ends[i].from).push_back({pipeline::Target::Kind::end, i});
  return wiring;
}

std::vector<bool> Plan::gathered() const {
  std::vector<bool> gathered;
  for (const auto& link : links) {
    // What a link remembers must not depend on how many chains there were.
    const bool remembers = pipeline::state_of(*link.component) != nullptr;
    const bool alone = link.traits.scope == WEIR_SCOPE_RUN || link.traits.ordered != 0 || remembers;
    gathered.push_back(alone || (link.from.link && gathered[*link.from.link]));
  }
  return gathered;
}

}  // namespace weir::run
