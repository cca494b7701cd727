// Loads that may come again: what they make of the rows that they loaded before.
#include "manifest/diagnostics.hpp"
#include "run/attempt.hpp"
#include "run/installed.hpp"

namespace weir::run {

// Whether rows are put behind those that the destination has, a repeated run's too.
bool Attempt::appends(const manifest::Use& use) const {
  const auto* append = use.options.find("append");
  if (append != nullptr) return append->kind == manifest::Kind::boolean ? append->boolean : append->text == "true";
  const auto* mode = use.options.find("mode");
  if (mode != nullptr) return mode->kind == manifest::Kind::text && mode->text == "append";
  const auto* unasked = option_schema(use, "mode");
  return unasked != nullptr && unasked->value("default", "") == "append";
}

// The option of a load that deletes the rows that did not come; null: it lets them be.
const manifest::Node* Attempt::deletes_missing(const manifest::Use& use) {
  const auto* const said = use.options.find("delete_missing");
  if (said == nullptr) return nullptr;
  return (said->kind == manifest::Kind::boolean ? said->boolean : said->text == "true") ? said : nullptr;
}

// A row that is rejected does not come to the load, though it is there.
base::Result<void> Attempt::refuse_rejects_beside_missing() const {
  if (!draft_.manifest.reject) return {};
  std::vector<base::Error> errors;
  for (const auto* use : outputs()) {
    if (const auto* const said = deletes_missing(*use)) {
      errors.push_back(
          base::manifest_error("manifest.delete_missing",
                               use->link +
                                   ": expected no 'reject' beside delete_missing: true, found one: the row of a "
                                   "key that is rejected would be deleted",
                               said->place())
              .with_hint("leave reject: out, so that a rejected row ends the run before anything is deleted; or leave "
                         "delete_missing: out"));
    }
  }
  if (!errors.empty()) return base::unexpected(manifest::joined(std::move(errors)));
  return {};
}

// Whether a load leaves none of the rows that were there but those of a range.
bool Attempt::puts_in_place(const manifest::Use& use) {
  if (deletes_missing(use) != nullptr) return true;
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
    const auto* const missing = options_.ranges ? deletes_missing(*use) : nullptr;
    if (missing != nullptr) {
      errors.push_back(base::manifest_error("backfill.replaces",
                                            use->link +
                                                ": expected a load that lets be what is not of the range, found "
                                                "delete_missing: true, which deletes all other rows",
                                            missing->place())
                           .with_hint("backfill: { load: { delete_missing: false } }"));
    }
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
