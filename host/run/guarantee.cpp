#include "run/guarantee.hpp"

#include <algorithm>

namespace weir::run {
namespace {

constexpr const char* kComesTwice = ": some come twice if the run is stopped, and run again";
constexpr const char* kIsLost = ": what is not loaded when the run stops is lost";

// Standard input has the name that stands for it in a manifest.
bool reads_standard_input(const pipeline::Source& source) {
  const auto inputs = source.inputs();
  return std::any_of(inputs.begin(), inputs.end(), [](const auto& input) { return input.name == "-"; });
}

LinkDelivery delivery_of(const pipeline::Source& source) {
  LinkDelivery made{"extract", source.link(), Delivery::exactly_once, "it is gone on with where it stopped"};
  if (source.replay() == WEIR_REPLAY_EXACT) return made;
  if (source.replay() == WEIR_REPLAY_NONE) {
    made.delivery = Delivery::at_most_once;
    made.reason = (reads_standard_input(source) ? "standard input comes only once" : "its rows come only once");
    made.reason += kIsLost;
  } else if (source.acknowledges()) {
    made.delivery = Delivery::at_least_once;
    made.reason = std::string("rows come again until it is told that they are loaded") + kComesTwice;
  } else {
    made.reason = "all of its rows come again";
  }
  return made;
}

LinkDelivery delivery_of(const Plan& plan, const char* role, const LoadInput& to) {
  const auto& load = plan.load(to);
  LinkDelivery made{role, load.link(to.input), Delivery::exactly_once, {}};
  if (load.atomic()) {
    made.reason = "rows and a token are committed in one transaction";
  } else if ((load.traits().commit & WEIR_COMMIT_TWO_PHASE) != 0) {
    made.reason = "rows are hidden until their epoch is decided";
  } else {
    made.delivery = Delivery::at_least_once;
    made.reason =
        load.shown(to.input) == "-" ? "standard output takes no row back" : "rows are seen as soon as they are written";
    made.reason += kComesTwice;
  }
  return made;
}

}  // namespace

const char* text_of(Delivery delivery) {
  switch (delivery) {
    case Delivery::exactly_once: return "exactly once";
    case Delivery::at_least_once: return "at least once";
    case Delivery::at_most_once: return "at most once";
  }
  return "";
}

std::vector<std::string> Guarantee::reasons() const {
  std::vector<std::pair<std::string, std::string>> told;  // a reason, and whose it is
  for (const auto& link : links) {
    const bool makes_it_so = link.delivery == delivery && link.role != "reject";
    if (!makes_it_so || (delivery == Delivery::exactly_once && link.role == "extract")) continue;
    const auto same = std::find_if(told.begin(), told.end(), [&](const auto& one) { return one.first == link.reason; });
    if (same == told.end())
      told.emplace_back(link.reason, link.link);
    else
      same->second += ", " + link.link;
  }
  std::vector<std::string> texts;
  for (const auto& [reason, who] : told) texts.push_back("by " + who + ": " + reason);
  return texts;
}

std::string Guarantee::text() const {
  std::string text = text_of(delivery);
  std::string between = " ";
  for (const auto& reason : reasons()) text += std::exchange(between, "; ") + reason;
  return text;
}

Guarantee guarantee_of(const Plan& plan) {
  Guarantee made;
  for (const auto& source : plan.sources) made.links.push_back(delivery_of(*source));
  for (const auto& end : plan.ends) made.links.push_back(delivery_of(plan, "load", end.to));
  for (const auto& link : made.links) made.delivery = std::max(made.delivery, link.delivery);
  if (plan.reject) made.links.push_back(delivery_of(plan, "reject", *plan.reject));
  return made;
}

std::optional<OneEpoch> one_epoch(const Plan& plan) {
  if (plan.one_epoch) return plan.one_epoch;
  for (const auto& source : plan.sources) {
    if (source->goes_back()) continue;
    const char* const what = reads_standard_input(*source) ? "standard input" : "it";
    return OneEpoch{source->link(), std::string(what) + " can't be read again from where it stopped"};
  }
  for (const auto& link : plan.links) {
    if (link.traits.scope == WEIR_SCOPE_RUN && pipeline::state_of(*link.component) == nullptr)
      return OneEpoch{link.component->link, "it keeps what it knows in memory alone"};
  }
  for (const auto& load : plan.loads) {
    if (std::string why = load->ends_with_epoch(); !why.empty()) return OneEpoch{load->link(0), std::move(why)};
  }
  return std::nullopt;
}

}  // namespace weir::run
