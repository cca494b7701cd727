#include "run/bookmarks.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "pipeline/remembering.hpp"
#include "state/bookmark_places.hpp"

namespace weir::run {

using state::Bookmark;

std::optional<std::string> left_by(const pipeline::Source& source) {
  const auto* const remembers = dynamic_cast<const pipeline::Remembering*>(&source);
  return remembers == nullptr ? std::nullopt : remembers->leaves();
}

bool leaves_bookmarks(const Plan& plan) {
  return std::any_of(plan.sources.begin(), plan.sources.end(),
                     [](const auto& source) { return left_by(*source).has_value(); });
}

base::Result<bool> Bookmarks::give(const Plan& plan) const {
  bool given = false;
  for (const auto& source : plan.sources) {
    auto* const remembers = dynamic_cast<pipeline::Remembering*>(source.get());
    if (remembers == nullptr) continue;
    WEIR_TRY_ASSIGN(auto entry, store_.get(state::bookmark_key(pipeline_, Bookmark::kept, source->link())));
    if (!entry) continue;
    given = true;
    remembers->go_on_from(std::move(entry->value));
  }
  return given;
}

base::Result<void> Bookmarks::wait(recovery::Checkpoints& checkpoints, const Plan& plan) const {
  std::map<std::string, std::optional<std::string>> changes;
  WEIR_TRY_ASSIGN(auto before, store_.list(state::bookmark_prefix(pipeline_, Bookmark::left)));
  for (auto& key : before) changes[std::move(key)] = std::nullopt;  // of a run that was given up
  for (const auto& source : plan.sources) {
    if (auto left = left_by(*source))
      changes[state::bookmark_key(pipeline_, Bookmark::left, source->link())] = std::move(left);
  }
  for (auto& [key, value] : changes) checkpoints.note({key, std::move(value)});
  return {};
}

base::Result<void> Bookmarks::stand(recovery::Checkpoints& checkpoints) const {
  const std::string waiting = state::bookmark_prefix(pipeline_, Bookmark::left),
                    standing = state::bookmark_prefix(pipeline_, Bookmark::kept);
  std::map<std::string, std::optional<std::string>> changes;
  WEIR_TRY_ASSIGN(auto before, store_.list(standing));
  for (auto& key : before) changes[std::move(key)] = std::nullopt;
  WEIR_TRY(store_.each(waiting, [&](std::string_view key, std::string_view value) {
    changes[std::string(key)] = std::nullopt;
    changes[standing + std::string(key.substr(waiting.size()))] = std::string(value);
  }));
  for (auto& [key, value] : changes) checkpoints.note({key, std::move(value)});
  return {};
}

base::Result<void> Bookmarks::forget(recovery::Checkpoints& checkpoints) const {
  WEIR_TRY_ASSIGN(auto keys, store_.list(state::bookmark_prefix(pipeline_, Bookmark::kept)));
  for (auto& key : keys) checkpoints.note({std::move(key), std::nullopt});
  return {};
}

}  // namespace weir::run
