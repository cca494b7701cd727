// Overlay: one tree laid over another, as profiles, defaults and includes are.
#pragma once

#include "manifest/tree.hpp"

namespace weir::manifest {

// Lays `over` over `base`: objects are put together key by key, null takes a key away, anything else replaces what was
// there. An object with a `use:` other than the base's replaces it too: options of one component mean nothing to
// another. What is taken from either keeps its place.
void overlay(Node& base, const Node& over);

// Puts a member in place of the one of that name, or at the end.
void put(Node& object, Member member);

// Takes a member out of an object; gives its value, or a null without a place.
Node take(Node& object, std::string_view key);

}  // namespace weir::manifest
