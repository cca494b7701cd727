#include "manifest/profile.hpp"

#include <utility>

#include "base/units.hpp"
#include "manifest/overlay.hpp"
#include "manifest/vocabulary.hpp"

namespace weir::manifest {
namespace {

void check_keys(const Member& profile, Errors& errors) {
  for (const Member& member : profile.value.members) {
    if (member.key.starts_with("x-") || is_key_of("profile", member.key)) continue;
    const bool barred = is_key_of("manifest", member.key);
    const std::string near = barred ? "" : base::nearest(member.key, keys_of("profile"));
    errors.push_back(base::manifest_error(barred ? "manifest.profile" : "manifest.unknown_key",
                                          "profiles: " + profile.key + ": " + (barred ? "" : "unknown key ") + "'" +
                                              member.key.substr(0, 80) + "'" +
                                              (barred ? " is the manifest's, not a profile's" : ""),
                                          member.key_where.place())
                         .with_hint(barred         ? "put it at the top of the file"
                                    : near.empty() ? "a profile has the keys of a manifest"
                                                   : "did you mean '" + near + "'?"));
  }
}

}  // namespace

void apply_profile(Node& tree, const ProfileChoice& choice, Errors& errors) {
  const Node profiles = take(tree, "profiles");
  std::vector<std::string> names;
  if (given(&profiles) && profiles.kind != Kind::object)
    return errors.push_back(wrong_value(profiles, "profiles", "", "an object of names and profiles"));
  for (const Member& member : profiles.members) {
    names.push_back(member.key);
    if (member.value.kind == Kind::object)
      check_keys(member, errors);
    else if (given(&member.value))
      errors.push_back(wrong_value(member.value, "profiles: " + member.key, "", "an object"));
  }
  if (choice.name.empty() || (names.empty() && !choice.demanded)) return;
  const Node* const chosen = profiles.find(choice.name);
  if (chosen != nullptr) {
    if (chosen->kind == Kind::object) overlay(tree, *chosen);
    return;
  }
  const std::string near = base::nearest(choice.name, names);
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  const Where where = names.empty() ? Where{tree.where.source, 0, 1} : profiles.where;
  errors.push_back(base::manifest_error("manifest.profile",
                                        "expected a profile '" + choice.name + "', found none" +
                                            (choice.demanded ? "" : " (WEIR_PROFILE asks for it)"),
                                        where.place())
                       .with_hint(!near.empty()  ? "did you mean '" + near + "'?"
                                  : list.empty() ? "add it under profiles:"
                                                 : "there are: " + list));
}

}  // namespace weir::manifest
