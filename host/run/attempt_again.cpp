// Loads that may come again: what they make of the rows that they loaded before.
#include "manifest/diagnostics.hpp"
#include "run/attempt.hpp"
#include "run/installed.hpp"

namespace weir::run {

// Whether a load leaves none of the rows that were there but those of a range.
bool Attempt::puts_in_place(const manifest::Use& use) {
  const auto* const mode = use.options.find("mode");
  return mode != nullptr && mode->kind == manifest::Kind::text && mode->text == "replace" &&
         use.options.find("within") == nullptr;
}

// Whether two runs of it can't have one destination: of the rows of one nothing is left, or each minds that another writes there.
bool Attempt::stands_alone(const manifest::Use& use) const {
  if (puts_in_place(use)) return true;
  const std::filesystem::path file = named_file(use);
  return parts_.registry->find(use_text(use), WEIR_KIND_STORAGE) && !file.empty() && file != "/dev/null";
}

base::Result<void> Attempt::refuse_appending() const {
  std::vector<base::Error> errors;
  for (const auto* use : outputs()) {
    if (!appends(*use) || (draft_.manifest.reject && use == &*draft_.manifest.reject)) continue;
    const auto* said = use->options.find("mode");
    if (said == nullptr) said = use->options.find("append");
    errors.push_back(
        base::manifest_error(options_.ranges ? "backfill.appends" : "refresh.appends",
                             use->link + ": expected a load that has no row twice when its rows come again, found one "
                                         "that appends",
                             said == nullptr ? use->where.place() : said->place())
            .with_hint(options_.ranges
                           ? "backfill: { load: { mode: upsert, key: […] } }, or put a range in the place of what it "
                             "loaded before: { mode: replace, within: { column: …, from: \"{from}\", to: \"{to}\" } }"
                           : "take the mode upsert or replace: weir refresh … --set load.mode=replace"));
  }
  if (!errors.empty()) return base::unexpected(manifest::joined(std::move(errors)));
  return {};
}

}  // namespace weir::run
