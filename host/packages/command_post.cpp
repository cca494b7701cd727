// The hidden command of weir-packages that posts a notice for weir, which links no libcurl: what is to be posted, and where, stands on
// standard input, for an address and its headers may hold secrets, and everybody sees a command line.
#include "packages/command_post.hpp"

#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "cli/notices.hpp"
#include "packages/with_retries.hpp"

namespace weir::packages {
namespace {

struct Post {
  std::string address, body;
  std::vector<std::string> headers;
  Network network;
};

// As cli/run_notices.cpp writes it.
Post read_post() {
  const std::string text{std::istreambuf_iterator<char>(std::cin), {}};
  const auto said = nlohmann::json::parse(text, nullptr, false);
  Post post;
  if (!said.is_object()) return post;
  post.address = said.value("address", "");
  post.body = said.value("body", "");
  post.headers = said.value("headers", std::vector<std::string>());
  post.network.proxy = said.value("proxy", "");
  post.network.authorities = said.value("ca", "");
  return post;
}

int post_it(cli::Output& output) {
  const Post post = read_post();
  if (post.address.empty()) {
    return output.fail(base::manifest_error("usage.command", "expected to be executed by weir, found no notice")
                           .with_hint("weir run gives notices, as on: in a manifest says"));
  }
  const HttpEnd end =
      with_retries([&] { return http_post(post.address, post.headers, post.body, post.network); }, [] { return 0U; });
  return end.error ? output.fail(*end.error) : 0;
}

}  // namespace

void add_post(CLI::App& program, cli::Action& action) {
  CLI::App& command = *program.add_subcommand(cli::kPostNotice, "")->group("");
  command.callback([&action] { action = [](cli::Output& output) { return post_it(output); }; });
}

}  // namespace weir::packages
