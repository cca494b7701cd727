// Connections: the options of a connection join those of the component that names it.
#pragma once

#include "manifest/fields.hpp"
#include "manifest/manifest.hpp"

namespace weir::manifest {

// Reads `connections:`. A connection has neither a link's name nor a connection of its own.
std::vector<Connection> read_connections(const Node& node, Errors& errors);

// Gives `use` the options of the connection that it names; each keeps its place, in the connection's line. Errors: no
// such connection; one of another component; an option that both give, because a connection is one way to reach one
// system, for all who name it.
void join_connection(Use& use, const std::vector<Connection>& connections, Errors& errors);

}  // namespace weir::manifest
