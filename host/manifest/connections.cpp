// Connections: found by name, compared by component, joined option by option.
#include "manifest/connections.hpp"

#include <algorithm>
#include <utility>

#include "base/units.hpp"
#include "manifest/use.hpp"

namespace weir::manifest {
namespace {

std::string component(const Use& use) { return use.plugin.empty() ? use.name : use.plugin + ":" + use.name; }

void refuse(const Node* node, const std::string& connection, const std::string& key, Errors& errors) {
  if (!node) return;
  errors.push_back(base::manifest_error("manifest.connection",
                                        "connections: " + connection + ": a connection has no '" + key + "' of its own",
                                        node->place())
                       .with_hint("take it away"));
}

const Connection* find_connection(const Use& use, const std::vector<Connection>& connections, Errors& errors) {
  std::vector<std::string> names;
  for (const Connection& one : connections) {
    if (one.name == use.connection) return &one;
    names.push_back(one.name);
  }
  const std::string near = base::nearest(use.connection, names);
  errors.push_back(base::manifest_error("manifest.connection",
                                        use.link + ": no connection '" + use.connection + "' under 'connections'",
                                        use.connection_where.place())
                       .with_hint(near.empty() ? "add it under connections:" : "did you mean '" + near + "'?"));
  return nullptr;
}

// A name that could not be read was told already, and fits.
bool fits(const Use& use, const Use& connection) {
  if (use.name.empty() || connection.name.empty()) return true;
  const bool same_plugin = use.plugin.empty() || connection.plugin.empty() || use.plugin == connection.plugin;
  return use.name == connection.name && same_plugin;
}

}  // namespace

std::vector<Connection> read_connections(const Node& node, Errors& errors) {
  std::vector<Connection> connections;
  if (node.kind != Kind::object) {
    errors.push_back(wrong_value(node, "connections", "", "an object of names and connections"));
    return connections;
  }
  for (const Member& member : node.members) {
    connections.push_back({member.key, read_use(member.value, "connections: " + member.key, errors), member.key_where});
    for (const char* const key : {"name", "connection"}) refuse(member.value.find(key), member.key, key, errors);
  }
  return connections;
}

void join_connection(Use& use, const std::vector<Connection>& connections, Errors& errors) {
  if (use.connection.empty()) return;
  const Connection* const found = find_connection(use, connections, errors);
  if (!found) return;
  if (!fits(use, found->use)) {
    errors.push_back(base::manifest_error("manifest.connection",
                                          use.link + ": expected a connection of '" + component(use) + "', found '" +
                                              found->name + "', a connection of '" + component(found->use) + "'",
                                          use.connection_where.place())
                         .with_hint("name a connection whose use: is " + use.name));
    return;
  }
  std::vector<Member> options = found->use.options.members;
  for (Member& own : use.options.members) {
    const Member* const given = found->use.options.member(own.key);
    if (!given) {
      options.push_back(std::move(own));
      continue;
    }
    const auto line = given->key_where.place().line;
    errors.push_back(base::manifest_error("manifest.connection",
                                          use.link + ": option '" + own.key + "' is given by connection '" +
                                              found->name + "' too, in line " + std::to_string(line),
                                          own.key_where.place())
                         .with_hint("a connection is the same for all who name it: take the option away from one of "
                                    "the two, or make another connection"));
  }
  use.options.members = std::move(options);
}

}  // namespace weir::manifest
