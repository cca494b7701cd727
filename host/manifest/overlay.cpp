#include "manifest/overlay.hpp"

#include <algorithm>
#include <utility>

namespace weir::manifest {
namespace {

auto find_member(Node& object, std::string_view key) {
  return std::find_if(object.members.begin(), object.members.end(),
                      [key](const Member& one) { return one.key == key; });
}

bool other_component(const Node& base, const Node& over) {
  const Node* const before = base.find("use");
  const Node* const after = over.find("use");
  return after != nullptr && (before == nullptr || before->text != after->text);
}

}  // namespace

void put(Node& object, Member member) {
  const auto found = find_member(object, member.key);
  if (found == object.members.end())
    object.members.push_back(std::move(member));
  else
    *found = std::move(member);
}

Node take(Node& object, std::string_view key) {
  const auto found = find_member(object, key);
  if (found == object.members.end()) return {};
  Node value = std::move(found->value);
  object.members.erase(found);
  return value;
}

void overlay(Node& base, const Node& over) {
  if (base.kind != Kind::object || over.kind != Kind::object || other_component(base, over)) {
    base = over;
    return;
  }
  for (const Member& member : over.members) {
    const auto found = find_member(base, member.key);
    if (member.value.kind == Kind::null)
      take(base, member.key);
    else if (found == base.members.end())
      base.members.push_back(member);
    else
      overlay(found->value, member.value);
  }
}

}  // namespace weir::manifest
