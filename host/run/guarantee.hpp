// What is promised of a run before it begins: how often each row arrives, however often it is killed; whether something keeps
// it from many epochs; and whose doing that is.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "run/plan.hpp"

namespace weir::run {

// Each promises less than those before it.
enum class Delivery {
  exactly_once,
  at_least_once,  // a row may come twice
  at_most_once    // a row may be lost
};

// "exactly once".
const char* text_of(Delivery delivery);

// What one link makes of it.
struct LinkDelivery {
  std::string role;  // "extract", "load", "reject"
  std::string link;
  Delivery delivery = Delivery::exactly_once;
  std::string reason;  // a sentence about the link
};

struct Guarantee {
  Delivery delivery = Delivery::exactly_once;  // of the weakest of all links but the reject sink
  std::vector<LinkDelivery> links;             // extracts, loads, the reject sink: in the order of the plan

  // "at least once by load, load-2: REASON; by load-3: REASON": the links that make it so, in their order. Of an exact one
  // these are the loads.
  std::vector<std::string> reasons() const;
  std::string text() const;
};

// Of a settled plan.
Guarantee guarantee_of(const Plan& plan);

// Why the run must be one epoch, as far as can be known before its writers are open; none: it may be many.
std::optional<OneEpoch> one_epoch(const Plan& plan);

}  // namespace weir::run
