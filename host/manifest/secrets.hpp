// Secrets: who is asked for ${secret:PROVIDER/KEY}. `env`, the environment, is built in; others are named under `secrets:`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "manifest/fields.hpp"
#include "manifest/tree.hpp"

namespace weir::manifest {

struct SecretProvider {
  enum class Kind { file, exec };
  std::string name;
  Kind kind = Kind::file;
  std::filesystem::path folder;              // file: what keys are names in; exec: where the program runs. Absolute
  std::vector<std::string> command;          // exec: a program and its first arguments; the key is the last
  std::int64_t timeout_ns = 10'000'000'000;  // exec
};

// Asks a provider for the secret of a key. The error says why there is none; its place is the caller's. Called by one
// thread at a time.
using AskSecret = std::function<base::Result<std::string>(const SecretProvider& provider, const std::string& key)>;

// Reads `secrets:`, in which variables are filled in already. `folder`: what relative paths start from, where the file that
// they are written in has no folder of its own.
std::vector<SecretProvider> read_secrets(const Node& node, const std::filesystem::path& folder, Errors& errors);

}  // namespace weir::manifest
