#include "manifest/network.hpp"

namespace weir::manifest {

// Whether a proxy can be one is asked by who connects.
Network read_network(const Node& node, const std::filesystem::path& folder, Errors& errors) {
  Network network;
  network.where = node.where;
  Fields fields(node, "network", "network", errors);
  network.proxy = fields.text("proxy").value_or("");
  const auto authorities = fields.text("ca");
  if (authorities && !authorities->empty())
    network.authorities = (fields.get("ca")->where.folder_or(folder) / *authorities).lexically_normal();
  fields.pass_over("ssh");
  if (const Member* const found = node.member("ssh"); found && given(&found->value)) {
    base::Error error =
        base::manifest_error("manifest.not_yet", "'ssh' of network is not supported yet", found->key_where.place());
    error.status = base::Status::unimplemented;
    errors.push_back(std::move(error).with_hint("take it away, or wait for a later weir"));
  }
  fields.refuse_unknown();
  return network;
}

}  // namespace weir::manifest
